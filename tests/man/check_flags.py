# SPDX-License-Identifier: Apache-2.0
"""check_flags.py TOP OCIENV PRINT_FLAGS: ocienv(1) and the help of each subcommand name the flags
that the command's table has, with the words that they take, and no others."""
import pathlib
import re
import sys

from flags import table
from sources import end, output, pages, section

top, command = pathlib.Path(sys.argv[1]), sys.argv[2]
commands = table(sys.argv[3])
page = pages(top)["ocienv.1"]
FLAG = re.compile(r"(?<![\w-])(--[a-z][a-z-]*|-[a-z])(?![\w-])")
faults = []


def compare(where, found, expected):
    for flag in sorted(found ^ expected):
        faults.append(f"{where}: {flag} is {'not a flag' if flag in found else 'not named'}")


def check_options():
    """Each flag has an entry in OPTIONS, whose text names the words that it takes in bold."""
    every = {flag: data for flags in commands.values() for flag, data in flags.items()}
    entries = {}
    for head, text in re.findall(r"^(\*-.*)\n((?:\t.*\n)+)", section(page, "OPTIONS"), flags=re.M):
        for flag in FLAG.findall(head):
            entries[flag] = head, text
    compare("OPTIONS", set(entries), set(every))
    for flag in sorted(set(entries) & set(every)):
        head, text = entries[flag]
        if (" _" in head) != every[flag].takes_value:
            faults.append(f"OPTIONS: expected a value behind {flag} where it takes one")
        words = set(re.findall(r"\*([\w.-]+)\*", text))
        missing = every[flag].words - words
        if missing:
            faults.append(f"OPTIONS: {flag} does not name {sorted(missing)}")
        known = set(commands) | {"image-only", "observe"} | every[flag].words
        if every[flag].words and words - known:
            faults.append(f"OPTIONS: {flag} names {sorted(words - known)}, which it does not take")
    return len(every)


def check_everywhere():
    """No other section names a flag that there is none of."""
    known = {flag for flags in commands.values() for flag in flags} | {"--version", "-h"}
    plain = re.sub(r"^\$ (?!ocienv).*$", "", page, flags=re.M)
    for flag in sorted(set(FLAG.findall(plain)) - known):
        faults.append(f"ocienv.1: names {flag}, which is not a flag")
    for sub in commands:
        if f"\n*{sub}*\n" not in section(page, "DESCRIPTION"):
            faults.append(f"DESCRIPTION: expected *{sub}*, found none")
        if f"*ocienv {sub}*" not in section(page, "SYNOPSIS"):
            faults.append(f"SYNOPSIS: expected *ocienv {sub}*, found none")


def check_help():
    overview = output(command, "--help")
    for sub, flags in commands.items():
        if sub not in overview:
            faults.append(f"ocienv --help: expected {sub}, found none")
        text = output(command, sub, "--help")
        listed = set(re.findall(r"^  (-[a-z-]+)", text, flags=re.M))
        compare(f"ocienv {sub} --help", listed, set(flags))


count = check_options()
check_everywhere()
check_help()
end(faults, f"{count} flags of {len(commands)} subcommands")

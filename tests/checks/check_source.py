# SPDX-License-Identifier: Apache-2.0
"""check_source.py TOP: rules that every file of the tree keeps.

A licence line in every file that can carry one; in lib/ no call that prints, exits, is
locale dependent or works on unbounded text, and memory from the arena alone."""
import pathlib
import re
import subprocess
import sys

top = pathlib.Path(sys.argv[1])
BANNED = """strcpy strcat strncpy strncat sprintf vsprintf strtol strtoul strtoll strtoull strtod atoi
atol atof sscanf strtok gets alloca setlocale getenv realpath system popen abort exit printf
fprintf vprintf puts putchar perror assert chdir access""".split()
MEMORY = "malloc calloc realloc free strdup".split()
NO_LICENCE = re.compile(r"(\.json|\.gitignore|\.gitattributes|LICENSE|\.oeb|\.dict|\.txt)$"
                        r"|^debian/(changelog|source/format)$"
                        r"|^tests/(golden|vectors|cases|cli/golden)/|^fuzz/(corpus|options)/")


def tracked():
    out = subprocess.run(["git", "-C", top, "ls-files", "-z"], capture_output=True, text=True)
    if out.returncode == 0 and out.stdout:
        return [top / name for name in out.stdout.split("\0") if name]
    return [p for p in top.rglob("*") if p.is_file() and "build" not in p.parts[:-1]]


def code_only(text):
    """The text without comments and literals, line numbers kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text,
                  flags=re.S)


faults, count = [], 0
for path in tracked():
    name = path.relative_to(top).as_posix()
    if not path.is_file():
        continue
    data = path.read_bytes()
    count += 1
    if not NO_LICENCE.search(name) and b"SPDX-License-Identifier: Apache-2.0" not in data[:400]:
        faults.append(f"{name}: expected an SPDX line, found none")
    if not re.match(r"lib/.*\.[ch]$", name):
        continue
    banned = BANNED + ([] if name == "lib/base/arena.c" else MEMORY)
    for number, line in enumerate(code_only(data.decode()).splitlines(), 1):
        # A member of the caller's allocator may be called free.
        for call in re.findall(r"(?<![\w.>])(" + "|".join(banned) + r")\s*\(", line):
            faults.append(f"{name}:{number}: {call}() has no place in the library")
if faults or count < 50:
    sys.exit("\n".join(faults) or f"expected the files of the tree, found {count}")
print(f"{count} files")

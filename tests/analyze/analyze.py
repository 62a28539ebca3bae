# SPDX-License-Identifier: Apache-2.0
"""analyze.py [TOOL...]: runs each tool over each file of lib/ and tools/ and compares what it
finds with known.txt. See scripts/analyze."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
SOURCES = sorted(str(path.relative_to(TOP))
                 for pattern in ("lib/*/*.c", "tools/*.c", "tests/analyze/planted.c")
                 for path in TOP.glob(pattern))
PACKAGES = ["json-c", "yaml-0.1", "libmd"]
FINDING = re.compile(r"(?P<file>\S+?):(?P<line>\d+):\d+: (?:warning|error|style|performance"
                     r"|portability): .*\[(?P<check>[^][]+)\]$")
# A function begins where a line does; a line that begins with # or a label does not count.
FUNCTION = re.compile(r"[A-Za-z_][^;=]*?\b(\w+)\(")


def flags():
    found = subprocess.check_output(["pkg-config", "--cflags", *PACKAGES], text=True).split()
    return ["-std=c11", "-D_FILE_OFFSET_BITS=64", "-D_TIME_BITS=64", "-D_GNU_SOURCE",
            "-Iinclude", "-Ilib", *found]


def gcc(source):
    # -fanalyzer sees more once functions are inlined.
    return ["gcc", *flags(), "-O1", "-fanalyzer", "-fno-diagnostics-show-cwe",
            "-fanalyzer-verbosity=0", "-c", source, "-o", os.devnull]


def cppcheck(source):
    return ["cppcheck", "--quiet", "--std=c11", "--enable=warning,performance,portability",
            "--error-exitcode=1", "-Iinclude", "-Ilib",
            "--template={file}:{line}:{column}: {severity}: {message} [{id}]", source]


def clang_tidy(source):
    return ["clang-tidy", "--quiet", source, "--", *flags()]


TOOLS = {"cppcheck": cppcheck, "gcc": gcc, "clang-tidy": clang_tidy}


def function_at(file, line):
    """The name of the function around a line; what is outside of all belongs to the last one."""
    lines = (TOP / file).read_text().splitlines()
    for text in reversed(lines[:line]):
        match = FUNCTION.match(text)
        if match:
            return match[1]
    return "-"


def run(tool, source):
    """The findings in one file: {(tool, file:function, check): a line that shows it}."""
    done = subprocess.run(TOOLS[tool](source), cwd=TOP, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    found = {}
    for line in done.stdout.splitlines():
        match = FINDING.match(line)
        if match:
            file = os.path.relpath(TOP / match["file"], TOP)
            place = f"{file}:{function_at(file, int(match['line']))}"
            found.setdefault((tool, place, match["check"].split(",")[0]), line)
    if done.returncode and not found:
        sys.exit(f"analyze: {tool} ends with {done.returncode} over {source}: {done.stdout}")
    return found


def known(tools):
    """Lines `TOOL FILE:FUNCTION CHECK reason`."""
    rows = {}
    for line in (TOP / "tests/analyze/known.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            tool, place, check, reason = line.split(None, 3)
            if tool in tools:
                rows[tool, place, check] = reason
    return rows


def main():
    tools = sys.argv[1:] or list(TOOLS)
    if not set(tools) <= set(TOOLS):
        sys.exit(f"usage: analyze [{'] ['.join(TOOLS)}]")
    found, explained = {}, known(tools)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(lambda job: run(*job),
                             [(tool, source) for tool in tools for source in SOURCES]):
            found.update(part)
    new = sorted(set(found) - set(explained))
    gone = sorted(set(explained) - set(found))
    for key in new:
        print(" ".join(key), ":", found[key])
    for key in gone:
        print(" ".join(key), ": explained in known.txt, and not found")
    print(f"{', '.join(tools)}: {len(SOURCES)} files, {len(found)} findings, "
          f"{len(found) - len(new)} explained, {len(gone)} gone")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""check_names.py SHARED ARCHIVE...: no name of an archive is one of the libraries beside it.

What is hidden in the shared library is not in an archive: a bind() there takes the place of
libc's in every program that is linked with it."""
import re
import subprocess
import sys


def names(*args):
    lines = subprocess.run(["nm", *args], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in lines.splitlines()
            if len(line.split()) == 3}


shared, *archives = sys.argv[1:]
needed = subprocess.run(["ldd", shared], check=True, capture_output=True, text=True).stdout
others = {}
for path in re.findall(r"=> (/\S+)", needed):
    for name in names("-D", "--defined-only", path):
        others[name] = path
faults = [f"{archive}: {name}() is in {others[name]} as well" for archive in archives
          for name in sorted(names("-g", "--defined-only", archive) & set(others))]
print(*faults, sep="\n")
print(f"{len(others)} names of other libraries, {len(faults)} taken")
sys.exit(1 if faults or not others else 0)

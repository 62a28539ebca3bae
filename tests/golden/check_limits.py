# SPDX-License-Identifier: Apache-2.0
"""check_limits.py TOP: does docs/limits.md say of every loop in lib/ what bounds it?

Each function of the floors that see foreign bytes must stand in the row of its file if it
has a loop, and each function and test that the document names must exist."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
FLOORS = ("base", "text", "read", "rootfs", "resolve", "wire")
HEAD = re.compile(r"^(?!\s|#|\})[^;={]*?\b(\w+)\(", re.M)
LITERAL = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def loops(path):
    """Names of the functions that hold a loop: those end at a brace in the first column."""
    code = LITERAL.sub(blank, path.read_text(encoding="utf-8"))
    for part in re.split(r"^\}.*$", code, flags=re.M):
        body = part.find("\n{")
        if body < 0 or not re.search(r"\b(?:for|while) \(|\bdo\b", part[body:]):
            continue
        heads = HEAD.findall(part[:body])
        yield heads[-1] if heads else "?"


text = (top / "docs/limits.md").read_text(encoding="utf-8")
told = {}
for file, functions in re.findall(r"^\| `(lib/\S+)` \| ([^|]*) \|", text, re.M):
    told.setdefault(file, set()).update(re.findall(r"`(\w+)`", functions))

faults, count = [], 0
for path in sorted(p for floor in FLOORS for p in (top / "lib" / floor).glob("*.[ch]")):
    file = path.relative_to(top).as_posix()
    found = set(loops(path))
    count += len(found)
    for name in sorted(found - told.get(file, set())):
        faults.append(f"{file}: {name}() loops, and docs/limits.md does not say until when")
    for name in sorted(told.pop(file, set()) - found):
        faults.append(f"{file}: docs/limits.md tells of a loop in {name}(), which has none")
faults += [f"{file}: told in docs/limits.md, but not there" for file in told]
for test in sorted(set(re.findall(r"`(tests/[^`\s]+)`", text))):
    count += 1
    if not (top / test).exists():
        faults.append(f"{test}: named in docs/limits.md, but not there")
print(*faults, sep="\n")
print(f"{count - len(faults)} passed, {len(faults)} failed")
sys.exit(1 if faults or not count else 0)

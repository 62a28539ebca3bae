# SPDX-License-Identifier: Apache-2.0
"""check_coverage.py TOP: what is not counted for coverage, and why.

Each line of lib/ that LCOV_EXCL_LINE takes out of the count has a row in docs/coverage.md with
its file, its text and a reason; no row is about another line. No other marker is allowed: a
region would grow unnoticed."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
MARKER = re.compile(r"\s*/\* LCOV_EXCL_LINE \*/\s*$")
ROW = re.compile(r"^\| `(lib/[^`]+)` \| `` ?(.+?) ?`` \| (.+) \|$")

marked, wrong = set(), []
for path in sorted((top / "lib").rglob("*.[ch]")):
    name = str(path.relative_to(top))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not re.search(r"(LCOV|GCOVR?)_EXCL", line):
            continue
        if MARKER.search(line):
            marked.add((name, MARKER.sub("", line).strip()))
        else:
            wrong.append(f"{name}:{number}: expected LCOV_EXCL_LINE at the end of a line")
rows = {}
for line in (top / "docs/coverage.md").read_text(encoding="utf-8").splitlines():
    row = ROW.match(line)
    if row:
        rows[row.group(1), row.group(2)] = row.group(3)
wrong += [f"{name}: expected a row in docs/coverage.md: {text}"
          for name, text in sorted(marked - set(rows))]
wrong += [f"docs/coverage.md: expected a line that is not counted in {name}: {text}"
          for name, text in sorted(set(rows) - marked)]
wrong += [f"docs/coverage.md: expected a reason: {text}"
          for (name, text), reason in sorted(rows.items()) if len(reason.split()) < 5]
print(*wrong, sep="\n")
sys.exit(1 if wrong else 0)

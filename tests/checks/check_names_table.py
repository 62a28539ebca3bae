# SPDX-License-Identifier: Apache-2.0
"""check_names_table.py TOP: the table of docs/names.md is that of lib/base/names.c, row by
row, and sorted by the bytes of the names."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
ROW = re.compile(r'\bROW\("([^"]+)", (\w+), (\w+), "([^"]+)",\s*"([^"]+)"\)')
TOLD = re.compile(r"^\| `([^`]+)` \| ([DCR]) \| (\w*) \| (.*) \| (.*) \|$", re.M)

source = [(name, cls[0], "" if form == "ANY" else form.lower(), why, whose)
          for name, cls, form, why, whose
          in ROW.findall((top / "lib/base/names.c").read_text(encoding="utf-8"))]
told = TOLD.findall((top / "docs/names.md").read_text(encoding="utf-8"))
faults = [f"names.c: {row} is not told" for row in source if row not in told]
faults += [f"names.md: {row} is in no source" for row in told if row not in source]
for what, rows in (("names.c", source), ("names.md", told)):
    names = [row[0].encode() for row in rows]
    if names != sorted(set(names)):
        faults.append(f"{what}: the names are not sorted, or one stands twice")
print(*faults, sep="\n")
print(f"{len(source)} passed, {len(faults)} failed")
sys.exit(1 if faults or len(source) < 100 else 0)

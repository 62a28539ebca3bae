# SPDX-License-Identifier: Apache-2.0
"""check_includes.py TOP: includes in lib/ point to the own floor or to a lower one."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
floors = re.findall(r"'(\w+)'", re.search(r"floors = \[(.*?)\]",
                    (top / "lib/meson.build").read_text(encoding="utf-8")).group(1))
level = {floor: i for i, floor in enumerate(floors)}
folders = {p.name for p in (top / "lib").iterdir() if p.is_dir()}
if folders != set(floors):
    sys.exit(f"lib/: expected the floors {floors}, found {sorted(folders)}")

faults, count = [], 0
for path in sorted((top / "lib").rglob("*.[ch]")):
    floor = path.parent.name if path.parent.name in level else None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not match:
            continue
        count += 1
        target = match.group(1).split("/")[0]
        if target == "ocienv":
            continue
        if target not in level:
            faults.append(f"{path}:{number}: expected FLOOR/FILE, found {match.group(1)}")
        elif floor and level[target] > level[floor]:
            faults.append(f"{path}:{number}: {floor} includes {target}, which is above it")
if faults or not count:
    sys.exit("\n".join(faults) or "expected includes, found none")
print(f"{count} includes")

# SPDX-License-Identifier: Apache-2.0
"""check_exports.py LIBRARY MAP HEADER: what the library exports is what the map lists and
what the header declares."""
import re
import subprocess
import sys

library, version_map, header = sys.argv[1:]


def without_comments(path):
    with open(path, encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)


out = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True,
                     text=True).stdout
exported = {line.split()[2].split("@")[0] for line in out.splitlines()
            if line.split()[1] in "TDBRVW"}
mapped = set(re.findall(r"^\s*(\w+);", without_comments(version_map), flags=re.M))
declared = set(re.findall(r"\b(ocienv_\w+)\s*\(", without_comments(header)))

faults = []
for name in sorted(exported | mapped | declared):
    where = [place for place, names in
             (("the library", exported), ("the map", mapped), ("the header", declared))
             if name in names]
    if len(where) != 3:
        faults.append(f"{name}: expected everywhere, found only in {' and '.join(where)}")
if not exported:
    faults.append(f"{library}: expected exported symbols, found none")
if faults:
    sys.exit("\n".join(faults))
print(f"{len(exported)} symbols")

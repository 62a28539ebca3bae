# SPDX-License-Identifier: Apache-2.0
"""check_warnings.py TOP: every code of a warning in lib/ is told in docs/warnings.md, and every
code told there is in lib/.

A code is the first string in a call of add_warning() or of a helper of it. A call
without one hands on what it was given; where that may be is listed here, so that no code
hides from this check."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
CALL = re.compile(r"\b(?:add_warning|preflight_warn|warn)\(([^;]*);")
STRING = re.compile(r'"((?:\\.|[^"\\])*)"')
CODE = re.compile(r"[a-z]+(?:-[a-z]+)+")
# The definitions, and the copy of a layer's warnings into the config.
HANDED_ON = ["lib/read/layer.c", "lib/resolve/libos.c", "lib/resolve/policy_settle.c",
             "lib/resolve/policy_settle.c", "lib/resolve/inputs.c", "lib/resolve/runtime.c"]

used, handed_on = {}, []
for path in sorted((top / "lib").rglob("*.c")):
    file = path.relative_to(top).as_posix()
    for arguments in CALL.findall(path.read_text(encoding="utf-8")):
        string = STRING.search(arguments)
        if string:
            used.setdefault(string.group(1), file)
        else:
            handed_on.append(file)

text = (top / "docs/warnings.md").read_text(encoding="utf-8")
told = re.findall(r"^\| `([^`]+)` \|", text, re.M)
faults = [f"{file}: \"{code}\" is no code" for code, file in used.items()
          if not CODE.fullmatch(code)]
faults += [f"{file}: a warning whose code is not written at the call" for file in handed_on
           if handed_on.count(file) > HANDED_ON.count(file)]
faults += [f"docs/warnings.md: {code} is told twice" for code in set(told)
           if told.count(code) > 1]
faults += [f"{used[code]}: {code} is not in docs/warnings.md" for code in set(used) - set(told)]
faults += [f"docs/warnings.md: {code} is in no source" for code in set(told) - set(used)]
if told != sorted(told):
    faults.append("docs/warnings.md: the codes are not sorted")
print(*sorted(faults), sep="\n")
print(f"{len(used)} passed, {len(faults)} failed")
sys.exit(1 if faults or not used else 0)

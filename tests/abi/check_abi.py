# SPDX-License-Identifier: Apache-2.0
"""check_abi.py TOP NAME LIBRARY: the library keeps what tests/abi/baseline promises.

While the version is that of the baseline, nothing may differ; later versions may add, but
never to a version node of the baseline. docs/abi.md is about both."""
import pathlib
import re
import subprocess
import sys
import tempfile

top, name, library = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
folder = top / "tests/abi"
baseline = folder / "baseline" / f"{name}.abi"
RENEW = "if that is what you want, run scripts/abi-baseline (docs/abi.md)"


def abidiff(old, *more):
    """"": nothing to tell; else what abidiff tells."""
    done = subprocess.run(
        ["abidiff", "--no-default-suppression", "--suppressions", folder / "suppressions.ini",
         *more, old, described.name], capture_output=True, text=True, check=False)
    # Bits: 1 an error, 2 a wrong usage, 4 a change, 8 a change that breaks programs.
    if done.returncode & 3:
        sys.exit(done.stdout + done.stderr)
    return done.stdout if done.returncode else ""


def code(path):
    """A header without its comments and blanks."""
    text = re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(text.split())


def version(include):
    text = (include / "ocienv/ocienv.h").read_text(encoding="utf-8")
    return tuple(int(re.search(rf"OCIENV_VERSION_{part} (\d+)", text).group(1))
                 for part in ("MAJOR", "MINOR", "PATCH"))


def symbols():
    """{name: version node} of the library."""
    out = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", library],
                         check=True, capture_output=True, text=True).stdout
    return dict(re.findall(r" [TW] (\w+)@@(\S+)", out))


def promised():
    text = baseline.read_text(encoding="utf-8")
    return dict(re.findall(r"<elf-symbol name='(\w+)' version='([^']+)'", text))


def refusals():
    """What a changed baseline must make abidiff say: else the test could not fail."""
    text = baseline.read_text(encoding="utf-8")
    changes = {
        "a function is gone": (r"(<elf-symbol name=')(\w+)('.*\n)",
                               r"\1\2\3\1\2_gone\3"),
        "a struct is larger": (r"(<class-decl name='ocienv_\w+' size-in-bits=')(\d+)", r"\g<1>9\2"),
        "a member lies elsewhere": (r"(layout-offset-in-bits=')64'", r"\g<1>128'"),
        "another node": (r"version='(\w+_0)\.1'", r"version='\1.0'"),
        "another soname": (r"soname='([\w.-]+)0'", r"soname='\g<1>1'"),
    }
    for what, (old, new) in changes.items():
        changed, count = re.subn(old, new, text, count=1)
        with tempfile.NamedTemporaryFile("w", suffix=".abi") as file:
            file.write(changed)
            file.flush()
            if not count or not abidiff(file.name):
                yield f"{what}: expected abidiff to tell it, found silence"


described = tempfile.NamedTemporaryFile("w", suffix=".abi")
subprocess.run([sys.executable, top / "scripts/abi-baseline", "--describe", library],
               stdout=described, check=True)
same = version(folder / "baseline/include") == version(top / "include")
faults = []
told = abidiff(baseline, *([] if same else ["--no-added-syms"]))
if told:
    faults += [told, RENEW]
old, new = promised(), symbols()
for symbol, node in sorted(new.items()):
    if symbol not in old and node in old.values():
        faults.append(f"{symbol}: added to {node}, which is in the baseline: it needs a new "
                      f"node of ocienv.map, or {RENEW}")
header = "ocienv/boot.h" if name == "ocienv-boot" else "ocienv/ocienv.h"
if same and code(top / "include" / header) != code(folder / "baseline/include" / header):
    faults.append(f"{header}: another interface than in the baseline: {RENEW}")
faults += refusals()
if faults:
    sys.exit("\n".join(faults))
print(f"{len(old)} functions kept, {len(new) - len(old)} new")

# SPDX-License-Identifier: Apache-2.0
"""check_calls.py STRACE WALKER TEST_VECTORS INROOT: what a walker hands to the kernel.

No directory is ever opened by "..", and no string has a "." or ".." in it, or a link before
its last name. The program's own calls are told from those of the library: they name no
directory, or make a file."""
import json
import os
import re
import subprocess
import sys
import tempfile

strace, walker, program, vectors = sys.argv[1:]
with open(vectors, encoding="utf-8") as file:
    links = {node["path"][1:] for node in json.load(file)["tree"] if node["type"] == "symlink"}
# ASan cannot look for leaks in a program that is traced.
asan = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
CALL = re.compile(r'\b(openat|openat2|newfstatat|fstatat64|readlinkat)\((\d+), "((?:[^"\\]|\\.)*)"')

with tempfile.NamedTemporaryFile("r", prefix="ocienv-calls-") as log:
    calls = "openat,openat2,readlinkat,?newfstatat,?fstatat64"
    done = subprocess.run([strace, "-f", "-s", "8192", "-o", log.name, "-e", "trace=" + calls,
                           program, "inroot", vectors],
                          env=dict(os.environ, OCIENV_WALKER=walker, ASAN_OPTIONS=asan), check=False)
    lines = log.read().splitlines()
if done.returncode:
    sys.exit(f"expected {program} to pass under strace, found status {done.returncode}")

faults, seen = [], {}
for line in lines:
    call = CALL.search(line)
    if not call or "O_CREAT" in line:
        continue
    name, _, path = call.groups()
    # openat2 gets the path whole, and RESOLVE_IN_ROOT with it.
    if name == "openat2":
        if "RESOLVE_IN_ROOT" not in line and "RESOLVE_BENEATH" not in line:
            faults.append(line)
        continue
    seen[name] = seen.get(name, 0) + 1
    names = path.split("/")
    if ".." in names or ("." in names and path != ".") or path.startswith("/"):
        faults.append(line)
    if walker == "string" and any("/".join(names[:i]) in links for i in range(1, len(names))):
        faults.append(line)
    # The stack never needs more than a name at a time.
    if walker == "stack" and "/" in path:
        faults.append(line)
for line in faults[:10]:
    print(line[:300])
print(f"{sum(seen.values())} calls: {seen}, {len(faults)} faults")
sys.exit(1 if faults or seen.get("openat", 0) < 100 else 0)

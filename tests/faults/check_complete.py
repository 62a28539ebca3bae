# SPDX-License-Identifier: Apache-2.0
"""check_complete.py HEADER USE LIBRARY WRAPPED...: each function of HEADER that tells an error is
called in USE, and whatever LIBRARY takes from outside is WRAPPED, or makes no system call."""
import re
import subprocess
import sys

# Memory (tests/oom/malloc.c fails it), strings, formats, digests, the two parsers; what
# compilers and the linker add.
NO_CALLS = re.compile(r"mem\w+|str\w+|__\w+_chk|v?snprintf|malloc|free|SHA\d+\w+|json_\w+|yaml_\w+"
                      r"|__errno_location|__stack_chk_fail|__gmon_start__|_ITM_\w+|__cxa_finalize")

header, use, library, *wrapped = sys.argv[1:]


def read(path):
    with open(path, encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)


declared = [name for name, parameters in re.findall(r"\b(ocienv_\w+)\s*\(([^;{]*)\)\s*;", read(header))
            if "reterr" in parameters]
called = set(re.findall(r"\bocienv_\w+(?=\()", read(use)))
faults = [f"{name} tells errors, and {use} does not call it" for name in declared
          if name not in called]

out = subprocess.run(["nm", "-D", "--undefined-only", library], check=True, capture_output=True,
                     text=True).stdout
taken = {line.split()[-1].split("@")[0] for line in out.splitlines()}
calls = {name for name in taken if not NO_CALLS.fullmatch(name)}
faults += [f"{name} is called, and is not wrapped" for name in sorted(calls - set(wrapped))]
if not declared or not calls:
    faults.append(f"found {len(declared)} functions and {len(calls)} calls")
if faults:
    sys.exit("\n".join(faults))
print(f"{len(declared)} functions, {len(calls)} calls")

# SPDX-License-Identifier: Apache-2.0
"""check_hardening.py COMPILER FORTIFIED ARCHIVE BOOT_ARCHIVE FILE...: what is installed has what
makes attacks harder. FILE is a shared library or a program; FORTIFIED is 1 in a build with
an optimizer, so that the C library's checked functions must be called.

What a compiler can do is asked of the compiler: with a flag, a probe carries the mark."""
import json
import os
import re
import subprocess
import sys
import tempfile

compiler, fortified, archive, boot_archive, *files = sys.argv[1:]
compiler = compiler.split()
ENV = dict(os.environ, LC_ALL="C")

# Flags that leave no mark in a file: they must be in the command that compiled it.
UNMARKED = ["-fstack-clash-protection", "-fno-delete-null-pointer-checks", "-fno-strict-overflow",
            "-fno-strict-aliasing", "-fstrict-flex-arrays=3", "-ftrivial-auto-var-init=zero",
            "-fzero-init-padding-bits=all", "-mbranch-protection=standard"]
PROBE = """#include <stdio.h>
#include <string.h>
int probe(char *to, const char *from, size_t n);
int probe(char *to, const char *from, size_t n)
{
	char text[64];
	memcpy(text, from, n);
	return snprintf(to, n, "%.9s", text);
}
"""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env=ENV).stdout


def elf(*args):
    return run("readelf", "-W", *args)


def undefined(path):
    """Names that each object of an archive, or a file, wants from elsewhere."""
    dynamic = [] if path.endswith(".a") else ["-D"]
    return set(re.findall(r"^ +[Uw] ([^@\s]+)", run("nm", *dynamic, "-u", path), flags=re.M))


def compiles(flag, folder):
    """The probe's object with that flag, or None where the compiler has it not."""
    source, target = folder + "/probe.c", folder + "/probe.o"
    with open(source, "w", encoding="utf-8") as file:
        file.write(PROBE)
    done = subprocess.run([*compiler, "-O2", "-Werror", *flag, "-c", source, "-o", target],
                          capture_output=True, check=False)
    return target if done.returncode == 0 else None


def marks_of_segments(path):
    """What the linker is asked for, as far as it is absent."""
    segments, dynamic = elf("-l", path), elf("-d", path)
    stack = re.search(r"GNU_STACK.* ([RWE ]{3}) 0x", segments)
    if "GNU_RELRO" not in segments:
        yield "relro: expected a GNU_RELRO segment, found none"
    if not re.search(r"\(FLAGS_1\).*\bNOW\b", dynamic):
        yield "now: expected NOW in FLAGS_1, found none"
    if not stack or "E" in stack.group(1):
        yield f"noexecstack: expected a stack without E, found {stack and stack.group(1)}"
    if re.search(r"LOAD.* RWE ", segments):
        yield "a segment can be written and executed"
    if re.search(r"TEXTREL", dynamic):
        yield "text is relocated"
    # A program of the build directory does, until it is installed.
    if re.search(r"R(UN)?PATH", dynamic) and ".so" in os.path.basename(path):
        yield "it names a path to search"
    if not re.search(r"Type:\s+DYN", elf("-h", path)):
        yield "expected position independent code, found another type"


def marks_of_calls(path, probe, folder):
    """Checks at run time that the C library helps with."""
    wanted = undefined(path)
    if compiles(["-fstack-protector-strong"], folder) and "__stack_chk_fail" not in wanted:
        yield "stack protector: expected __stack_chk_fail, found none"
    if probe and any(n.endswith("_chk") for n in probe) and \
            not any(n.endswith("_chk") for n in wanted):
        yield "fortify: expected a checked function of the C library, found none"


def marks_of_objects(path, folder):
    """Control flow: every object of an archive says that it has its marks."""
    probe = compiles(["-fcf-protection=full"], folder)
    if not probe or "IBT, SHSTK" not in elf("-n", probe):
        return
    for part in elf("-n", path).split("\nFile: ")[1:]:
        if "IBT, SHSTK" not in part:
            yield "control flow: expected IBT and SHSTK in " + part.split("\n")[0]


def marks_of_commands(folder):
    has = [flag for flag in UNMARKED if compiles([flag], folder)]
    with open("compile_commands.json", encoding="utf-8") as file:
        commands = [c for c in json.load(file)
                    if re.match(r"(lib/lib\S+\.[ap]/|lib/libocienv-core|tools/ocienv\.p/)",
                                c["output"])]
    if len(commands) < 100:
        yield f"expected the commands that compile the library, found {len(commands)}"
    for command in commands:
        words = command["command"].split()
        for flag in has:
            if flag not in words:
                yield f"{command['output']}: expected {flag} in its command, found none"


faults = []
with tempfile.TemporaryDirectory() as work:
    target = compiles(["-D_FORTIFY_SOURCE=3"], work) if fortified == "1" else None
    checked = undefined(target) if target else None
    for name in files:
        boot = "-boot." in name
        found = list(marks_of_segments(name))
        if not boot:
            found += marks_of_calls(name, checked, work)
        faults += [f"{name}: {fault}" for fault in found]
    for name in (archive, boot_archive):
        faults += [f"{name}: {fault}" for fault in marks_of_objects(name, work)]
    faults += marks_of_commands(work)

# The enclave has no C library to help.
more = undefined(boot_archive) - {"memcpy", "memset", "memcmp"}
if more:
    faults.append(f"{boot_archive}: expected nothing but memory functions, found {sorted(more)}")
if faults:
    sys.exit("\n".join(faults))
print(f"{len(files)} files and 2 archives")

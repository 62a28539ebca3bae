# SPDX-License-Identifier: Apache-2.0
"""check_old_program.py TOP COMPILER FOLDER: a program that was compiled for the baseline runs
with the libraries in FOLDER.

It is linked to libraries made from the baseline's list of symbols, which have no code: so it
can want nothing that was not there then, and wants each symbol of its version node."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

top, compiler, folder = pathlib.Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3]
baseline = top / "tests/abi/baseline"
LIBRARIES = ("ocienv", "ocienv-boot")


def promised(name):
    """The soname and [(symbol, node)] of a library."""
    text = (baseline / f"{name}.abi").read_text(encoding="utf-8")
    soname = re.search(r"soname='([^']+)'", text).group(1)
    found = re.findall(r"<elf-symbol name='(\w+)' version='([^']+)'", text)
    if not found:
        sys.exit(f"{name}.abi: expected symbols, found none")
    return soname, found


def stub(name, soname, found, work):
    """A library of that name with those symbols; returns its path."""
    source, script, target = work / "stub.c", work / "stub.map", work / f"lib{name}.so"
    source.write_text("".join(f"void {symbol}(void);\nvoid {symbol}(void) {{}}\n"
                              for symbol, _ in found), encoding="utf-8")
    nodes = {}
    for symbol, node in found:
        nodes.setdefault(node, []).append(symbol)
    script.write_text("".join(f"{node} {{ global: {'; '.join(names)}; }};\n"
                              for node, names in nodes.items()), encoding="utf-8")
    subprocess.run([*compiler, "-shared", "-fPIC", f"-Wl,-soname,{soname}",
                    f"-Wl,--version-script,{script}", source, "-o", target], check=True)
    return target


def table(found):
    """Wants the address of each function, whether the program calls it or not."""
    names = sorted(symbol for symbol, _ in found)
    return ("#include <ocienv/boot.h>\n#include <ocienv/ocienv.h>\n"
            "void (*const everything[])(void);\nvoid (*const everything[])(void) = {\n"
            + "".join(f"\t(void (*)(void)){name},\n" for name in names) + "};\n")


def runs(program, where):
    env = dict(os.environ, LD_LIBRARY_PATH=str(where), LD_BIND_NOW="1")
    return subprocess.run([program], env=env, capture_output=True, text=True, check=False)


with tempfile.TemporaryDirectory() as name:
    work = pathlib.Path(name)
    everything, stubs = [], []
    for library in LIBRARIES:
        soname, found = promised(library)
        stubs.append((library, soname, found, stub(library, soname, found, work)))
        everything += found
    (work / "table.c").write_text(table(everything), encoding="utf-8")
    program = work / "program"
    subprocess.run([*compiler, "-std=c11", "-D_GNU_SOURCE", f"-I{baseline}/include",
                    top / "tests/abi/old_program.c", work / "table.c",
                    *(entry[3] for entry in stubs), "-o", program], check=True)
    done = runs(program, folder)
    if (done.returncode, done.stdout) != (0, "as then\n"):
        sys.exit(f"status {done.returncode}\n{done.stdout}{done.stderr}")

    # Without one of the functions it does not start.
    less = work / "less"
    less.mkdir()
    for library, soname, found, path in stubs:
        lacking = found[:-1] if library == "ocienv" else found
        stub(library, soname, lacking, work).rename(less / soname)
    done = runs(program, less)
    gone = stubs[0][2][-1][0]
    if done.returncode == 0 or gone not in done.stderr:
        sys.exit(f"without {gone}: expected a refusal, found status {done.returncode}")
print(f"{len(everything)} functions")

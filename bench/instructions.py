# SPDX-License-Identifier: Apache-2.0
"""instructions.py PROGRAM SETS COMPILER BASELINE [--renew]: instructions of the fixed workloads.

Counted by callgrind, in the library's own code alone: what json-c, libyaml and the C library
execute on its behalf is theirs, and changes with their versions. The numbers are the same in
each run on any machine; BASELINE holds them and the compiler that they belong to. The status is
1 if a workload executes over 5 % more than it says; if it executes over 5 % less, the file wants
to be renewed, which is said and no failure. --renew writes the file.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

WORKLOADS = ("image-config", "runtime-spec", "pod", "resolve", "boot")
SET = "database"  # the usual one: 14 KB of config.json, 12 of image config, 6 of Pod
TOLERANCE = 0.05

HEAD = """# SPDX-License-Identifier: Apache-2.0
# Instructions that the library's own code executes for one run of each workload, documents of
# the set "{set}" of bench/sets.py. `ninja -C build renew-baseline` writes this file.
"""


def own_cost(text, program):
    """Instructions of the functions in `program`, without those of what they call.

    Lines are as in the manual of callgrind's format: names come as `(number) name` first and as
    `(number)` later, the line behind `calls=` has the callee's cost."""
    names, total, own, is_call = {}, 0, False, False
    for line in text.splitlines():
        if match := re.match(r"ob=(\(\d+\))(?: (.*))?$", line):
            names.setdefault(match[1], match[2])
            own = names[match[1]] == program
        elif match := re.match(r"cob=(\(\d+\)) (.*)$", line):
            names.setdefault(match[1], match[2])
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[+*\d-]", line):
            if own and not is_call:
                total += int(line.split()[1])
            is_call = False
    return total


def count(program, sets, workload):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "out")
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=counted",
             f"--callgrind-out-file={out}", program, workload, sets, SET],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode or not out.exists():
            sys.exit(f"{workload}: cannot be counted: {done.stdout.decode(errors='replace')}")
        total = own_cost(out.read_text(encoding="utf-8"), str(pathlib.Path(program).resolve()))
    if not total:
        sys.exit(f"{workload}: callgrind counted nothing")
    return total


def read_baseline(path):
    rows = [line.rsplit(None, 1) if not line.startswith("compiler ") else line.split(None, 1)
            for line in path.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]
    return dict(rows)


def compare(counts, baseline):
    """Prints a line each. Those that grew, and those that shrank."""
    grown, shrunk = [], []
    for name, now in counts.items():
        before = int(baseline[name])
        ratio = now / before
        if ratio > 1 + TOLERANCE:
            grown.append(name)
        elif ratio < 1 - TOLERANCE:
            shrunk.append(name)
        print(f"{name:16} {before:10} -> {now:10} instructions  ratio {ratio:5.3f}  "
              f"target {1 + TOLERANCE:.2f}{'  MISSED' if name in grown else ''}")
    return grown, shrunk


def main():
    program, sets, compiler, path = sys.argv[1:5]
    path = pathlib.Path(path)
    counts = {name: count(program, sets, name) for name in WORKLOADS}
    if sys.argv[5:] == ["--renew"]:
        path.write_text(HEAD.format(set=SET) + f"compiler {compiler}\n" +
                        "".join(f"{name} {total}\n" for name, total in counts.items()),
                        encoding="utf-8")
        print(f"wrote {path}")
        return
    baseline = read_baseline(path)
    if set(baseline) != {"compiler", *WORKLOADS}:
        sys.exit(f"{path}: expected the compiler and {', '.join(WORKLOADS)}")
    if baseline["compiler"] != compiler:
        sys.exit(f"{path} holds the numbers of {baseline['compiler']}, this is {compiler}: "
                 "build with that one, or renew the file")
    grown, shrunk = compare(counts, baseline)
    if shrunk:
        print(f"fewer instructions for {', '.join(shrunk)}: renew the file, so that it stays so")
    if grown:
        sys.exit(f"more instructions for {', '.join(grown)}: find out why; if it has to be, renew "
                 f"{path}")


if __name__ == "__main__":
    main()

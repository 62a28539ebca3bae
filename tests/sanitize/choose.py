# SPDX-License-Identifier: Apache-2.0
"""choose.py KIND BUILD: the tests that scripts/sanitize runs in BUILD, one name a line. What a
kind leaves out, tests/sanitize/KIND.txt lists by name with a reason; a name that is no test
any more is an error."""
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent

# About texts, packages and other builds than the one at hand; measured times; containers, and
# compilers of other languages, which have no sanitizer's library at hand.
ELSEWHERE = {"abi", "bench", "checks", "demo", "go", "man", "package", "runtimes", "rust"}
# Tests in C of the library without the command. Programs that a test starts are not looked into.
WITHIN = {"api", "golden", "unit", "vectors", "wire"}
NAMES = {
    "tsan": r"unit-wire-race|api-answers|race",
    "msan": r"unit-(base|rootfs|wire)-.*",
    "valgrind": r"(?!sanitized-).*",
}


def left_out(kind, names):
    file = HERE / f"{kind}.txt"
    lines = file.read_text().splitlines() if file.exists() else []
    found = {line.split()[0] for line in lines if line and not line.startswith("#")}
    if found - names:
        sys.exit(f"{file}: no such test: {', '.join(sorted(found - names))}")
    return found


def introspect(build, what):
    out = subprocess.run(["meson", "introspect", build, what], check=True, text=True,
                         capture_output=True).stdout
    return json.loads(out)


def wanted(kind, test, programs):
    suites = {suite.split(":")[-1] for suite in test["suite"]}
    if not re.fullmatch(NAMES.get(kind, ".*"), test["name"]):
        return False
    if kind == "valgrind":
        return bool(suites & WITHIN) and test["cmd"][0] in programs
    return not suites & ELSEWHERE


def main():
    kind, build = sys.argv[1:]
    tests = introspect(build, "--tests")
    # Valgrind looks into what it starts itself, and not into what an interpreter starts.
    programs = {name for target in introspect(build, "--targets")
                if target["type"] == "executable" for name in target["filename"]}
    without = left_out(kind, {test["name"] for test in tests})
    chosen = [test["name"] for test in tests
              if wanted(kind, test, programs) and test["name"] not in without]
    if not chosen:
        sys.exit(f"no test is chosen for {kind}")
    print("\n".join(chosen))


if __name__ == "__main__":
    main()

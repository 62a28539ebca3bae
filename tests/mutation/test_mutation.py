# SPDX-License-Identifier: Apache-2.0
"""test_mutation.py: of the mutants of a small example all are killed but the one that means the
same, and a rate that is not reached is a failure."""
import pathlib
import re
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
EQUAL = "lib/base/larger.c:8:11: relation: > -> >="


def run(work, *options):
    return subprocess.run([sys.executable, here / "run.py", here / "example", work, *options],
                          capture_output=True, text=True)


def expect(what, good, output):
    if not good:
        sys.exit(f"expected {what}, found:\n{output.stdout}{output.stderr}")


with tempfile.TemporaryDirectory() as work:
    output = run(pathlib.Path(work) / "w", "--count", "5", "--least", "80")
    lines = output.stdout.splitlines()
    survived = [line for line in lines if line.endswith(": SURVIVED")]
    expect("success", output.returncode == 0, output)
    expect("that the equal one survives alone",
           survived == [f"{EQUAL}: SURVIVED"], output)
    expect("four that a test kills", sum(line.endswith("killed by larger") for line in lines) == 4,
           output)
    expect("the sum", lines[-1] == "5 mutants: 4 killed, 1 survived, 80.0 %", output)
    # What survived is tried again, and a list that is not of this source is refused.
    survivors = pathlib.Path(work) / "w/survivors.txt"
    output = run(pathlib.Path(work) / "w", "--again", survivors)
    expect("one that survives again", output.returncode == 1 and output.stdout.splitlines()[1:] ==
           [f"{EQUAL}: SURVIVED", "1 mutants: 0 killed, 1 survived, 0.0 %"], output)
    survivors.write_text(EQUAL.replace(":8:", ":9:"), encoding="utf-8")
    output = run(pathlib.Path(work) / "w", "--again", survivors)
    expect("a refusal", output.returncode == 1 and "larger.c:9:11" in output.stderr, output)
    # Another rate is asked for, and more than there are.
    output = run(pathlib.Path(work) / "w", "--count", "50", "--least", "99")
    expect("a failure", output.returncode == 1, output)
    source = (here / "example/lib/base/larger.c").read_text(encoding="utf-8")
    expect("that the source is as it was", re.search(r"return a > b \? a : b;", source), output)
print("the mutants of the example are told apart")

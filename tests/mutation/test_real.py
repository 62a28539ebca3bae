# SPDX-License-Identifier: Apache-2.0
"""test_real.py SOURCE: the long run in short. A few mistakes in one file of lib/, of which its own
unit test must notice most; which file they are in changes little, so that this is quick."""
import pathlib
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as work:
    # With some room: another seed, or a line that moves, must not be a failure of its own.
    run = subprocess.run([sys.executable, pathlib.Path(__file__).parent / "run.py", sys.argv[1], work,
                          "--only", "lib/base/forms.c", "--tests", "^unit-base-forms$",
                          "--count", "5", "--least", "60"], capture_output=True, text=True)
print(run.stdout, run.stderr, sep="", end="")
sys.exit(run.returncode)

# SPDX-License-Identifier: Apache-2.0
"""run.py OCIENV [NAME...]: the command as its users meet it, each case in a folder of its own.

NAME is a module (test_flags) or one of its cases; without any, all test_*.py are run. The
last line is `N passed, N failed`."""
import os
import pathlib
import sys
import unittest

import harness

HERE = pathlib.Path(__file__).resolve().parent

if __name__ == "__main__":
    harness.COMMAND = os.path.abspath(sys.argv[1])
    names = sys.argv[2:] or sorted(path.stem for path in HERE.glob("test_*.py"))
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.skipped)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    # Whoever ran nothing has tested nothing.
    sys.exit(1 if failed or not result.testsRun else 0)

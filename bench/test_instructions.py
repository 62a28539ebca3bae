# SPDX-License-Identifier: Apache-2.0
"""instructions.py: what it counts of callgrind's output, and what it makes of the counts."""
import contextlib
import io
import unittest

import instructions

# Two objects; a call from the first to the second, and one back, as callgrind's manual has them.
OUTPUT = """events: Ir
ob=(1) /p
fl=(1) a.c
fn=(1) main
16 400
cob=(2) /lib/l.so
cfn=(2) g
calls=1 50
16 4000
+3 7
ob=(2)
fn=(2)
51 90
cob=(1)
cfn=(3) back
calls=2 60
* 1000
ob=(1)
fn=(3)
-1 5
* 6
totals: 508
"""


class TestInstructions(unittest.TestCase):
    def test_own_cost(self):
        self.assertEqual(instructions.own_cost(OUTPUT, "/p"), 400 + 7 + 5 + 6)
        self.assertEqual(instructions.own_cost(OUTPUT, "/lib/l.so"), 90)
        self.assertEqual(instructions.own_cost(OUTPUT, "/other"), 0)

    def test_compare(self):
        baseline = {"a": "1000", "b": "1000", "c": "1000", "d": "1000"}
        with contextlib.redirect_stdout(io.StringIO()) as out:
            grown, shrunk = instructions.compare({"a": 1050, "b": 1051, "c": 950, "d": 949},
                                                 baseline)
        self.assertEqual((grown, shrunk), (["b"], ["d"]))
        self.assertEqual(out.getvalue().count("MISSED"), 1)


if __name__ == "__main__":
    unittest.main()

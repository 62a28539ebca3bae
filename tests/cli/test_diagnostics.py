# SPDX-License-Identifier: Apache-2.0
"""What is refused, and the one line that says why: diagnostics.json, row by row."""
import json
import pathlib

from harness import Case

TABLE = pathlib.Path(__file__).with_name("diagnostics.json")
# FILE:LINE:COLUMN: /pointer: message [status]; without a place FILE or the command's name.
FORM = (r"\A[^:\n]+(?::[1-9]\d*:[1-9]\d*)?: (?:/[^ \n]*: )?[^/\n][^\n]* "
        r"\[(?:argument|limit|syntax|encoding|ambiguous|type|value|reference|notfound|access|"
        r"blob|policy|system)\]\n\Z")
STATUS = {"argument": 2, "system": 3}


class Diagnostics(Case):
    """Rows have title, files, args, status and stderr; a value never gets into a message."""

    def test_table(self):
        rows = json.loads(TABLE.read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(rows), 40)
        self.assertEqual(len({row["title"] for row in rows}), len(rows))
        for row in rows:
            for name, text in row["files"].items():
                self.write(name, text)
            with self.subTest(row["title"]):
                self.assertEqual(self.refused(row["status"], *row["args"]), row["stderr"])
                self.assertRegex(row["stderr"], FORM)
                word = row["stderr"].rsplit("[", 1)[1][:-2]
                self.assertEqual(STATUS.get(word, 1), row["status"])
                self.assertNotIn("MARKER", row["stderr"])
            for name in row["files"]:
                (self.dir / name).unlink()

    def test_warnings_have_the_same_form(self):
        self.write("p.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
                             "  containers: [{name: c, command: [sh, $(NONE)]}]\n")
        said = self.run_raw("resolve", "--pod", "p.yaml", "--rootfs", "root").stderr.decode()
        self.assertEqual(said, "p.yaml:5:40: warning: NONE: no such variable; the reference "
                               "stays as written [unexpanded-reference]\n")

    def test_answer_and_warnings_are_kept_apart(self):
        """JSON holds its warnings itself; what is piped on is never mixed with them."""
        done = self.run_raw("resolve", "--image", "image.json", "--output", "json")
        self.assertEqual(done.stderr, b"")
        self.assertTrue(json.loads(done.stdout)["warnings"])
        done = self.run_raw("resolve", "--image", "image.json")
        self.assertIn(b"warning: ", done.stderr)
        self.assertNotIn(b"warning", done.stdout)

# SPDX-License-Identifier: Apache-2.0
"""test_checker.py BUILD: the checks of the documents see what is wrong in one, and nothing else."""
import pathlib
import sys
import tempfile
import unittest

import check_commands
import check_links
import declared
import markdown

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
IMAGE = '`i.json`:\n\n```json\n{"config": {"Cmd": ["/a"]}}\n```\n\n'


def fenced(info, text):
    return f"```{info}\n{text}\n```\n\n"


class Commands(unittest.TestCase):
    def complaints(self, text, others=()):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            (top / "examples").mkdir()
            for name, content in (("x.md", text), *others):
                (top / name).write_text(content, encoding="utf-8")
            return check_commands.check(top, BUILD, ["x.md"]).complaints

    def right(self, text, others=()):
        self.assertEqual(self.complaints(text, others), [])

    def wrong(self, text, what, others=()):
        found = self.complaints(text, others)
        self.assertEqual(len(found), 1, found)
        self.assertIn(what, found[0])

    def test_outputs(self):
        self.right(fenced("console", "$ echo a\na\n$ true"))
        self.right(fenced("console", "$ for i in 1 2; do\n> echo $i\n> done\n1\n2"))
        self.wrong(fenced("console", "$ echo a\nb"), "printed:\na")
        self.wrong(fenced("console", "$ echo a"), "printed:\na")
        self.wrong(fenced("console", "$ true\na"), "shown:\na")
        self.wrong(fenced("console", "a\n$ echo a"), "output before")

    def test_statuses(self):
        self.wrong(fenced("console", "$ false"), "ended with 1")
        self.wrong(fenced("console", "$ echo a; false"), "ended with 1")
        self.right(fenced("console", "$ echo a >&2; false\na"))
        self.wrong("    false\n", "ended with 1")
        self.right("    echo a\n")

    def test_errors_are_shown(self):
        self.wrong(fenced("console", "$ echo a; echo b >&2\na"), "printed:\nb")
        self.right(fenced("console", "$ echo a; echo b >&2\nb\na"))
        self.right(IMAGE + fenced("console", "$ ocienv resolve --image i.json | grep argv\n"
                                             "argv  /a"))
        self.wrong(IMAGE.replace('"/a"]', '"/a"], "Env": ["X"]')
                   + fenced("console", "$ ocienv resolve --image i.json | grep argv\nargv  /a"),
                   "entry-dropped")

    def test_scripts(self):
        self.right(fenced("sh", "echo a") + fenced("text", "a"))
        self.wrong(fenced("sh", "echo a") + fenced("text", "b"), "printed:\na")
        self.wrong(fenced("sh", "false\ntrue"), "ended with 1")
        self.right("`a.sh`:\n\n" + fenced("sh", "echo $1; false")
                   + fenced("console", "$ sh a.sh b || true\nb"))
        self.wrong(fenced("text", "ocienv resolve"), "nothing is done")

    def test_sections(self):
        self.right(IMAGE + fenced("console", "$ grep -c Cmd i.json\n1"))
        self.wrong("Ask `i`:\n\n" + fenced("none", "a"), "nothing is done")
        self.wrong(IMAGE + "## Next\n\n" + fenced("console", "$ test -f i.json"), "ended with 1")

    def test_code(self):
        main = "#include <ocienv/ocienv.h>\nint main(void) { return !ocienv_version(); }"
        self.right(fenced("c", main))
        self.right("`a.c`:\n\n" + fenced("c", main)
                   + fenced("console", "$ cc a.c $(pkg-config --cflags --libs ocienv)\n$ ./a.out"))
        self.wrong(fenced("c", "int x = y;"), "does not compile")
        self.wrong(fenced("c", main.replace("version", "nonsense")), "does not compile")
        self.wrong(fenced("json", "{"), "Expecting")
        self.wrong(fenced("none", "a"), "nothing is done")
        self.wrong(fenced("yaml", "a: b"), "nothing is done")

    def test_copies(self):
        self.right(fenced("rust", "fn a() {}"), [("a.rs", "fn a() {}\nfn b() {}\n")])
        self.wrong(fenced("rust", "fn c() {}"), "no file of the tree", [("a.rs", "fn a() {}\n")])
        self.right("```\na();\n```\n", [("b.rs", '#![doc = include_str!("x.md")]')])
        self.wrong("<!-- ./a.c -->\n" + fenced("c", "int a;"), "copy the file",
                   [("a.c", "int b;\n")])

    def test_spans(self):
        self.right("`ocienv resolve --image FILE` and `ocienv explain --exec`\n")
        self.wrong("`ocienv resolve --imago FILE`\n", "--imago")
        self.wrong("`ocienv solve`\n", "no subcommand")
        self.wrong("`meson test -C build nonsense`\n", "no test")

    def test_guarantees(self):
        table = "| promise | shown by |\n|---|---|\n| a | %s |\n\n| b | c |\n"
        self.right(table % "`docs-commands`, and `vectors-*` too")
        self.wrong(table % "`nonsense-*`", "no test nonsense-*")
        self.wrong(table % "nothing", "no test is named")

    def test_declared(self):
        key = ("x.md", "false")
        for table, value in ((declared.SHORT, ("true", "why")), (declared.NO_COMMANDS, "why")):
            table[key] = value
            try:
                self.right("    false\n")
                self.right(fenced("sh", "false\nfalse"))
                self.wrong("    true\n", "in no document")
            finally:
                del table[key]

    def test_reasons(self):
        for key, value in {**declared.SHORT, **declared.NO_COMMANDS}.items():
            self.assertTrue(value if isinstance(value, str) else value[1], key)


class Links(unittest.TestCase):
    def complaints(self, text):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder).resolve()
            (top / "docs").mkdir()
            (top / "docs/y.md").write_text("# A `b`, c\n\n# A `b`, c\n", encoding="utf-8")
            (top / "x.md").write_text(text, encoding="utf-8")
            parsed = {name: markdown.Document((top / name).read_text(encoding="utf-8"))
                      for name in ("x.md", "docs/y.md")}
            return [what for name in parsed for what in check_links.complaints(top, name, parsed)]

    def test_links(self):
        for text in ("[a](docs/y.md)", "[a](docs/y.md#a-b-c)", "[a](docs/y.md#a-b-c-1)",
                     "# B\n[a](#b)", "`[a](none.md)`", "[a](https://example.com/)", "`docs/y.md`",
                     "`docs/*.md`", "`docs/NAME.md`", "[a\nb](docs/y.md)"):
            self.assertEqual(self.complaints(text), [], text)
        for text in ("[a](none.md)", "[a](docs/y.md#b)", "[a](#b)", "[a\nb](docs/n.md)",
                     "`docs/none.md`", "`lib/*.c`"):
            self.assertEqual(len(self.complaints(text)), 1, text)


if __name__ == "__main__":
    unittest.main(verbosity=1)

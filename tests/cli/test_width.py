# SPDX-License-Identifier: Apache-2.0
"""Text fits a terminal, and nothing of it is cut off."""
import json
import re
import unicodedata

from harness import Case, elf, unwrapped

LONG = "/".join(f"directory-{i:02}" for i in range(30))
WORDS = " ".join(f"word{i}" for i in range(60))
VALUES = {
    "PATH": f"/{LONG}:/bin", "LONG": "x" * 500, "WORDS": WORDS, "BLANKS": "a   b " * 40, "BLANK": " " * 300,
    "WIDE": "\u65e5\u672c\u8a9e" * 50, "ESCAPES": "\x1b" * 100, "QUOTES": '"\\' * 100,
    "LINES": "one\ntwo\n" * 30, "N" * 200: "of a long name",
}


def columns(line):
    """Of a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def quoted(value):
    """As a text shows it: in quotes if it is no plain word."""
    if re.fullmatch(r"[\w./:=,+@%-]+", value, re.A):
        return value
    return '"' + "".join(f"\\x{ord(c):02x}" if c < " " else "\\" + c if c in '"\\' else c
                         for c in value) + '"'


class Width(Case):
    """Documents with long values."""

    def setUp(self):
        super().setUp()
        self.write("image.json", json.dumps({"config": {
            "Cmd": ["sh", *VALUES.values()], "User": "7:8", "WorkingDir": "/" + LONG,
            "Env": [f"{name}={value}" for name, value in VALUES.items()]}}))
        self.write(f"root/{LONG}/{'d' * 200}", "")
        self.call = ("--image", "image.json", "--rootfs", "root")

    def narrow(self, *args, status=0):
        """Standard output; no line is wider than 80 columns."""
        done = self.run_raw(*args)
        self.assertEqual(done.returncode, status, done.stderr)
        text = done.stdout.decode()
        self.assertTrue(text, done.stderr)
        for line in text.splitlines():
            self.assertLessEqual(columns(line), 80, line)
        return text

    def test_values(self):
        """A value is there whole, once what was parted within it is put together."""
        for args in (["resolve"], ["explain"], ["explain", "--exec"]):
            text = unwrapped(self.narrow(*args, *self.call)).replace("\\x20", " ")
            for name, value in VALUES.items():
                if args == ["explain", "--exec"]:
                    break
                with self.subTest(f"{args} {name[:9]}"):
                    self.assertIn(f"{name}={quoted(value)}\n", text)
            if args == ["resolve"]:
                for value in VALUES.values():
                    self.assertIn(f"      {quoted(value)}\n", text)
                self.assertIn(f"cwd   /{LONG}\n", text)

    def test_explained_names(self):
        self.narrow("explain", *self.call, "PATH", "N" * 200)

    def test_look_up(self):
        """The program in a directory of a long name, a script for another one."""
        name = f"{LONG}/run"
        shell = "e" * 120
        self.write(f"root/{name}", f"#!/{shell} {'x' * 100}\n", 0o755)
        self.write(f"root/{shell}", elf(), 0o755)
        self.write("spec.json", json.dumps({"ociVersion": "1.0.2", "process": {
            "args": ["run"], "cwd": "/", "env": [f"PATH=/bin:/{'y' * 200}:/{LONG}"],
            "user": {"uid": 0, "gid": 0, "additionalGids": list(range(1000, 1030))}}}))
        call = ("--spec", "spec.json", "--rootfs", "root")
        text = " ".join(unwrapped(self.narrow("resolve", *call)).split())
        self.assertIn(f"exec /{name} (entry 3 of PATH)", text)
        self.assertIn(f"is a script for /{shell} {'x' * 100}", text)
        self.assertIn("groups " + ",".join(map(str, range(1000, 1030))), text)
        text = unwrapped(self.narrow("explain", "--exec", *call))
        self.assertIn(f"/{'y' * 200}/run", text)

    def test_verdict(self):
        self.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
                               "  containers:\n  - {name: c, env: [{name: X, value: why}]}\n")
        name = "f" * 100 + ".json"
        self.write(name, (self.dir / "spec.json").read_text())
        text = self.narrow("verify", "--image", "image.json", "--pod", "pod.yaml", "--spec", name,
                           status=1)
        whole = unwrapped(text)
        self.assertIn(f"found {name}:1:", " ".join(whole.split()))
        self.assertIn("N" * 200, whole)

    def test_blob(self):
        self.ok("resolve", *self.call, "--output", "blob", "-o", "c.oeb")
        text = self.narrow("show", "c.oeb")
        self.assertRegex(unwrapped(text), r"\ndigest sha384:[0-9a-f]{96}\n\Z")

    def test_same_in_a_file(self):
        self.ok("resolve", *self.call, "-o", "out")
        self.assertEqual((self.dir / "out").read_bytes(), self.ok("resolve", *self.call))

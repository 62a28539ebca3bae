# SPDX-License-Identifier: Apache-2.0
"""Colours: only on a terminal, each stream judged by itself, and not where nobody wants them."""
import os
import pty
import re
import subprocess

import harness
from harness import Case

INK = re.compile(rb"\x1b\[(?:0|1|31|33)m")


class Colour(Case):
    """What is a terminal is one: a pty's end."""

    def run_on(self, *args, terminal=("stdout", "stderr"), **env):
        """(stdout, stderr, status) of a run with those streams on terminals of their own."""
        ends, streams = {}, {}
        for name in ("stdout", "stderr"):
            ends[name], streams[name] = pty.openpty() if name in terminal else os.pipe()
        clean = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        with subprocess.Popen([harness.COMMAND, *args], cwd=self.dir, stdin=subprocess.DEVNULL,
                              env={**clean, "TERM": "xterm", "LC_ALL": "C", **env},
                              **streams) as child:
            for stream in streams.values():
                os.close(stream)
            out = [self.read_all(ends[name]) for name in ("stdout", "stderr")]
        return (*out, child.returncode)

    @staticmethod
    def read_all(end):
        """Until the other end is closed; a terminal says that with an error."""
        data = b""
        with os.fdopen(end, "rb", buffering=0) as file:
            while True:
                try:
                    more = file.read(65536)
                except OSError:
                    break
                if not more:
                    break
                data += more
        return data.replace(b"\r\n", b"\n")

    def setUp(self):
        super().setUp()
        self.call = ("resolve", "--image", "image.json")

    def test_on_terminals(self):
        out, err, status = self.run_on(*self.call)
        self.assertEqual(status, 0)
        self.assertTrue(out.startswith(b"\x1b[1mexec\x1b[0m  "))
        self.assertIn(b"\n\x1b[1menv\x1b[0m   A=image\n", out)
        self.assertIn(b"\x1b[33mwarning:\x1b[0m ", err)
        for got in (out, err):
            self.assertNotIn(b"\x1b", INK.sub(b"", got))

    def test_one_stream(self):
        for terminal in (["stdout"], ["stderr"], []):
            out, err, _ = self.run_on(*self.call, terminal=terminal)
            with self.subTest(terminal):
                self.assertEqual(b"\x1b" in out, "stdout" in terminal)
                self.assertEqual(b"\x1b" in err, "stderr" in terminal)

    def test_same_text(self):
        """Colours take no room: lines are parted alike."""
        self.write("image.json", '{"config": {"Cmd": ["%s"], "Env": ["%s=%s"], "User": "7:8"}}'
                   % ("x " * 90, "N" * 79, "y" * 300))
        for args in (self.call, ("explain", *self.call[1:]), ("explain", *self.call[1:], "N" * 79),
                     ("resolve", "--image", "absent"), ("resolve", "--imag"),
                     ("verify", "--spec", "spec.json", *self.call[1:], "--pod", "pod.yaml",
                      "--objects", "objects.yaml")):
            with self.subTest(args):
                plain = self.run_on(*args, terminal=())
                coloured = self.run_on(*args)
                self.assertNotEqual(plain[:2], coloured[:2])
                self.assertEqual(plain, (*(INK.sub(b"", got) for got in coloured[:2]),
                                         coloured[2]))

    def test_not_wanted(self):
        plain = self.run_on(*self.call, terminal=())
        for env in ({"NO_COLOR": "1"}, {"NO_COLOR": "0"}, {"TERM": "dumb"}, {"TERM": ""}):
            with self.subTest(env):
                self.assertEqual(self.run_on(*self.call, **env), plain)
        self.assertIn(b"\x1b", self.run_on(*self.call, NO_COLOR="")[0])

    def test_what_is_for_programs(self):
        """JSON, strings and files have none."""
        for form in ("json", "env0", "gramine"):
            out = self.run_on(*self.call, "--output", form)[0]
            with self.subTest(form):
                self.assertNotIn(b"\x1b", out)
        for args in (["--help"], ["--version"], ["resolve", "--help"], ["policy", *self.call[1:]]):
            with self.subTest(args):
                self.assertNotIn(b"\x1b", self.run_on(*args)[0])
        self.run_on(*self.call, "-o", "out")
        self.assertNotIn(b"\x1b", (self.dir / "out").read_bytes())

# SPDX-License-Identifier: Apache-2.0
"""Files in."""
import json
import os
import subprocess

import harness
from harness import IMAGE, SPEC, Case

MISSING = "absent: cannot open: No such file or directory [system]\n"


class Input(Case):
    """A file that cannot be read is told with its name, once, and ends the call."""

    def test_missing_file_behind_a_good_one(self):
        for flag in ("--spec", "--pod", "--layer", "--objects"):
            with self.subTest(flag):
                said = self.refused(3, "resolve", "--image", "image.json", flag, "absent")
                self.assertEqual(said, MISSING)

    def test_missing_file_alone(self):
        for flag in ("--image", "--spec", "--pod", "--layer"):
            with self.subTest(flag):
                self.assertEqual(self.refused(3, "resolve", flag, "absent"), MISSING)
                self.assertEqual(self.refused(3, "layer", flag, "absent", "-o", "x"), MISSING)
        self.assertEqual(self.refused(3, "show", "absent"), MISSING)

    def test_directory(self):
        self.assertEqual(self.refused(3, "resolve", "--image", "root"),
                         "root: cannot read: Is a directory [system]\n")

    def test_rootfs_that_is_none(self):
        self.assertEqual(self.refused(3, "resolve", "--image", "image.json", "--rootfs", "absent"),
                         MISSING)
        self.assertEqual(
            self.refused(3, "resolve", "--image", "image.json", "--rootfs", "image.json"),
            "image.json: cannot open: Not a directory [system]\n")

    def test_standard_input(self):
        for flag, document in (("--image", IMAGE), ("--spec", SPEC)):
            text = json.dumps(document).encode()
            for spelled in ([flag, "-"], [flag + "=-"]):
                out = self.ok("resolve", *spelled, "--output", "json", stdin=text)
                words = document["config"]["Cmd"] if document is IMAGE else ["/bin/sh"]
                self.assertEqual(json.loads(out)["argv"], words)
        self.assertEqual(self.refused(1, "resolve", "--image", "-", stdin=b"["),
                         "<stdin>:1:2: /0: expected a value, found the end of the text [syntax]\n")

    def test_standard_input_for_each_file(self):
        """Wherever a FILE is read; the answer does not tell whence, but for the name."""
        self.ok("layer", "--spec", "spec.json", "-o", "spec.oeb")
        self.write("policy.json", '{"ocienv_policy": 1}')
        self.write("Occlum.json", '{"process": {"default_stack_size": "4MB"}}')
        self.write("key", "k" * 32)
        self.ok("resolve", "--spec", "spec.json", "--output", "blob", "-o", "config.oeb")
        image, spec = ("--image", "image.json"), ("--spec", "spec.json")
        argv = ("--output", "argv0")
        user = ("--rootfs", "root")
        for args, name in (
                (("resolve", "--image", "-", *user, *argv), "image.json"),
                (("resolve", "--spec", "-", *argv), "spec.json"),
                (("resolve", "--layer", "-", *argv), "spec.oeb"),
                (("resolve", "--pod", "-", "--objects", "objects.yaml", *user, *argv), "pod.yaml"),
                (("resolve", "--pod", "pod.yaml", "--objects", "-", *user, *argv), "objects.yaml"),
                (("resolve", *image, "--policy", "-", *user, *argv), "policy.json"),
                (("resolve", *spec, "--occlum-json", "-", *user, "--output", "occlum"),
                 "Occlum.json"),
                (("resolve", *spec, "--output", "public", "--digest-key", "-"), "key"),
                (("layer", "--spec", "-", "-o", "out.oeb"), "spec.json"),
                (("show", "-", *argv), "config.oeb"),
                (("show", "-"), "config.oeb")):
            with self.subTest(args):
                whole = [name if word == "-" else word for word in args]
                self.assertEqual(self.ok(*args, stdin=(self.dir / name).read_bytes()),
                                 self.ok(*whole))

    def test_standard_input_is_bounded(self):
        self.assertRegex(self.refused(1, "resolve", "--image", "-", stdin=b" " * (5 << 20)),
                         r"\A<stdin>.*\[limit\]\n\Z")
        with open("/dev/zero", "rb") as endless:
            said = self.run_raw("resolve", "--image", "-", stdin_file=endless)
        self.assertEqual((said.returncode, said.stderr),
                         (3, b"<stdin>: cannot read: File too large [system]\n"))

    def test_standard_input_serves_once(self):
        twice = "ocienv: expected \"-\" for one file, found it for several [argument]\n"
        for second in ("--pod", "--spec", "--layer", "--objects", "--policy", "--occlum-json",
                       "--digest-key"):
            with self.subTest(second):
                self.assertEqual(
                    self.refused(2, "resolve", "--image", "-", second, "-"), twice)
        self.assertEqual(self.refused(2, "resolve", "--objects", "-", "--objects=-", "--image",
                                      "image.json"), twice)

    def test_largest_document(self):
        self.write("big.json", b" " * (4 << 20) + b"{}")
        said = self.refused(1, "resolve", "--image", "big.json")
        self.assertRegex(said, r"\Abig\.json.*\[limit\]\n\Z")
        self.write("huge.json", b" " * ((64 << 20) + 1))
        self.assertEqual(self.refused(3, "resolve", "--image", "huge.json"),
                         "huge.json: cannot read: File too large [system]\n")


class Interrupted(Case):
    """A file system in user space may say EINTR as often as it likes."""

    def interrupted(self, call, times, path, *args):
        """The finished command, whose calls for that file are interrupted so many times. A
        sanitizer cannot look for leaks in a program that is traced."""
        inject = ["-o", "/dev/null", "-P", os.path.realpath(self.dir / path), "-e",
                  f"inject={call}:error=EINTR:when={times}"]
        env = dict(os.environ, LC_ALL="C",
                   ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        return subprocess.run(["strace", *inject, harness.COMMAND, *args], cwd=self.dir, env=env,
                              check=False, timeout=60, capture_output=True)

    def test_some_times(self):
        expected = self.ok("layer", "--spec", "spec.json", "-o", "/dev/stdout")
        done = self.interrupted("read", "1..9", "spec.json",
                                "layer", "--spec", "spec.json", "-o", "/dev/stdout")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, expected, b""))
        done = self.interrupted("write", "1..9", "/dev/null",
                                "layer", "--spec", "spec.json", "-o", "/dev/null")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_for_ever(self):
        for call, path in ("read", "spec.json"), ("write", "/dev/null"):
            done = self.interrupted(call, "1+", path,
                                    "layer", "--spec", "spec.json", "-o", "/dev/null")
            said = f"{path}: cannot {call}: Interrupted system call [system]\n"
            self.assertEqual((done.returncode, done.stderr.decode()), (3, said))

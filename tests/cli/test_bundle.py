# SPDX-License-Identifier: Apache-2.0
"""--bundle: config.json, and the rootfs where runc looks for it."""
import json
import os

from harness import SPEC, Case

NO_ROOT = None


class Bundle(Case):
    """The usual rootfs, named in ways that runc takes or does not."""

    def setUp(self):
        super().setUp()
        (self.dir / "b").mkdir()
        os.rename(self.dir / "root", self.dir / "b/rootfs")
        self.call = ("resolve", "--bundle", "b", "--output", "json")

    def name(self, path):
        """Writes config.json with that root.path; answers its text."""
        root = {} if path is NO_ROOT else {"root": {"path": path}}
        text = json.dumps({**SPEC, **root})
        self.write("b/config.json", text)
        return text

    def test_same_as_its_parts(self):
        self.name("rootfs")
        apart = self.ok("resolve", "--spec", "b/config.json", "--rootfs", "b/rootfs",
                        "--output", "json")
        self.assertEqual(self.ok(*self.call), apart)
        self.assertEqual(json.loads(apart)["exec"]["path"], "/bin/sh")
        for args in (["explain"], ["explain", "--exec"], ["policy"]):
            self.assertEqual(
                self.ok(*args, "--bundle", "b"),
                self.ok(*args, "--spec", "b/config.json", "--rootfs", "b/rootfs"))
        answers = [self.run_raw("verify", *spec, "--image", "image.json", "--pod", "pod.yaml",
                                "--objects", "objects.yaml").stdout
                   for spec in (["--bundle", "b"],
                                ["--spec", "b/config.json", "--rootfs", "b/rootfs"])]
        self.assertIn(b"differences", answers[0])
        self.assertEqual(answers[0], answers[1])

    def test_where_the_root_is(self):
        """Absolute, outside of the bundle, and with what path.Clean takes away."""
        self.name("rootfs")
        answer = self.ok(*self.call)
        top = os.path.realpath(self.dir)
        for path in ("./rootfs", "rootfs/", "rootfs//.", "../b/rootfs", "absent/../rootfs",
                     f"{top}/b/rootfs", f"/../{top}//b/./rootfs/bin/..", "../" * 40 + f"{top}/b/rootfs"):
            with self.subTest(path):
                self.name(path)
                self.assertEqual(json.loads(self.ok(*self.call))["exec"],
                                 json.loads(answer)["exec"])
        os.symlink("b", self.dir / "way")  # a link to the bundle is not one inside of it
        self.name("rootfs")
        self.assertEqual(json.loads(self.ok("resolve", "--bundle", "way", "--output", "json"))["exec"],
                         json.loads(answer)["exec"])

    def test_links(self):
        os.symlink("rootfs", self.dir / "b/link")
        os.symlink(".", self.dir / "b/loop")
        for path in ("link", "link/", "loop/rootfs", "../b/link"):
            with self.subTest(path):
                text = self.name(path)
                at = text.index(json.dumps(path)) + 1
                self.assertEqual(self.refused(1, *self.call),
                                 f"b/config.json:1:{at}: /root/path: expected no symbolic link "
                                 "on the way to the root filesystem, found one [unsafe]\n")

    def test_no_root(self):
        self.name(NO_ROOT)
        self.assertEqual(self.refused(1, *self.call),
                         'b/config.json:1:2: expected the member "root", found none [value]\n')
        text = self.name("")
        at = text.index('"path": ') + 9
        self.assertEqual(self.refused(1, *self.call),
                         f"b/config.json:1:{at}: /root/path: expected the path of the root "
                         "filesystem, found an empty one [value]\n")
        self.write("b/config.json", '{"root": {}}')
        self.assertEqual(self.refused(1, *self.call),
                         'b/config.json:1:10: /root: expected the member "path", found none '
                         "[value]\n")
        for path in ("absent", "config.json", "rootfs/bin/sh"):
            self.name(path)
            self.assertRegex(self.refused(3, *self.call),
                             r"\Ab/config.json: (finding|opening) the root filesystem failed "
                             r"\(errno [0-9]+\) \[system\]\n\Z")

    def test_hostile(self):
        for text, place in (('{"root": {"path": "a\\u0000b"}}', "1:21"), ('{"root": 1}', "1:10"),
                            ('{"root": {"path": ["rootfs"]}}', "1:19"), ("[", "1:2"),
                            ('{"root": {"path": "/"}, "root": {"path": "rootfs"}}', "1:25"),
                            ('{"Root": {"path": "rootfs"}}', "1:2")):
            with self.subTest(text):
                self.write("b/config.json", text)
                self.assertRegex(self.refused(1, *self.call), rf"\Ab/config.json:{place}: ")
        os.unlink(self.dir / "b/config.json")
        self.assertIn("b/config.json: cannot open", self.refused(3, *self.call))
        os.mkfifo(self.dir / "b/config.json")
        self.assertEqual(self.refused(1, *self.call), "b/config.json: expected a regular file, "
                                                      "found another [value]\n")

    def test_command_line(self):
        self.name("rootfs")
        for flag, value in (("--spec", "spec.json"), ("--rootfs", "b/rootfs")):
            self.assertEqual(self.refused(2, "resolve", "--bundle", "b", flag, value),
                             f"ocienv: expected --bundle or {flag}, found both [argument]\n")
        self.assertEqual(self.refused(2, "resolve", "--bundle", ""),
                         "ocienv: expected DIR behind --bundle, found an empty text [argument]\n")
        self.assertIn("found \"--bundle\"", self.refused(2, "layer", "--bundle", "b", "-o", "x"))

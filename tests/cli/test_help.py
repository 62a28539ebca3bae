# SPDX-License-Identifier: Apache-2.0
"""Every help text as it is printed, and what is said about words that are nearly right."""
import re

import golden
from harness import Case
from test_flags import SUBCOMMANDS


class Help(Case):
    """The texts are golden; what they are made of is what the command line is read by."""

    def test_texts(self):
        texts = {f"help-{name}": self.ok(name, "--help") for name in SUBCOMMANDS}
        texts["help"] = self.ok("--help")
        for name, text in texts.items():
            with self.subTest(name):
                golden.compare(self, name + ".txt", text)
                golden.narrow(self, name, text)
        self.assertEqual({path.stem for path in golden.FOLDER.glob("help*.txt")}, set(texts))

    def test_version(self):
        self.assertRegex(self.ok("--version"), rb"\Aocienv \d+\.\d+\.\d+\n\Z")

    def test_help_beside_other_flags(self):
        for args in (["--help", "--image", "absent"], ["--image", "absent", "-h"]):
            self.assertEqual(self.ok("resolve", *args), self.ok("resolve", "--help"))

    def test_examples_are_command_lines(self):
        """What stands there is taken: no usage error, but for files that are not there."""
        for name in SUBCOMMANDS:
            text = self.ok("help", name).decode()
            for line in re.findall(r"ocienv (.*)", text[text.index("\nexamples:\n"):]):
                with self.subTest(line):
                    for call in line.split(" | ocienv "):
                        said = self.run_raw(*call.split()).stderr.decode()
                        self.assertNotIn("[argument]", said)


class Nearest(Case):
    """Did you mean? Only what is near, and of two the first."""

    def meant(self, *args):
        """The word that is offered, or None."""
        said = self.refused(2, *args)
        self.assertRegex(said, r"\Aocienv: expected [^\n]*, found [^\n]* \[argument\]\n\Z")
        found = re.search(r'"; did you mean (\S+)\? \[argument\]', said)
        return found and found[1]

    def test_flags(self):
        for word, meant in {
                "--imag": "--image", "--iamge": "--image", "--images": "--image",
                "--image-": "--image", "-image": "--image", "--obejcts": "--objects",
                "--show-secret": "--show-secrets", "--show": "--show-secrets",
                "--output-form": None, "--userprofile": "--user-profile", "--root": "--rootfs",
                "--runtim=kata": "--runtime", "--hepl": "--help", "--IMAGE": None,
                "--no-such": None, "--": None, "--=x": None, "-x": None, "--pdo": "--pod",
                "--" + "image" * 20: None}.items():
            with self.subTest(word):
                self.assertEqual(self.meant("resolve", word), meant)

    def test_flags_of_others_are_not_offered(self):
        self.assertEqual(self.meant("layer", "--rootf"), None)
        self.assertEqual(self.meant("show", "--imag"), None)

    def test_subcommands(self):
        for word, meant in {"resolv": "resolve", "reslove": "resolve", "verfy": "verify",
                            "--versoin": "--version", "explan": "explain", "hepl": "help",
                            "--hlep": "help", "": None, "run": None, "x" * 200: None}.items():
            with self.subTest(word):
                self.assertEqual(self.meant(word), meant)
                self.assertEqual(self.meant("help", word), meant)

    def test_values(self):
        for flag, word, meant in (("--runtime", "runcc", "runc"), ("--runtime", "rnuc", "runc"),
                                  ("--runtime", "runc1.2", "runc-1.2"), ("--runtime", "youki", None),
                                  ("--output", "jsno", "json"), ("--output", "yaml", None),
                                  ("--output", "JSON", None), ("--cri", "cri-o", "crio"),
                                  ("--cri", "container", "containerd"), ("--libos", "oclum", "occlum"),
                                  ("--user-profile", "stict", "strict"), ("--pod-kind", "", None)):
            with self.subTest(f"{flag} {word}"):
                self.assertEqual(self.meant("resolve", flag, word), meant)
        self.assertEqual(
            self.refused(2, "resolve", "--cri", "x"),
            'ocienv: expected one of the values of --cri (containerd, crio), found "x" '
            '[argument]\n')

    def test_containers(self):
        """Those of the pod are told, as many as the message holds."""
        names = [f"container-{i:02}" for i in range(20)]
        self.write("p.yaml", "kind: Pod\napiVersion: v1\nspec:\n  containers:\n"
                   + "".join(f"  - name: {name}\n" for name in names))
        self.assertEqual(
            self.refused(1, "resolve", "--pod", "p.yaml", "--container", "container-1"),
            'p.yaml:4:3: /spec: expected a container "container-1", found "container-00", '
            '"container-01", "container-02", "container-03", "container-04", '
            '"container-05", "container-06", ... [reference]\n')

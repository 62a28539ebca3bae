# SPDX-License-Identifier: Apache-2.0
"""The command line: every subcommand's help, and what is no flag of it."""
import re

from harness import Case

SUBCOMMANDS = ("resolve", "layer", "verify", "explain", "policy", "show")


class Flags(Case):
    """What the command line may be; status 2 and one line for everything else."""

    def usage(self, *args):
        """The one line that a wrong command line gets."""
        said = self.refused(2, *args)
        self.assertRegex(said, r"\Aocienv: expected [^\n]*, found [^\n]* \[argument\]\n\Z")
        return said

    def test_help(self):
        for name in SUBCOMMANDS:
            with self.subTest(name):
                text = self.ok(name, "--help").decode()
                self.assertTrue(text.startswith(f"usage: ocienv {name} "))
                self.assertRegex(text, rf"\nexamples:\n  ocienv {name} .*\n(  .*\n)*\Z")
                self.assertLessEqual(max(map(len, text.splitlines())), 80)
                self.assertEqual(text, self.ok("help", name).decode())
                self.assertEqual(text, self.ok(name, "-h").decode())
        overview = self.ok("--help").decode()
        self.assertEqual(re.findall(r"^  ([a-z]+) ", overview, re.M),
                         [*SUBCOMMANDS, "ocienv", "ocienv"])
        self.assertEqual(overview, self.ok("help").decode())
        self.assertEqual(overview, self.ok("-h").decode())
        done = self.run_raw()
        self.assertEqual((done.returncode, done.stdout, done.stderr.decode()),
                         (2, b"", overview))
        self.assertRegex(self.ok("--version"), rb"\Aocienv \d+\.\d+\.\d+\n\Z")

    def test_help_tells_every_flag_that_is_taken(self):
        """A flag of the help is taken, and one that another subcommand has is not."""
        every = set()
        told = {}
        for name in SUBCOMMANDS:
            text = self.ok(name, "--help").decode()
            told[name] = set(re.findall(r"^  (-[-a-z]+)", text, re.M))
            self.assertGreater(len(told[name]), 4)
            every |= told[name]
        for name in SUBCOMMANDS:
            for flag in sorted(every):
                said = self.run_raw(name, flag).stderr.decode()
                with self.subTest(f"{name} {flag}"):
                    self.assertEqual("expected a flag of this subcommand" in said,
                                     flag not in told[name])

    def test_unknown(self):
        for word in ("--no-such", "-x", "--image-", "--", "--imag", "-O", "--IMAGE", "--=x"):
            for name in SUBCOMMANDS:
                with self.subTest(f"{name} {word}"):
                    self.assertIn(f'found "{word.split("=")[0]}"', self.usage(name, word))
        self.usage("resolve", "image.json")
        self.usage("resolve", "")
        self.usage("resolve", "-")
        self.usage("nothing")
        self.usage("help", "nothing")
        self.usage("help", "show", "show")
        self.usage("")
        self.usage("show", "a", "b")
        self.assertIn("found none", self.usage("show"))
        self.assertIn("found none", self.usage("resolve"))
        self.assertIn("found none", self.usage("layer", "-o", "x"))
        self.assertIn("found none", self.usage("layer", "--image", "image.json"))
        self.assertIn("found several", self.usage("layer", "--image", "image.json", "--spec",
                                                  "spec.json", "-o", "x"))

    def test_value(self):
        for flag in ("--image", "--pod", "--spec", "--layer", "--objects", "--fact",
                     "--workload", "--container", "--hostname", "--pod-kind", "--runtime",
                     "--cri", "--user-profile", "--rootfs", "--output", "-o", "--libos",
                     "--stack-size", "--library-path"):
            with self.subTest(flag):
                self.assertIn(f"behind {flag}, found none", self.usage("resolve", flag))
        for flag in ("--runtime", "--cri", "--user-profile", "--pod-kind", "--output",
                     "--libos"):
            for value in ("", "no", "RUNC", "json "):
                with self.subTest(f"{flag}={value}"):
                    self.assertIn(f"values of {flag}", self.usage("resolve", f"{flag}={value}"))
        for fact in ("status.podIP", "", "=x", "x" * 300 + "=1"):
            with self.subTest(fact):
                self.usage("resolve", "--fact", fact, "--image", "image.json")
        self.usage("resolve", "--fact", "no.such=1", "--image", "image.json")

    def test_equals_sign(self):
        args = ("--image", "image.json", "--output", "json", "--runtime", "runc-1.2")
        joined = [f"{flag}={value}" for flag, value in zip(args[::2], args[1::2])]
        self.assertEqual(self.ok("resolve", *args), self.ok("resolve", *joined))
        self.assertEqual(self.ok("resolve", "--pod", "pod.yaml", "--objects=objects.yaml",
                                 "--fact=spec.nodeName=a=b", "--output=json")[:1], b"{")

    def test_switches_take_no_value(self):
        """--show-secrets=no must not show them."""
        for flag in ("--show-secrets", "--strict", "--cri-direct", "--accept-root",
                     "--digests",
                     "--help"):
            for value in ("no", "yes", ""):
                with self.subTest(flag):
                    self.assertEqual(
                        self.usage("resolve", "--image", "image.json", f"{flag}={value}"),
                        f"ocienv: expected no value behind {flag}, found one [argument]\n")

    def test_again(self):
        """Of two values neither is the right one."""
        pairs = {"--image": "image.json", "--pod": "pod.yaml", "--spec": "spec.json",
                 "--workload": "Pod/p", "--container": "c", "--hostname": "h",
                 "--pod-kind": "object",
                 "--runtime": "runc", "--cri": "containerd", "--rootfs": "root",
                 "--user-profile": "strict", "--output": "json", "-o": "x",
                 "--libos": "gramine", "--stack-size": "1M"}
        for flag, value in pairs.items():
            with self.subTest(flag):
                self.assertEqual(
                    self.usage("resolve", flag, value, flag, value),
                    f"ocienv: expected {flag} fewer times, found it again [argument]\n")
        self.ok("resolve", "--image", "image.json", "--strict", "--strict", "--show-secrets",
                "--show-secrets")
        for flag, most in (("--layer", 8), ("--objects", 64), ("--fact", 64),
                           ("--library-path", 64)):
            value = "spec.nodeName=x" if flag == "--fact" else "objects.yaml"
            with self.subTest(flag):
                self.usage("resolve", *[flag, value] * (most + 1))
        self.ok("resolve", "--image", "image.json", *["--objects", "objects.yaml"] * 64,
                *["--fact", "spec.nodeName=x"] * 64)

    def test_parts_of_a_pod(self):
        self.assertIn("found one", self.usage("resolve", "--pod", "pod.yaml", "--pod-kind",
                                              "podspec", "--workload", "Pod/p"))
        objects = ("--pod", "pod.yaml", "--objects", "objects.yaml")
        self.assertEqual(self.ok("resolve", *objects, "--pod-kind", "object"),
                         self.ok("resolve", *objects))

    def test_two_layers_of_a_kind(self):
        self.ok("layer", "--image", "image.json", "-o", "l.oeb")
        self.assertEqual(self.usage("resolve", "--image", "image.json", "--layer", "l.oeb"),
                         "ocienv: expected at most one layer of each kind, found two "
                         "[argument]\n")
        self.assertIn("found both", self.usage("resolve", "--spec", "spec.json", "--pod",
                                               "pod.yaml", "--objects", "objects.yaml"))

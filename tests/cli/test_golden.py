# SPDX-License-Identifier: Apache-2.0
"""Every form of output on fixed inputs, byte for byte. What the values have to be is tested
elsewhere, by the rules; this is about the form, and that nobody changes it unawares."""
import json
import re

import golden
from harness import IMAGE, Case, elf
from oci_image import Layout, tag
from test_flags import SUBCOMMANDS

DOCUMENTS = ("--image", "image.json", "--pod", "pod.yaml", "--objects", "objects.yaml")
ANSWER = (*DOCUMENTS, "--rootfs", "root")
SUFFIX = {"text": "txt", "json": "json", "blob": "oeb", "env0": "env0", "argv0": "argv0",
          "occlum": "txt", "gramine": "toml", "public": "public"}


def form_of(name):
    """The flags that ask for it."""
    return ("--output", name, *(("--digest-key", "key") if name == "public" else ()))


class Golden(Case):
    """The usual documents; each golden file is compared once."""

    def setUp(self):
        super().setUp()
        self.write("root/bin/sh", elf(kind=3), 0o755)  # for a LibOS
        self.write("key", bytes(range(32)))

    def compare(self, name, out):
        """Text is as wide as a terminal at most."""
        golden.compare(self, name, out)
        if name.endswith(".txt"):
            golden.narrow(self, name, out)

    def forms(self, subcommand):
        """What the help says about --output."""
        text = " ".join(self.ok(subcommand, "--help").decode().split())
        told = re.search(r"--output FORM the form of the answer: (.*?) --", text)
        return [word.split()[0] for word in told[1].split(", ")] if told else []

    def test_resolve(self):
        forms = self.forms("resolve")
        self.assertEqual(set(forms), set(SUFFIX))
        for form in forms:
            with self.subTest(form):
                self.compare(f"resolve-{form}.{SUFFIX[form]}",
                             self.ok("resolve", *ANSWER, *form_of(form)))

    def test_resolve_otherwise(self):
        """Without a rootfs, under a policy, with secrets, for a LibOS, a bundle, a layout."""
        self.write("policy.json", '{"ocienv_policy": 1, "id": "p", "cwd": {"match": "any"},\n'
                                  ' "argv": {"match": "any"}, "env": {"rules": [\n'
                                  '  {"name": "PATH", "from": ["image"]},\n'
                                  '  {"name": "A", "from": ["image", "pod"]}]}}')
        self.write("b/config.json", json.dumps(
            {**json.loads((self.dir / "spec.json").read_text()), "root": {"path": "../root"}}))
        layout = Layout(self.dir / "l")
        layout.index(layout.manifest(layout.blob(
            "application/vnd.oci.image.config.v1+json", IMAGE), **tag("1")))
        for name, args in {
                "no-rootfs": DOCUMENTS, "secrets": (*ANSWER, "--show-secrets"),
                "policy": (*ANSWER, "--policy", "policy.json"),
                "libos": (*ANSWER, "--libos", "gramine", "--stack-size", "1M"),
                "bundle": ("--bundle", "b"),
                "oci-layout": ("--oci-layout", "l:1", "--rootfs", "root")}.items():
            for form in ("text", "json"):
                if (name, form) == ("secrets", "json"):
                    continue
                with self.subTest(f"{name} {form}"):
                    self.compare(f"resolve-{name}-{form}.{SUFFIX[form]}",
                                 self.ok("resolve", *args, "--output", form))

    def test_verify(self):
        args = ("verify", *DOCUMENTS, "--spec", "spec.json")
        self.assertEqual(self.forms("verify"), ["text", "json"])
        for form in self.forms("verify"):
            done = self.run_raw(*args, "--output", form)
            self.assertEqual(done.returncode, 1)
            self.compare(f"verify-{form}.{SUFFIX[form]}", done.stdout)
        self.compare("diagnostics-verify.err", self.run_raw(*args).stderr)

    def test_explain(self):
        self.assertEqual(self.forms("explain"), ["text", "json"])
        self.compare("explain-text.txt", self.ok("explain", *ANSWER))
        self.compare("explain-names.txt", self.ok("explain", *ANSWER, "TOKEN", "PATH"))
        for form in self.forms("explain"):
            self.compare(f"explain-exec-{form}.{SUFFIX[form]}",
                         self.ok("explain", "--exec", *ANSWER, "--output", form))
        self.write("image.json", json.dumps({"config": {**IMAGE["config"], "Cmd": ["absent"]}}))
        done = self.run_raw("explain", "--exec", "--image", "image.json", "--rootfs", "root")
        self.assertEqual(done.returncode, 1)
        self.compare("explain-exec-none.txt", done.stdout)

    def test_policy(self):
        self.assertEqual(self.forms("policy"), [])
        self.compare("policy.json", self.ok("policy", *ANSWER))

    def test_layer_and_show(self):
        self.assertEqual(self.forms("layer"), [])
        for kind, args in {"image": DOCUMENTS[:2], "pod": DOCUMENTS[2:],
                           "runtime": ("--spec", "spec.json")}.items():
            self.ok("layer", *args, "-o", "layer.oeb")
            self.compare(f"layer-{kind}.oeb", (self.dir / "layer.oeb").read_bytes())
            self.compare(f"show-layer-{kind}.json",
                         self.ok("show", "layer.oeb", "--output", "json"))
        self.assertEqual(self.ok("show", "layer.oeb"),
                         self.ok("show", "layer.oeb", "--output", "json"))
        self.ok("resolve", *ANSWER, "--output", "blob", "-o", "config.oeb")
        forms = self.forms("show")
        self.assertEqual(set(forms), set(SUFFIX))
        for form in forms:
            with self.subTest(form):
                self.compare(f"show-{form}.{SUFFIX[form]}",
                             self.ok("show", "config.oeb", *form_of(form)))

    def test_diagnostics(self):
        """An error with a place, one of the command line, warnings, and what Occlum lets be."""
        for name, args in {"warnings": ("resolve", *DOCUMENTS),
                           "error": ("resolve", *DOCUMENTS, "--container", "d"),
                           "usage": ("resolve", "--imag", "image.json"),
                           "system": ("resolve", "--image", "absent"),
                           "occlum": ("resolve", *ANSWER, "--output", "occlum")}.items():
            with self.subTest(name):
                self.compare(f"diagnostics-{name}.err", self.run_raw(*args).stderr)

    def test_nothing_is_left_over(self):
        """A golden file that no case compares says nothing."""
        names = {path.name for path in golden.FOLDER.iterdir()}
        known = {f"help-{name}.txt" for name in SUBCOMMANDS} | {"help.txt"}
        for form, suffix in SUFFIX.items():
            known |= {f"{name}-{form}.{suffix}" for name in ("resolve", "show")}
        for form in ("text", "json"):
            known |= {f"{name}-{form}.{SUFFIX[form]}" for name in ("verify", "explain-exec")}
            known |= {f"resolve-{name}-{form}.{SUFFIX[form]}"
                      for name in ("no-rootfs", "policy", "libos", "bundle", "oci-layout")}
        known |= {f"layer-{kind}.oeb" for kind in ("image", "pod", "runtime")}
        known |= {f"show-layer-{kind}.json" for kind in ("image", "pod", "runtime")}
        known |= {f"diagnostics-{name}.err"
                  for name in ("warnings", "error", "usage", "system", "occlum")}
        known |= {"resolve-secrets-text.txt", "diagnostics-verify.err", "explain-text.txt",
                  "explain-names.txt", "explain-exec-none.txt", "policy.json"}
        self.assertEqual(names, known)

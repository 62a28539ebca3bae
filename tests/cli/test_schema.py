# SPDX-License-Identifier: Apache-2.0
"""The schemas themselves: what they take, and what they notice. That all JSON of the other
cases is valid, harness.py sees to."""
import copy
import json
import os
import pathlib
import re

import schema
from harness import Case
from test_flags import SUBCOMMANDS

TOP = pathlib.Path(__file__).resolve().parents[2]
NAMES = ("resolve", "layer", "verify", "explain-exec", "policy")


def places(document):
    """Every map of a document."""
    if isinstance(document, dict):
        yield document
    for part in document.values() if isinstance(document, dict) else document:
        if isinstance(part, (dict, list)):
            yield from places(part)


class Schema(Case):
    """One document of each form."""

    def documents(self):
        """By the name of the schema."""
        call = ("--image", "image.json", "--pod", "pod.yaml", "--objects", "objects.yaml")
        self.ok("layer", *call[2:], "-o", "pod.oeb")
        self.write("policy.json", self.ok("policy", *call, "--rootfs", "root"))
        calls = {
            "resolve": ("resolve", *call, "--rootfs", "root", "--policy", "policy.json"),
            "layer": ("show", "pod.oeb"),
            "verify": ("verify", *call, "--spec", "spec.json"),
            "explain-exec": ("explain", "--exec", *call, "--rootfs", "root"),
            "policy": ("policy", *call, "--rootfs", "root"),
        }
        json_of = {name: self.run_raw(*args, *([] if name == "policy" else ["--output", "json"]))
                   for name, args in calls.items()}
        return {name: json.loads(done.stdout) for name, done in json_of.items()}

    def test_files(self):
        """One for each form, and each for itself."""
        self.assertEqual({path.stem for path in schema.FOLDER.glob("*.json")}, set(NAMES))
        shared = {}
        for name in NAMES:
            definition = schema.validator(name).schema
            self.assertEqual(definition["$id"], name + ".json")
            for key, value in definition.get("$defs", {}).items():
                self.assertEqual(shared.setdefault(key, value), value, f"{name}: {key}")
        table = (schema.FOLDER / "README.md").read_text()
        self.assertEqual(set(re.findall(r"^\| `([a-z-]+)\.json` \|", table, re.M)), set(NAMES))

    def test_documents(self):
        documents = self.documents()
        self.assertEqual(set(documents), set(NAMES))
        for name, document in documents.items():
            with self.subTest(name):
                self.assertEqual(schema.name_of(document), name)
                self.assertTrue(schema.validator(name).is_valid(document))
                for other in NAMES:
                    self.assertEqual(schema.validator(other).is_valid(document), other == name)

    def test_differences_are_noticed(self):
        """A member more, a member less, a member of another type: in every map."""
        for name, document in self.documents().items():
            valid = schema.validator(name).is_valid
            count = sum(1 for _ in places(document))
            self.assertGreater(count, 2)
            for index in range(count):
                changed = copy.deepcopy(document)
                place = list(places(changed))[index]
                place["one-more"] = 1
                with self.subTest(f"{name} {index}"):
                    self.assertFalse(valid(changed))
                del place["one-more"]
                self.assertTrue(valid(changed))
                for key, value in list(place.items()):
                    place[key] = {"of": "no type"}
                    with self.subTest(f"{name} {index} {key}"):
                        self.assertFalse(valid(changed))
                    place[key] = value
                if name == "policy":  # most of its members may be missing
                    continue
                for key in set(place) - {"policy", "digest"}:
                    less = copy.deepcopy(document)
                    del list(places(less))[index][key]
                    with self.subTest(f"{name} {index} without {key}"):
                        self.assertFalse(valid(less))

    def test_order(self):
        """Members stand in the order of the schema."""
        for name, document in self.documents().items():
            order = [key for key in schema.validator(name).schema["properties"]
                     if key in document]
            self.assertEqual(list(document), order, name)

    def test_policies(self):
        """What the library takes, the schema takes too."""
        valid = schema.validator("policy").is_valid
        files = sorted((TOP / "tests/golden/json/valid").glob("policy-*.json"))
        texts = [path.read_text() for path in files]
        texts += re.findall(r"```json\n(\{\n  \"ocienv_policy.*?)```",
                            (TOP / "docs/policy.md").read_text(), re.S)
        self.assertGreaterEqual(len(texts), 3)
        for text in texts:
            with self.subTest(text[:200]):
                self.assertTrue(valid(json.loads(text)),
                                list(schema.validator("policy").iter_errors(json.loads(text))))
        for text in ('{}', '{"ocienv_policy": 2}', '{"ocienv_policy": 1, "cwd": null}',
                     '{"ocienv_policy": 1, "odd": 1}', '{"ocienv_policy": 1, "svn": 65536}',
                     '{"ocienv_policy": 1, "exec": {"value": "sh"}}',
                     '{"ocienv_policy": 1, "env": {"rules": [{"name": "A"}]}}',
                     '{"ocienv_policy": 1, "env": {"rules": [{"name": "A", "from": []}]}}',
                     '{"ocienv_policy": 1, "env": {"rules": [{"name": "A=", "from": ["pod"]}]}}',
                     '{"ocienv_policy": 1, "env": {"rules": [{"name": "A", "from": ["x"]}]}}',
                     '{"ocienv_policy": 1, "env": {"rules": [{"name": "A", "deny": true, '
                     '"value": "1"}]}}',
                     '{"ocienv_policy": 1, "env": {"rules": [{"name": "A", "from": ["pod"], '
                     '"max": 1}]}}'):
            with self.subTest(text):
                self.assertFalse(valid(json.loads(text)))
                self.write("p.json", text)
                self.refused(1, "resolve", "--image", "image.json", "--policy", "p.json")

    def test_texts_that_are_no_utf8(self):
        raw = b"b\xff.json"
        self.write("image.json", '{"config": {"Cmd": ["sh"], "Env": ["A=1"]}}')
        os.rename(self.dir / "image.json", os.fsencode(self.dir) + b"/" + raw)
        out = self.ok("resolve", "--image", raw, "--output", "json")
        self.assertIn(b'"document_base64"', out)

    def test_subcommands(self):
        """Whoever adds a subcommand thinks of its JSON."""
        self.assertEqual(SUBCOMMANDS, ("resolve", "layer", "verify", "explain", "policy", "show"))

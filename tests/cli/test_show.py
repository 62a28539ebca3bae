# SPDX-License-Identifier: Apache-2.0
"""Blobs read back."""
import hashlib
import json
import random
import subprocess

from harness import SECRET, Case, unwrapped

FORMS = ("text", "json", "blob", "env0", "argv0", "occlum")


class Show(Case):
    """`show` of both kinds of blobs, and of what is none."""

    def setUp(self):
        super().setUp()
        self.pod = ("--pod", "pod.yaml", "--objects", "objects.yaml")
        self.ok("resolve", *self.pod, "--image", "image.json", "--rootfs", "root", "--output",
                "blob", "-o", "config.oeb")
        self.ok("layer", *self.pod, "-o", "pod.oeb")
        self.ok("layer", "--image", "image.json", "-o", "image.oeb")

    def read(self, name):
        """The bytes of a file of the folder."""
        return (self.dir / name).read_bytes()

    def test_digest(self):
        """What sha384sum says; everywhere the same, and in a file too."""
        digest = "sha384:" + hashlib.sha384(self.read("config.oeb")).hexdigest()
        text = self.ok("show", "config.oeb").decode()
        self.assertEqual(unwrapped(text).splitlines()[-1], "digest " + digest)
        self.ok("show", "config.oeb", "-o", "text")
        self.assertEqual(self.read("text").decode(), text)
        self.assertEqual(json.loads(self.ok("show", "config.oeb", "--output", "json"))["digest"],
                         digest)
        out = self.ok("resolve", *self.pod, "--image", "image.json", "--rootfs", "root",
                      "--output", "json")
        self.assertEqual(json.loads(out)["digest"], digest)

    def test_digest_by_sha384sum(self):
        """Of the measured prefix, a trailer left out."""
        total = int.from_bytes(self.read("config.oeb")[16:20], "little")
        trailer = b"OCIENVT\0" + (24).to_bytes(8, "little") + b"12345678"
        self.write("trailer.oeb", self.read("config.oeb") + trailer)
        for name in ("config.oeb", "trailer.oeb"):
            self.write("prefix", self.read(name)[:total])
            said = subprocess.run(["sha384sum", "prefix"], cwd=self.dir, check=True,
                                  stdout=subprocess.PIPE).stdout.decode()
            self.assertEqual(unwrapped(self.ok("show", name).decode()).splitlines()[-1],
                             "digest sha384:" + said.split()[0])

    def test_order_of_documents_does_not_matter(self):
        """Keys, and variables that do not refer to each other: one content, one digest."""
        dice = random.Random(1)

        def shuffled(value):
            if isinstance(value, dict):
                return {key: shuffled(value[key]) for key in dice.sample(list(value), len(value))}
            return value

        image = {"architecture": "amd64", "os": "linux",
                 "config": {"Cmd": ["sh"], "User": "7", "WorkingDir": "/data", "Labels": {"a": "b"},
                            "Env": ["PATH=/bin", "A=1", "B=2", "C=3", "D=4"]}}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "labels": {"x": "y"}},
               "spec": {"containers": [{"name": "c", "args": ["sh", "-c"], "env": [
                   {"name": name, "value": "v" + name} for name in "BXYZ"]}]}}
        blobs = set()
        for _ in range(24):
            dice.shuffle(image["config"]["Env"])
            dice.shuffle(pod["spec"]["containers"][0]["env"])
            self.write("i.json", json.dumps(shuffled(image)))
            self.write("p.yaml", json.dumps(shuffled(pod)))
            blobs.add(self.ok("resolve", "--image", "i.json", "--pod", "p.yaml", "--rootfs", "root",
                              "--output", "blob"))
        self.assertEqual(len(blobs), 1)

    def test_config_in_every_form(self):
        """The blob says what the documents said, but for places and the order of the env."""
        source = ("resolve", *self.pod, "--image", "image.json", "--rootfs", "root")
        for form in ("blob", "env0", "argv0", "occlum"):
            with self.subTest(form):
                self.assertEqual(self.ok("show", "config.oeb", "--output", form),
                                 self.ok(*source, "--output", form))
        self.assertEqual(self.ok("show", "config.oeb", "--output", "blob"),
                         self.read("config.oeb"))
        there, here = (json.loads(self.ok(*call, "--output", "json"))
                       for call in (source, ("show", "config.oeb")))
        for key in ("argv", "cwd", "user", "digest"):
            self.assertEqual(there[key], here[key])
        self.assertEqual(there["exec"]["path"], here["exec"]["path"])
        self.assertEqual(sorted((v["name"], v["value"], v["source"]) for v in there["env"]),
                         [(v["name"], v["value"], v["source"]) for v in here["env"]])

    def test_config_masks_secrets(self):
        self.assertNotIn(SECRET.encode(), self.ok("show", "config.oeb"))
        self.assertIn(SECRET.encode(), self.ok("show", "config.oeb", "--show-secrets"))

    def test_layer(self):
        report = json.loads(self.ok("show", "image.oeb"))
        self.assertEqual((report["layer"], report["architecture"]), ("image", None))
        self.assertEqual(self.ok("show", "image.oeb"),
                         self.ok("show", "image.oeb", "--output", "json"))
        report = json.loads(self.ok("show", "pod.oeb", "--output", "json"))
        self.assertEqual(list(report), ["ocienv", "layer", "entrypoint", "args", "env", "cwd",
                                        "hostname", "mounts", "tty", "user", "warnings"])
        self.assertEqual(report["args"], ["sh", SECRET])

    def test_digests(self):
        """What sha256sum says of each document, from whichever side it comes."""
        self.assertNotIn("digest", json.loads(self.ok("show", "image.oeb")))
        sha = [hashlib.sha256(self.read(name)).digest() for name in ("image.json", "pod.yaml")]
        self.ok("layer", "--image", "image.json", "--digests", "-o", "image.oeb")
        self.ok("layer", *self.pod, "--digests", "-o", "pod.oeb")
        for name, digest in zip(("image.oeb", "pod.oeb"), sha):
            report = json.loads(self.ok("show", name, "--output", "json"))
            self.assertEqual(list(report)[:4], ["ocienv", "layer", "digest", "entrypoint"])
            self.assertEqual(report["digest"], "sha256:" + digest.hex())
        call = ("resolve", "--rootfs", "root", "--output")
        blob = self.ok(*call, "blob", *self.pod, "--image", "image.json", "--digests")
        self.assertIn(b"\1\0\0\0\1\0\0\0" + sha[0] + b"\3\0\0\0\1\0\0\0" + sha[1], blob)
        self.assertEqual(self.ok(*call, "blob", "--layer", "pod.oeb", "--layer", "image.oeb",
                                 "--digests"), blob)
        self.write("with.oeb", blob)
        self.assertEqual(self.ok("show", "with.oeb", "--output", "blob"), blob)
        reports = [json.loads(self.ok(*call, "json", *self.pod, "--image", "image.json", *flag))
                   for flag in ((), ("--digests",))]
        self.assertNotEqual(reports[0].pop("digest"), reports[1].pop("digest"))
        self.assertEqual(*reports)

    def test_layer_masks_secrets(self):
        """Text is what is looked at over a shoulder."""
        said = self.refused(2, "show", "pod.oeb")
        self.assertIn("--show-secrets", said)
        self.assertNotIn(SECRET, said)
        self.refused(2, "show", "pod.oeb", "-o", "out")
        self.assertFalse((self.dir / "out").exists())
        self.assertEqual(self.ok("show", "pod.oeb", "--show-secrets"),
                         self.ok("show", "pod.oeb", "--output", "json"))

    def test_words_of_a_secret_member_in_a_value(self):
        self.write("i.json", json.dumps({"config": {"Cmd": ["sh", '"secret":true']}}))
        self.ok("layer", "--image", "i.json", "-o", "i.oeb")
        self.ok("show", "i.oeb")

    def test_layer_has_no_other_form(self):
        """JSON under the name of env0 would be taken for an environment."""
        for form in FORMS[2:]:
            with self.subTest(form):
                self.assertEqual(
                    self.refused(2, "show", "image.oeb", "--output", form),
                    "ocienv: expected --output text or json for a LAYER blob, found another "
                    "form [argument]\n")

    def test_every_layer_resolves_as_its_document(self):
        """The shim's side and the agent's side together are one resolve."""
        call = ("resolve", "--rootfs", "root", "--output", "blob")
        self.assertEqual(self.ok(*call, "--layer", "image.oeb", "--layer", "pod.oeb"),
                         self.read("config.oeb"))
        self.assertEqual(self.ok(*call, "--layer=pod.oeb", "--image=image.json"),
                         self.read("config.oeb"))
        self.ok("layer", "--layer", "pod.oeb", "-o", "again.oeb")
        self.assertEqual(self.read("again.oeb"), self.read("pod.oeb"))
        self.ok("layer", "--spec", "spec.json", "-o", "spec.oeb")
        self.assertEqual(self.ok(*call, "--layer", "spec.oeb"),
                         self.ok(*call, "--spec", "spec.json"))

    def test_broken(self):
        """Each byte counts, and the message is about the kind that it is."""
        for name in ("config.oeb", "pod.oeb"):
            good = self.read(name)
            for change in (good[:-1], good[:40], good + b"\0", b"x" + good[1:]):
                self.write("bad.oeb", change)
                with self.subTest(f"{name} {len(change)}"):
                    said = self.refused(1, "show", "bad.oeb")
                    self.assertRegex(said, r"\Abad\.oeb: expected a canonical blob, "
                                           r"found one .* \[blob\]\n\Z")
                    self.assertNotIn("other kind", said)
        for content in (b"", b"x", b"{}", bytes(100)):
            self.write("bad.oeb", content)
            why = "does not begin with OCIENVB" if len(content) == 100 else (
                "has a wrong total size")
            self.assertEqual(self.refused(1, "show", "bad.oeb"),
                             f"bad.oeb: expected a canonical blob, found one that {why} [blob]\n")
        self.assertIn("[blob]", self.refused(1, "resolve", "--layer", "config.oeb"))
        self.assertIn("[blob]", self.refused(1, "resolve", "--layer", "image.json"))

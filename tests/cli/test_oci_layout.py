# SPDX-License-Identifier: Apache-2.0
"""--oci-layout: one image out of a layout, and nothing that is not what its digest says."""
import json
import os

from harness import Case
from oci_image import (CONFIG, DOCKER_CONFIG, DOCKER_LIST, DOCKER_MANIFEST, INDEX, MANIFEST,
                       Layout, platform, tag)

HERE = "--platform=linux/amd64"


class Choice(Case):
    """Which image is meant."""

    def setUp(self):
        super().setUp()
        self.layout = Layout(self.dir / "l")

    def word(self, name="l", *args):
        """What the image that was chosen executes sh with."""
        out = self.ok("resolve", "--oci-layout", name, "--rootfs", "root", *args,
                      "--output", "argv0")
        return out.split(b"\0")[1].decode()

    def refused_with(self, name, *args):
        """What is said about the place in a document."""
        return self.refused(1, "resolve", "--oci-layout", name, *args)

    def test_only_image(self):
        self.layout.index(self.layout.image("a"))
        self.assertEqual(self.word(), "a")
        self.assertEqual(self.word("./l/"), "a")
        self.layout.index(self.layout.image("a", **platform("s390x")))
        self.assertEqual(self.word(), "a")  # whatever it runs on
        self.assertIn("expected an image for linux/amd64, found linux/s390x [reference]",
                      self.refused_with("l", HERE))
        self.layout.index(self.layout.image("a", **tag("1.0")))
        self.assertEqual(self.word(), "a")

    def test_same_as_the_image_alone(self):
        self.layout.index(self.layout.image("a"))
        manifest = json.loads((self.layout.blob_path(self.layout.image("a"))).read_text())
        path = self.layout.blob_path(manifest["config"])
        forms = [json.loads(self.ok("resolve", *call, "--rootfs", "root", "--output", "json"))
                 for call in (("--oci-layout", "l"), ("--image", str(path)))]
        self.assertEqual({entry["document"] for entry in forms[0]["env"]} - {None},
                         set())  # the image has none
        self.assertEqual(forms[0]["argv"], forms[1]["argv"])
        self.assertEqual(forms[0]["user"], forms[1]["user"])

    def test_tags(self):
        text = self.layout.index(self.layout.image("a", **tag("1")),
                                 self.layout.image("b", **tag("registry.invalid/x:2")))
        self.assertEqual(self.word("l:1"), "a")
        self.assertEqual(self.word("l:registry.invalid/x:2"), "b")
        at = text.index('[{"mediaType') + 1
        self.assertEqual(self.refused_with("l"),
                         f"l/index.json:1:{at}: /manifests: expected DIR:TAG to choose one of 2 "
                         'images, found no TAG: there are "1", "registry.invalid/x:2" '
                         "[reference]\n")
        self.assertEqual(self.refused_with("l:3"),
                         f'l/index.json:1:{at}: /manifests: expected the tag "3", found "1", '
                         '"registry.invalid/x:2" [reference]\n')
        self.layout.index(self.layout.image("a"))
        self.assertIn('expected the tag "1", found none [reference]', self.refused_with("l:1"))
        self.layout.index(*[self.layout.image("a", **tag(f"tag-{i:02}")) for i in range(40)])
        self.assertIn('"tag-10", "tag-11", ... [reference]', self.refused_with("l:1"))

    def test_tag_twice(self):
        text = self.layout.index(self.layout.image("a", **tag("1"), **platform("amd64")),
                                 self.layout.image("b", **tag("1"), **platform("amd64")))
        at = text.index('{"mediaType', text.index('{"mediaType') + 1) + 1
        self.assertEqual(self.refused_with("l:1", HERE),
                         f"l/index.json:1:{at}: /manifests/1: expected one image of that tag and "
                         "platform, found a second one [ambiguous]\n")
        self.layout.index(self.layout.image("a", **tag("1")), self.layout.image("b", **tag("1")))
        self.assertIn("found a second one [ambiguous]", self.refused_with("l:1", HERE))

    def test_platforms(self):
        """As containerd takes them: one variant of each machine is the usual one."""
        entries = [self.layout.image("amd64", **platform("amd64")),
                   self.layout.image("v3", **platform("amd64", "v3")),
                   self.layout.image("arm64", **platform("arm64", "v8")),
                   self.layout.image("v6", **platform("arm", "v6")),
                   self.layout.image("v7", **platform("arm", "v7")),
                   self.layout.image("windows", **platform("amd64", None, "windows")),
                   self.layout.image("attestation", **platform("unknown", None, "unknown"))]
        nested = self.layout.nested(*entries, **tag("1"))
        for listed in ([nested], entries):
            self.layout.index(*listed)
            for asked, word in {"linux/amd64": "amd64", "linux/amd64/v1": "amd64",
                                "linux/amd64/v3": "v3", "linux/arm64": "arm64",
                                "linux/arm64/v8": "arm64", "linux/arm/v6": "v6",
                                "linux/arm": "v7", "windows/amd64": "windows"}.items():
                with self.subTest(asked):
                    self.assertEqual(self.word("l", "--platform", asked), word)
            for asked in ("linux/386", "linux/arm64/v9", "darwin/amd64", "linux/amd64/v2"):
                with self.subTest(asked):
                    self.assertIn(f"expected an image for {asked}, found linux/amd64, "
                                  "linux/amd64/v3, linux/arm64/v8,",
                                  self.refused_with("l", "--platform", asked))
        machine = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
        self.assertEqual(self.word(), machine)

    def test_nested(self):
        entry = self.layout.image("deep")
        for _ in range(3):
            entry = self.layout.nested(entry)
        self.layout.index(entry)
        self.assertEqual(self.word(), "deep")
        self.layout.index(self.layout.nested(entry))
        self.assertIn("expected at most 4 indexes inside each other, found more [limit]",
                      self.refused_with("l"))

    def test_docker(self):
        config = self.layout.blob(DOCKER_CONFIG, {"config": {"Cmd": ["sh", "docker"]}})
        manifest = self.layout.blob(DOCKER_MANIFEST, {
            "schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": []},
            **platform("amd64"))
        self.layout.index(self.layout.blob(DOCKER_LIST, {
            "schemaVersion": 2, "mediaType": DOCKER_LIST, "manifests": [manifest]}))
        self.assertEqual(self.word("l", HERE), "docker")

    def test_sha512(self):
        config = self.layout.blob(CONFIG, {"config": {"Cmd": ["sh", "long"]}}, "sha512")
        entry = self.layout.manifest(config, algorithm="sha512")
        self.layout.index(entry)
        self.assertEqual(self.word(), "long")
        self.layout.blob_path(config).write_bytes(b"x" * config["size"])
        said = self.refused_with("l")
        self.assertIn(f"expected digest {config['digest']}, found sha512:", said)
        self.assertRegex(said, r"found sha512:[0-9a-f]{128} \[mismatch\]\n\Z")

    def test_command_line(self):
        self.layout.index(self.layout.image("a"))
        for args, said in (
                (["l", "--image", "image.json"], "expected --oci-layout or --image, found both"),
                ([""], "expected DIR or DIR:TAG behind --oci-layout, found another text"),
                (["l:"], "expected DIR or DIR:TAG behind --oci-layout, found another text"),
                ([":x"], "expected DIR or DIR:TAG behind --oci-layout, found another text"),
                *[(["l", "--platform", word],
                   "expected OS/ARCHITECTURE[/VARIANT] behind --platform, found another text")
                  for word in ("", "linux", "linux/", "/amd64", "linux/arm/", "linux/arm/v7/x")]):
            with self.subTest(args):
                self.assertEqual(self.refused(2, "resolve", "--oci-layout", *args),
                                 f"ocienv: {said} [argument]\n")
        self.assertEqual(self.refused(2, "resolve", "--image", "image.json", HERE),
                         "ocienv: expected --oci-layout beside --platform, found none "
                         "[argument]\n")
        self.assertIn("cannot open", self.refused(3, "resolve", "--oci-layout", "absent"))
        self.assertIn("cannot open", self.refused(3, "resolve", "--oci-layout", "image.json"))


class Hostile(Case):
    """Whoever made the layout wants something else."""

    def setUp(self):
        super().setUp()
        self.layout = Layout(self.dir / "l")
        self.config = self.layout.blob(CONFIG, {"config": {"Cmd": ["sh", "a"]}})
        self.entry = self.layout.manifest(self.config)
        self.layout.index(self.entry)
        self.call = ("resolve", "--oci-layout", "l")
        self.ok(*self.call)

    def said(self, status=1):
        """The one line on stderr."""
        said = self.refused(status, *self.call)
        self.assertEqual(said.count("\n"), 1)
        return said

    def test_bytes_of_another(self):
        """Same size, other bytes; other size; for each blob."""
        for descriptor in (self.entry, self.config):
            path = self.layout.blob_path(descriptor)
            data = path.read_bytes()
            shown = "l/" + str(path.relative_to(self.layout.path))
            path.write_bytes(data[:-1] + b" ")
            self.assertRegex(self.said(), rf"\A{shown}: expected digest {descriptor['digest']}, "
                                          r"found sha256:[0-9a-f]{64} \[mismatch\]\n\Z")
            for other in (data + b"\n", data[:-1], b""):
                path.write_bytes(other)
                self.assertEqual(self.said(), f"{shown}: expected {len(data)} bytes, found "
                                              f"{len(other)} [mismatch]\n")
            path.unlink()
            self.assertEqual(self.said(3), f"{shown}: cannot open: No such file or directory "
                                           "[system]\n")
            os.mkfifo(path)
            self.assertEqual(self.said(), f"{shown}: expected a regular file, found another "
                                          "[value]\n")
            path.unlink()
            path.write_bytes(data)
        self.ok(*self.call)

    def test_digests(self):
        """None of them becomes a path."""
        digest = self.entry["digest"]
        self.write("secret", "{}")
        for bad in ("", "sha256", "sha256:", digest[:-1], digest + "0", digest.upper(),
                    "SHA256" + digest[6:], digest[:7] + digest[7:].upper(), "sha384:" + "0" * 96,
                    "sha512:" + "0" * 64, "sha256:../../../secret", "sha256:" + "../" * 21 + "x",
                    "sha256:/" + "0" * 63, "md5:" + "0" * 32, "sha256:" + "g" * 64,
                    "sha256:" + "0" * 63 + "\u0660"):
            with self.subTest(bad):
                text = self.layout.index({**self.entry, "digest": bad})
                at = text.index(json.dumps(bad)) + 1
                self.assertEqual(self.said(), f"l/index.json:1:{at}: /manifests/0/digest: "
                                 "expected sha256 or sha512 and its digits in lower case, found "
                                 "another text [value]\n")

    def test_sizes(self):
        for bad, said in ((-1, "expected a number of bytes, found a negative one [value]"),
                          (2**63, "[value]"), (1.5, "[type]"), ("2", "[type]")):
            with self.subTest(bad):
                text = self.layout.index({**self.entry, "size": bad})
                at = text.index('"size": ') + len('"size": ') + 1
                self.assertRegex(self.said(), rf"\Al/index.json:1:{at}: /manifests/0/size: ")
                self.assertTrue(self.said().endswith(said + "\n"))
        for size in (4 * 2**20 + 1, 2**63 - 1):
            self.layout.index({**self.entry, "size": size})
            self.assertTrue(self.said().endswith(
                f"expected at most 4194304 bytes, found {size} [limit]\n"))

    def test_missing_members(self):
        for name in ("mediaType", "digest", "size"):
            with self.subTest(name):
                text = self.layout.index({key: value for key, value in self.entry.items()
                                          if key != name})
                at = text.index('[{"') + 3
                said = self.said()
                self.assertEqual(said, f"l/index.json:1:{at}: /manifests/0: expected the member "
                                       f'"{name}", found none [value]\n')

    def test_documents(self):
        """Each with its place: LINE:COLUMN, pointer, message."""
        entry = json.dumps(self.entry)
        for text, place, message in (
                ("", "1:1", "[syntax]"),
                ("[]", "1:1", "expected a map, found a list [type]"),
                ("{}", "1:1", 'expected the member "schemaVersion", found none [value]'),
                ('{"schemaVersion": 1, "manifests": []}', "1:19",
                 "/schemaVersion: expected the version 2, found another [value]"),
                ('{"schemaVersion": 2}', "1:2", "expected at least one image, found none [value]"),
                ('{"schemaVersion": 2, "manifests": []}', "1:35",
                 "/manifests: expected at least one image, found none [value]"),
                ('{"schemaVersion": 2, "manifests": {}}', "1:35",
                 "/manifests: expected a list, found a map [type]"),
                ('{"schemaVersion": 2,\n"manifests": [null]}', "2:15", "[type]"),
                ('{"schemaVersion": 2, "manifests": [1]}', "1:36", "[type]"),
                ('{"schemaVersion": 2, "mediaType": "%s", "manifests": [%s]}' % (MANIFEST, entry),
                 "1:35", "/mediaType: expected the media type that led to this document, found "
                         "another [value]"),
                ('{"schemaVersion": 2, "manifests": [%s], "config": {}}' % entry, None,
                 "expected an index, found one that is a manifest too [ambiguous]"),
                ('{"schemaVersion": 2, "manifests": [%s], "layers": []}' % entry, None,
                 "expected an index, found one that is a manifest too [ambiguous]"),
                ('{"schemaVersion": 2, "manifests": [], "manifests": [%s]}' % entry, "1:39",
                 "[ambiguous]"),
                ('{"schemaVersion": 2, "Manifests": [%s]}' % entry, "1:22", "[ambiguous]"),
                ('{"schemaVersion": 2, "manifests": [%s]} x' % entry, None, "[syntax]"),
                ("[" * 100, "1:65", "[limit]")):
            with self.subTest(text[:60]):
                (self.layout.path / "index.json").write_text(text)
                said = self.said()
                self.assertRegex(said, rf"\Al/index.json:{place or '1:[0-9]+'}: ")
                self.assertTrue(said.endswith(message + "\n"), said)

    def test_members_of_an_entry(self):
        for member, value, message in (
                ("annotations", [], "/annotations: expected a map, found a list [type]"),
                ("annotations", {"org.opencontainers.image.ref.name": 1},
                 "/annotations/org.opencontainers.image.ref.name: expected a string, found an "
                 "integer (put it in quotes) [type]"),
                ("platform", 1, "/platform: expected a map, found an integer [type]"),
                ("platform", {"os": 1}, "/platform/os: expected a string, found an integer "
                                        "(put it in quotes) [type]"),
                ("mediaType", CONFIG, "/mediaType: expected the media type of an image manifest "
                                      "or index, found another [value]")):
            with self.subTest(member):
                self.layout.index({**self.entry, member: value})
                said = self.said()
                self.assertTrue(said.endswith("/manifests/0" + message + "\n"), said)

    def manifest_said(self, **members):
        """What is said about a manifest with these members; None takes one away."""
        document = {"schemaVersion": 2, "mediaType": MANIFEST, "config": self.config,
                    "layers": [], **members}
        entry = self.layout.blob(MANIFEST, {key: value for key, value in document.items()
                                            if value is not None})
        self.layout.index(entry)
        said = self.said()
        self.assertTrue(said.startswith(entry["digest"] + ":1:"), said)
        return said

    def test_manifests(self):
        self.assertIn('expected the member "config", found none [value]',
                      self.manifest_said(config=None))
        self.assertIn("/config: expected a map, found a list [type]",
                      self.manifest_said(config=[]))
        self.assertIn("/config/mediaType: expected the media type of an image config, found "
                      "another [value]",
                      self.manifest_said(config={**self.config, "mediaType": MANIFEST}))
        self.assertIn("/config/digest: expected sha256 or sha512 and its digits in lower case, "
                      "found another text [value]",
                      self.manifest_said(config={**self.config, "digest": "sha256:x"}))
        self.assertIn("expected a manifest, found one that is an index too [ambiguous]",
                      self.manifest_said(manifests=[self.entry]))
        self.assertIn("/mediaType: expected the media type that led to this document, found "
                      "another [value]", self.manifest_said(mediaType=INDEX))
        self.assertIn('expected the member "schemaVersion", found none [value]',
                      self.manifest_said(schemaVersion=None))

    def test_version(self):
        for text, message in (
                ('{"imageLayoutVersion": "2.0.0"}',
                 ":1:24: /imageLayoutVersion: expected the version 1.0.0, found another [value]"),
                ("{}", ':1:1: expected the member "imageLayoutVersion", found none [value]'),
                ("1", ":1:1: expected a map, found an integer [type]")):
            (self.layout.path / "oci-layout").write_text(text)
            self.assertEqual(self.said(), f"l/oci-layout{message}\n")
        (self.layout.path / "oci-layout").unlink()
        self.assertIn("l/oci-layout: cannot open", self.said(3))

    def test_config_that_is_none(self):
        config = self.layout.blob(CONFIG, b'{"config": {"Cmd": 1}}')
        self.layout.index(self.layout.manifest(config))
        self.assertEqual(self.said(), f"{config['digest']}:1:20: /config/Cmd: expected a list, "
                                      "found an integer [type]\n")

    def test_links(self):
        """A blob may be a link, as some builders make them: its digest is what counts."""
        path = self.layout.blob_path(self.config)
        os.rename(path, self.dir / "elsewhere")
        os.symlink(self.dir / "elsewhere", path)
        self.ok(*self.call)
        path.unlink()
        os.symlink("/dev/zero", path)
        self.assertIn("expected a regular file, found another [value]", self.said())

    def test_strict(self):
        self.layout.index({**self.entry, "odd": 1})
        self.ok(*self.call)
        self.call += ("--strict",)
        self.assertIn("/manifests/0/odd", self.said())

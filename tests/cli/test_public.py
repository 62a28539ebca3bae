# SPDX-License-Identifier: Apache-2.0
"""The public form, against one that is made here from docs/wire.md, 2.7."""
import hashlib
import hmac
import pathlib
import subprocess
import sys

from harness import OBJECTS, POD, SECRET, Case

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "wire"))
import oeb1  # noqa: E402  pylint: disable=wrong-import-position

KEY = bytes(range(200, 250))


def hidden(kind, text):
    """What stands for a secret."""
    message = kind + oeb1.raw(text)
    return "hmac-sha384." + hmac.new(KEY, message, hashlib.sha384).hexdigest()


def public(blob):
    """The public form of a CONFIG blob, by the text of the format."""
    content, _ = oeb1.read(blob, oeb1.CONFIG)
    *of_arguments, of_cwd, _ = [secret for _, secret in content["sources"]]
    of_path = False
    env = []
    for entry, source, secret in content["env"]:
        name, _, value = entry.partition("=")
        of_path = of_path or (name == "PATH" and secret)
        if secret and not value.startswith("sealed."):
            entry = name + "=" + hidden(b"", entry)
        env.append((entry, source, secret))
    content["env"] = env
    if content["exec"] and (of_path or of_cwd or of_arguments[0]):
        content["exec"] = "/" + hidden(b"\0exec", content["exec"])
    if of_cwd:
        content["cwd"] = "/" + hidden(b"\0cwd\0", content["cwd"])
    content["argv"] = [hidden(b"\0argv", argument) if secret else argument
                       for argument, secret in zip(content["argv"], of_arguments)]
    content["inputs"] = {}
    form = bytearray(oeb1.write(content))
    form[24] |= 2
    return bytes(form)


class Public(Case):
    """`--output public`."""

    def setUp(self):
        super().setUp()
        self.write("key", KEY)
        self.inputs = ("--image", "image.json", "--pod", "pod.yaml", "--objects", "objects.yaml",
                       "--rootfs", "root")

    def forms(self, *more):
        """CONFIG blob and public form of the same call."""
        call = ("resolve", *self.inputs, *more, "--output")
        blob = self.ok(*call, "blob")
        form = self.ok(*call, "public", "--digest-key", "key")
        self.assertEqual(form, public(blob))
        self.write("config.oeb", blob)
        self.assertEqual(form, self.ok("show", "config.oeb", "--output", "public",
                                       "--digest-key", "key"))
        return blob, form

    def test_values_of_secrets_are_hidden(self):
        """In a variable, in one that it was expanded into, and in an argument."""
        blob, form = self.forms()
        self.assertEqual(blob.count(SECRET.encode()), 3)
        self.assertNotIn(SECRET.encode(), form)
        self.assertEqual(form.count(b"hmac-sha384."), 3)
        for kept in (b"A=pod\0", b"/bin/sh\0", b"PATH=/bin:/sbin\0"):
            self.assertIn(kept, form)

    def test_nothing_to_hide(self):
        """The blob itself, but for the flag."""
        self.write("pod.yaml", POD.replace("$(TOKEN)", "x"))
        self.write("objects.yaml", OBJECTS.replace(SECRET, "sealed.abc"))
        blob, form = self.forms()
        self.assertEqual(form, blob[:24] + b"\2" + blob[25:])

    def test_path_of_the_program(self):
        """It tells what PATH was, or the first argument."""
        secret = f"/{SECRET}/bin"
        self.write("objects.yaml", OBJECTS.replace(SECRET, secret))
        self.write(f"root{secret}/sh", (self.dir / "root/bin/sh").read_bytes(), 0o755)
        for change in (("name: A, value: pod", "name: PATH, value: $(TOKEN)"),
                       ("args: [sh,", "args: [$(TOKEN)/sh,")):
            pod = POD.replace(*change)
            if "PATH" in change[1]:  # the reference looks back
                lines = pod.splitlines()
                at = next(i for i, line in enumerate(lines) if "PATH" in line)
                lines.append(lines.pop(at))
                pod = "\n".join(lines) + "\n"
            self.write("pod.yaml", pod)
            blob, form = self.forms()
            self.assertIn(secret.encode() + b"/sh\0", blob)
            self.assertNotIn(SECRET.encode(), form)

    def test_digests_of_documents_are_left_out(self):
        """A pod's file may hold a Secret."""
        self.write("pod.yaml", POD + "---\n" + OBJECTS)
        blob, form = self.forms("--digests")
        self.assertIn(hashlib.sha256((self.dir / "pod.yaml").read_bytes()).digest(), blob)
        self.assertEqual(form, self.forms()[1])

    def test_digest(self):
        """sha384sum of the form; another key, another digest; the same value, the same."""
        digests = set()
        for key in (KEY, KEY[:-1], KEY + b"\0", bytes(32), bytes(33)):
            self.write("key", key)
            self.ok("resolve", *self.inputs, "--output", "public", "--digest-key", "key", "-o",
                    "form")
            said = subprocess.run(["sha384sum", "form"], cwd=self.dir, check=True,
                                  stdout=subprocess.PIPE).stdout
            digests.add(said.split()[0])
        # RFC 2104: a key is filled up with zero bytes.
        self.assertEqual(len(digests), 3)

    def test_nobody_reads_it(self):
        """It must start no process."""
        self.write("form", self.forms()[1])
        self.assertIn("[blob]", self.refused(1, "show", "form"))
        self.assertIn("[blob]", self.refused(1, "resolve", "--layer", "form"))

    def test_keys(self):
        """32 to 128 bytes, and never without one."""
        call = ("show", "config.oeb", "--output", "public")
        self.forms()
        for size, good in ((0, False), (31, False), (32, True), (128, True), (129, False)):
            self.write("key", b"k" * size)
            if good:
                self.ok(*call, "--digest-key", "key")
            else:
                self.assertIn("32 to 128 bytes", self.refused(2, *call, "--digest-key", "key"))
        self.assertIn("--digest-key FILE", self.refused(2, *call))
        self.assertIn("--output public", self.refused(2, "show", "config.oeb", "--digest-key",
                                                      "key"))
        self.refused(3, *call, "--digest-key", "nonesuch")
        self.assertEqual(self.ok(*call, "--digest-key", "-", stdin=KEY), self.forms_of(KEY))

    def forms_of(self, key):
        """The form under another key."""
        self.write("key", key)
        return self.ok("show", "config.oeb", "--output", "public", "--digest-key", "key")

# SPDX-License-Identifier: Apache-2.0
"""Nothing that a document, a blob or a rootfs holds steers the terminal of its reader."""
import json
import os
import struct
import unicodedata

from harness import Case, elf

# Clear the screen, the same with one C1 control, ring, new line, right to left, no UTF-8.
EVIL = "\x1b[2J\u009b2J\x07\n\r\x7f\u202e\u2066\u2028\u200bend"
RAW = b"\x1b[2J\x9b2J\xc2\x9b\xff\xed\xa0\x80\xe2\x80\xaeend"


def program(interp):
    """A dynamic program whose loader has that name."""
    header = bytearray(elf()[:64])
    struct.pack_into("<H", header, 56, 2)
    at = 64 + 2 * 56
    size = at + len(interp) + 1
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, size, size, 4096)
    name = struct.pack("<IIQQQQQQ", 3, 4, at, 0x400000 + at, 0x400000 + at, len(interp) + 1,
                       len(interp) + 1, 1)
    return bytes(header) + name + load + interp + b"\0"


class Terminal(Case):
    """Each case gets bytes that steer on a way of their own to the terminal."""

    def harmless(self, *args, expect=0):
        """Runs it and looks at every character of both outputs."""
        done = self.run_raw(*args)
        self.assertEqual(done.returncode, expect, done.stderr)
        for out in (done.stdout, done.stderr):
            for c in out.decode("utf-8"):  # strict: no byte that is not UTF-8 either
                self.assertFalse(c != "\n" and unicodedata.category(c) in
                                 ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"), f"{c!r} in {out!r}")
        return done.stdout.decode(), done.stderr.decode()

    def test_values(self):
        self.write("i.json", json.dumps({"config": {
            "Cmd": ["sh", EVIL], "Env": ["A=" + EVIL, f"B{EVIL}=1"], "WorkingDir": "/" + EVIL,
            "User": "u\x1b[2J\u009b"}}))
        out, _ = self.harmless("resolve", "--image", "i.json")
        self.assertIn(r"\x1b[2J\xc2\x9b2J\x07\x0a\x0d\x7f\xe2\x80\xae", out)
        self.assertEqual(out.count("\nenv "), 3)
        self.harmless("resolve", "--image", "i.json", "--rootfs", "root", expect=1)

    def test_messages(self):
        self.write("i.json", json.dumps({"config": {"Cmd": [EVIL]}}))
        self.harmless("resolve", "--image", "i.json", "--rootfs", "root", expect=1)
        self.write("i.json", json.dumps({"config": {"Cmd": ["sh"], "User": EVIL}}))
        self.harmless("resolve", "--image", "i.json", "--rootfs", "root", expect=1)
        self.write("i.json", json.dumps({"config": {EVIL: 1, "Cmd": ["sh"]}}))
        self.harmless("resolve", "--image", "i.json", "--strict", expect=1)
        self.harmless("resolve", "--image", "i.json")

    def test_names_of_files(self):
        name = "e\x1b[2J\n\u009b\u202e.json"
        self.write(name, "[")
        self.harmless("resolve", "--image", name, expect=1)
        self.write(name, '{"config": {"Cmd": ["sh"], "User": "7:7"}}')
        _, said = self.harmless("resolve", "--image", name)
        self.assertIn(r"e\x1b[2J\x0a\xc2\x9b\xe2\x80\xae.json:1:", said)
        self.harmless("resolve", "--image", name + "x", expect=3)
        self.harmless("resolve", "--image", "image.json", "--rootfs", name, expect=3)
        self.harmless("resolve", "--image", "image.json", "-o", f"absent/{name}", expect=3)

    def test_names_in_a_blob(self):
        name = "e\x1b[2J\n\u009b.json"
        self.write(name, '{"config": {"Cmd": ["sh"], "User": "7:7"}}')
        self.ok("layer", "--image", name, "-o", "l.oeb")
        self.harmless("resolve", "--layer", "l.oeb")
        self.harmless("resolve", "--layer", "l.oeb", "--rootfs", "root")
        self.write(name, '{"config": {"Cmd": ["absent"]}}')
        self.ok("layer", "--image", name, "-o", "l.oeb")
        _, said = self.harmless("resolve", "--layer", "l.oeb", "--rootfs", "root", expect=1)
        self.assertEqual(said.count("\n"), 1)

    def test_warnings_in_a_blob(self):
        self.write("p.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
                             "spec: {containers: [{name: c, command: [sh, $(NONE)]}]}\n")
        self.ok("layer", "--pod", "p.yaml", "-o", "l.oeb")
        blob = (self.dir / "l.oeb").read_bytes()
        start = blob.index(b"unexpanded-reference\0") + len(b"unexpanded-reference\0")
        start = blob.index(b"\0", start) + 1  # behind the subject
        end = blob.index(b"\0", start)
        evil = EVIL.encode()  # what is not UTF-8 is no blob
        self.assertLess(len(evil), end - start)
        self.write("l.oeb", blob[:start] + evil + blob[start + len(evil):])
        _, said = self.harmless("resolve", "--layer", "l.oeb")
        self.assertIn(r"\x1b[2J\xc2\x9b2J\x07\x0a\x0d\x7f\xe2\x80\xae", said)

    def test_rootfs(self):
        self.write("root/etc/passwd", b"seven:x:7:8::/\x1b[2J:\n")
        self.write("spec.json", json.dumps({"ociVersion": "1.0.2", "process": {
            "args": ["/run"], "cwd": "/", "user": {"uid": 7, "gid": 8}}}))
        call = ("resolve", "--spec", "spec.json", "--rootfs", "root")
        path = str(self.dir / "root").encode() + b"/" + RAW
        with open(path, "wb") as file:
            file.write(elf())
        os.chmod(path, 0o755)
        os.symlink(RAW, self.dir / "root/run")
        out, _ = self.harmless(*call)
        self.assertIn(r"/\x1b[2J\x9b2J", out)
        os.unlink(self.dir / "root/run")
        self.write("root/run", b"#!/bin/sh " + RAW + b"\n", 0o755)
        out, _ = self.harmless(*call)
        self.assertIn(r"\x1b[2J\x9b2J", out)
        self.write("root/run", b"#!/" + RAW + b"\n", 0o755)
        self.harmless(*call)
        self.write("root/run", program(b"/" + RAW), 0o755)
        out, _ = self.harmless(*call)
        self.assertIn(r'loader "/\x1b[2J', " ".join(out.split()))

    def test_command_line(self):
        _, said = self.harmless("resolve", "--no\x1b[2J\nsuch\u202e", expect=2)
        self.assertEqual(said, 'ocienv: expected a flag of this subcommand, found '
                               '"--no\\x1b[2J\\x0asuch\\xe2\\x80\\xae" [argument]\n')
        self.harmless("resolve", "--fact", EVIL.replace("\n", "") + "=x", "--image",
                      "image.json", expect=2)

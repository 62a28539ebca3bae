# SPDX-License-Identifier: Apache-2.0
"""What the cases have in common: a folder with documents in it, and the command."""
import json
import os
import pathlib
import re
import resource
import shutil
import struct
import subprocess
import tempfile
import unittest

import schema

COMMAND = ""  # set by run.py

IMAGE = {"config": {"Cmd": ["sh", "-c", "x y"], "User": "7", "WorkingDir": "/data",
                    "Env": ["PATH=/bin:/sbin", "A=image"]}}
SPEC = {"ociVersion": "1.0.2",
        "process": {"args": ["/bin/sh"], "cwd": "/", "env": ["A=1", "B=two"],
                    "user": {"uid": 7, "gid": 8, "additionalGids": [9, 8]}}}
POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    args: [sh, $(TOKEN)]
    env:
    - {name: A, value: pod}
    - name: TOKEN
      valueFrom: {secretKeyRef: {name: s, key: token}}
    - {name: URL, value: 'http://$(TOKEN)@x'}
"""
SECRET = "MARKER-0f1e2d"
OBJECTS = f"""apiVersion: v1
kind: Secret
metadata: {{name: s}}
stringData: {{token: {SECRET}}}
"""


def elf(kind=2, machine=62, interp=None):
    """The smallest program that the library takes for one: nobody runs it. kind 2 has a fixed
    address, 3 has none; without interp it is static."""
    ident = b"\x7fELF" + bytes([2, 1, 1, 0]) + bytes(8)
    loader = interp.encode() + b"\0" if interp else b""
    count = 2 if interp else 1
    header = ident + struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, 0x400078, 64, 0, 0, 64, 56,
                                 count, 64, 0, 0)
    header += struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 120, 120, 4096)
    if interp:
        header += struct.pack("<IIQQQQQQ", 3, 4, 176, 0, 0, len(loader), len(loader), 1)
    return header + loader


def unwrapped(text):
    """Text as it was before its lines were made to fit a terminal: words that were parted."""
    return re.sub(r"\\\n +", "", text)


class Case(unittest.TestCase):
    """One folder, current for the command, gone afterwards."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.write("image.json", json.dumps(IMAGE))
        self.write("spec.json", json.dumps(SPEC))
        self.write("pod.yaml", POD)
        self.write("objects.yaml", OBJECTS)
        self.write("root/bin/sh", elf(), 0o755)
        self.write("root/etc/passwd", "seven:x:7:8::/data:/bin/sh\n")
        self.write("root/etc/group", "eight:x:8:\nnine:x:9:seven\n")
        (self.dir / "root/data").mkdir()

    def write(self, name, content, mode=None):
        """A file of the folder; text becomes UTF-8."""
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if mode is not None:
            path.chmod(mode)
        return path

    def run_raw(self, *args, stdin=b"", **options):
        """The finished process; a crash is nobody's expected status."""

        def no_core():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("preexec_fn", no_core)
        if "stdin_file" in options:
            source = {"stdin": options.pop("stdin_file")}
        else:
            source = {"input": stdin}
        done = subprocess.run([COMMAND, *args], **source, stderr=subprocess.PIPE,
                              cwd=self.dir, check=False, timeout=60,
                              env=dict(os.environ, LC_ALL="C"), **options)
        self.assertGreaterEqual(done.returncode, 0, f"{args}: signal: {done.stderr!r}")
        schema.check(args, done.stdout or b"")
        return done

    def ok(self, *args, **options):
        """Standard output of a call that has to succeed."""
        done = self.run_raw(*args, **options)
        self.assertEqual(done.returncode, 0, f"{args}: {done.stderr!r}")
        return done.stdout

    def refused(self, status, *args, **options):
        """Standard error of a call that has to end with that status, and says nothing else."""
        done = self.run_raw(*args, **options)
        self.assertEqual(done.returncode, status, f"{args}: {done.stdout!r} {done.stderr!r}")
        self.assertEqual(done.stdout, b"", f"{args}")
        return done.stderr.decode()

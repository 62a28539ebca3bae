# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command share: documents, a root file system, and how to run it."""
import os
import pathlib
import subprocess
import tempfile

import schema

IMAGE = """{
  "architecture": "amd64",
  "os": "linux",
  "config": {
    "Entrypoint": ["server"],
    "Env": ["PATH=/usr/bin:/opt/bin", "LEVEL=info"],
    "WorkingDir": "/srv",
    "User": "web"
  }
}
"""
POD = """apiVersion: v1
kind: Pod
metadata:
  name: web-0
  namespace: prod
spec:
  containers:
  - name: app
    image: registry.invalid/web:1
    args: [--level, $(LEVEL)]
    env:
    - name: LEVEL
      value: debug
    - name: TOKEN
      valueFrom:
        secretKeyRef: {name: web, key: token}
    - name: MODE
      valueFrom:
        configMapKeyRef: {name: web, key: mode}
"""
OBJECTS = """apiVersion: v1
kind: Secret
metadata: {name: web, namespace: prod}
stringData: {token: hush-hush}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: prod}
data: {mode: fast}
"""
SPEC = """{
  "ociVersion": "1.2.0",
  "process": {
    "user": {"uid": 1000, "gid": 1000},
    "args": ["server"],
    "env": ["PATH=/usr/bin:/opt/bin"],
    "cwd": "/srv"
  }
}
"""


class Place:
    """A directory with the usual documents and a small root file system."""

    def __init__(self, command):
        self.command = os.path.abspath(command)
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.path.chmod(0o755)
        for name, text in (("image.json", IMAGE), ("pod.yaml", POD),
                           ("objects.yaml", OBJECTS), ("config.json", SPEC)):
            self.write(name, text)
        for name in ("opt/bin", "etc", "srv", "usr/bin"):
            (self.path / "root" / name).mkdir(parents=True)
        self.program("opt/bin/server", b"#!/opt/bin/sh -e\n")
        self.program("opt/bin/sh", static_elf())
        self.write("root/etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:33:33::/srv:/bin/sh\n")
        self.write("root/etc/group", "web:x:33:\nlogs:x:44:web\n")

    def write(self, name, text):
        data = text if isinstance(text, bytes) else text.encode()
        (self.path / name).write_bytes(data)

    def program(self, name, data):
        self.write("root/" + name, data)
        (self.path / "root" / name).chmod(0o755)

    def run(self, *args, stdin=b"", env=None):
        """Runs the command in the place; answers status, stdout, stderr (bytes)."""
        done = subprocess.run([self.command, *args], cwd=self.path, input=stdin,
                              capture_output=True, env={**os.environ, **(env or {})},
                              timeout=60, check=False)
        schema.check(args, done.stdout)
        return done.returncode, done.stdout, done.stderr


def static_elf():
    """The header of a static x86-64 program: all that a look-up reads of one."""
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    words = [(2, 2), (62, 2), (1, 4), (0x400000, 8), (64, 8), (0, 8), (0, 4), (64, 2), (56, 2),
             (1, 2), (0, 2), (0, 2), (0, 2)]
    load = [(1, 4), (5, 4)] + [(0, 8)] * 6
    return ident + b"".join(n.to_bytes(size, "little") for n, size in words + load)


class Tally:
    """Counts checks; ends with the usual line."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, title, ok, detail=""):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print(f"{title}: {detail}")

    def equal(self, title, got, expected):
        self.check(title, got == expected, f"expected {expected!r}, got {got!r}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0

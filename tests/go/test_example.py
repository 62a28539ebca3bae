# SPDX-License-Identifier: Apache-2.0
"""test_example.py TOP EXAMPLE OCIENV: bindings/go/example on a case of tests/cases."""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

top, example, ocienv = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
sys.path.insert(0, str(top / "tests/replay"))
import rootfs  # noqa: E402

case = top / "tests/cases/spec-env-absent-gets-home"
text = (case / "config.json").read_bytes()
wanted = json.loads((case / "case.json").read_text())["expect"]


def run(*args, given=b""):
    return subprocess.run(args, input=given, capture_output=True, timeout=60, check=False)


def expect(what, wanted, found):
    if wanted != found:
        sys.exit(f"{what}: expected {wanted!r}, found {found!r}")


with tempfile.TemporaryDirectory() as place:
    root = f"{place}/rootfs"
    rootfs.build(root, json.loads((case / "rootfs.json").read_text()))
    blob = run(ocienv, "resolve", "--spec", case / "config.json", "--rootfs", root,
               "--output", "blob")
    expect("status of the command", 0, blob.returncode)
    done = run(example, root, given=text)
    expect("status and diagnostics", (0, b""), (done.returncode, done.stderr))
    answer = dict(line.split(" ", 1) for line in done.stdout.decode().splitlines())
    expect("exec", wanted["exec"], answer["exec"])
    # A list of plain words, as Go's %q writes it.
    expect("argv", "[" + " ".join(json.dumps(word) for word in wanted["argv"]) + "]",
           answer["argv"])
    expect("digest", "sha384:" + hashlib.sha384(blob.stdout).hexdigest(), answer["digest"])

    done = run(example, root, given=b'{\n "process": 7}')
    expect("status", (1, b""), (done.returncode, done.stdout))
    expect("place", True, done.stderr.startswith(b"config.json:2:13: /process: "))
    expect("code", True, done.stderr.endswith(b" [type]\n"))
    expect("usage", 2, run(example).returncode)

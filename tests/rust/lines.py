# SPDX-License-Identifier: Apache-2.0
"""lines.py cases PLACE | lines.py samples | lines.py rootfs PLACE: what the tests of the Rust
bindings read, who have no JSON.

A line is words with a tab between them; a backslash, a tab and a line feed in a word are
written as \\\\, \\t and \\n. `cases` are those of tests/cases, with their root file systems built
in PLACE; `samples` are the CONFIG blobs of tests/wire/samples, whose strings are bytes; `rootfs`
builds a small tree of its own as PLACE."""
import json
import os
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "replay"))
import rootfs  # noqa: E402 (its folder is known only now)

ESCAPES = ((b"\\", b"\\\\"), (b"\t", b"\\t"), (b"\n", b"\\n"))


def line(*words):
    written = []
    for word in words:
        word = word if isinstance(word, bytes) else str(word).encode()
        for plain, escaped in ESCAPES:
            word = word.replace(plain, escaped)
        written.append(word)
    sys.stdout.buffer.write(b"\t".join(written) + b"\n")


def flag(key, value):
    """A list repeats the flag, a map too (KEY, VALUE)."""
    if isinstance(value, dict):
        for name, text in value.items():
            line(key, name, text)
    elif isinstance(value, list):
        for one in value:
            line(key, one)
    else:
        line(key, value)


def expectation(key, value):
    key = "expect-" + key
    if isinstance(value, dict):
        for name, one in value.items():
            line(key, name, *(one if isinstance(one, list) else [one]))
    else:
        line(key, *(value if isinstance(value, list) else [value]))


def case(folder, place):
    described = json.loads((folder / "case.json").read_text())
    inputs = dict(described["inputs"])
    line("case", folder.name)
    line("folder", folder)
    if "rootfs" in inputs:
        tree = os.path.join(place, folder.name)
        rootfs.build(tree, json.loads((folder / inputs["rootfs"]).read_text()))
        inputs["rootfs"] = tree
    for key, value in {**inputs, **described.get("profile", {})}.items():
        flag(key, value)
    for key, value in described["expect"].items():
        expectation(key, value)


def in_bytes(text):
    return text.encode("latin-1")


def sample(path):
    described = json.loads(path.read_text())
    if described["kind"] != "config":
        return
    line("sample", path.with_suffix(".oeb"))
    if described["exec"] is not None:
        line("exec", in_bytes(described["exec"]))
    line("argv", *map(in_bytes, described["argv"]))
    line("env", *(in_bytes(entry[0]) for entry in described["env"]))
    line("secret", *(entry[2] for entry in described["env"]))
    line("cwd", in_bytes(described["cwd"]))
    user = described["user"]
    line("user", user["uid"], user["gid"], user["umask"])
    line("groups", *user["groups"])
    if described["rootfs"] is not None:
        line("rootfs", *map(in_bytes, described["rootfs"]))
    line("sha384", described["sha384"])
    line("canonical", int(described["minor"] == 0 and not described["passed_over"]))


# A script, whose interpreter asks for a library that is not there.
TREE = {"entries": [
    {"path": "/bin/run", "type": "file", "mode": "0755", "content": "#!/bin/sh -e\n"},
    {"path": "/bin/sh", "type": "file", "mode": "0755",
     "elf": {"machine": "x86_64", "type": "dyn", "interp": "/lib/ld.so",
             "needed": ["libabsent.so.1"]}},
    {"path": "/lib/ld.so", "type": "file", "mode": "0755",
     "elf": {"machine": "x86_64", "type": "dyn"}},
    {"path": "/w", "type": "dir"},
]}


def main(what, *place):
    if what == "cases":
        for path in sorted((TOP / "cases").glob("*/case.json")):
            case(path.parent, *place)
    elif what == "samples":
        for path in sorted((TOP / "wire/samples").glob("*.json")):
            sample(path)
    elif what == "rootfs":
        rootfs.build(*place, TREE)
    else:
        sys.exit(f"lines.py: expected cases, samples or rootfs, found {what!r}")


main(*sys.argv[1:])

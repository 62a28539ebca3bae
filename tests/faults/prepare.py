# SPDX-License-Identifier: Apache-2.0
"""prepare.py PROGRAM [ARGUMENT...]: writes the documents of tests/cases, tests/golden,
tests/vectors and examples as situations, builds their root filesystems, and runs PROGRAM over
the list. Its output and status are this one's."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TESTS / "replay"))

import rootfs  # pylint: disable=wrong-import-position

# Rows of test vectors: which inputs is the document tried as?
VECTORS = {
    "go_json": ("doc_b64", ["image", "spec"]),
    "runtime_real": ("config_b64", ["spec"]),
    "yaml_docs": ("doc_b64", ["pod", "objects"]),
}
# A pod beside objects and an image beside a pod, so that there is an answer.
POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: c, envFrom: [{configMapRef: {name: m, optional: true}}]}]}
"""
IMAGE = '{"config": {"Cmd": ["/bin/sh"], "Env": ["PATH=/bin"]}}'
SPEC = '{"process": {"args": ["/bin/sh"], "cwd": "/", "env": ["PATH=/bin"], "user": {}}}'
READERS = {"image": "image", "spec": "spec", "pod": "pod", "objects": "objects",
           "policy": "policy", "occlum": "occlum-json"}
MOST = 64 * 1024  # one at a limit takes too long, many times over


class Writer:
    def __init__(self, folder, out):
        self.folder = folder
        self.out = out
        self.number = 0
        self.beside = {}
        for name, text in ("pod", POD), ("image", IMAGE), ("spec", SPEC):
            self.beside[name] = self.file(name, text.encode())

    def file(self, name, data):
        self.number += 1
        path = self.folder / f"{self.number}-{name}"
        path.write_bytes(data)
        return path

    def write(self, name, pairs):
        print("name", name, file=self.out)
        for key, values in pairs.items():
            for value in values if isinstance(values, list) else [values]:
                print(key, "true" if value is True else value, file=self.out)
        print("end", file=self.out)

    def document(self, name, kind, path):
        """One document, and what gives an answer with it."""
        if path.stat().st_size > MOST:
            return
        pairs = {kind: path}
        if kind in ("pod", "objects"):
            pairs["image"] = self.beside["image"]
        if kind == "objects":
            pairs["pod"] = self.beside["pod"]
        if kind in ("policy", "occlum-json"):
            pairs["spec"] = self.beside["spec"]
        if kind == "occlum-json":
            pairs["libos"] = "occlum"
        self.write(name, pairs)


def add_cases(writer):
    for folder in sorted(path.parent for path in TESTS.glob("cases/*/case.json")):
        case = json.loads((folder / "case.json").read_text())
        pairs = {**case["inputs"], **case.get("profile", {})}
        if "policy" in pairs and not (folder / pairs["policy"]).exists():
            pairs["builtin"] = pairs.pop("policy")
        for key in ("image", "spec", "pod", "objects", "policy"):
            if key in pairs:
                files = pairs[key] if isinstance(pairs[key], list) else [pairs[key]]
                pairs[key] = folder / files[0]
                if len(files) > 1:  # of objects, as one file of several documents
                    pairs[key] = writer.file(key, b"\n---\n".join(
                        (folder / one).read_bytes() for one in files))
        if "rootfs" in pairs:
            tree = writer.folder / f"rootfs-{folder.name}"
            rootfs.build(str(tree), json.loads((folder / pairs["rootfs"]).read_text()))
            pairs["rootfs"] = tree
        writer.write(f"cases/{folder.name}", pairs)


def add_golden(writer):
    for path in sorted(TESTS.glob("golden/*/*/*")):
        kind = READERS.get(path.name.split("-")[0])
        if kind and path.suffix not in (".expect", ".options"):
            writer.document(f"golden/{path.name}", kind, path)


def add_vectors(writer):
    for name, (member, kinds) in VECTORS.items():
        for row in json.loads((TESTS / "vectors" / f"{name}.json").read_text()):
            path = writer.file("vector", base64.b64decode(row[member]))
            for kind in kinds:
                writer.document(f"{name}/{row['name']}".replace("\n", " "), kind, path)


def add_examples(writer):
    folder = TESTS.parent / "examples" / "redis"
    writer.write("examples/redis", {
        "image": folder / "image.json", "pod": folder / "pod.yaml",
        "objects": folder / "objects.yaml"})


def main():
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        listed = pathlib.Path(place) / "list"
        with open(listed, "w", encoding="utf-8") as out:
            writer = Writer(pathlib.Path(place), out)
            add_cases(writer)
            add_examples(writer)
            add_golden(writer)
            add_vectors(writer)
        return subprocess.run([*sys.argv[1:], str(listed)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

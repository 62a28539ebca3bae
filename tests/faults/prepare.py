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
    "yaml_scalars": ("doc", ["pod"]),
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
            text = row[member]
            path = writer.file("vector", base64.b64decode(text) if member.endswith("_b64")
                               else text.encode())
            for kind in kinds:
                writer.document(f"{name}/{row.get('name', repr(text))}".replace("\n", " "), kind,
                                path)


def container(row):
    """The row's Service variables come as the first envFrom: as weak, and not expanded either."""
    lines = row["container_yaml"].splitlines()
    if row["service_env"]:
        if "envFrom:" not in lines:
            lines.append("envFrom:")
        lines.insert(lines.index("envFrom:") + 1, "- configMapRef: {name: x-service-env}")
    return "".join(f"    {line}\n" for line in lines)


def add_kubelet(writer):
    """Pods with all they refer to."""
    for row in json.loads((TESTS / "vectors" / "kubelet_env.json").read_text()):
        if "container_yaml" not in row:  # about one Service
            continue
        pod = row["pod"]
        meta = {"name": pod["Name"], "namespace": pod["Namespace"], "uid": pod["UID"],
                "labels": pod["Labels"], "annotations": pod["Annotations"]}
        text = (f"apiVersion: v1\nkind: Pod\nmetadata: {json.dumps(meta)}\nspec:\n"
                f"  nodeName: {json.dumps(pod['NodeName'])}\n"
                f"  serviceAccountName: {json.dumps(pod['ServiceAccountName'])}\n"
                f"  containers:\n  - name: c\n    image: i\n{container(row)}")
        items = [("ConfigMap", *item) for item in row["configmaps"].items()]
        items += [("Secret", *item) for item in row["secrets_b64"].items()]
        items += [("ConfigMap", "x-service-env", row["service_env"])]
        objects = {"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": kind, "data": data,
             "metadata": {"name": name, "namespace": pod["Namespace"]}}
            for kind, name, data in items]}
        facts = {"status.podIPs": pod["PodIPs"], "status.hostIPs": pod["HostIPs"]}
        writer.write(f"kubelet_env/{row['name']}", {
            "image": writer.beside["image"], "pod": writer.file("pod", text.encode()),
            "objects": writer.file("objects", json.dumps(objects).encode()), "hostname": "h",
            "fact": [f"{key}={','.join(value)}" for key, value in facts.items() if value]})


# What stands in for the tree that examples/redis/make-rootfs.sh fetches.
REDIS = {"entries": [
    {"path": "/etc/passwd", "type": "file", "content":
     "root:x:0:0:root:/root:/bin/sh\nredis:x:999:999::/home/redis:/bin/sh\n"},
    {"path": "/etc/group", "type": "file", "content":
     "root:x:0:\nredis:x:999:\nmetrics:x:1500:redis\n"},
    {"path": "/data", "type": "dir", "uid": 999, "gid": 999},
    {"path": "/usr/bin/dash", "type": "file", "mode": "0755", "elf":
     {"type": "dyn", "interp": "/lib64/ld-linux-x86-64.so.2"}},
    {"path": "/usr/bin/sh", "type": "symlink", "target": "dash"},
    {"path": "/bin", "type": "symlink", "target": "usr/bin"},
    {"path": "/lib64/ld-linux-x86-64.so.2", "type": "file", "mode": "0755", "elf":
     {"type": "dyn"}},
    {"path": "/usr/local/bin/docker-entrypoint.sh", "type": "file", "mode": "0755",
     "content": "#!/bin/sh\nexec \"$@\"\n"},
]}


def add_examples(writer):
    folder = TESTS.parent / "examples"
    tree = writer.folder / "rootfs-redis"
    rootfs.build(str(tree), REDIS)
    image = folder / "redis" / "image.json"
    spec = folder / "enclave-flow" / "bundle" / "config.json"
    pod = {"image": image, "pod": folder / "redis" / "pod.yaml",
           "objects": folder / "redis" / "objects.yaml", "rootfs": tree,
           "fact": ["status.podIP=10.0.0.5", "spec.nodeName=node-1"]}
    writer.write("examples/redis", pod)
    writer.write("examples/redis (Occlum)", {**pod, "libos": "occlum"})
    writer.write("examples/enclave-flow", {"image": image, "spec": spec, "rootfs": tree})
    writer.write("examples/enclave-flow (all)", {**pod, "spec": spec})
    writer.write("a host that changed nothing", {
        "image": writer.beside["image"], "spec": writer.beside["spec"]})


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
            add_kubelet(writer)
        return subprocess.run([*sys.argv[1:], str(listed)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

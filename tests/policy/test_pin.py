# SPDX-License-Identifier: Apache-2.0
"""test_pin.py OCIENV: what `ocienv policy` writes gives the same answer again, and each single
change of an input is refused: every variable changed, dropped, repeated in front and behind,
one added; every argument changed, dropped, added; the working directory, each number of the
user, the image."""
import copy
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
import cli  # noqa: E402

IMAGE = {"config": {"Entrypoint": ["/bin/sh"], "Cmd": ["-c", "x"], "User": "7:8",
                    "WorkingDir": "/data", "Env": ["PATH=/bin", "LEVEL=info", "IMG=1"]}}
SPEC = {"process": {"args": ["/bin/sh", "-c", "x"], "cwd": "/data",
                    "user": {"uid": 7, "gid": 8, "umask": 18, "additionalGids": [8, 9]},
                    "env": ["PATH=/bin", "HOSTNAME=h", "LEVEL=info", "IMG=1", "LEVEL=debug",
                            "LD_PRELOAD=/x", "HOME=/data", "POD=MARKER-a=b"]}}
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {
    "enableServiceLinks": False,
    "containers": [{"name": "c", "args": ["-c", "y"], "workingDir": "/", "env": [
        {"name": "LEVEL", "value": "debug"}, {"name": "POD", "value": "MARKER-pod"},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        {"name": "CM", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "k"}}}],
        "securityContext": {"runAsUser": 7, "runAsGroup": 8}}]}}
OBJECTS = """apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {k: MARKER-hush}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: m}
data: {k: MARKER-map}
"""


def name_of(entry):
    return entry.split("=", 1)[0] if isinstance(entry, str) else entry["name"]


def with_value(entry, value):
    name = name_of(entry)
    return f"{name}={value}" if isinstance(entry, str) else {"name": name, "value": value}


def list_changes(items, at, changed, added):
    """(what, new list) for each element and place."""
    for i, item in enumerate(items):
        yield f"{at}[{i}] changed", items[:i] + [changed(item)] + items[i + 1:]
        yield f"{at}[{i}] dropped", items[:i] + items[i + 1:]
    for i in range(len(items) + 1):
        yield f"{at} added at {i}", items[:i] + [added] + items[i:]


def env_changes(env, added):
    yield from list_changes(env, "env", lambda e: with_value(e, "MARKER-evil"), added)
    for i, entry in enumerate(env):
        evil = with_value(entry, "MARKER-evil")
        yield f"env[{i}] repeated", env[:i] + [entry, entry] + env[i + 1:]
        yield f"env[{i}] repeated in front", [evil] + env
        yield f"env[{i}] repeated behind", env + [evil]
    yield "env empty", []


def spec_changes():
    process = SPEC["process"]
    for what, env in env_changes(process["env"], "NEW=MARKER-new"):
        yield what, {"process": {**process, "env": env}}
    for what, args in list_changes(process["args"], "args", lambda a: a + "x", "MARKER-new"):
        yield what, {"process": {**process, "args": args}}
    for cwd in ("/", "/data/x", "/data/"):
        yield f"cwd {cwd}", {"process": {**process, "cwd": cwd}}
    for key, values in {"uid": (0, 8), "gid": (0, 7), "umask": (0, 63),
                        "additionalGids": ([], [8], [8, 9, 10], [0, 8, 9])}.items():
        for value in values:
            yield f"user {key} {value}", {"process": {
                **process, "user": {**process["user"], key: value}}}


def pod_changes():
    container = POD["spec"]["containers"][0]

    def pod(**change):
        new = copy.deepcopy(POD)
        new["spec"]["containers"][0].update(change)
        return new

    for what, env in env_changes(container["env"], {"name": "NEW", "value": "MARKER-new"}):
        yield what, pod(env=env)
    for what, args in list_changes(container["args"], "args", lambda a: a + "x", "MARKER-new"):
        yield what, pod(args=args)
    yield "command", pod(command=["/bin/busybox"])
    yield "workingDir", pod(workingDir="/data")
    yield "tty", pod(tty=True)
    for key, value in (("runAsUser", 0), ("runAsUser", 8), ("runAsGroup", 9)):
        yield key, pod(securityContext={**container["securityContext"], key: value})
    new = copy.deepcopy(POD)
    new["metadata"]["name"] = "q"
    yield "hostname", new


def image_changes():
    config = IMAGE["config"]
    for what, env in env_changes(config["Env"], "NEW=MARKER-new"):
        yield "image " + what, {"config": {**config, "Env": env}}
    for key, value in (("User", "0"), ("WorkingDir", "/"), ("Entrypoint", ["/bin/busybox"]),
                       ("Cmd", []), ("Labels", {"a": "b"})):
        yield f"image {key}", {"config": {**config, key: value}}


class Pin:
    """One set of inputs and its policy."""

    def __init__(self, place, tally, title, docs, *flags):
        self.place, self.tally, self.title = place, tally, title
        self.docs, self.flags = docs, flags

    def run(self, subcommand, docs, *more):
        args = [subcommand]
        for flag, document in docs.items():
            self.place.write(flag[2:] + ".json", json.dumps(document))
            args += [flag, flag[2:] + ".json"]
        return self.place.run(*args, *self.flags, *more)

    def pin(self):
        self.place.write("objects.yaml", OBJECTS)
        code, policy, err = self.run("policy", self.docs)
        self.tally.equal(f"{self.title}: policy", code, 0)
        self.tally.check(f"{self.title}: silent", b"MARKER" not in err, err)
        self.tally.check(f"{self.title}: a Secret is not told", b"MARKER-hush" not in policy)
        self.place.write("policy.json", policy)
        before = json.loads(self.run("resolve", self.docs, "--output", "json")[1])
        code, out, err = self.run("resolve", self.docs, "--policy", "policy.json", "--output",
                                  "json")
        self.tally.equal(f"{self.title}: again", (code, err), (0, b""))
        after = json.loads(out)
        for key in ("exec", "argv", "cwd", "user", "digest"):
            if key != "digest" or "--spec" not in self.docs or "--image" not in self.docs:
                self.tally.equal(f"{self.title}: {key}", after[key], before[key])
        self.tally.equal(f"{self.title}: env", [(e["name"], e["value"]) for e in after["env"]],
                         [(e["name"], e["value"]) for e in before["env"]])
        self.tally.equal(f"{self.title}: all allowed",
                         {e["verdict"] for e in after["policy"]["entries"]}, {"allowed"})
        self.tally.equal(f"{self.title}: same policy", self.run("policy", self.docs)[1], policy)

    def refuse(self, what, flag, document, objects=None):
        self.place.write("objects.yaml", objects or OBJECTS)
        code, out, err = self.run("resolve", {**self.docs, flag: document}, "--policy",
                                  "policy.json")
        self.tally.check(f"{self.title}: {what}", code == 1 and not out and
                         err.endswith(b" [policy]\n"), f"{code} {out!r} {err!r}")
        self.tally.check(f"{self.title}: {what}: silent", b"MARKER" not in err, err)


def main():
    place, tally = cli.Place(sys.argv[1]), cli.Tally()
    for name in ("bin", "data"):
        (place.path / "root" / name).mkdir()
    place.program("bin/sh", cli.static_elf())
    place.program("bin/busybox", cli.static_elf())
    place.write("root/etc/passwd", "root:x:0:0::/root:/bin/sh\nseven:x:7:8::/data:/bin/sh\n")
    place.write("root/etc/group", "eight:x:8:\nnine:x:9:seven\n")
    place.write("objects.yaml", OBJECTS)
    root = ("--rootfs", "root")
    alone = Pin(place, tally, "spec", {"--spec": SPEC}, *root)
    alone.pin()
    for what, document in spec_changes():
        # Without the image the value in front is one that lost, and no part of the answer.
        if what != "env[2] changed":
            alone.refuse(what, "--spec", document)
    for runtime in ("runc", "crun", "kata", "runc-1.1"):
        both = Pin(place, tally, f"image and spec, {runtime}", {"--image": IMAGE, "--spec": SPEC},
                   *root, "--runtime", runtime)
        both.pin()
        for what, document in spec_changes():
            # What the spec only repeats of the image comes from there all the same.
            if what not in ("env[0] dropped", "env[2] dropped", "env[3] dropped"):
                both.refuse(what, "--spec", document)
        for what, document in image_changes():
            both.refuse(what, "--image", document)
    for cri in ("containerd", "crio"):
        pod = Pin(place, tally, f"image and pod, {cri}", {"--image": IMAGE, "--pod": POD},
                  "--objects", "objects.yaml", *root, "--cri", cri)
        pod.pin()
        for what, document in pod_changes():
            if (what, cri) != ("tty", "crio"):  # which has TERM anyway
                pod.refuse(what, "--pod", document)
        for what, document in image_changes():
            pod.refuse(what, "--image", document)
        for value in ("MARKER-hush", "MARKER-map"):
            pod.refuse(f"objects {value}", "--pod", POD, OBJECTS.replace(value, "MARKER-evil"))
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())

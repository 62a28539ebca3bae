# SPDX-License-Identifier: Apache-2.0
"""test_secrecy.py OCIENV: no value of the environment is in a diagnostic.

Golden documents, cases of policies and whole situations get a marker in each environment value
and go through every subcommand. The marker must be nowhere in stderr; that of Secrets not in
text on stdout either. What it was that a command answered does not matter here."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
for folder in ("cli", "policy", "replay"):
    sys.path.insert(0, str(TESTS / folder))
import command  # noqa: E402
import harness  # noqa: E402
import marks  # noqa: E402
import rootfs  # noqa: E402
import test_policy  # noqa: E402

# Or the test looks at nothing.
FEWEST = {"runs": 4000, "diagnostics": 4000, "marked": 700, "shown": 200, "masked": 10}
SWITCHES = {"strict": ["--strict"], "podspec": ["--pod-kind", "podspec"],
            "bare-container": ["--pod-kind", "container"]}
POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: c, command: [/app], envFrom: [{configMapRef: {name: m}}, {secretRef: {name: s}}]}
"""
IMAGE = json.dumps({"config": {"Cmd": ["app"], "Env": [f"PATH={marks.MARK[marks.PLAIN]}:/bin"]}})
SPEC = json.dumps({"process": {"args": ["/app"], "cwd": "/",
                               "env": [f"A={marks.MARK[marks.PLAIN]}"]}})
OBJECTS = f"""apiVersion: v1
kind: Secret
metadata: {{name: s}}
stringData: {{k: {marks.MARK[marks.SECRET]}, path: "/{marks.MARK[marks.SECRET]}:/bin"}}
data: {{d: {marks.MARK[marks.SECRET]}, not.posix: {marks.MARK[marks.SECRET]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: m}}
data: {{k: {marks.MARK[marks.PLAIN]}}}
"""
# A container each, in which the Secret goes to another place.
CONTAINERS = [
    {"command": ["app"]}, {"command": ["app", "$(T)", "-p$(U)"]}, {"command": ["$(T)"]},
    {"command": ["/bin/$(T)"]}, {"command": ["./$(U)"]}, {"command": ["$(PATH)"]},
    {"command": ["app"], "envFrom": [{"secretRef": {"name": "s"}}]},
    {"command": ["$(k)"], "envFrom": [{"secretRef": {"name": "s"}}]},
    {"command": ["$(k)"], "envFrom": [{"configMapRef": {"name": "m"}}]},
    {"command": ["/$(k)/x"], "envFrom": [{"configMapRef": {"name": "m"}}]},
]


class Place:
    """A folder, and what the documents in it held of markers."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.marked = False

    def write(self, name, content):
        data = content if isinstance(content, bytes) else content.encode()
        self.marked |= bool(marks.leaks(data))
        (self.path / name).write_bytes(data)


def golden(path, place):
    """The inputs that a golden document belongs to."""
    kind = path.name.split("-")[0]
    place.write(path.name, marks.mark(kind, path.read_bytes()))
    place.write("p.yaml", POD)
    place.write("i.json", IMAGE)
    place.write("s.json", SPEC)
    words = {"image": ["--image", path.name], "spec": ["--spec", path.name],
             "pod": ["--pod", path.name], "objects": ["--pod", "p.yaml", "--objects", path.name],
             "occlum": ["--image", "i.json", "--libos", "occlum", "--occlum-json", path.name],
             "policy": ["--spec", "s.json", "--policy", path.name]}[kind]
    options = path.with_suffix(".options")
    for line in options.read_text().splitlines() if options.exists() else []:
        key, _, value = line.partition(" ")
        if key in ("workload", "container", "hostname"):
            words += [f"--{key}", value]
        words += SWITCHES.get(key, [])
    return words


def policy_row(row, place):
    """A case of a policy, values and the rules' values with a marker in front."""
    row = json.loads(json.dumps(row))
    mark = marks.MARK[marks.PLAIN]
    for key in ("image", "spec", "pod"):
        row[key] = [entry.replace("=", "=" + mark, 1) for entry in row.get(key, [])]
        if not row[key]:
            del row[key]
    for rule in [*row.get("rules", []), *row.get("policy_env", {}).get("rules", [])]:
        if isinstance(rule.get("value"), str):
            rule["value"] = mark + rule["value"]
    (place.path / "root").mkdir(exist_ok=True)
    words = test_policy.command_line(place, row)[3:]
    place.write("objects.yaml", marks.mark_objects(test_policy.OBJECTS))
    return words


def case(folder, place):
    """A situation, its documents marked."""
    given = json.loads((folder / "case.json").read_text())
    inputs = dict(given["inputs"])
    if "rootfs" in inputs:
        rootfs.build(str(place.path / "root"), json.loads((folder / inputs["rootfs"]).read_text()))
        inputs["rootfs"] = "root"
    for kind in ("image", "spec", "pod", "objects", "policy"):
        names = inputs.get(kind, [])
        for name in [names] if isinstance(names, str) else names:
            if name in ("image-only", "observe"):
                continue  # built in
            place.write(name, marks.mark(kind, (folder / name).read_bytes()))
    return command.flags({**inputs, **given.get("profile", {})})


def from_secret(name, key):
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": "s", "key": key}}}


def secret(container, place):
    """A pod that has the Secret in its variables, beside a spec that says otherwise."""
    env = [from_secret("T", "k"), from_secret("D", "d"), from_secret("T", "d"),
           from_secret("PATH", "path"), from_secret("HOME", "k"),
           {"name": "U", "value": "x$(T)"}, {"name": "V", "value": "$(k)$(NONE)"}]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
           "spec": {"containers": [{"name": "c", "env": env, **container}]}}
    place.write("p.yaml", json.dumps(pod))
    place.write("o.yaml", OBJECTS)
    place.write("i.json", IMAGE)
    place.write("s.json", SPEC)
    (place.path / "root/bin").mkdir(parents=True)
    place.write("root/bin/app", harness.elf())
    (place.path / "root/bin/app").chmod(0o755)
    return ["--image", "i.json", "--pod", "p.yaml", "--objects", "o.yaml", "--spec", "s.json",
            "--rootfs", "root"]


def without(words, *flags):
    """The words without flags that have a value."""
    kept, skip = [], False
    for word in words:
        if not skip and word not in flags:
            kept.append(word)
        skip = not skip and word in flags
    return kept


def command_lines(words):
    """Each subcommand that takes them; whether what it prints must hide Secrets."""
    if {"--image", "--pod", "--spec"} <= set(words):
        yield ["verify", *words], True
        words = without(words, "--spec")
    libos = ("--libos", "--stack-size", "--library-path", "--occlum-json")
    plain = [word for word in without(words, *libos) if word != "--accept-root"]
    yield ["resolve", *words], True
    yield ["explain", *words], True
    yield ["policy", *without(plain, "--policy"), "-o", "pin.json"], True
    if "--rootfs" in words:
        yield ["resolve", *words, "--output", "json"], False
        yield ["explain", *words, "--exec"], True
    if "--image" in words and "--policy" not in words:
        yield ["resolve", *words, "--policy", "image-only"], True
    yield ["verify", *without(plain, "--policy")], True
    yield ["layer", *without(plain, "--policy", "--rootfs"), "-o", "layer.oeb"], True


class Tally:
    def __init__(self):
        self.runs = self.diagnostics = self.marked = self.shown = self.masked = 0
        self.leaks = []

    def add(self, other):
        self.runs += other.runs
        self.diagnostics += other.diagnostics
        self.marked += other.marked
        self.shown += other.shown
        self.masked += other.masked
        self.leaks += other.leaks


def look(title, ocienv, place, words):
    tally = Tally()
    tally.marked += place.marked
    for args, hides in command_lines(words):
        done = subprocess.run([ocienv, *args], cwd=place.path, capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL, check=False)
        tally.runs += 1
        tally.diagnostics += len(done.stderr.splitlines())
        tally.shown += bool(marks.leaks(done.stdout))
        tally.masked += b"********" in done.stdout
        found = marks.leaks(done.stderr)
        if hides:
            found += marks.leaks(done.stdout, (marks.SECRET,))
        if done.returncode not in (0, 1, 2):
            found.append(f"status {done.returncode}")
        if found:
            tally.leaks.append(f"{title}: {' '.join(args)}: {found}\n  {done.stderr!r}")
    return tally


def one(ocienv, title, make, given):
    with tempfile.TemporaryDirectory() as path:
        place = Place(path)
        os.chmod(path, 0o755)
        return look(title, ocienv, place, make(given, place))


def jobs():
    for form in ("json", "yaml"):
        for path in sorted((TESTS / "golden" / form / "invalid").iterdir()):
            if path.suffix not in (".expect", ".options"):
                yield path.name, golden, path
    for row in json.loads((TESTS / "policy/cases.json").read_text()):
        yield row["title"], policy_row, row
    for container in CONTAINERS:
        yield f"secret {container}", secret, container
    for folder in sorted((TESTS / "cases").iterdir()):
        yield folder.name, case, folder


def main(ocienv):
    total = Tally()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for tally in pool.map(lambda job: one(ocienv, *job), jobs()):
            total.add(tally)
    for leak in total.leaks:
        print(leak)
    print(f"{total.runs} runs, {total.diagnostics} diagnostics, {len(total.leaks)} leaks "
          f"({total.marked} sets of documents with a marker, {total.shown} answers that show one, "
          f"{total.masked} that mask one)")
    few = [key for key, least in FEWEST.items() if getattr(total, key) < least]
    for key in few:
        print(f"expected at least {FEWEST[key]} {key}, found {getattr(total, key)}")
    return 1 if total.leaks or few else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The comparisons of run.sh. Each prints what it found and fails if it is not as it must be.

prove.py answer ANSWER EXPECTED      the answer, value by value, against the one by hand
prove.py same ANSWER ANSWER          two answers, wherever their values were written
prove.py digest ANSWER SHOWN BLOB    one digest, from three sides
prove.py process SHOWN LAUNCH PID ROOT
                                     a running process against the blob that started it

ANSWER and SHOWN are what `ocienv resolve` and `ocienv show` print with --output json,
LAUNCH is what `launch --show` prints.
"""
import base64
import collections
import hashlib
import json
import os
import re
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def check(what, actual, expected, secret=False, quiet=False):
    """One line for each thing that holds; the first that does not ends the demo."""
    if actual != expected:
        if secret:
            sys.exit(f"  NOT SO: {what}: not the value that it must have")
        sys.exit(f"  NOT SO: {what}\n    expected {expected!r}\n    found    {actual!r}")
    if not quiet:
        print(f"  ok  {what}")


def value_of(variable):
    """The bytes of a variable: what is not UTF-8 travels as base64."""
    if "value_base64" in variable:
        return base64.b64decode(variable["value_base64"])
    return variable["value"].encode()


def env_of(answer):
    """[(name, value)] as bytes."""
    return [(v["name"].encode(), value_of(v)) for v in answer["env"]]


# --- answer ---------------------------------------------------------------------------

def written_at(variable):
    """The place, and the text that stands there: the reader shall see it with own eyes."""
    place = variable.get("document")
    if not place:
        return ""
    if variable.get("line"):
        place += f":{variable['line']}"
        if not variable["secret"]:
            with open(variable["document"], encoding="utf-8") as file:
                lines = file.read().splitlines()
            place += f" | {lines[variable['line'] - 1].strip()}"
    return f", {place}"


def check_variable(variable, wanted):
    name, source = variable["name"], variable["source"]
    secret = wanted.get("source") == "secret"
    check(f"{name} is marked as a secret: {secret}", variable["secret"], secret, quiet=True)
    if "source" in wanted:
        check(f"source of {name}", source, wanted["source"], quiet=True)
    if "overrode" in wanted:
        check(f"what {name} overrode", [o["source"] for o in variable["overrode"]],
              [wanted["overrode"]], quiet=True)
    shown = "(masked)" if secret else wanted["value"]
    over = "".join(f", over that of {o['source']}" for o in variable["overrode"])
    check(f"{name}={shown}  <- {source}{over}{written_at(variable)}",
          value_of(variable), wanted["value"].encode(), secret)


def answer(path, expected_path):
    found, expected = load(path), load(expected_path)

    for name, value in expected["exec"].items():
        check(f"exec.{name}: {value}", found["exec"][name], value)
    check(f"argv: {expected['argv']}", found["argv"], expected["argv"])
    check(f"cwd: {expected['cwd']}", found["cwd"], expected["cwd"])
    for name, value in expected["user"].items():
        check(f"user.{name}: {value}", found["user"][name], value)

    names = sorted(v["name"] for v in found["env"])
    check(f"{len(names)} variables, each once", names, sorted(expected["env"]))
    for variable in sorted(found["env"], key=lambda v: v["name"]):
        check_variable(variable, expected["env"][variable["name"]])
    for warning in found["warnings"]:
        print(f"  warning {warning['code']} {warning['subject']}: {warning['message']}")


# --- same -----------------------------------------------------------------------------

def same(path, other_path):
    one, other = load(path), load(other_path)

    check("same exec.path", other["exec"]["path"], one["exec"]["path"])
    for name in ("argv", "cwd", "user"):
        check(f"same {name}", other[name], one[name])
    check("same environment", sorted(env_of(other)), sorted(env_of(one)), secret=True)


# --- digest ---------------------------------------------------------------------------

def digest(answer_path, shown_path, blob_path):
    with open(blob_path, "rb") as file:
        measured = "sha384:" + hashlib.sha384(file.read()).hexdigest()
    check("digest of the answer = sha384sum of the blob", load(answer_path)["digest"],
          measured)
    check("digest that show prints = sha384sum of the blob", load(shown_path)["digest"],
          measured)


# --- process --------------------------------------------------------------------------

def read_launch(path):
    """What `launch --show` says: {label: [bytes]}; indented labels are those of Occlum."""
    fields = collections.defaultdict(list)
    with open(path, "rb") as file:
        for line in file.read().split(b"\n"):
            label, colon, text = line.partition(b":")
            if line.startswith(b"    "):
                fields["env name"].append(line.strip())
            elif colon:
                text = re.sub(rb"\\x([0-9a-f]{2})",
                              lambda m: bytes([int(m[1], 16)]), text[1:])
                fields[label.decode().strip()].append(text)
    return fields


class Process:
    """What the kernel says about a process."""

    def __init__(self, pid, root, cwd):
        # The tree may be out of the user's reach: looked at before become() is called.
        self.root_there = os.stat(root)
        self.cwd_there = os.stat(root + cwd)
        self.exe_there = os.stat(root + "/usr/bin/redis-server")
        self.dir = f"/proc/{pid}"
        self.status = dict(line.split(":", 1)
                           for line in self.read("status").decode().splitlines())
        self.cmdline = self.read("cmdline").split(b"\0")[:-1]
        try:
            self.read("environ")
            os.stat(f"{self.dir}/exe")
        except PermissionError:
            self.become()
        self.environ = self.read("environ").split(b"\0")[:-1]

    def read(self, name):
        with open(f"{self.dir}/{name}", "rb") as file:
            return file.read()

    def become(self):
        """Without CAP_SYS_PTRACE, as in a usual container, root may not look at a process
        of somebody else, but its own user may."""
        os.setgroups([])
        os.setgid(self.ids("Gid")[0])
        os.setuid(self.ids("Uid")[0])

    def ids(self, name):
        return [int(number) for number in self.status[name].split()]

    def is_at(self, name, there):
        return os.path.samestat(os.stat(f"{self.dir}/{name}"), there)


def process(shown_path, launch_path, pid, root):
    shown, launch = load(shown_path), read_launch(launch_path)
    env = env_of(shown)
    names = [name for name, _ in env]
    cwd = launch["cwd"][0].decode()
    argv = launch["argv"]
    running = Process(pid, root, cwd)

    # The blob as the enclave's reader sees it and as the host's does.
    check("launch and show read the same argv", argv, [a.encode() for a in shown["argv"]])
    check("launch and show read the same names", sorted(launch["env name"]), sorted(names))

    # argv[0] is the entrypoint script. It ends in exec "$@", so the server's arguments are
    # the script's, to the last one.
    check(f"cmdline: the arguments of {argv[0].decode()}", running.cmdline, argv[1:])
    check("exe: redis-server of the tree", running.is_at("exe", running.exe_there), True)

    # The blob's variables and nothing else, but for what the shell that ran the script
    # adds: POSIX lets it set PWD, and dash exports it.
    there = [entry.partition(b"=")[::2] for entry in running.environ]
    repeated = [n for n, k in collections.Counter(n for n, _ in there).items() if k > 1]
    check("environ: no name twice", repeated, [])
    added = sorted(name for name, _ in there if name not in names)
    check("environ: the script's shell added PWD alone", added,
          [] if b"PWD" in names else [b"PWD"])
    check(f"environ: PWD is {cwd}", dict(there)[b"PWD"], cwd.encode())
    check(f"environ: the blob's {len(env)} variables, to the byte",
          sorted(e for e in there if e[0] in names), sorted(env), secret=True)
    check("environ: LOG_LEVEL is the pod's, and there is one",
          [value for name, value in there if name == b"LOG_LEVEL"], [b"verbose"])

    check("root: the tree", running.is_at("root", running.root_there), True)
    check(f"cwd: {cwd}", running.is_at("cwd", running.cwd_there), True)
    uid, gid = int(launch["uid"][0]), int(launch["gid"][0])
    groups = [int(number) for number in launch["groups"][0].split()]
    check(f"status: uid {uid} (real, effective, saved, file system)",
          running.ids("Uid"), [uid] * 4)
    check(f"status: gid {gid}", running.ids("Gid"), [gid] * 4)
    check(f"status: groups {groups}", sorted(running.ids("Groups")), sorted(groups))
    umask = launch["umask"][0].decode()
    check(f"status: umask {umask}", running.status["Umask"].strip(), umask)


COMMANDS = {"answer": answer, "same": same, "digest": digest, "process": process}

if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
    sys.exit(__doc__)
COMMANDS[sys.argv[1]](*sys.argv[2:])

# SPDX-License-Identifier: Apache-2.0
"""compare.py [--short] [--check] ANSWER SETS: the library beside the same work in Go.

First the answers have to be equal, for each set: program, arguments, environment, working
directory, user. Then both take turns, and the medians of the rounds' ratios are printed with their
target. A peer that answers otherwise is status 1; with --check so is a target that is missed by
more than the noise of this run, what half of the rounds differ by.

The Go program is built from Debian's packages, without a network: golang-go,
golang-github-opencontainers-specs-dev, golang-github-opencontainers-image-spec-dev,
golang-k8s-sigs-yaml-dev.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

SETS = ("small", "service", "database", "many-variables", "large", "huge")
TARGET = 7.0
HERE = pathlib.Path(__file__).resolve().parent


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=False,
                          **options)
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return done.stdout.decode()


def build(folder):
    """What go build needs is what the packages put below /usr/share/gocode."""
    peer = folder / "peer"
    cache = os.environ.get("GOCACHE") or folder / "cache"
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GOCACHE": str(cache),
                   "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "CGO_ENABLED": "0"}
    run("go", "build", "-o", peer, ".", cwd=HERE / "go", env=environment)
    return peer


def make_rootfs(root):
    """As bench/tree.c makes it, and a user with a group of its own."""
    for name in ("usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin", "data", "etc"):
        (root / name).mkdir(parents=True)
    (root / "bin").symlink_to("usr/bin")
    (root / "sbin").symlink_to("usr/sbin")
    header = (b"\x7fELF\2\1\1".ljust(16, b"\0") + (2).to_bytes(2, "little") +
              (62).to_bytes(2, "little") + (1).to_bytes(4, "little") + bytes(8) +
              (64).to_bytes(8, "little") + bytes(12) +
              b"".join(n.to_bytes(2, "little") for n in (64, 56, 1, 0, 0, 0)))
    segment = ((1).to_bytes(4, "little") + (5).to_bytes(4, "little") + bytes(8) +
               (0x400000).to_bytes(8, "little") + bytes(32))
    program = root / "usr/bin/dash"
    program.write_bytes(header + segment)
    program.chmod(0o755)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n"
                                     "app:x:999:999::/home/app:/bin/sh\n", encoding="utf-8")
    (root / "etc/group").write_text("root:x:0:\napp:x:999:\nlog:x:1500:app,root\n",
                                    encoding="utf-8")
    return root


def answer_of_library(answer, sets, name, root):
    report = json.loads(run(answer, 0, sets, name, root))
    return {"path": report["exec"]["path"], "argv": report["argv"], "cwd": report["cwd"],
            "env": [f"{v['name']}={v['value']}" for v in report["env"]],
            "user": {name: report["user"][name] for name in ("uid", "gid", "groups")}}


def compare_answers(name, ours, theirs):
    for key in ours:
        if ours[key] != theirs[key]:
            sys.exit(f"{name}: the answers differ in {key}:\n{ours[key]}\n{theirs[key]}")


def measure(name, ours, theirs, rounds):
    """Both print nanoseconds. True if the target is met but for noise."""
    pairs = [(float(run(*ours)), float(run(*theirs))) for _ in range(rounds)]
    ratios = sorted(peer / own for own, peer in pairs)
    ratio = statistics.median(ratios)
    noise = ratios[len(ratios) * 3 // 4] - ratios[len(ratios) // 4]
    own, peer = (statistics.median(column) / 1000 for column in zip(*pairs))
    print(f"{name:16} library {own:9.1f} us  Go {peer:10.1f} us  ratio {ratio:5.2f}  "
          f"noise {noise:4.2f}  target {TARGET:4.2f}{'' if ratio >= TARGET else '  MISSED'}",
          flush=True)
    return ratio + noise >= TARGET


def main():
    flags = {word for word in sys.argv[1:] if word.startswith("--")}
    answer, sets = [pathlib.Path(word).resolve() for word in sys.argv[1:]
                            if word not in flags]
    rounds, seconds = (3, 0.05) if "--short" in flags else (9, 0.3)
    met = True
    with tempfile.TemporaryDirectory() as folder:
        peer = build(pathlib.Path(folder))
        root = make_rootfs(pathlib.Path(folder, "rootfs"))
        for name in SETS:
            compare_answers(name, answer_of_library(answer, sets, name, root),
                            json.loads(run(peer, sets / name, root)))
            met = measure(name, (answer, seconds, sets, name, root),
                          (peer, "-bench", seconds, sets / name, root), rounds) and met
    print(f"{len(SETS)} sets, equal answers")
    sys.exit(0 if met or "--check" not in flags else 1)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""One container at a time: a bundle is made, a runtime runs it, nothing stays."""
import os
import pathlib
import subprocess
import time

import tree

SECONDS = 30  # for one container, however slow the machine is

# Each runtime by the version that Debian 12 has: its command and the library's profile.
RUNTIMES = {
    "runc 1.1": (["runc"], "runc-1.1"),
    "crun 1.8": (["crun", "--cgroup-manager=disabled"], "crun-1.8"),
}


def frame(cgroup):
    """What stands in each config.json beside the process."""
    return {
        "ociVersion": "1.0.2",
        "root": {"path": "rootfs"},
        "hostname": "h",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
             "options": ["nosuid", "mode=755"]},
        ],
        "linux": {"cgroupsPath": cgroup,
                  "namespaces": [{"type": kind} for kind in ("mount", "pid", "ipc", "uts")]},
    }


class Bench:
    """Where one worker runs its containers. Everything lies in `folder`."""

    def __init__(self, folder, show, cgroup):
        self.folder = pathlib.Path(folder)
        self.cgroup = cgroup
        self.bundle, self.files = self.folder / "bundle", self.folder / "files"
        self.files.mkdir(parents=True)
        self.bundle.mkdir()
        self.store = tree.Store(self.files, show)
        self.count, self.name = 0, ""

    def place(self, row):
        """A new root filesystem and the config.json of the row."""
        root = self.bundle / "rootfs"
        # A tree may be deeper by now than Python's own remover goes.
        subprocess.run(["rm", "-rf", root], check=True)
        tree.make(root, self.store, row.accounts)
        self.count += 1
        self.name = f"{self.folder.name}-{self.count}"
        document = row.document(frame(f"{self.cgroup}/{self.name}"))
        (self.bundle / "config.json").write_bytes(document)

    def run(self, runtime):
        """What the program wrote, or None and what the runtime said instead."""
        name, state = self.name, self.folder / "state"
        command = [*RUNTIMES[runtime][0], "--root", str(state)]
        try:
            done = subprocess.run([*command, "run", "--bundle", str(self.bundle), name],
                                  stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=SECONDS)
        finally:
            if (state / name).exists():
                subprocess.run([*command, "delete", "--force", name], capture_output=True)
        said = done.stderr.decode(errors="replace").strip()
        if done.stdout.endswith(b".\0") and done.returncode == 0:
            return done.stdout, ""
        if done.stdout:
            raise RuntimeError(f"{runtime} stopped in the middle: {said}")
        return None, said.split("\n")[-1] or f"exit status {done.returncode}"

    def answer(self, program, runtime):
        """What the library says of the bundle; a runtime must not have touched it."""
        done = subprocess.run([program, RUNTIMES[runtime][1], self.bundle / "config.json",
                               self.bundle / "rootfs"], capture_output=True, timeout=SECONDS)
        if done.returncode or not done.stdout.endswith(b".\0"):
            raise RuntimeError(f"answer failed: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def evidence(self, row):
        """All the bytes that a row consists of."""
        accounts = [text.encode() for text in tree.ACCOUNTS[row.accounts] if text is not None]
        return b"\n".join([(self.bundle / "config.json").read_bytes(), *accounts])

    def directory(self, path):
        """Where a process comes that enters `path` in the root filesystem; None: nowhere."""
        root = self.bundle / "rootfs"

        def enter():
            os.chroot(root)
            os.chdir(path)

        try:
            done = subprocess.run(["/bin/show"], preexec_fn=enter, env={}, capture_output=True)
        except (OSError, subprocess.SubprocessError):
            return None
        return [text[1:] for text in done.stdout.split(b"\0") if text[:1] == b"c"][0]


def remove_cgroups(top):
    """cgroups are directories without files that could be removed. They are busy until the
    last process of a killed container is gone."""
    for path, _, _ in os.walk(top, topdown=False):
        for left in reversed(range(100)):
            try:
                os.rmdir(path)
                break
            except OSError:
                if not left:
                    raise
                time.sleep(0.1)

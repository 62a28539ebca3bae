# SPDX-License-Identifier: Apache-2.0
"""Builds the root file system that a rootfs.json describes.

A description says what is there, so nothing in it is passed over: a key, a type or a place
that is not known here ends the case. Owners other than the caller need root; where that is
missing the case cannot run, which is a failure too."""
import base64
import os
import pathlib
import socket
import stat

import elf

COMMON = {"path", "type", "mode", "uid", "gid"}
CONTENT = ("content", "content_b64", "content_base64", "elf")


def plain_path(text):
    """The parts of an absolute path that names its place without detours."""
    parts = text.split("/")[1:] if text != "/" else []
    if not text.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"expected an absolute path without detours, found {text!r}")
    return parts


def place(root, text):
    """Where an entry goes. A link on the way would lead out of the tree."""
    path = pathlib.Path(root)
    for part in plain_path(text)[:-1]:
        path /= part
        if not path.exists() and not path.is_symlink():
            path.mkdir(mode=0o755)
        if path.is_symlink() or not path.is_dir():
            raise ValueError(f"expected directories above {text!r}, found another file")
    return path.joinpath(*plain_path(text)[-1:])


def content_of(entry):
    given = [key for key in CONTENT if key in entry]
    if len(given) > 1:
        raise ValueError(f"expected one content of {entry['path']!r}, found {given}")
    if not given:
        return b""
    value = entry[given[0]]
    if given[0] == "elf":
        return elf.build(value)
    return value.encode() if given[0] == "content" else base64.b64decode(value, validate=True)


def make_file(path, entry, _root):
    with open(path, "xb") as file:
        file.write(content_of(entry))


def make_dir(path, _entry, _root):
    path.mkdir(exist_ok=True)


def make_symlink(path, entry, _root):
    os.symlink(entry["target"], path)


def make_hardlink(path, entry, root):
    os.link(place(root, entry["target"]), path, follow_symlinks=False)


def make_fifo(path, _entry, _root):
    os.mkfifo(path)


def make_socket(path, _entry, _root):
    """A bound name is cut at about 108 bytes, so it is bound by its short one."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(path.parent)
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


def make_device(path, entry, _root):
    kind = stat.S_IFBLK if entry["type"] == "block" else stat.S_IFCHR
    os.mknod(path, kind | 0o600, os.makedev(entry.get("major", 1), entry.get("minor", 3)))


# The maker of each type, and the keys that only it takes.
TYPES = {
    "dir": (make_dir, set()),
    "file": (make_file, set(CONTENT)),
    "symlink": (make_symlink, {"target"}),
    "link": (make_symlink, {"target"}),
    "hardlink": (make_hardlink, {"target"}),
    "fifo": (make_fifo, set()),
    "socket": (make_socket, set()),
    "char": (make_device, {"major", "minor"}),
    "block": (make_device, {"major", "minor"}),
}


def make(root, entry):
    maker, keys = TYPES.get(entry.get("type"), (None, set()))
    if not maker:
        raise ValueError(f"expected a known type of file, found {entry.get('type')!r}")
    if set(entry) - COMMON - keys:
        raise ValueError(f"expected known keys of {entry['path']!r}, "
                         f"found {sorted(set(entry) - COMMON - keys)}")
    path = place(root, entry["path"])
    maker(path, entry, root)
    return path


def set_rights(path, entry):
    """Owner first: a change of owner takes set-user-id bits away."""
    is_link = path.is_symlink()
    there = os.lstat(path)
    uid, gid = entry.get("uid", there.st_uid), entry.get("gid", there.st_gid)
    if (there.st_uid, there.st_gid) != (uid, gid):
        os.chown(path, uid, gid, follow_symlinks=False)
    if "mode" in entry and not is_link:
        mode = entry["mode"]
        os.chmod(path, int(mode, 8) if isinstance(mode, str) else mode)


def build(root, described):
    """Makes `root` and all that is below it. Rights come last: they may close a directory."""
    if set(described) - {"entries"}:
        raise ValueError(f"expected entries in rootfs.json, found {sorted(described)}")
    os.mkdir(root, 0o755)
    os.chmod(root, 0o755)
    made = [(make(root, entry), entry) for entry in described["entries"]]
    for path, entry in reversed(made):
        set_rights(path, {"mode": "0755" if entry["type"] == "dir" else "0644", **entry})

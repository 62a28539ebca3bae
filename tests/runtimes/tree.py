# SPDX-License-Identifier: Apache-2.0
"""The root filesystem: small, and made anew for every container, since a runtime makes the
working directory where there is none."""
import os

ALICE, BOB = 1000, 1001

# Each: path, owner, group, mode; parents first.
DIRS = [
    ("bin", 0, 0, 0o755), ("usr", 0, 0, 0o755), ("usr/bin", 0, 0, 0o755),
    ("usr/lib", 0, 0, 0o755), ("usr/lib/deep", 0, 0, 0o755), ("usr/lib/bin", 0, 0, 0o755),
    ("dev", 0, 0, 0o755), ("proc", 0, 0, 0o755), ("etc", 0, 0, 0o755), ("tmp", 0, 0, 0o1777),
    ("work", 0, 0, 0o755), ("work/bin", 0, 0, 0o755), ("work/sub", 0, 0, 0o755),
    ("with space", 0, 0, 0o755), ("w\u00f6rk", 0, 0, 0o755), ("new\nline", 0, 0, 0o755),
    ("root-only", 0, 0, 0o700), ("alice", ALICE, ALICE, 0o700), ("bob", BOB, BOB, 0o750),
    ("no-search", 0, 0, 0o644), ("bin/adir", 0, 0, 0o755), ("a:b", 0, 0, 0o755),
]
# The static program: path, owner, group, mode.
PROGRAMS = [
    ("bin/show", 0, 0, 0o755), ("usr/bin/show", 0, 0, 0o755), ("usr/bin/only", 0, 0, 0o755),
    ("usr/lib/bin/show", 0, 0, 0o755), ("work/show", 0, 0, 0o755), ("work/tool", 0, 0, 0o755),
    ("work/bin/show", 0, 0, 0o755), ("work/sub/show", 0, 0, 0o755), ("show", 0, 0, 0o755),
    ("root-only/show", 0, 0, 0o755), ("alice/show", ALICE, ALICE, 0o700),
    ("bob/show", BOB, BOB, 0o750), ("no-search/show", 0, 0, 0o755), ("a:b/show", 0, 0, 0o755),
    ("bin/for-root", 0, 0, 0o700), ("usr/bin/for-root", 0, 0, 0o755),
    ("bin/for-alice", ALICE, ALICE, 0o700), ("bin/for-group", 0, BOB, 0o710),
    ("bin/not-group", 0, BOB, 0o705), ("bin/not-owner", ALICE, ALICE, 0o077),
    ("bin/others", 0, 0, 0o001), ("bin/no-x", 0, 0, 0o644), ("usr/bin/no-x", 0, 0, 0o755),
    ("bin/nowhere-x", 0, 0, 0o644), ("usr/bin/adir", 0, 0, 0o755),
    ("bin/setuid", 0, 0, 0o4755),
    ("usr/bin/afifo", 0, 0, 0o755), ("usr/bin/loop", 0, 0, 0o755), ("bin/..x", 0, 0, 0o755),
    ("bin/.hidden", 0, 0, 0o755), ("work/.hidden", 0, 0, 0o755),
    ("bin/with space", 0, 0, 0o755),
    ("bin/sh\u00f6w", 0, 0, 0o755), ("bin/" + "n" * 255, 0, 0, 0o755),
]
TEXTS = [
    ("bin/script", "#!/bin/show\n"), ("bin/script-arg", "#! /bin/show  -x  y \n"),
    ("bin/script-twice", "#!/bin/script one\n"), ("bin/script-crlf", "#!/bin/show\r\n"),
    ("bin/script-lost", "#!/bin/nowhere\n"), ("usr/bin/script-lost", "#!/bin/show\n"),
    ("bin/script-plain", "echo no interpreter\n"), ("bin/script-empty", ""),
]
LINKS = [
    ("bin/link", "/usr/bin/show"), ("bin/link-up", "../../../usr/bin/show"),
    ("bin/dangling", "/nowhere"), ("bin/loop", "loop"), ("sbin", "usr/bin"),
    ("deep", "/usr/lib/deep"), ("bin/link-dir", "/work"), ("work/up", "../usr"),
    ("dangling", "/nowhere"), ("loop", "loop"), ("usr/bin/dangling", "/bin/show"),
]

PASSWD = """root:x:0:0:root:/roothome:/bin/sh
alice:x:1000:1000::/home/alice:/bin/sh
bob:x:1001:1001::/home/bob:/bin/sh
homeless:x:1002:1002:::/bin/sh
relative:x:1003:1003::home/relative:/bin/sh
alice2:x:1000:1000::/home/second:/bin/sh
spaced:x:1004:1004::/home/with space:/bin/sh
last:x:1005:1005::/home/last:/bin/sh
"""
GROUP = "root:x:0:\nalice:x:1000:bob\nbob:x:1001:\nstaff:x:50:alice,bob\n"

# What /etc/passwd and /etc/group can be; None: there is none.
ACCOUNTS = {
    "usual": (PASSWD, GROUP),
    "absent": (None, None),
    "empty": ("", ""),
    "no-newline": (PASSWD + "end:x:7:7::/home/end", GROUP),
    "crlf": (PASSWD.replace("\n", "\r\n"), GROUP),
    "blank-lines": ("\n\n" + PASSWD.replace("\n", "\n\n"), GROUP),
    "comment": ("# users of this image\n" + PASSWD, "# groups\n" + GROUP),
    "word": ("ghost\n" + PASSWD, GROUP),
    "nis": (PASSWD + "+::::::\n", GROUP),
    "short": ("alice:x:1000\nshort:x:7:7\n" + PASSWD, GROUP),
    "signed": ("plus:x:+1000:1000::/home/plus:/bin/sh\n" + PASSWD, GROUP),
    "digits": ("1000:x:4:4::/home/digits:/bin/sh\n" + PASSWD, "1000:x:4:\n50:x:0:\n" + GROUP),
    "long-gecos": (PASSWD.replace("::/home/alice", ":" + "g" * 2000 + ":/home/alice"), GROUP),
}


class Store:
    """One file for each owner, mode and content, linked into all the trees."""

    def __init__(self, folder, show):
        self.folder, self.files = folder, {}
        with open(show, "rb") as file:
            self.show = file.read()

    def link(self, content, uid, gid, mode, path):
        key = (content, uid, gid, mode)
        if key not in self.files:
            self.files[key] = name = os.path.join(self.folder, str(len(self.files)))
            with open(name, "wb") as file:
                file.write(content)
            os.chown(name, uid, gid)
            os.chmod(name, mode)
        os.link(self.files[key], path)


def make(root, store, accounts):
    """A new tree in `root`, which must not be there."""
    os.mkdir(root)
    for path, uid, gid, mode in DIRS:
        full = os.path.join(root, path)
        os.mkdir(full)
        os.chown(full, uid, gid)
        os.chmod(full, mode)
    for path, uid, gid, mode in PROGRAMS:
        store.link(store.show, uid, gid, mode, os.path.join(root, path))
    for path, text in TEXTS:
        store.link(text.encode(), 0, 0, 0o755, os.path.join(root, path))
    for path, target in LINKS:
        os.symlink(target, os.path.join(root, path))
    os.mkfifo(os.path.join(root, "bin/afifo"))
    os.chmod(os.path.join(root, "bin/afifo"), 0o755)
    for name, text in zip(("passwd", "group"), ACCOUNTS[accounts]):
        if text is not None:
            store.link(text.encode(), 0, 0, 0o644, os.path.join(root, "etc", name))

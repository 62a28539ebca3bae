# SPDX-License-Identifier: Apache-2.0
"""Process objects: usual ones, hostile ones, and any mixture, from a fixed seed.

Each of the parts (environment, arguments, ...) has a list of odd forms. First every odd form
stands alone in a process that is usual otherwise; then come mixtures."""
import json
import random

import tree
from forms import (ABSENT, CAPS, CWDS, ENV_NAMES, ENV_VALUES, ENVS, GROUPS, HOMES, IDS, NAMES,
                   ODD_IDS, PATHS, PRIVATE, REST, TEXTS, UMASKS, USERS)

SEED, MIXTURES = 20230401, 100

USUAL_PATHS = ["/bin", "/usr/bin:/bin", "/bin:/usr/bin", "/nowhere:/bin", "/root-only:/bin",
               "/bob:/bin:/usr/bin"]
USUAL_NAMES = ["show", "/bin/show", "only", "script-arg", "link", "for-alice", "for-group",
               "others", "/work/tool"]
USUAL_REST = [[], ["a"], ["-c", "x y"]]
USUAL_CWDS = ["/", "/work", "/work/sub", "/made"]


class Row:
    """One config.json and the accounts of its root filesystem."""

    def __init__(self, name, process, accounts="usual", edit=None, tail=b""):
        self.name, self.process, self.accounts = name, process, accounts
        self.edit, self.tail = edit, tail

    def document(self, frame):
        """The bytes: `frame` with this process."""
        text = json.dumps({**frame, "process": self.process}, ensure_ascii=True).encode()
        if self.edit:
            old, new = (part if isinstance(part, bytes) else part.encode()
                        for part in self.edit)
            if old not in text:
                raise ValueError(self.name + ": the text to edit is not there")
            text = text.replace(old, new, 1)
        return text + self.tail


def environment(path, entries):
    if not isinstance(entries, list):
        return entries
    if "!" in entries:
        return [entry for entry in entries if entry != "!"]
    return ([] if path is ABSENT else ["PATH=" + path]) + entries


def make(path="/bin:/usr/bin", name="show", rest=(), env=("A=1",), cwd="/", user=None,
         caps=CAPS[0], nnp=True):
    env = environment(path, list(env) if isinstance(env, tuple) else env)
    process = {"terminal": False, "user": {"uid": 0, "gid": 0} if user is None else user,
               "args": [name, *rest], "env": env, "cwd": cwd, "capabilities": caps,
               "noNewPrivileges": nnp}
    return {key: value for key, value in process.items() if value is not ABSENT}


def is_private(text):
    """True if it matters who looks there."""
    return isinstance(text, str) and any(word in text for word in PRIVATE)


def alone():
    """Each odd form by itself."""
    alice, bob = {"uid": 1000, "gid": 1000}, {"uid": 1001, "gid": 1001}
    for path in PATHS:
        yield Row("path", make(path, cwd="/work"))
        if is_private(path):
            yield Row("path-user", make(path, user=alice, caps=ABSENT))
    for name in NAMES:
        yield Row("name", make(name=name, cwd="/work"))
        if is_private(name):
            yield Row("name-user", make("/usr/bin:/bin", name, user=bob, caps=ABSENT))
    for rest in REST:
        yield Row("args", make(rest=rest))
    for args in (ABSENT, None, [], [None], [1], "show", ["show", None], [["show"]], {}):
        process = make()
        process.pop("args") if args is ABSENT else process.update(args=args)
        yield Row("args-form", process)
    for cwd in CWDS:
        yield Row("cwd", make(cwd=cwd))
        if is_private(cwd):
            yield Row("cwd-user", make(cwd=cwd, name="/bin/show", user=alice, caps=ABSENT))
    # Relative to a directory that the runtime makes.
    for cwd in ("/nowhere/../work", "/made", "/made/for/it", "/made/../made", "/work/new/.."):
        for name in ("./show", "../show", "../../show", "../bin/show", "../made/../show",
                     "../other/../show"):
            yield Row("made-cwd", make(name=name, cwd=cwd))
        yield Row("made-cwd", make("../bin:.", cwd=cwd))
    for env in ENVS:
        yield Row("env", make(name="/bin/show", env=env))
    yield from users()
    for caps in CAPS:
        for name in ("for-root", "for-alice", "/root-only/show", "not-owner", "others"):
            yield Row("caps", make(name=name, user=alice, caps=caps, nnp=False))
        for name in ("for-alice", "/alice/show"):
            yield Row("caps-root", make(name=name, caps=caps))
    for name, old, new in TEXTS:
        yield Row("text-" + name, make(), edit=(old, new))
    for tail in (b" \n", b"x", b"{}", b"\0", b"\xef\xbb\xbf"):
        yield Row("tail", make(), tail=tail)


def users():
    for user in USERS:
        process = make(user={})
        process.pop("user") if user is ABSENT else process.update(user=user)
        yield Row("user", process)
    for uid in IDS + ODD_IDS:
        yield Row("uid", make(user={"uid": uid, "gid": 0}))
        yield Row("gid", make(user={"uid": 0, "gid": uid}))
    for groups in GROUPS:
        yield Row("groups", make(user={"uid": 1000, "gid": 1000, "additionalGids": groups}))
    for umask in UMASKS:
        yield Row("umask", make(user={"uid": 0, "gid": 0, "umask": umask}))
    for accounts in tree.ACCOUNTS:
        for uid in (0, 1000, 7):
            yield Row("accounts-" + accounts,
                      make(user={"uid": uid, "gid": 1000, "additionalGids": [50]}), accounts)


def random_env(rng):
    entries = []
    for _ in range(rng.randrange(8)):
        entries.append(rng.choice(ENV_NAMES[:6 if rng.random() < 0.7 else None]) + "=" +
                       rng.choice(ENV_VALUES))
    for _ in range(rng.randrange(3)):
        if entries:
            name = rng.choice(entries).partition("=")[0]
            entries.insert(rng.randrange(len(entries) + 1),
                           name + "=" + rng.choice(ENV_VALUES))
    if rng.random() < 0.3:
        entries.insert(rng.randrange(len(entries) + 1), rng.choice(HOMES[:5]))
    if rng.random() < 0.15:
        entries.append("PATH=" + rng.choice(PATHS[2:]))
    return entries


def mixture(rng):
    def pick(usual, odd):
        return rng.choice(odd if rng.random() < 0.25 else usual)

    user = {"uid": rng.choice(IDS), "gid": rng.choice(IDS)}
    if rng.random() < 0.4:
        user["additionalGids"] = rng.choice(GROUPS[:11])
    if rng.random() < 0.3:
        user["umask"] = rng.choice(UMASKS[:7])
    env = random_env(rng) if rng.random() < 0.85 else rng.choice(ENVS)
    return Row("mixture", make(
        pick(USUAL_PATHS, PATHS), pick(USUAL_NAMES, NAMES), pick(USUAL_REST, REST), env,
        pick(USUAL_CWDS, CWDS), user, rng.choice(CAPS[:7]), rng.random() < 0.5),
        pick(["usual"], list(tree.ACCOUNTS)))


def rows():
    rng = random.Random(SEED)
    return [*alone(), *(mixture(rng) for _ in range(MIXTURES))]

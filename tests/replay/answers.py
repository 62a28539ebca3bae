# SPDX-License-Identifier: Apache-2.0
"""Compares reports of the command with what upstream's code answered."""
import command


def first_difference(*pairs):
    """The first of (what, expected, found) that differs, as text."""
    for what, wanted, found in pairs:
        if wanted != found:
            return f"{what}: expected {wanted!r}, found {found!r}"
    return None


def process(wanted, report):
    """What execve and chdir are handed; the environment is a map."""
    found = command.environment(report)
    env = {name: value.encode() for name, value in wanted["env"].items()}
    if report["exec"] is None and env.get("HOME") == b"/":
        found.setdefault("HOME", b"/")
    return first_difference(
        ("args", wanted["args"], report["argv"]), ("cwd", wanted["cwd"], report["cwd"]),
        *((f"env {name}", env.get(name), found.get(name)) for name in sorted({*env, *found})))


def user(wanted, report):
    """The kernel sorts the groups; the runtime is given all of them."""
    wanted, found = wanted["user"], report["user"]
    return first_difference(
        ("uid", wanted["uid"], found.get("uid")), ("gid", wanted["gid"], found.get("gid")),
        ("groups", sorted(wanted["additionalGids"]), sorted(found.get("groups", []))))


def order(cri, image_config, report):
    """The CRI plugin's own variables and those of the image have a place of their own; the
    pod's are in random order, and so is what both set."""
    names = [entry.partition("=")[0] for entry in cri["env"]]
    own = {"PATH", "TERM", "HOSTNAME"}
    own |= {entry.partition("=")[0]
            for entry in (image_config.get("config") or {}).get("Env") or []}
    own = {name for name in own if names.count(name) == 1}
    return first_difference(("order of env", [name for name in names if name in own],
                             [name for name in command.environment(report) if name in own]))


def image(wanted, report):
    """A list that is null and one that is empty are two answers."""
    env = [f"{entry['name']}={entry['value']}" for entry in report["env"] or []]
    named = report["user"]["image_user"]
    return first_difference(
        ("entrypoint", wanted["entrypoint"], report["entrypoint"]),
        ("cmd", wanted["cmd"], report["args"]),
        ("env", wanted["env"], env if wanted["env"] is not None or env else None),
        ("workingDir", wanted["workingDir"], (report["cwd"] or {}).get("value") or ""),
        ("user", wanted["user"], (named or {}).get("value") or ""))

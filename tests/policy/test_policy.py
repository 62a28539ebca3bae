# SPDX-License-Identifier: Apache-2.0
"""test_policy.py OCIENV: cases.json, row by row, through the command.

A row names what differs from a plain situation: `image`, `spec` and `pod` are lists of
NAME=VALUE (a document that is not named is not there; without any there is a spec),
`image_config`, `process` and `container` members of those. The policy is `policy`, a built-in
one, or made of `rules`, `unlisted`, `limits`, `hostfs`, with everything else let through.
Expected is `env` (all of it; a default PATH need not be named), `argv`, `cwd`, `user`, `exec`,
`warning`, `verdicts`, or the status of a refusal with `says` and `at`."""
import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
import cli  # noqa: E402

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OBJECTS = """apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {k: hush-hush}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: m}
data: {k: cm-value}
"""
FROM = {"configmap": {"name": "CM", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "k"}}},
        "secret": {"name": "SEC", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        "downward": {"name": "FIELD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}}
KNOWN = {"title", "image", "spec", "pod", "image_config", "process", "container", "policy",
         "builtin", "rules", "unlisted", "limits", "hostfs", "policy_env", "rootfs", "lenient",
         "pod_from", "env", "argv", "cwd", "user", "exec", "warning", "verdicts", "error",
         "says", "at"}


def pairs(entries):
    return [dict(zip(("name", "value"), entry.split("=", 1))) for entry in entries]


def documents(row):
    """What stands in the files, by flag."""
    made = {}
    if "image" in row:
        made["--image"] = json.dumps({"config": {
            "Entrypoint": ["/app"], "Env": row["image"], **row.get("image_config", {})}})
    if "pod" in row:
        env = pairs(row["pod"]) + [FROM[key] for key in [row.get("pod_from")] if key]
        command = {} if "image" in row else {"command": ["/app"]}
        made["--pod"] = json.dumps({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"enableServiceLinks": False, "containers": [
                {"name": "c", "env": env, **command, **row.get("container", {})}]}})
    elif "spec" in row or "process" in row or "image" not in row:
        made["--spec"] = json.dumps({"process": {
            "args": ["/app"], "cwd": "/", "env": row.get("spec", []),
            "user": {"uid": 7, "gid": 8}, **row.get("process", {})}})
    return made


def policy_of(row, made):
    if "policy" in row:
        text = json.dumps(row["policy"])
        digest = hashlib.sha256(made.get("--image", "").encode()).hexdigest()
        return text.replace('"IMAGE"', f'"sha256:{digest}"')
    policy = {"ocienv_policy": 1, **{key: {"match": "any"} for key in ("argv", "cwd", "user")},
              "env": row.get("policy_env") or {"rules": row["rules"]}}
    if "unlisted" in row:
        policy["env"]["unlisted"] = row["unlisted"]
    for key in ("limits", "hostfs"):
        if key in row:
            policy[key] = row[key]
    return json.dumps(policy)


def command_line(place, row):
    args = ["resolve", "--output", "json"]
    made = documents(row)
    for flag, text in made.items():
        name = {"--image": "image.json", "--spec": "spec.json", "--pod": "pod.yaml"}[flag]
        place.write(name, text)
        args += [flag, name]
    place.write("objects.yaml", OBJECTS)
    if "pod_from" in row:
        args += ["--objects", "objects.yaml"]
    if "lenient" in row:
        args += ["--lenient", "--runtime", row["lenient"]]
    if row.get("rootfs"):
        args += ["--rootfs", "root"]
    if "builtin" in row:
        return args + ["--policy", row["builtin"]]
    place.write("policy.json", policy_of(row, made))
    return args + ["--policy", "policy.json"]


def values(row):
    """Values that nobody may be told."""
    entries = row.get("image", []) + row.get("spec", []) + row.get("pod", [])
    return [value for value in ((entry.split("=", 1) + [""])[1] for entry in entries)
            if len(value) > 5] + ["hush-hush", "cm-value"]


def secret_fault(row, text):
    return next((f"a value in a message: {text!r}" for value in values(row) if value in text),
                None)


def refusal_fault(row, code, out, err):
    text = err.decode()
    if code != 1 or out:
        return f"expected a refusal, found {code} {out!r} {text!r}"
    if not text.endswith(f"[{row['error']}]\n"):
        return f"expected {row['error']}, found {text!r}"
    if row.get("says", "") not in text or not text.startswith(row.get("at", "")):
        return f"expected {row.get('says')!r} at {row.get('at')!r}, found {text!r}"
    return secret_fault(row, text)


def answer_fault(row, report):
    found = {entry["name"]: entry["value"] for entry in report["env"]}
    wanted = row.get("env", found)
    if "PATH" not in wanted and found.get("PATH") == DEFAULT_PATH:
        del found["PATH"]
    got = {"env": found, "argv": report["argv"], "cwd": report["cwd"],
           "user": {key: report["user"].get(key) for key in row.get("user", {})},
           "exec": (report["exec"] or {}).get("path")}
    for key in ("env", "argv", "cwd", "user", "exec"):
        if key in row and got[key] != row[key]:
            return f"{key}: expected {row[key]!r}, found {got[key]!r}"
    codes = [[warning["code"], warning["subject"]] for warning in report["warnings"]]
    if "warning" in row and row["warning"] not in codes:
        return f"expected a warning {row['warning']}, found {codes}"
    entries = [[e["name"], e["source"], e["verdict"], e["rule"]]
               for e in report["policy"]["entries"]]
    missing = [verdict for verdict in row.get("verdicts", []) if verdict not in entries]
    if missing:
        return f"expected {missing}, found {entries}"
    return secret_fault(row, json.dumps([report["warnings"], report["policy"]]))


def check(place, row):
    unknown = set(row) - KNOWN
    if unknown:
        return f"expected keys that are known here, found {sorted(unknown)}"
    code, out, err = place.run(*command_line(place, row))
    if "error" in row:
        return refusal_fault(row, code, out, err)
    if code:
        return f"expected an answer, found {err.decode()!r}"
    return answer_fault(row, json.loads(out))


def main():
    rows = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    place, tally = cli.Place(sys.argv[1]), cli.Tally()
    (place.path / "root/bin").mkdir()
    place.program("bin/sh", cli.static_elf())
    place.program("bin/busybox", cli.static_elf())
    place.write("root/etc/passwd", "root:x:0:0::/root:/bin/sh\nseven:x:7:8::/data:/bin/sh\n")
    place.write("root/etc/group", "eight:x:8:\nnine:x:9:seven\n")
    tally.check("150 cases", len(rows) >= 150, f"found {len(rows)}")
    tally.equal("titles", len({row["title"] for row in rows}), len(rows))
    for row in rows:
        fault = check(place, row)
        tally.check(row["title"], not fault, fault)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())

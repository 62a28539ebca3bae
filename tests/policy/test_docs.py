# SPDX-License-Identifier: Apache-2.0
"""test_docs.py OCIENV TOP: the example of docs/policy.md is a policy, and does what the page
says; each word in its tables is one that the library takes."""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
import cli  # noqa: E402

TYPES = {"ipv4": "10.0.0.1", "ipv6": "::1", "ip": "::1", "port": "80", "uint": "0", "bool": "1",
         "dns_label": "a", "dns_name": "a.b", "abs_path": "/", "path_list": "/:/", "url": "a://b",
         "hex": "00", "base64": "YQ==", "text": "x"}
SPEC = {"process": {"args": ["/app"], "cwd": "/", "user": {"uid": 7}}}
FREE = {"ocienv_policy": 1, **{key: {"match": "any"} for key in ("argv", "cwd", "user")}}


def words(text, heading):
    """The words in the first column of a table."""
    table = text.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    return [word for row in re.findall(r"^\| (`[^|]*) \|", table, re.M)
            for word in re.findall(r"`(\w+)`", row)]


def resolve(place, policy, env):
    place.write("p.json", policy if isinstance(policy, str) else json.dumps(policy))
    place.write("s.json", json.dumps({"process": {**SPEC["process"], "env": env}}))
    code, out, err = place.run("resolve", "--spec", "s.json", "--policy", "p.json", "--output",
                               "json")
    return {e["name"]: e["value"] for e in json.loads(out)["env"]} if not code else err.decode()


def check_example(place, tally, example):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {
        "enableServiceLinks": False, "containers": [{"name": "c", "env": [
            {"name": "POD_IP", "value": "10.0.0.9"}, {"name": "LOG_LEVEL", "value": "debug"},
            {"name": "PATH", "value": "/evil"}, {"name": "DEBUG_X", "value": "1"}]}]}}
    image = {"config": {"Cmd": ["/app"], "Env": ["REDIS_VERSION=7", "LOG_LEVEL=info",
                                                 "OTHER=1"]}}
    place.write("p.json", example)
    place.write("i.json", json.dumps(image))
    place.write("pod.json", json.dumps(pod))
    args = ("resolve", "--image", "i.json", "--pod", "pod.json", "--policy", "p.json")
    code, out, err = place.run(*args, "--output", "json")
    tally.equal("example", code, 0)
    tally.check("example", not err, err)
    report = json.loads(out or b'{"env": []}')
    tally.equal("example: env", {e["name"]: e["value"] for e in report["env"]},
                {"PATH": "/usr/local/bin:/usr/bin:/bin", "REDIS_VERSION": "7",
                 "POD_IP": "10.0.0.9", "LOG_LEVEL": "debug"})
    pod["spec"]["containers"][0]["env"][1]["value"] = "loud"
    place.write("pod.json", json.dumps(pod))
    line = example[:example.index("LOG_LEVEL")].count("\n") + 1
    tally.check("example: refusal", f'found "LOG_LEVEL" from pod: rule 4, policy line {line} '
                "[policy]" in place.run(*args)[2].decode())


def main():
    place, tally = cli.Place(sys.argv[1]), cli.Tally()
    text = (pathlib.Path(sys.argv[2]) / "docs/policy.md").read_text(encoding="utf-8")
    check_example(place, tally, re.search(r"```json\n(.*?)```", text, re.S).group(1))
    tally.equal("types", sorted(words(text, "type")), sorted(TYPES))
    for name, value in TYPES.items():
        rule = {"name": "V", "from": ["runtime"], "type": name}
        tally.equal(f"type {name}", resolve(place, {**FREE, "env": {"rules": [rule]}},
                                            [f"V={value}"]), {"V": value})
    for word in words(text, "word"):
        rule = {"name": "V", "from": [word], "value": "x"}
        tally.check(f"from {word}", isinstance(
            resolve(place, {**FREE, "env": {"rules": [rule]}}, []), dict))
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""test_outputs.py COMMAND: the forms of an answer, and the blobs read back."""
import hashlib
import json
import os
import sys

import cli

INPUTS = ["--image", "image.json", "--pod", "pod.yaml", "--objects", "objects.yaml"]
ALL = [*INPUTS, "--rootfs", "root"]
ARGV = ["server", "--level", "debug"]
ENV = {"PATH": "/usr/bin:/opt/bin", "HOSTNAME": "web-0", "LEVEL": "debug", "TOKEN": "hush-hush",
       "MODE": "fast", "HOME": "/srv"}


def check_json(tally, place):
    status, out, err = place.run("resolve", *ALL, "--output", "json")
    answer = json.loads(out)
    tally.equal("json status", (status, err), (0, b""))
    tally.equal("json keys", list(answer), ["ocienv", "exec", "argv", "cwd", "user", "env",
                                            "warnings", "digest"])
    tally.equal("exec", answer["exec"], {
        "path": "/opt/bin/server", "canonical": "/opt/bin/server", "path_index": 1,
        "interpreters": [{"path": "/opt/bin/sh", "arg": "-e"}],
        "elf": {"machine": "x86_64", "type": "exec", "interp": None}})
    tally.equal("argv", answer["argv"], ARGV)
    tally.equal("cwd", answer["cwd"], "/srv")
    tally.equal("user", answer["user"], {"uid": 33, "gid": 33, "groups": [33, 44]})
    tally.equal("env", {e["name"]: e["value"] for e in answer["env"]}, ENV)
    level = next(e for e in answer["env"] if e["name"] == "LEVEL")
    tally.equal("provenance", level, {
        "name": "LEVEL", "value": "debug", "source": "pod", "document": "pod.yaml", "line": 13,
        "column": 14, "secret": False, "overrode": [{
            "source": "image", "document": "image.json", "line": 6, "column": 39}]})
    token = next(e for e in answer["env"] if e["name"] == "TOKEN")
    tally.equal("secret", (token["source"], token["document"], token["line"], token["secret"]),
                ("secret", "objects.yaml", 4, True))
    return answer


def check_text(tally, place):
    _, out, _ = place.run("resolve", *ALL)
    tally.check("text masks secrets", b"hush" not in out and b"TOKEN=********" in out, out)
    tally.check("text says where from", b"from pod pod.yaml:13:14, over image image.json:6:39"
                in out, out)
    _, out, _ = place.run("resolve", *ALL, "--show-secrets")
    tally.check("text shows secrets on demand", b"TOKEN=hush-hush" in out, out)


def check_without_rootfs(tally, place):
    status, out, _ = place.run("resolve", *INPUTS, "--output", "json")
    answer = json.loads(out)
    tally.equal("no rootfs", (status, answer["exec"], answer["user"], answer["digest"]),
                (0, None, {"name": "web"}, None))
    tally.check("no HOME is guessed", all(e["name"] != "HOME" for e in answer["env"]))
    codes = sorted(w["code"] for w in answer["warnings"])
    tally.equal("both are warned of, and the Secret", codes,
                ["home-unresolved", "secret-in-env", "user-unresolved"])


def check_blobs(tally, place, answer):
    status, out, _ = place.run("resolve", *ALL, "--output", "blob", "-o", "config.oeb")
    blob = (place.path / "config.oeb").read_bytes()
    tally.equal("blob status", (status, out), (0, b""))
    tally.equal("digest", answer["digest"], "sha384:" + hashlib.sha384(blob).hexdigest())
    _, out, _ = place.run("show", "config.oeb", "--output", "json")
    shown = json.loads(out)
    tally.equal("show", [shown[k] for k in ("argv", "cwd", "user", "digest")],
                [answer[k] for k in ("argv", "cwd", "user", "digest")])
    tally.equal("show env", {e["name"]: (e["value"], e["source"], e["secret"])
                             for e in shown["env"]},
                {e["name"]: (e["value"], e["source"], e["secret"]) for e in answer["env"]})
    _, out, _ = place.run("show", "config.oeb")
    tally.check("show text has the digest", answer["digest"].encode() in out.replace(b"\\\n  ", b""),
                out)
    _, out, _ = place.run("show", "config.oeb", "--output", "blob")
    tally.equal("show writes the same blob", out, blob)
    place.write("broken.oeb", blob[:-1])
    status, _, err = place.run("show", "broken.oeb")
    tally.check("a broken blob", status == 1 and err.endswith(b"[blob]\n"), err)


def check_layers(tally, place, answer):
    for name, args in (("image", INPUTS[:2]), ("pod", INPUTS[2:])):
        status, _, err = place.run("layer", *args, "-o", name + ".oeb")
        tally.equal(name + " layer", (status, err), (0, b""))
        _, out, _ = place.run("show", name + ".oeb", "--output", "json", "--show-secrets")
        tally.equal(name + " shown", json.loads(out)["layer"], name)
    status, out, _ = place.run("resolve", "--layer", "image.oeb", "--layer", "pod.oeb",
                               "--rootfs", "root", "--output", "json")
    tally.equal("layers resolve to the same answer", (status, json.loads(out)), (0, answer))


def check_strings(tally, place):
    _, out, _ = place.run("resolve", *ALL, "--output", "argv0")
    tally.equal("argv0", out, "".join(a + "\0" for a in ARGV).encode())
    _, out, _ = place.run("resolve", *ALL, "--output", "env0")
    tally.equal("env0", out, "".join(f"{k}={ENV[k]}\0" for k in sorted(ENV)).encode())
    _, out, _ = place.run("resolve", *ALL, "--output", "occlum")
    lines = dict(line.split(None, 1) for line in out.decode().splitlines())
    tally.equal("occlum", (lines["len"], lines["entry_point"], lines["envp"],
                           lines["lower_layer_path"]),
                ("56", "/opt/bin/server", "6 entries", "NULL"))


def check_terminal(tally, place):
    place.write("pod.yaml", cli.POD.replace("value: debug", r'value: "\e[31m\u009bred\a"'))
    for args in ([], ["--show-secrets"]):
        _, out, err = place.run("resolve", *ALL, *args)
        text = (out + err).decode("utf-8", "replace")
        tally.check("no control sequence reaches the terminal",
                    "\ufffd" not in text and all(c == "\n" or (ord(c) >= 32 and not 127 <= ord(c) < 160) for c in text),
                    repr(text))
    place.write("pod.yaml", cli.POD.replace("name: LEVEL\n", '"na\\e[1mme": LEVEL\n'))
    _, _, err = place.run("resolve", *ALL)
    tally.check("nor by a message", b"\x1b" not in err, err)


def check_files(tally, place):
    place.write("out", "old")
    status, _, _ = place.run("resolve", *ALL, "-o", "out")
    tally.check("-o replaces", status == 0 and b"exec" in (place.path / "out").read_bytes())
    tally.equal("nothing is left beside it", [n for n in os.listdir(place.path)
                                              if n.startswith("out.")], [])
    status, out, _ = place.run("resolve", "--image=-", *ALL[2:], stdin=cli.IMAGE.encode())
    tally.check("standard input and --flag=value", status == 0 and b"<stdin>:6:39" in out, out)
    status, _, err = place.run("resolve", *ALL, "-o", "nowhere/out")
    tally.check("no such directory", status == 3 and err.endswith(b"[system]\n"), err)


def check_help(tally, place):
    for args in (["--help"], ["resolve", "--help"], ["layer", "--help"], ["show", "--help"]):
        status, out, err = place.run(*args)
        tally.check(" ".join(args), status == 0 and out.startswith(b"usage: ocienv") and not err
                    and all(len(line) <= 80 for line in out.splitlines()), out)
    tally.equal("--version", place.run("--version")[:2], (0, b"ocienv 0.1.0\n"))
    tally.equal("nothing", place.run()[0], 2)
    tally.equal("another word", place.run("frobnicate")[0], 2)


def main():
    tally = cli.Tally()
    place = cli.Place(sys.argv[1])
    answer = check_json(tally, place)
    check_text(tally, place)
    check_without_rootfs(tally, place)
    check_blobs(tally, place, answer)
    check_layers(tally, place, answer)
    check_strings(tally, place)
    check_files(tally, place)
    check_help(tally, place)
    check_terminal(tally, place)
    return tally.finish()


sys.exit(main())

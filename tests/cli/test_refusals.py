# SPDX-License-Identifier: Apache-2.0
"""test_refusals.py COMMAND: every refusal is one line in the form that is promised,
FILE:LINE:COLUMN: /pointer: message [status], with the right exit status, and leaves the
output file as it was."""
import sys

import cli

INPUTS = ["--image", "image.json", "--pod", "pod.yaml", "--objects", "objects.yaml"]
ROOT = ["--rootfs", "root"]


def edit(text, old, new):
    assert text.count(old) == 1, old
    return text.replace(old, new)


# title, files to change, arguments of resolve, exit status, start of the line, its status
CASES = [
    ("no value in JSON", {"image.json": ""}, INPUTS, 1, "image.json:1:1: ", "syntax"),
    ("byte order mark", {"image.json": "\ufeff{}"}, INPUTS, 1, "image.json:1:1: ", "syntax"),
    ("UTF-16", {"image.json": "{}".encode("utf-16-le")}, INPUTS, 1, "image.json:1:1: ",
     "encoding"),
    ("trailing comma", {"image.json": edit(cli.IMAGE, '["server"]', '["server",]')}, INPUTS, 1,
     "image.json:5:29: /config/Entrypoint/1: ", "syntax"),
    ("entrypoint is a string", {"image.json": edit(cli.IMAGE, '["server"]', '"server"')}, INPUTS,
     1, "image.json:5:19: /config/Entrypoint: ", "type"),
    ("number among strings", {"image.json": edit(cli.IMAGE, '["server"]', '["é", 5]')}, INPUTS,
     1, "image.json:5:25: /config/Entrypoint/1: ", "type"),
    ("key twice", {"image.json": edit(cli.IMAGE, '"User": "web"', '"Env": []')}, INPUTS, 1,
     "image.json:8:5: /config/Env: ", "ambiguous"),
    ("other letter case", {"image.json": edit(cli.IMAGE, '"User"', '"user"')}, INPUTS, 1,
     "image.json:8:5: /config/user: ", "ambiguous"),
    ("user with two colons", {"image.json": edit(cli.IMAGE, '"web"', '"web:33:44"')},
     INPUTS + ROOT, 1, "image.json:8:13: ", "value"),
    ("no such user", {"image.json": edit(cli.IMAGE, '"web"', '"nobody"')}, INPUTS + ROOT, 1,
     "image.json:8:13: ", "reference"),
    ("relative cwd", {"image.json": edit(cli.IMAGE, '"/srv"', '"srv"')}, INPUTS, 1,
     "image.json:7:19: ", "value"),
    ("no such program", {"image.json": edit(cli.IMAGE, '"server"', '"nope"')}, INPUTS + ROOT, 1,
     "image.json:5:20: ", "notfound"),
    ("nothing to run", {"image.json": "{}", "pod.yaml": edit(
        cli.POD, "    args: [--level, $(LEVEL)]\n", "")}, INPUTS, 1, "ocienv: ", "value"),
    ("YAML syntax", {"pod.yaml": edit(cli.POD, "- name: app", "- name: [app")}, INPUTS, 1,
     "pod.yaml:", "syntax"),
    ("boolean as value", {"pod.yaml": edit(cli.POD, "value: debug", "value: yes")}, INPUTS, 1,
     "pod.yaml:13:14: /spec/containers/0/env/0/value: ", "type"),
    ("YAML key twice", {"pod.yaml": edit(cli.POD, "  namespace: prod", "  name: web-1")}, INPUTS,
     1, "pod.yaml:5:3: /metadata/name: ", "ambiguous"),
    ("nameless variable", {"pod.yaml": edit(cli.POD, "    - name: LEVEL\n      value: debug",
                                            "    - value: debug")}, INPUTS, 1,
     "pod.yaml:12:7: /spec/containers/0/env/0", "value"),
    ("missing key", {"pod.yaml": edit(cli.POD, "key: mode", "key: speed")}, INPUTS, 1,
     "pod.yaml:19:43: /spec/containers/0/env/2/valueFrom/configMapKeyRef/key: ", "reference"),
    ("missing object", {}, INPUTS[:4], 1,
     "pod.yaml:16:30: /spec/containers/0/env/1/valueFrom/secretKeyRef/name: ", "reference"),
    ("bad base64", {"objects.yaml": edit(cli.OBJECTS, "stringData: {token: hush-hush}",
                                         "data: {token: '***'}")}, INPUTS, 1,
     "objects.yaml:4:15: /data/token: ", "value"),
    ("no such container", {}, INPUTS + ["--container", "db"], 1, "pod.yaml:", "reference"),
    ("no such workload", {}, INPUTS + ["--workload", "Pod/db"], 1, "pod.yaml:", "reference"),
    ("a fact is missing", {"pod.yaml": edit(
        cli.POD, "configMapKeyRef: {name: web, key: mode}", "fieldRef: {fieldPath: status.podIP}")},
     INPUTS, 1, "pod.yaml:19:31: /spec/containers/0/env/2/valueFrom/fieldRef/fieldPath: ",
     "reference"),
    ("two documents in a spec", {"config.json": cli.SPEC + "{}"}, ["--spec", "config.json"], 1,
     "config.json:10:1: ", "ambiguous"),
    ("uid as a string", {"config.json": edit(cli.SPEC, '"uid": 1000', '"uid": "1000"')},
     ["--spec", "config.json"], 1, "config.json:4:21: /process/user/uid: ", "type"),
    ("no process", {"config.json": "{}"}, ["--spec", "config.json"], 1, "config.json:1:1: ",
     "value"),
    ("entry without equals", {"config.json": edit(cli.SPEC, '"PATH=/usr/bin:/opt/bin"',
                                                  '"A=1", "B"')}, ["--spec", "config.json"], 1,
     "config.json:6:20: ", "value"),
    ("not a blob", {}, ["--layer", "config.json"], 1, "config.json: ", "blob"),
    ("no input", {}, [], 2, "ocienv: ", "argument"),
    ("unknown flag", {}, ["--imgae", "image.json"], 2, "ocienv: ", "argument"),
    ("flag without value", {}, ["--image"], 2, "ocienv: ", "argument"),
    ("flag twice", {}, ["--image", "image.json", "--image", "image.json"], 2, "ocienv: ",
     "argument"),
    ("unknown runtime", {}, ["--runtime", "rkt", "--image", "image.json"], 2, "ocienv: ",
     "argument"),
    ("stdin twice", {}, ["--image", "-", "--pod", "-"], 2, "ocienv: ", "argument"),
    ("an operand", {}, ["image.json"], 2, "ocienv: ", "argument"),
    ("pod beside spec", {}, ["--spec", "config.json", *INPUTS[2:]], 2, "ocienv: ", "argument"),
    ("unknown fact", {}, [*INPUTS, "--fact", "status.phase=x"], 2, "ocienv: ", "argument"),
    ("fact without value", {}, [*INPUTS, "--fact", "status.podIP"], 2, "ocienv: ", "argument"),
    ("no such file", {}, ["--image", "nope.json"], 3, "nope.json: ", "system"),
    ("a directory", {}, ["--image", "root"], 3, "root: ", "system"),
    ("no such rootfs", {}, [*INPUTS, "--rootfs", "nope"], 3, "nope: ", "system"),
]


def run_case(tally, place, case):
    title, files, args, status, start, code = case
    for name, text in files.items():
        place.write(name, text)
    place.write("out", "as it was")
    got, out, err = place.run("resolve", *args, "-o", "out")
    lines = [line for line in err.decode().splitlines() if ": warning: " not in line]
    tally.equal(title + ", status", got, status)
    tally.equal(title + ", stdout", out, b"")
    tally.check(title, len(lines) == 1 and lines[0].startswith(start)
                and lines[0].endswith(f" [{code}]"), err.decode())
    tally.check(title + ", says both", code == "system" or (
        b"expected " in err and b"found " in err), err.decode())
    tally.check(title + ", no value", b"hush" not in err and b"debug" not in err, err)
    tally.equal(title + ", file", (place.path / "out").read_bytes(), b"as it was")


def main():
    tally = cli.Tally()
    for case in CASES:
        run_case(tally, cli.Place(sys.argv[1]), case)
    return tally.finish()


sys.exit(main())

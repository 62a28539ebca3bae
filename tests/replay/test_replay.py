# SPDX-License-Identifier: Apache-2.0
"""test_replay.py OCIENV: do the runners find what is wrong? Each test spoils one thing."""
import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import cases
import command
import corpus
import elf
import strictness

OCIENV = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "ocienv"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
IMAGE = {"architecture": "amd64", "config": {"Entrypoint": ["run"], "Env": ["A=image", "B=b"]}}
POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    env:
    - {name: A, value: pod}
"""
ENTRIES = [{"path": "/etc/passwd", "type": "file", "content": "root:x:0:0::/root:\n"},
           {"path": "/bin/run", "type": "file", "mode": "0755", "elf": True},
           {"path": "/sbin", "type": "symlink", "target": "/bin"}]
EXPECT = {"exec": "/sbin/run", "canonical": "/bin/run", "argv": ["run"], "cwd": "/",
          "env": {"PATH": PATH, "HOSTNAME": "p", "A": "pod", "B": "b", "HOME": "/root"},
          "env_has": {"A": "pod"}, "env_lacks": ["C"],
          "user": {"uid": 0, "gid": 0, "groups": [0]}}
ROW = {"pod": "pod.yaml", "doc": 0, "kind": "Pod", "workload": "p", "container": "c",
       "containerType": "regular", "image": "image.json",
       "cri": {"args": ["run"], "cwd": "/",
               "env": ["PATH=" + PATH, "HOSTNAME=p", "A=image", "B=b", "A=pod"]},
       "process": {"args": ["run"], "cwd": "/",
                   "env": {"PATH": PATH, "HOSTNAME": "p", "A": "pod", "B": "b", "HOME": "/"}}}
IMAGE_ROW = {"image": "image.json", "entrypoint": ["run"], "cmd": None,
             "env": ["A=image", "B=b"], "workingDir": "", "user": ""}


def changed(what, **members):
    return {**what, **members}


class Runner(unittest.TestCase):
    """One folder with the documents in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("image.json", IMAGE)
        (self.folder / "pod.yaml").write_text(POD)

    def write(self, name, value):
        (self.folder / name).write_text(json.dumps(value))

    def main(self, program, *args):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            status = program.main(OCIENV, list(args))
        return status, out.getvalue()


class Cases(Runner):
    def verdict(self, expect, entries=None, **members):
        case = {"title": "t", "inputs": {"image": "image.json", "pod": "pod.yaml",
                                         "rootfs": "rootfs.json"},
                "profile": {"runtime": "runc"}, "expect": expect}
        self.write("case.json", changed(case, **members))
        self.write("rootfs.json", {"entries": ENTRIES if entries is None else entries})
        return self.main(cases, str(self.folder))

    def passes(self, *args, **members):
        status, out = self.verdict(*args, **members)
        self.assertEqual((status, out.splitlines()[-1]), (0, "1 passed, 0 failed"), out)

    def fails(self, said, *args, **members):
        status, out = self.verdict(*args, **members)
        self.assertEqual((status, out.splitlines()[-1]), (1, "0 passed, 1 failed"), out)
        self.assertIn(said, out)

    def test_right(self):
        self.passes(EXPECT)

    def test_each_wrong_member(self):
        wrong = {"exec": "/bin/run", "canonical": "/sbin/run", "argv": ["run", ""],
                 "cwd": "/x", "env_has": {"C": ""}, "env_lacks": ["A"],
                 "warning": "cwd-missing", "user": {"uid": 0, "gid": 0, "groups": []}}
        for key, value in wrong.items():
            with self.subTest(key):
                self.fails(key, changed(EXPECT, **{key: value}))
        for env in ({**EXPECT["env"], "C": ""}, {**EXPECT["env"], "A": "image"}, {}):
            self.fails("env ", changed(EXPECT, env=env))

    def test_warning(self):
        self.write("image.json", {"config": {"Entrypoint": ["run"], "WorkingDir": "/none"}})
        self.passes({"warning": "cwd-missing"})
        self.fails("warning", {"warning": ["cwd-missing", "secret-in-env"]})

    def test_refusals(self):
        spoiled = {"inputs": {"image": "image.json", "pod": "pod.yaml", "container": "none",
                              "rootfs": "rootfs.json"}}
        self.passes({"error": "reference"}, **spoiled)
        self.fails("error", {"error": "value"}, **spoiled)
        self.fails("at", {"error": "reference", "at": "pod.yaml:1:1"}, **spoiled)
        self.fails("found an answer", {"error": "reference"})
        self.fails("expected an answer", EXPECT, **spoiled)

    def test_unknown_keys(self):
        self.fails("keys", changed(EXPECT, argc=1))
        self.fails("keys", {})
        self.fails("keys", EXPECT, comment="?")
        self.fails("status 2", EXPECT, profile={"nonesuch": "x"})

    def test_descriptions_of_the_root(self):
        for said, entry in {
                "known keys": {"path": "/x", "type": "file", "xattr": {}},
                "known type": {"path": "/x", "type": "door"},
                "directories above": {"path": "/sbin/x", "type": "file"},
                "without detours": {"path": "/bin/../x", "type": "file"},
                "ELF description": {"path": "/x", "type": "file", "elf": {"colour": "red"}},
                "one content": {"path": "/x", "type": "file", "content": "", "elf": True},
        }.items():
            with self.subTest(said):
                self.fails(said, EXPECT, ENTRIES + [entry])

    def test_every_type_of_file(self):
        others = [{"path": f"/o/{kind}", "type": kind}
                  for kind in ("dir", "file", "fifo", "socket")]
        others += [{"path": "/o/link", "type": "link", "target": "/"},
                   {"path": "/o/hard", "type": "hardlink", "target": "/o/file"},
                   {"path": "/", "type": "dir", "mode": "0711"}]
        self.passes(EXPECT, ENTRIES + others)

    def test_nothing_to_run(self):
        self.assertEqual(self.main(cases, str(self.folder))[0], 1)
        self.assertEqual(self.main(cases)[0], 2)


class Corpus(Runner):
    def verdict(self, pods=(), images=(), specs=()):
        for kind, rows in (("pods", pods), ("images", images), ("specs", specs)):
            self.write(f"expect_{kind}.json", list(rows))
        return self.main(corpus, str(self.folder))

    def passes(self, **rows):
        status, out = self.verdict(**rows)
        self.assertEqual((status, out.splitlines()[-1]), (0, "1 passed, 0 failed"), out)

    def fails(self, said, **rows):
        status, out = self.verdict(**rows)
        self.assertEqual((status, out.splitlines()[-1]), (1, "0 passed, 1 failed"), out)
        self.assertIn(said, out)

    def test_right(self):
        self.passes(pods=[ROW])
        self.passes(images=[IMAGE_ROW])

    def test_wrong_pods(self):
        process, cri = ROW["process"], ROW["cri"]
        image = {**process["env"], "A": "image"}
        more = {**process["env"], "Z": ""}
        env = list(cri["env"])
        env[1], env[3] = env[3], env[1]
        for said, row in {
                "args": changed(ROW, process=changed(process, args=["run", "x"])),
                "cwd": changed(ROW, process=changed(process, cwd="/x")),
                "env A": changed(ROW, process=changed(process, env=image)),
                "env Z": changed(ROW, process=changed(process, env=more)),
                "order of env": changed(ROW, cri=changed(cri, env=env)),
                "its config.json": changed(ROW, cri=changed(cri, env=cri["env"] + ["Z=1"])),
                "verify": changed(ROW, cri=changed(cri, env=["A=host"] + cri["env"])),
                "found an answer": {**ROW, "error": "no", "stage": "kubelet"},
                "expected an answer": changed(ROW, container="none"),
        }.items():
            with self.subTest(said):
                self.fails(said, pods=[row])

    def test_wrong_images(self):
        for said, members in {"entrypoint": {"entrypoint": []}, "cmd": {"cmd": []},
                              "env": {"env": ["B=b", "A=image"]}, "user": {"user": "0"},
                              "workingDir": {"workingDir": "/"}}.items():
            with self.subTest(said):
                self.fails(said, images=[changed(IMAGE_ROW, **members)])

    def test_specs(self):
        self.write("config.json", {"ociVersion": "1.2.0", "process": {
            "args": ["run"], "cwd": "/", "env": ["PATH=/bin"], "user": {
                "uid": 1, "gid": 2, "additionalGids": [4, 3]}}})
        row = {"spec": "config.json", "process": {
            "args": ["run"], "cwd": "/", "env": {"PATH": "/bin", "HOME": "/"},
            "user": {"uid": 1, "gid": 2, "additionalGids": [3, 4]}}}
        self.passes(specs=[row])
        for said, value in {"uid": 0, "gid": 0, "groups": []}.items():
            key = "additionalGids" if said == "groups" else said
            user = {**row["process"]["user"], key: value}
            self.fails(said, specs=[changed(row, process=changed(row["process"], user=user))])

    def test_two_workloads_of_one_name(self):
        (self.folder / "pod.yaml").write_text("# nothing\n---\n" + POD + "---\n" +
                                              POD.replace("value: pod", "value: second"))
        second = changed(ROW["process"], env={**ROW["process"]["env"], "A": "second"})
        cri = changed(ROW["cri"], env=ROW["cri"]["env"][:-1] + ["A=second"])
        rows = [ROW, changed(ROW, doc=1, process=second, cri=cri)]
        status, out = self.verdict(pods=rows)
        self.assertEqual((status, out.splitlines()[-1]), (0, "2 passed, 0 failed"), out)

    def test_stages(self):
        missing = {"kind": "Secret", "namespace": "default", "name": "s", "key": "k"}
        (self.folder / "pod.yaml").write_text(POD + "    - name: S\n      valueFrom: "
                                              "{secretKeyRef: {name: s, key: k}}\n")
        row = {key: value for key, value in ROW.items() if key not in ("cri", "process")}
        row = {**row, "error": "secret not found", "stage": "kubelet", "missing": missing}
        self.passes(pods=[row])
        self.passes(pods=[changed(row, either=True)])
        self.fails("reference", pods=[changed(row, stage="cri")])
        other = {**missing, "name": "t", "key": "l"}
        self.fails("reference", pods=[changed(row, missing=other)])

    def test_absent(self):
        place = str(self.folder / "none")
        before = os.environ.get("OCIENV_CORPUS")
        os.environ["OCIENV_CORPUS"] = place
        try:
            status, out = self.main(corpus)
        finally:
            os.environ.pop("OCIENV_CORPUS")
            if before is not None:
                os.environ["OCIENV_CORPUS"] = before
        self.assertEqual((status, place in out), (77, True))
        self.assertEqual(self.main(corpus, place)[0], 1)


class Parts(unittest.TestCase):
    def test_disputed_rows_must_fail(self):
        tally = command.Tally({("case", "a"), ("case", "b")})
        with contextlib.redirect_stdout(io.StringIO()) as out:
            tally.add("case", "a", "differs")
            tally.add("case", "b", None)
            self.assertEqual(tally.finish(), 1)
        self.assertEqual((tally.passed, tally.failed, tally.in_dispute), (1, 1, 1))
        self.assertIn("disputed: 1", out.getvalue())

    def test_disputed_rows_need_a_rule(self):
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place, "disputed.txt")
            path.write_text("# why\n\npod pods/a.yaml doc 0 c: kubelet: because\n")
            self.assertEqual(command.read_disputed(path), {("pod", "pods/a.yaml doc 0 c")})
            path.write_text("case a\n")
            self.assertRaises(ValueError, command.read_disputed, path)

    def test_reasons_are_documented(self):
        known = strictness.documented()
        self.assertIn(strictness.API, known)
        for _, said, reasons in strictness.REASONS:
            self.assertTrue(known & set(reasons.split("|")), said)

    def test_elf(self):
        head = elf.build({"machine": "aarch64", "interp": "/lib/ld.so", "needed": ["libc.so"]})
        self.assertEqual(head[16:20], b"\x03\0\xb7\0")
        self.assertIn(b"/lib/ld.so\0", head)
        self.assertIn(b"\0libc.so\0", head)
        self.assertEqual(elf.build({"machine": "s390x"})[4:6], b"\x02\x02")


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The forms of an answer: JSON is a stable interface, text hides secrets, the rest is bytes."""
import base64
import json
import os

from harness import IMAGE, SECRET, SPEC, Case, elf

TOP = ["ocienv", "exec", "argv", "cwd", "user", "env", "warnings", "digest"]
EXEC = ["path", "canonical", "path_index", "interpreters", "elf"]
ORIGIN = ["source", "document", "line", "column"]
SOURCES = {"default", "image", "runtime", "service", "configmap", "secret", "downward", "pod",
           "policy", "libos", "caller"}


class Output(Case):
    """One answer, in every form."""

    def setUp(self):
        super().setUp()
        self.call = ("resolve", "--image", "image.json", "--pod", "pod.yaml", "--objects",
                     "objects.yaml", "--rootfs", "root")

    def report(self, *args):
        """The answer's JSON, its form checked."""
        out = self.ok(*(args or self.call), "--output", "json")
        self.assertEqual((out[-1:], out.count(b"\n")), (b"\n", 1))
        answer = json.loads(out.decode("utf-8"))
        self.check_form(answer)
        return answer

    def check_origin(self, origin):
        """source, document, line, column."""
        self.assertIn(origin["source"], SOURCES)
        self.assertIs(type(origin["line"]), int)
        self.assertIs(type(origin["column"]), int)
        if origin["document"] is None:
            self.assertEqual((origin["line"], origin["column"]), (0, 0))
        else:
            self.assertIs(type(origin["document"]), str)

    def check_form(self, answer):
        """Members, their order and their types."""
        self.assertEqual(list(answer), TOP)
        self.assertEqual(answer["ocienv"], 1)
        self.assertTrue(all(type(word) is str for word in answer["argv"]))
        self.assertIs(type(answer["cwd"]), str)
        user = answer["user"]
        if "name" in user:
            self.assertEqual((list(user), answer["digest"]), (["name"], None))
        else:
            self.assertEqual(list(user), ["uid", "gid", "groups"])
            self.assertTrue(all(type(n) is int for n in
                                [user["uid"], user["gid"], *user["groups"]]))
            self.assertRegex(answer["digest"], r"\Asha384:[0-9a-f]{96}\Z")
        for entry in answer["env"]:
            value = "value" if "value" in entry else "value_base64"
            self.assertEqual(list(entry), ["name", value, *ORIGIN, "secret", "overrode"])
            self.assertIs(type(entry["secret"]), bool)
            self.check_origin(entry)
            for lost in entry["overrode"]:
                self.assertEqual(list(lost), ORIGIN)
                self.check_origin(lost)
        for warning in answer["warnings"]:
            self.assertEqual(list(warning)[:3], ["code", "subject", "message"])
            self.check_origin(warning)
        if answer["exec"] is not None:
            self.assertEqual(list(answer["exec"]), EXEC)
            for entry in answer["exec"]["interpreters"]:
                self.assertEqual(list(entry), ["path", "arg"])
            if answer["exec"]["elf"] is not None:
                self.assertEqual(list(answer["exec"]["elf"]), ["machine", "type", "interp"])

    def test_json(self):
        answer = self.report()
        self.assertEqual(answer["exec"], {
            "path": "/bin/sh", "canonical": "/bin/sh", "path_index": 0, "interpreters": [],
            "elf": {"machine": "x86_64", "type": "exec", "interp": None}})
        self.assertEqual(answer["argv"], ["sh", SECRET])
        self.assertEqual(answer["cwd"], "/data")
        self.assertEqual(answer["user"], {"uid": 7, "gid": 8, "groups": [8, 9]})
        env = {entry["name"]: entry for entry in answer["env"]}
        self.assertEqual(env["A"]["value"], "pod")
        self.assertEqual((env["A"]["document"], env["A"]["line"]), ("pod.yaml", 9))
        self.assertEqual([lost["source"] for lost in env["A"]["overrode"]], ["image"])
        self.assertEqual([lost["source"] for lost in env["PATH"]["overrode"]], ["default"])
        self.assertTrue(env["TOKEN"]["secret"] and env["URL"]["secret"])
        self.assertFalse(env["A"]["secret"])
        self.assertEqual(env["TOKEN"]["source"], "secret")
        self.assertEqual(env["HOME"]["value"], "/data")

    def test_json_without_rootfs(self):
        answer = self.report("resolve", "--image", "image.json")
        self.assertIsNone(answer["exec"])
        self.assertNotIn("HOME", [entry["name"] for entry in answer["env"]])
        codes = [warning["code"] for warning in answer["warnings"]]
        self.assertIn("home-unresolved", codes)
        self.assertIn("user-unresolved", codes)
        self.report("resolve", "--spec", "spec.json")

    def test_home_that_is_no_text(self):
        """A home directory is a value of the environment, and that is UTF-8."""
        self.write("root/etc/passwd", b"seven:x:7:8::/b\xff\xed\xa0\x80:\n")
        done = self.run_raw(*self.call, "--output", "json")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"home directory in UTF-8", done.stderr)

    def test_json_of_names_that_are_no_text(self):
        """Names of files, interpreters and documents are bytes."""
        raw = b"b\xff"
        top = os.fsencode(self.dir)
        with open(top + b"/root/bin/" + raw, "wb") as file:
            file.write(elf())
        os.chmod(top + b"/root/bin/" + raw, 0o755)
        os.symlink(b"bin/" + raw, top + b"/root/run")
        self.write("spec.json", json.dumps({**SPEC, "process": {
            **SPEC["process"], "args": ["/run"]}}))
        os.rename(self.dir / "spec.json", top + b"/" + raw + b".json")
        call = ("resolve", "--spec", raw + b".json", "--rootfs", "root", "--output", "json")
        answer = json.loads(self.ok(*call).decode("utf-8"))
        self.assertEqual(list(answer["exec"])[:2], ["path", "canonical_base64"])
        self.assertEqual(base64.b64decode(answer["exec"]["canonical_base64"]), b"/bin/" + raw)
        self.assertEqual(base64.b64decode(answer["env"][0]["document_base64"]), raw + b".json")

        os.unlink(self.dir / "root/run")
        self.write("root/run", b"#!/bin/" + raw + b" " + raw + b"\n", 0o755)
        chain = json.loads(self.ok(*call).decode("utf-8"))["exec"]["interpreters"]
        self.assertEqual([{key: base64.b64decode(value) for key, value in one.items()}
                          for one in chain],
                         [{"path_base64": b"/bin/" + raw, "arg_base64": raw}])

    def test_json_of_a_blob_with_bytes_that_are_no_text(self):
        self.ok("resolve", "--spec", "spec.json", "--output", "blob", "-o", "b")
        blob = (self.dir / "b").read_bytes()
        self.write("b", blob.replace(b"/bin/sh\0", b"/bin/s\xff\0"))
        answer = json.loads(self.ok("show", "b", "--output", "json").decode("utf-8"))
        self.assertEqual([base64.b64decode(word["value_base64"]) for word in answer["argv"]],
                         [b"/bin/s\xff"])

    def test_text(self):
        text = self.ok(*self.call).decode()
        self.assertEqual(text, self.ok(*self.call, "--output", "text").decode())
        lines = text.splitlines()
        self.assertEqual(lines[:6], [
            "exec  /bin/sh  (entry 1 of PATH)",
            "      runs as ELF x86_64 exec, loader none (static)",
            "argv  sh", "      ********", "cwd   /data", "user  7:8 groups 8,9"])
        self.assertIn("env   TOKEN=********", lines)
        self.assertIn("env   URL=********", lines)
        column = json.dumps(IMAGE).index('"A=image"') + 1
        self.assertIn(f"      from pod pod.yaml:9:24, over image image.json:1:{column}", lines)

    def test_secrets(self):
        """Text hides them, in the environment, what was made of them, and in arguments."""
        done = self.run_raw(*self.call)
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr)
        shown = self.ok(*self.call, "--show-secrets").decode()
        self.assertIn(f"env   TOKEN={SECRET}\n", shown)
        self.assertIn(f"http://{SECRET}@x", shown)
        self.assertIn(f"      {SECRET}\n", shown)
        for form in ("json", "blob", "env0", "argv0"):
            self.assertIn(SECRET.encode(), self.ok(*self.call, "--output", form))
        for form in ("occlum",):
            self.assertNotIn(SECRET.encode(), self.ok(*self.call, "--output", form))

    def test_sealed_values(self):
        self.write("i.json", json.dumps({"config": {"Cmd": ["sh"], "Env": ["K=sealed.abc"]}}))
        self.assertNotIn(b"sealed.abc", self.ok("resolve", "--image", "i.json"))
        self.assertIn(b"sealed.abc", self.ok("resolve", "--image", "i.json", "--show-secrets"))

    def test_argv0_and_env0(self):
        """Each string and its NUL; the environment sorted by name."""
        answer = self.report()
        argv = b"".join(word.encode() + b"\0" for word in answer["argv"])
        env = b"".join(f"{v['name']}={v['value']}".encode() + b"\0"
                       for v in sorted(answer["env"], key=lambda v: v["name"].encode()))
        self.assertEqual(self.ok(*self.call, "--output", "argv0"), argv)
        self.assertEqual(self.ok(*self.call, "--output", "env0"), env)
        for form, expected in (("argv0", argv), ("env0", env)):
            self.ok(*self.call, "--output", form, "-o", "out")
            self.assertEqual((self.dir / "out").read_bytes(), expected)
        words = ["sh", "", "a\nb", "\u00e9", ""]
        self.write("spec.json", json.dumps(
            {**SPEC, "process": {**SPEC["process"], "args": words, "env": ["E="]}}))
        call = ("resolve", "--spec", "spec.json", "--output")
        self.assertEqual(self.ok(*call, "argv0").split(b"\0"),
                         [word.encode() for word in words] + [b""])
        self.assertEqual(self.ok(*call, "env0"), b"E=\0")

    def test_occlum(self):
        lines = self.ok(*self.call, "--output", "occlum").decode().splitlines()
        self.assertEqual([line.split()[0] for line in lines], [
            "len", "upper_layer_path", "lower_layer_path", "entry_point", "hostfs_source",
            "hostfs_target", "envp"])
        self.assertEqual([line.split(None, 1)[1] for line in lines],
                         ["56", "NULL", "NULL", "/bin/sh", "NULL", "NULL", "6 entries"])

    def test_same_answer_twice(self):
        for form in ("text", "json", "blob", "env0", "argv0", "occlum"):
            self.assertEqual(self.ok(*self.call, "--output", form),
                             self.ok(*self.call, "--output", form))

    def test_runtimes(self):
        """The flag reaches the step that it is about."""
        self.write("i.json", json.dumps({"config": {"Cmd": ["sh"], "Env": ["A=1", "A=2"]}}))
        self.write("s.json", json.dumps({**SPEC, "process": {
            **SPEC["process"], "env": ["A=1", "B=1", "A=2"]}}))
        orders = {}
        for runtime in ("runc", "runc-1.2", "runc-1.3"):
            answer = self.report("resolve", "--spec", "s.json", "--runtime", runtime)
            orders[runtime] = [entry["name"] for entry in answer["env"]]
        self.assertEqual(orders, {"runc": ["B", "A"], "runc-1.2": ["A", "B"],
                                  "runc-1.3": ["B", "A"]})

    def test_descriptors_do_not_mix(self):
        """With standard descriptors closed, the rootfs or a file must not take their place."""
        reference = self.ok(*self.call, "--output", "json")
        for closed in (0, 2):
            self.run_raw(*self.call, "--output", "json", "-o", "out",
                         preexec_fn=lambda fd=closed: os.close(fd))
            self.assertEqual((self.dir / "out").read_bytes(), reference)

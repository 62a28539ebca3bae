# SPDX-License-Identifier: Apache-2.0
"""explain --exec: what is executed, what was passed over, and why."""
import json
import pathlib

from harness import SECRET, Case, elf

PATH = "/sbin:/usr/bin:/sec:/opt/a-directory-with-a-name-that-leaves-no-room-in-a-line:/bin"
POD = f"""apiVersion: v1
kind: Pod
metadata: {{name: p}}
spec:
  containers:
  - name: c
    command: [sh]
    env:
    - name: PATH
      valueFrom: {{secretKeyRef: {{name: s, key: path}}}}
"""
OBJECTS = f"""apiVersion: v1
kind: Secret
metadata: {{name: s}}
stringData: {{path: "/{SECRET}:/bin"}}
"""


class ExplainExec(Case):
    """One spec over one tree; the user is 7, without capabilities."""

    def setUp(self):
        super().setUp()
        self.write("root/usr/bin/sh", elf(), 0o644)
        self.write("root/sec/sh", elf(), 0o755)
        self.write("root/bin/script", "#!/bin/sh -e\n", 0o755)
        self.write("root/bin/lost", "#!/bin/nope\n", 0o755)
        (self.dir / "root/sec").chmod(0o700)

    def explain(self, name, *args, path=PATH):
        """Exit status, lines of stdout, stderr."""
        process = {"args": [name], "cwd": "/", "env": ["PATH=" + path],
                   "user": {"uid": 7, "gid": 8}}
        self.write("config.json", json.dumps({"process": process}))
        done = self.run_raw("explain", "--spec", "config.json", "--rootfs", "root", "--exec", *args)
        return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()

    def test_a_hit_behind_others(self):
        self.assertEqual(self.explain("sh"), (0, [
            "exec  /bin/sh  (entry 5 of PATH)",
            "      runs as ELF x86_64 exec, loader none (static)",
            "tried, by entry of PATH",
            "  1  /sbin/sh: does not exist",
            "  2  /usr/bin/sh: is not executable for this user",
            "  3  /sec/sh: lies in a directory closed to this user",
            "  4  /opt/a-directory-with-a-name-that-leaves-no-room-in-a-line/sh:",
            "     does not exist",
            "  5  /bin/sh: is executed"], ""))

    def test_a_script(self):
        status, out, _ = self.explain("script", path="/bin")
        self.assertEqual((status, out[:3]), (0, [
            "exec  /bin/script  (entry 1 of PATH)",
            "      is a script for /bin/sh -e",
            "      runs as ELF x86_64 exec, loader none (static)"]))

    def test_nothing_is_found(self):
        status, out, err = self.explain("nope", path="/sbin:/bin")
        self.assertEqual((status, out), (1, [
            "exec  none", "tried, by entry of PATH", "  1  /sbin/nope: does not exist",
            "  2  /bin/nope: does not exist"]))
        self.assertRegex(err, r'\Aconfig\.json:1:\d+: expected "nope" in PATH, found none in 2 '
                              r"entries \[notfound\]\n\Z")

    def test_what_was_chosen_cannot_run(self):
        message = 'the interpreter "/bin/nope" of the script "lost" is missing'
        status, out, err = self.explain("lost", path="/sbin:/bin")
        self.assertEqual((status, out[2:]), (1, ["  1  /sbin/lost: does not exist",
                                                 "  2  /bin/lost: " + message]))
        self.assertIn(message + " [unsupported]\n", err)

    def test_a_name_with_a_slash(self):
        self.assertEqual(self.explain("/bin//nope")[1],
                         ["exec  none", "tried, by entry of PATH",
                          "  -  /bin/nope: does not exist"])

    def test_no_path(self):
        self.assertEqual(self.explain("sh", path="")[1], ["exec  none", "tried nothing"])

    def test_names_come_behind(self):
        status, out, _ = self.explain("sh", "PATH", path="/bin")
        self.assertEqual((status, out[3:5]), (0, ["  1  /bin/sh: is executed", "PATH=/bin"]))
        self.assertEqual(self.explain("sh", "NO", path="/bin")[0], 1)

    def test_json(self):
        for name, expected in (("sh", 0), ("nope", 1), ("lost", 1)):
            status, out, _ = self.explain(name, "--output", "json", path="/sbin:/bin")
            report = json.loads(out[0])
            self.assertEqual(list(report), ["ocienv", "status", "message", "exec", "secret",
                                            "candidates", "libraries"])
            self.assertEqual(report["libraries"], [])  # a static program needs none
            self.assertEqual((status, report["exec"] is None), (expected, bool(expected)))
            self.assertEqual((report["ocienv"], report["secret"]), (1, False))
            self.assertEqual(report["candidates"][0], {
                "path": "/sbin/" + name, "path_index": 0, "status": "notfound",
                "reason": "does not exist"})
            self.assertEqual(report["candidates"][1]["status"], report["status"])
            if not expected:
                self.assertEqual((report["exec"]["path"], report["message"]), ("/bin/sh", None))
                self.assertEqual(report["candidates"][1]["reason"], None)

    def secret(self, *args):
        """The same with a PATH that is a Secret; stdout of a call that shows none of it."""
        if not (self.dir / "p.yaml").exists():
            self.write("p.yaml", POD)
            self.write("o.yaml", OBJECTS)
        self.write(f"root/{SECRET}/x", "")
        call = ("explain", "--image", "image.json", "--pod", "p.yaml", "--objects", "o.yaml",
                "--rootfs", "root", "--exec", *args)
        shown = self.run_raw(*call, "--show-secrets")
        self.assertIn(SECRET.encode(), shown.stdout)
        done = self.run_raw(*call)
        self.assertEqual(done.returncode, shown.returncode)
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr + shown.stderr)
        return done.stdout.decode()

    def test_a_secret_path_is_masked(self):
        self.assertEqual(self.secret().splitlines()[2:], [
            "tried, by entry of PATH", "  1  ********: does not exist",
            "  2  ********: is executed"])
        report = json.loads(self.secret("--output", "json"))
        self.assertEqual((report["secret"], report["exec"]["path"], report["exec"]["canonical"]),
                         (True, None, None))
        self.assertEqual([c["path"] for c in report["candidates"]], [None, None])

    def test_what_a_secret_path_leads_to_is_not_named(self):
        for text in ("#!/bin/nope\n", "text"):
            self.write(f"root/{SECRET}/sh", text, 0o755)
            self.assertIn("  1  ********: is there, but cannot be executed\n", self.secret())
            self.secret("--output", "json")

    def test_usage(self):
        for args, text in (((), "expected --rootfs DIR"),
                           (("--rootfs", "root", "--output", "blob"), "text or json"),
                           (("--rootfs", "root", "--output", "json", "PATH"), "no variables")):
            self.assertIn(text, self.refused(2, "explain", "--spec", "spec.json", "--exec", *args))
        self.assertIn("--output text without --exec",
                      self.refused(2, "explain", "--spec", "spec.json", "--output", "json"))

    def dynamic(self):
        """A real program and its real library, the latter where only a variable leads."""
        loader = "/lib64/ld-linux-x86-64.so.2"
        self.write("root/bin/true", pathlib.Path("/bin/true").read_bytes(), 0o755)
        self.write("root" + loader, pathlib.Path(loader).read_bytes(), 0o755)
        self.write(f"root/{SECRET}/libc.so.6",
                   pathlib.Path("/lib/x86_64-linux-gnu/libc.so.6").read_bytes(), 0o644)
        self.write("p.yaml", POD.replace("command: [sh]", "command: [/bin/true]")
                   .replace("name: PATH", "name: LD_LIBRARY_PATH"))
        self.write("o.yaml", OBJECTS)

    def test_libraries(self):
        self.dynamic()
        lines = self.explain("/bin/true")[1]
        self.assertEqual(lines[lines.index("needs") + 1:], ["     libc.so.6: found nowhere"])
        (self.dir / "root/lib").mkdir()
        (self.dir / "root/lib/libc.so.6").symlink_to(f"../{SECRET}/libc.so.6")
        lines = self.explain("/bin/true")[1]
        at = lines.index("needs")
        self.assertEqual(lines[at + 1:at + 3], ["     libc.so.6: /lib/libc.so.6",
                                                "       by default directories"])
        report = json.loads(self.explain("/bin/true", "--output", "json")[1][0])
        self.assertEqual(report["libraries"][0], {
            "name": "libc.so.6", "path": "/lib/libc.so.6", "rule": "default directories",
            "needed_by": None, "broken": False})

    def test_a_secret_library_path_is_masked(self):
        self.dynamic()
        lines = self.secret().splitlines()
        at = lines.index("needs")
        self.assertEqual(lines[at + 1:at + 3],
                         ["     libc.so.6: ********", "       by LD_LIBRARY_PATH"])
        report = json.loads(self.secret("--output", "json"))
        self.assertEqual((report["libraries"][0]["rule"], report["libraries"][0]["path"]),
                         ("LD_LIBRARY_PATH", None))

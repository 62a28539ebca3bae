# SPDX-License-Identifier: Apache-2.0
"""--libos: what Occlum and Gramine could not run is refused before they are started."""
import json

from harness import Case, elf

LOADER = "/lib64/ld-linux-x86-64.so.2"


class Libos(Case):
    """A root with a program that both can run, and a spec that starts another."""

    def setUp(self):
        super().setUp()
        self.write("root" + LOADER, elf(3), 0o755)
        self.write("root/bin/app", elf(3, interp=LOADER), 0o755)

    def start(self, *args, env=(), uid=0, cwd="/"):
        """The arguments of a resolve of those, with everything that root may do."""
        self.write("spec.json", json.dumps({"process": {
            "args": list(args), "cwd": cwd, "env": ["HOME=/", *env], "user": {"uid": uid},
            "capabilities": {"effective": ["CAP_DAC_OVERRIDE"]}}}))
        return ("resolve", "--spec", "spec.json", "--rootfs", "root")

    def answer(self, *args, **start):
        """The JSON answer; what begins with "--", and all behind it, are flags."""
        at = next((i for i, word in enumerate(args) if word.startswith("--")), len(args))
        return json.loads(self.ok(*self.start(*args[:at], **start), "--output", "json",
                                  *args[at:]))

    def stops(self, word, *args, **start):
        """The message of a refusal, which says what to do."""
        at = next(i for i, name in enumerate(args) if name.startswith("--"))
        said = self.refused(1, *self.start(*args[:at], **start), *args[at:])
        self.assertIn(word, said)
        self.assertRegex(said, r"\[unsupported\]\n\Z")
        return said

    def codes(self, answer):
        """Code and subject of each warning."""
        return [(warning["code"], warning["subject"]) for warning in answer["warnings"]]

    def test_program(self):
        self.write("root/bin/fixed", elf(2, interp=LOADER), 0o755)
        self.write("root/bin/static-pie", elf(3), 0o755)
        self.write("root/bin/arm", elf(3, machine=183, interp=LOADER), 0o755)
        self.write("root/bin/group", elf(3, interp=LOADER), 0o611)
        for name, occlum, gramine in (("app", None, None), ("fixed", "-fPIE", None),
                                      ("static-pie", "link it dynamically", None),
                                      ("arm", "linux/amd64", "linux/amd64"),
                                      ("group", "chmod u+x", "chmod u+x")):
            for libos, word in (("occlum", occlum), ("gramine", gramine)):
                with self.subTest(f"{libos} {name}"):
                    if word:
                        said = self.stops(word, f"/bin/{name}", "--libos", libos)
                        self.assertTrue(said.startswith("spec.json:1:"), said)
                        self.assertIn(f'"/bin/{name}"', said)
                    else:
                        self.answer(f"/bin/{name}", "--libos", libos)
            self.answer(f"/bin/{name}")

    def test_script(self):
        self.write("root/app/run", "#!/bin/app -x  y\n", 0o755)
        answer = self.answer("/app/run", "z", "--libos", "occlum")
        self.assertEqual(answer["argv"], ["/bin/app", "-x  y", "/app/run", "z"])
        self.assertEqual((answer["exec"]["path"], answer["exec"]["canonical"],
                          answer["exec"]["path_index"]), ("/bin/app", "/bin/app", -1))
        self.assertEqual(answer["exec"]["interpreters"], [{"path": "/bin/app", "arg": "-x  y"}])
        self.assertIn(b"in place of a script for /bin/app", self.ok(
            *self.start("/app/run"), "--libos", "occlum"))
        for libos in ("--libos=gramine", "--lenient"):
            self.assertEqual(self.answer("/app/run", "z", libos)["argv"], ["/app/run", "z"])
        self.ok(*self.start("/app/run"), "--libos", "occlum", "--output", "blob", "-o", "c.oeb")
        self.assertEqual(json.loads(self.ok("show", "c.oeb", "--output", "json"))["argv"],
                         ["/bin/app", "-x  y", "/app/run"])

    def test_user(self):
        said = self.stops("found user 7", "/bin/app", "--libos", "occlum", uid=7)
        self.assertTrue(said.startswith("spec.json:1:"), said)
        answer = self.answer("/bin/app", "--libos", "occlum", "--accept-root", uid=7)
        self.assertEqual(answer["user"]["uid"], 7)
        self.assertIn(("user-not-honoured", "uid"), self.codes(answer))

    def test_launcher(self):
        answer = self.answer("/bin/app", "--libos", "occlum", cwd="/data")
        self.assertEqual(self.codes(answer), [("needs-launcher", "cwd"),
                                              ("needs-launcher", "argv[0]")])
        self.assertEqual(self.codes(self.answer("/bin/app", "--libos", "gramine",
                                                cwd="/data")), [])

    def test_stack_size(self):
        big = ("A=" + "x" * 20000,)
        self.stops("process.default_stack_size", "/bin/app", "--libos", "occlum", env=big)
        self.stops("process.default_stack_size", "/bin/app", "--libos", "occlum",
                   "--stack-size", "4M", env=big)
        for size in ("8M", "8m", "8192K", "8388608", "1G"):
            self.answer("/bin/app", "--libos", "occlum", "--stack-size", size, env=big)
        self.stops("sys.stack.size", "/bin/app", "--libos", "gramine", "--stack-size=16k",
                   env=big)
        for size in ("", "0", "-1", "+1", "K", "4KB", "0.5M", "4 ", " 4", "4T", "1e6", "0x10",
                     "99999999999999999999", "99999999999999999G"):
            with self.subTest(size):
                self.assertIn("behind --stack-size", self.refused(
                    2, *self.start("/bin/app"), "--libos", "gramine", f"--stack-size={size}"))
        self.assertIn("expected a LibOS", self.refused(2, *self.start("/bin/app"),
                                                       "--stack-size", "8M"))

    def test_library_path(self):
        found = [f"--library-path={name}" for name in ("/no", "/lib64", "/data")]
        for env, value in (((), "/lib64:/data"), (("LD_LIBRARY_PATH=/a::",), "/lib64:/data:/a")):
            answer = self.answer("/bin/app", "--libos", "occlum", *found, env=env)
            entry = next(e for e in answer["env"] if e["name"] == "LD_LIBRARY_PATH")
            self.assertEqual((entry["value"], entry["source"], len(entry["overrode"])),
                             (value, "libos", len(env)))
        self.start("/bin/app", env=("LD_LIBRARY_PATH=/a",))
        said = self.ok("explain", "--spec", "spec.json", "--rootfs", "root", *found,
                       "LD_LIBRARY_PATH").decode()
        self.assertIn("from libos\n", said)
        self.assertIn("in the LibOS step", said)
        for name in ("lib", "", "/a:/b", "/a;/b"):
            with self.subTest(name):
                self.refused(2, *self.start("/bin/app"), f"--library-path={name}")

    def test_loader(self):
        env = ("LD_LIBRARY_PATH=/data",)
        self.stops('give "/lib64" as library path', "/bin/app", "--libos", "gramine", env=env)
        self.answer("/bin/app", "--libos", "gramine", "--library-path", "/lib64", env=env)

    def test_secret_program(self):
        """A path out of a Secret is not shown."""
        self.write("root/bin/MARKER-exe", elf(3), 0o755)
        self.write("pod.yaml", """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    command: [$(T)]
    env:
    - name: T
      valueFrom: {secretKeyRef: {name: s, key: t}}
""")
        self.write("objects.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
                                   "stringData: {t: /bin/MARKER-exe}\n")
        said = self.refused(1, "resolve", "--pod", "pod.yaml", "--objects", "objects.yaml",
                            "--rootfs", "root", "--libos", "occlum")
        self.assertIn("a program with a loader", said)
        self.assertNotIn("MARKER", said)

    def test_occlum_json(self):
        """With or without --libos: the file says what it says."""
        self.write("Occlum.json", json.dumps({
            "process": {"default_stack_size": "1MB"},
            "env": {"default": ["OCCLUM=yes"], "untrusted": ["A", "B"]},
            "mount": [{"target": "/bin", "type": "hostfs", "source": "."}]}))
        for libos in ((), ("--libos", "occlum")):
            call = (*self.start("/bin/app", env=["A=1", "C=3"]), *libos, "--occlum-json")
            done = self.run_raw(*call, "Occlum.json")
            self.assertEqual(done.returncode, 0)
            told = [line for line in done.stderr.decode().splitlines() if "Occlum.json:" in line]
            self.assertEqual([(line.split(": ")[2], line.split("[")[-1]) for line in told],
                             [("A", "host-overridable]"), ("OCCLUM", "libos-default]"),
                              ("/bin", "host-overridable]")])
            self.assertTrue(all(line.startswith("Occlum.json:1:") for line in told))
            big = (*self.start("/bin/app", env=["A=" + 4096 * "x"]), *libos, "--occlum-json")
            self.assertIn("default_stack_size", self.refused(1, *big, "Occlum.json"))
            self.write("bad.json", '{"env": 1}')
            self.assertIn("bad.json:1:9: /env: expected", self.refused(1, *call, "bad.json"))
        done = self.run_raw(*self.start("/bin/app"), "--libos", "gramine", "--occlum-json",
                            "Occlum.json")
        self.assertEqual(done.returncode, 2)

    def test_policy(self):
        """It sees the answer before the LibOS step, which needs no rule."""
        self.write("root/app/run", "#!/bin/app -x  y\n", 0o755)
        call = self.start("/app/run", "z", env=("LD_LIBRARY_PATH=/a",))
        self.ok("policy", *call[1:], "-o", "p.json")
        answer = json.loads(self.ok(*call, "--output", "json", "--policy", "p.json", "--libos",
                                    "occlum", "--library-path", "/lib64"))
        self.assertEqual(answer["argv"], ["/bin/app", "-x  y", "/app/run", "z"])
        self.assertEqual({entry["name"]: entry["value"] for entry in answer["env"]},
                         {"HOME": "/", "LD_LIBRARY_PATH": "/lib64:/a"})
        said = self.refused(1, *self.start("/app/run", env=("LD_LIBRARY_PATH=/a",)), "--policy",
                            "p.json", "--libos", "occlum")
        self.assertRegex(said, r"\[policy\]\n\Z")

    def test_occlums_struct_needs_no_more_than_its_stack(self):
        """Whoever asks for the struct alone is not told of it when it is too late."""
        call = self.start("/bin/app", env=["A=" + 17000 * "x"])
        self.ok(*call)
        self.assertIn("default_stack_size", self.refused(1, *call, "--output", "occlum"))
        self.ok(*self.start("/bin/app", env=["A=" + 15000 * "x"]), "--output", "occlum")

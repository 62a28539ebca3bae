# SPDX-License-Identifier: Apache-2.0
"""verify: a pair that agrees, and pairs with each kind of difference."""
import json

from harness import Case

POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    args: [sh, secret-argument]
    env:
    - {name: A, value: pod}
    - {name: TOKEN, value: secret-value}
"""
ENV = ["PATH=/bin:/sbin", "HOSTNAME=p", "A=image", "A=pod", "TOKEN=secret-value"]
USER = {"uid": 7, "gid": 8, "additionalGids": [8, 9]}


class Verify(Case):
    """One pod, and what a host made of it."""

    def setUp(self):
        super().setUp()
        self.write("p.yaml", POD)

    def verify(self, *args, env=ENV, argv=("sh", "secret-argument"), cwd="/data", user=None,
               rootfs=True):
        """Exit status, stdout and stderr for a host's document with these values."""
        process = {"args": list(argv), "env": list(env), "cwd": cwd, "user": user or USER}
        self.write("config.json", json.dumps({"process": process}, indent=1))
        call = ["verify", "--image", "image.json", "--pod", "p.yaml", "--spec", "config.json"]
        done = self.run_raw(*call, *(("--rootfs", "root") if rootfs else ()), *args)
        self.assertNotIn(b"secret-", done.stdout + done.stderr)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def difference(self, **host):
        """(code, subject) of the one difference; the text form and the exit status fit it."""
        status, out, err = self.verify("--output", "json", **host)
        report = json.loads(out)
        self.assertEqual(list(report), ["ocienv", "agrees", "differences"])
        self.assertEqual((report["agrees"], len(report["differences"])), (status == 0, 1), out)
        found = report["differences"][0]
        self.assertEqual(list(found), ["code", "item", "subject", "allowed", "expected", "found"])
        self.assertEqual(found["allowed"], status == 0)
        if status:
            self.assertRegex(err, r"\A(config\.json|p\.yaml|image\.json):\d+:\d+: expected "
                                  r"[^\n]* \[mismatch\]\n\Z")
        else:
            self.assertEqual(err, "")
        text = self.verify(**host)
        self.assertEqual((text[0], text[2]), (status, err))
        self.assertTrue(text[1].startswith(found["code"]))
        self.assertIn("1 differences, %d of them allowed\n" % found["allowed"], text[1])
        return found["code"], found["item"], found["subject"], found["allowed"]

    def test_a_pair_that_agrees(self):
        status, out, err = self.verify()
        self.assertEqual((status, out, err), (0, "0 differences, 0 of them allowed\n", ""))

    def test_variables(self):
        for env, expected in (
                (ENV[:-1], ("dropped", "TOKEN")),
                (ENV[:-1] + ["TOKEN=evil"], ("changed", "TOKEN")),
                (ENV + ["LD_PRELOAD=/x"], ("added", "LD_PRELOAD")),
                (["TOKEN=evil"] + ENV, ("duplicated", "TOKEN")),
                (ENV[:2] + ["A=pod", "A=image"] + ENV[4:], ("reordered", "A")),
                (ENV + ["HOME=/evil"], ("changed", "HOME"))):
            with self.subTest(env):
                self.assertEqual(self.difference(env=env),
                                 (expected[0], "env", expected[1], False))

    def test_what_the_host_may_add(self):
        for entry in ("TERM=xterm", "DB_SERVICE_HOST=10.0.0.1", "DB_PORT=tcp://10.0.0.1:5"):
            with self.subTest(entry):
                self.assertEqual(self.difference(env=ENV + [entry]),
                                 ("added", "env", entry.split("=")[0], True))

    def test_the_rest(self):
        for host, expected in (
                ({"argv": ["sh"]}, ("dropped", "argv", "argv[1]")),
                ({"argv": ["sh", "evil"]}, ("changed", "argv", "argv[1]")),
                ({"argv": ["sh", "secret-argument", ""]}, ("added", "argv", "argv[2]")),
                ({"cwd": "/"}, ("changed", "cwd", "cwd")),
                ({"user": {**USER, "gid": 0}}, ("changed", "user", "gid")),
                ({"user": {**USER, "additionalGids": [8]}}, ("changed", "user", "groups")),
                ({"user": {**USER, "umask": 0}}, ("changed", "user", "umask"))):
            with self.subTest(host):
                self.assertEqual(self.difference(**host), (*expected, False))

    def test_a_user_that_nobody_can_look_up(self):
        self.assertEqual(self.difference(rootfs=False), ("cannot-tell", "user", "user", True))

    def test_inputs(self):
        for args in (("--spec", "spec.json"), ("--image", "image.json"),
                     ("--image", "image.json", "--pod", "p.yaml")):
            self.assertIn("expected a runtime spec beside", self.refused(2, "verify", *args))
        self.assertIn("another form", self.refused(2, "verify", "--output", "blob"))

# SPDX-License-Identifier: Apache-2.0
"""Who the process is, and where it is at home, from documents and a root."""
import json
import os

from harness import Case, elf

CALL = ("resolve", "--image", "image.json", "--pod", "pod.yaml", "--rootfs", "root")
PASSWD = "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n"
GROUP = "root:x:0:\nwheel:x:10:root\naudio:x:29:node\nnode:x:1001:node\n"


class User(Case):
    """image User, securityContext and the account files."""

    def setUp(self):
        super().setUp()
        self.accounts(PASSWD, GROUP)
        self.ask()

    def accounts(self, passwd, group):
        for name, text in (("passwd", passwd), ("group", group)):
            self.write(f"root/etc/{name}", text, 0o644)

    def ask(self, user=None, pod="{}", container="{}", env=()):
        """The documents: image User, securityContext of pod and container."""
        config = {"Cmd": ["/bin/sh"], "Env": list(env)}
        if user is not None:
            config["User"] = user
        self.write("image.json", json.dumps({"config": config}))
        self.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
                   f"  securityContext: {pod}\n  containers:\n"
                   f"  - {{name: c, securityContext: {container}}}\n")

    def report(self, *args):
        """The answer in JSON."""
        return json.loads(self.ok(*args, "--output", "json"))

    def answer(self, *flags):
        """uid, gid, groups, HOME and the codes of the warnings."""
        answer = self.report(*CALL, *flags)
        home = [entry["value"] for entry in answer["env"] if entry["name"] == "HOME"]
        return (answer["user"]["uid"], answer["user"]["gid"], answer["user"]["groups"],
                home[0] if home else None, {w["code"] for w in answer["warnings"]})

    def test_the_way_of_a_pod(self):
        rows = [
            (None, "{}", "{}", (0, 0, [0, 10], "/root", set())),
            ("node", "{}", "{}", (1000, 1001, [29, 1001], "/home/node", set())),
            ("node:audio", "{}", "{}",
             (1000, 1001, [29, 1001], "/home/node", {"image-group-dropped"})),
            ("4242:50", "{}", "{}", (4242, 0, [0], "/", {"image-group-dropped"})),
            ("node", "{runAsUser: 0}", "{}", (0, 0, [0, 10], "/root", set())),
            ("node", "{runAsUser: 0}", "{runAsUser: 1000}",
             (1000, 1001, [29, 1001], "/home/node", set())),
            (None, "{runAsUser: 1000650000}", "{}", (1000650000, 0, [0], "/", set())),
            (None, "{runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [60000], "
             "fsGroup: 7}", "{}", (1000, 3000, [7, 29, 3000, 60000], "/home/node", set())),
            (None, "{runAsUser: 1000, fsGroup: 7, supplementalGroupsPolicy: Strict}", "{}",
             (1000, 1001, [7, 1001], "/home/node", set())),
        ]
        for user, pod, container, expected in rows:
            with self.subTest(f"{user} {pod} {container}"):
                self.ask(user, pod, container)
                self.assertEqual(self.answer(), expected)

    def test_profiles(self):
        rows = [
            ("node:audio", ["--cri-direct"], (1000, 29, [29])),
            ("node:audio", ["--cri-direct", "--cri", "crio"], (1000, 29, [29])),
            ("node:audio", ["--user-profile", "docker"], (1000, 29, [29])),
            ("node:", ["--cri-direct"], (1000, 0, [0, 29])),
            ("node:", ["--user-profile", "docker"], (1000, 1001, [29, 1001])),
            ("node", ["--user-profile=crio"], (1000, 1001, [29, 1001])),
            ("+1000", ["--user-profile=containerd"], (1000, 1001, [29, 1001])),
            ("01000", ["--user-profile=containerd-1.7"], (1000, 1001, [29, 1001])),
        ]
        for user, flags, expected in rows:
            with self.subTest(f"{user} {flags}"):
                self.ask(user)
                self.assertEqual(self.answer(*flags)[:3], expected)
        self.accounts(PASSWD, GROUP + "4294967296:x:5:\n")
        for profile, status in (("strict", 1), ("containerd", 1), ("crio", 1),
                                ("containerd-1.7", 1), ("docker", 1)):
            self.ask("4294967296")
            self.refused(status, *CALL, "--user-profile", profile)
        self.accounts(PASSWD + "4294967296:x:5:5:::\n", GROUP)
        self.assertEqual(self.answer("--user-profile", "containerd-1.7")[:2], (5, 5))

    def test_non_root(self):
        for user, found in (("node", "found a name"), ("0", "found uid 0"),
                            (None, "found uid 0")):
            with self.subTest(user):
                self.ask(user, "{runAsNonRoot: true}")
                said = self.refused(1, *CALL)
                self.assertIn(found, said)
                self.assertIn("[value]", said)
                self.answer("--cri-direct") # nobody asks there
        self.ask("1000", "{runAsNonRoot: true}")
        self.assertEqual(self.answer()[0], 1000)

    def test_home(self):
        """The runtime looks for it, and only if it has to."""
        comment = "# users\n" + PASSWD
        self.accounts(comment, GROUP)
        self.ask("node", env=["HOME=/h"])
        for runtime in ("runc", "crun", "kata", "execvp"):
            self.assertEqual(self.answer("--runtime", runtime)[3], "/h")
        self.accounts("# users\n5:x:5:x::/five:/bin/sh\n", GROUP)
        self.ask(env=["HOME=/h"])
        spec = {"ociVersion": "1.0.2", "process": {"args": ["/bin/sh"], "cwd": "/",
                                                   "env": ["HOME=/h"], "user": {"uid": 5}}}
        self.write("spec.json", json.dumps(spec))
        call = ("resolve", "--spec", "spec.json", "--rootfs", "root")
        self.assertEqual(self.report(*call)["env"][0]["value"], "/h")
        spec["process"]["env"] = []
        self.write("spec.json", json.dumps(spec))
        self.assertIn("line 2 of /etc/passwd", self.refused(1, *call))
        self.assertEqual(self.report(*call, "--user-profile", "containerd")["env"][0]["value"],
                         "/five")
        self.assertEqual(self.report(*call, "--runtime", "crun")["env"][0]["value"], "/")
        self.accounts(comment, GROUP)
        spec["process"]["user"]["uid"] = 0
        self.write("spec.json", json.dumps(spec))
        self.refused(1, *call)
        self.assertEqual(self.report(*call, "--runtime", "crun")["env"][0]["value"], "/root")
        self.assertEqual(self.report(*call, "--runtime", "kata")["env"][0]["value"], "/root")

    def test_home_that_looks_like_code(self):
        """passwd is the image's; what a pod says is not."""
        self.accounts("node:x:1000:1001::() { x; }:/bin/sh\n", GROUP)
        self.ask("node")
        self.assertEqual(self.answer()[3:], ("() { x; }", set()))
        pod = (self.dir / "pod.yaml").read_text()
        self.write("pod.yaml", pod.replace("name: c,", "name: c, env: [{name: HOME, value: '() {'}],"))
        self.assertEqual(self.answer()[3:], ("() {", {"dangerous-name"}))

    def test_crio_home(self):
        """CRI-O makes an entry for a uid that has none, at home in "/"."""
        self.ask("node", "{runAsUser: 1000580000}")
        self.assertEqual(self.answer("--cri", "crio"),
                         (1000580000, 0, [0], "/", {"passwd-line-added"}))
        self.assertEqual(self.answer("--cri", "crio", "--user-profile", "containerd")[4], set())
        os.chmod(self.dir / "root/etc/passwd", 0o664)
        self.assertEqual(self.answer("--cri", "crio")[4], set())
        os.chmod(self.dir / "root/etc/passwd", 0o644)
        # The line of a name with a colon is another one: uid 0, at home in its gid.
        self.ask("12345:50")
        self.assertEqual(self.answer("--cri", "crio", "--cri-direct")[:4],
                         (12345, 50, [50], "/"))

    def test_crio_home_by_a_link(self):
        """Its copy is of the file that it found by the text of the link; the kernel finds none.
        The uid behind a blank is one to glibc alone."""
        self.write("root/real", "x:x: 4242:7::/blank:\n", 0o644)
        (self.dir / "root/etc/passwd").unlink()
        (self.dir / "root/etc/passwd").symlink_to("missing/../../real")
        self.ask("4242")
        flags = ("--cri", "crio", "--user-profile", "crio", "--runtime")
        self.assertEqual(self.answer(*flags, "crun"),
                         (4242, 0, [0], "/blank", {"passwd-line-added"}))
        self.assertEqual(self.answer(*flags, "runc")[3], "/")

    def test_capabilities(self):
        """They decide, not the uid; the plugin knows the set."""
        self.write("root/bin/own", elf(), 0o700)
        self.ask("node")
        self.write("image.json", json.dumps({"config": {"Cmd": ["/bin/own"], "User": "node"}}))
        if os.geteuid():
            self.skipTest("the file must be another user's")
        for cri in ("containerd", "crio"):
            self.answer("--cri", cri)
        pod = (self.dir / "pod.yaml").read_text()
        for drop in ("ALL", "DAC_OVERRIDE", "dac_override"):
            self.write("pod.yaml", pod.replace("securityContext: {}}",
                       f"securityContext: {{capabilities: {{drop: [{drop}]}}}}}}"))
            self.assertIn("[access]", self.refused(1, *CALL))
        self.write("pod.yaml", pod.replace(
            "securityContext: {}}",
            "securityContext: {capabilities: {drop: [ALL], add: [DAC_OVERRIDE]}}}"))
        self.answer()
        self.write("pod.yaml", pod.replace(
            "securityContext: {}}", "securityContext: {capabilities: {drop: [CAP_DAC_OVERRIDE]}}}"))
        self.assertIn("[ambiguous]", self.refused(1, *CALL))

    def test_what_is_no_file(self):
        """An error at once in place of either file, never a wait."""

        def fifo(path):
            os.mkfifo(path)

        def loop(path):
            path.symlink_to(path.name)

        def large(path):
            with open(path, "wb") as file:
                file.truncate((10 << 20) + 1)

        makers = ((fifo, "value"), (loop, "value"), (large, "limit"))
        self.ask("node", env=["HOME=/h"])
        for name in ("passwd", "group"):
            path = self.dir / "root/etc" / name
            text = path.read_bytes()
            for maker, status in makers:
                path.unlink()
                maker(path)
                for profile in ("strict", "containerd", "containerd-1.7", "crio", "docker"):
                    with self.subTest(f"{maker.__name__} {name} {profile}"):
                        said = self.refused(1, *CALL, "--user-profile", profile)
                        self.assertIn(f"/etc/{name}", said)
                        self.assertIn(f"[{status}]", said)
            path.unlink()
            path.write_bytes(text)
        path = self.dir / "root/etc/passwd"
        path.unlink()
        path.mkdir()
        self.ask("1000:29")
        self.assertIn("regular file", self.refused(1, *CALL))
        self.assertEqual(self.answer("--user-profile", "docker")[:3], (1000, 29, [29]))

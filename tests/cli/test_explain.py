# SPDX-License-Identifier: Apache-2.0
"""explain: where a value comes from, what it overrode, and in which step."""
from harness import SECRET, Case

POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    env:
    - {name: A, value: one}
    - {name: B, value: "$(A)-two"}
    - {name: B, value: "$(B)-$$three"}
    - {name: PATH, value: /bin}
"""


class Explain(Case):
    """One pod over one image."""

    def explain(self, *names):
        """Standard output, by lines."""
        return self.ok("explain", "--image", "image.json", "--pod", "p.yaml", "--rootfs", "root",
                       *names).decode().splitlines()

    def setUp(self):
        super().setUp()
        self.write("p.yaml", POD)

    def test_each_step_is_told(self):
        self.assertEqual(self.explain("B"), [
            'B="one-two-$three"',
            "  from pod p.yaml:10:24, changed by expansion",
            "  over pod p.yaml:9:24, changed by expansion, in the kubelet step"])
        self.assertEqual(self.explain("A")[2][:18], "  over image image")
        self.assertTrue(self.explain("A")[2].endswith(", in the runtime step"))

    def test_defaults_and_what_the_runtime_adds(self):
        path = self.explain("PATH")
        self.assertEqual(path[:2], ["PATH=/bin", "  from pod p.yaml:11:27"])
        self.assertRegex(path[2], r"\A  over image image\.json:1:\d+, in the CRI step\Z")
        self.assertEqual(path[3:], ["  over default, built in, in the CRI step"])
        self.assertEqual(self.explain("HOME"),
                         ["HOME=/data", "  from runtime, set by the runtime"])

    def test_names_come_in_the_order_of_the_call(self):
        lines = [line for line in self.explain("HOME", "A") if not line.startswith(" ")]
        self.assertEqual(lines, ["HOME=/data", "A=one"])

    def test_without_names_everything_is_explained(self):
        lines = [line for line in self.explain() if not line.startswith(" ")]
        self.assertEqual(lines, ["argv[0]", "argv[1]", "argv[2]", "cwd", "user", "PATH=/bin",
                                 "HOSTNAME=p", "A=one", 'B="one-two-$three"', "HOME=/data"])

    def test_secrets_stay_hidden(self):
        call = ("explain", "--image", "image.json", "--pod", "pod.yaml", "--objects",
                "objects.yaml", "TOKEN", "URL")
        self.assertNotIn(SECRET.encode(), self.ok(*call))
        self.assertIn(SECRET.encode(), self.ok(*call, "--show-secrets"))

    def test_a_name_that_is_not_there(self):
        done = self.refused(1, "explain", "--spec", "spec.json", "--rootfs", "root", "A", "NO")
        self.assertEqual(done, 'ocienv: expected a variable "NO" in the answer, found none of '
                               "that name [reference]\n")

    def test_what_the_policy_said(self):
        self.write("p.json", '{"ocienv_policy": 1, "argv": {"match": "any"},\n'
                             '"cwd": {"match": "any"}, "user": {"uid": 7}, "env": {"rules": [\n'
                             '{"name": "A", "from": ["runtime"]},\n'
                             '{"name": "HOME", "from": ["policy"], "value": "/p"}]}}')
        done = self.run_raw("explain", "--spec", "spec.json", "--rootfs", "root", "--policy",
                            "p.json", "A", "HOME")
        lines = done.stdout.decode().splitlines()
        self.assertEqual(lines[0], "A=1")
        self.assertRegex(lines[1], r"\A  from runtime spec\.json:1:\d+\Z")
        self.assertEqual(lines[2:], ["  policy allowed from runtime, rule 0, policy line 3",
                                     "HOME=/p", "  from policy",
                                     "  over runtime, set by the runtime, in the runtime step",
                                     "  policy allowed from policy, rule 1, policy line 4"])
        self.assertRegex(done.stderr.decode(),
                         r"\Aspec\.json:1:\d+: warning: B: expected a variable that the policy "
                         r"lists, found it from runtime, which is left out: no rule, policy "
                         r"line 2 \[policy-dropped\]\n\Z")

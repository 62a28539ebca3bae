# SPDX-License-Identifier: Apache-2.0
"""What no document can know: the error says which fact to give, and giving it is enough."""
import json

from harness import Case

# fieldPath, the fact that answers it, its value there
FIELDS = (
    ("metadata.name", "metadata.name", "web-7"),
    ("metadata.namespace", None, "default"),
    ("metadata.uid", "metadata.uid", "6f1c"),
    ("metadata.labels['a.io/b']", "metadata.labels['a.io/b']", "x"),
    ("metadata.annotations['C']", "metadata.annotations['C']", "y=z"),
    ("spec.nodeName", "spec.nodeName", "node-1"),
    ("spec.host", "spec.nodeName", "node-1"),
    ("spec.serviceAccountName", "spec.serviceAccountName", "robot"),
    ("status.hostIP", "status.hostIP", "192.0.2.1"),
    ("status.hostIPs", "status.hostIPs", "192.0.2.1,2001:db8::1"),
    ("status.podIP", "status.podIP", "10.0.0.5"),
    ("status.podIPs", "status.podIPs", "10.0.0.5,fd00::5"),
)
# resource, the fact, its value there, the variable's value
RESOURCES = (
    ("limits.cpu", "allocatable.cpu", "3500m", "4"),
    ("limits.memory", "allocatable.memory", "1Ki", "1024"),
    ("limits.ephemeral-storage", "allocatable.ephemeral-storage", "2k", "2000"),
    ("limits.hugepages-2Mi", None, None, "0"),
    ("requests.cpu", None, None, "0"),
    ("requests.memory", None, None, "0"),
    ("requests.ephemeral-storage", None, None, "0"),
    ("requests.hugepages-2Mi", None, None, "0"),
)
ENV = "/env/0/valueFrom/"


class Facts(Case):
    """A container alone: nothing of its pod is known."""

    def ask(self, source, *facts):
        """The call that reads one variable, and what it answers."""
        self.write("c.yaml", "name: c\ncommand: [sh]\nenv:\n- name: V\n"
                             f"  valueFrom: {json.dumps(source)}\n")
        args = ["layer", "--pod", "c.yaml", "--pod-kind", "container", "--hostname", "h", "-o",
                "c.oeb"]
        for fact in facts:
            args += ["--fact", fact]
        return self.run_raw(*args)

    def value(self):
        """The variable in the layer that was written."""
        report = json.loads(self.ok("show", "c.oeb", "--output", "json"))
        return [variable["value"] for variable in report["env"]]

    def check(self, source, place, fact, given, value):
        """Without the fact the error names it; with it there is the value."""
        done = self.ask(source)
        if fact:
            said = done.stderr.decode()
            self.assertEqual(done.returncode, 1, said)
            self.assertRegex(said, r"\Ac\.yaml:5:\d+: ")
            self.assertTrue(said.endswith(f": {ENV}{place}: expected the fact {fact}, found "
                                          "none: no document holds it [reference]\n"), said)
            done = self.ask(source, f"{fact}={given}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.value(), [value])

    def test_fields(self):
        for path, fact, value in FIELDS:
            with self.subTest(path):
                self.check({"fieldRef": {"fieldPath": path}}, "fieldRef/fieldPath", fact, value,
                           value)
        self.assertEqual(self.ask({"fieldRef": {"fieldPath": "metadata.namespace"}},
                                  "metadata.namespace=prod").returncode, 0)
        self.assertEqual(self.value(), ["prod"])

    def test_resources(self):
        for resource, fact, given, value in RESOURCES:
            with self.subTest(resource):
                self.check({"resourceFieldRef": {"resource": resource}},
                           "resourceFieldRef/resource", fact, given, value)

    def test_files(self):
        ref = {"fileKeyRef": {"volumeName": "w", "path": "d/vars", "key": "K"}}
        self.check(ref, "fileKeyRef/path", "volume.w/d/vars", "K='one'", "one")

    def test_host_name(self):
        """Asked for by no field, and needed by every container."""
        self.write("c.yaml", "name: c\ncommand: [sh]\n")
        args = ("resolve", "--pod", "c.yaml", "--pod-kind", "container", "--rootfs",
                "root", "--output", "env0")
        self.assertEqual(self.refused(1, *args),
                         "c.yaml: expected the host name or the fact metadata.name, found "
                         "neither: no document holds it [reference]\n")
        self.assertIn(b"HOSTNAME=web-7\0", self.ok(*args, "--fact", "metadata.name=web-7"))
        self.assertIn(b"HOSTNAME=web-8\0", self.ok(*args, "--hostname", "web-8"))

    def test_objects(self):
        """They are looked for in the namespace that the fact names, else in "default"."""
        self.write("objects.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
                                   "stringData: {k: one}\n---\napiVersion: v1\nkind: Secret\n"
                                   "metadata: {name: s, namespace: prod}\nstringData: {k: two}\n")
        self.write("c.yaml", "name: c\ncommand: [sh]\nenvFrom: [{secretRef: {name: s}}]\n")
        args = ("resolve", "--pod", "c.yaml", "--pod-kind", "container", "--hostname", "h",
                "--objects", "objects.yaml", "--rootfs", "root", "--output", "env0")
        self.assertIn(b"k=one\0", self.ok(*args))
        self.assertIn(b"k=two\0", self.ok(*args, "--fact", "metadata.namespace=prod"))
        self.assertEqual(self.refused(1, *args, "--fact", "metadata.namespace=test"),
                         "c.yaml:3:30: /envFrom/0/secretRef/name: expected the Secret \"s\", "
                         "found none of that name [reference]\n")

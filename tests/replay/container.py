# SPDX-License-Identifier: Apache-2.0
"""One row about a container of a pod: asked, and upstream's config.json held against it."""
import json
import os

import answers
import command
import documents

# What no document holds.
FACTS = {
    "metadata.uid": "00000000-0000-0000-0000-000000000001", "spec.nodeName": "node-1",
    "status.hostIP": "192.0.2.10", "status.hostIPs": "192.0.2.10",
    "status.podIP": "10.0.0.5", "status.podIPs": "10.0.0.5",
    "allocatable.cpu": "4", "allocatable.memory": "8Gi",
    "allocatable.ephemeral-storage": "100Gi",
}


def words_of(row, document):
    """The flags that choose the container and state the facts."""
    words = {"pod": document.file, "fact": dict(FACTS),
             "objects": document.objects + ([row["objects"]] if "objects" in row else [])}
    if row["kind"] != "Pod":
        words["fact"]["metadata.name"] = f"{row['workload']}-x"
    if document.selector:
        words["workload"] = document.selector
    if row["container"]:
        words["container"] = row["container"]
    return command.flags(words)


class Container:
    """`place` is a folder for files that the questions need."""

    def __init__(self, corpus, row, place):
        self.corpus, self.row, self.place = corpus, row, place
        self.words = words_of(row, documents.select(corpus, row, place))
        self.file, self.image = row["image"], corpus.image(row["image"])
        self.user = None

    def write(self, name, value):
        path = os.path.join(self.place, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file)
        return path

    def run(self, subcommand, *more):
        return self.corpus.run(self.row.get("process"), self.image, subcommand, "--output",
                               "json", "--image", self.file, *self.words, *more)

    def ask(self, *more):
        """Upstream paired images at random and did not run the kubelet's check of
        runAsNonRoot: where that one refuses the image's user, the same image with another
        user is asked for."""
        result = self.run("resolve", *more)
        if result.refusal and "runAsNonRoot" in result.refusal[1]:
            self.corpus.other_user += 1
            self.image["config"] = {**(self.image.get("config") or {}), "User": "1"}
            self.file = self.write("image.json", self.image)
            result = self.run("resolve", *more)
        if result.code == command.ANSWER:
            self.words += more
            self.user = result.report["user"]
        return result

    def check(self):
        row = self.row
        fault = self.corpus.verdict(
            row, self.ask, lambda report: answers.process(row["process"], report)
            or answers.order(row["cri"], self.image, report))
        if fault or "cri" not in row:
            return fault
        fault = self.check_runtime() or ("process" in row and self.check_host())
        return f"its config.json: {fault}" if fault else None

    def spec(self, **members):
        return self.write("config.json", {"ociVersion": "1.2.0",
                                          "process": {**self.row["cri"], **members}})

    def check_runtime(self):
        return self.corpus.ask_spec(
            self.row, self.image, self.spec(),
            lambda report: answers.process(self.row["process"], report))

    def verify(self, env):
        """The corpus has no user in its config.json: there it is the answer's."""
        user = {"uid": self.user.get("uid", 0), "gid": self.user.get("gid", 0),
                "additionalGids": self.user.get("groups", [])}
        return self.run("verify", "--spec", self.spec(env=env, user=user))

    def check_host(self):
        """What upstream wrote differs in nothing, and without its last variable it does."""
        if self.user is None:
            return None
        env = self.row["cri"]["env"]
        honest, other = self.verify(env), self.verify(env[:-1])
        self.corpus.verified += 1
        if honest.code:
            return f"verify: {' / '.join(honest.lines)}"
        if other.code != command.REFUSED or other.refusal[2] != "mismatch":
            return f"verify: expected {env[-1]!r} to be missed, found {other.lines}"
        return None

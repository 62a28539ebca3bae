# SPDX-License-Identifier: Apache-2.0
"""test_corpus [DIR]: public documents, each with the answer that upstream's code gave for it.

Without DIR: $OCIENV_CORPUS, or shared/corpus beside the source tree; where that is absent the
test is skipped. What a row means, and the facts that all rows share, its README.md says."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import answers
import command
import container
import documents
import rootfs
import strictness

TOP = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = 77
MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "386": "i386", "loong64": "loongarch64"}

# Statuses that answer for upstream's stage. VALUE is also what the API server would have
# refused before the kubelet.
STAGES = {
    "decode": {"syntax", "encoding", "ambiguous", "type", "value"},
    "kubelet": {"reference", "value"},
    "cri": {"value"},
    "runtime": {"value", "encoding"},
}


class Corpus:
    """The folder, the command, and the count."""

    def __init__(self, folder, ocienv):
        self.folder = pathlib.Path(folder).resolve()
        self.tool = command.Command(ocienv)
        self.tally = command.Tally(command.read_disputed(TOP / "disputed.txt"))
        self.stricter = {}
        self.other_user = self.verified = 0

    def rows(self, kind):
        path = self.folder / f"expect_{kind}.json"
        return json.loads(path.read_text()) if path.exists() else []

    def image(self, name):
        return json.loads((self.folder / name).read_text())

    def verdict(self, row, ask, check):
        """The fault of a row. Upstream refuses, or `check` compares what it answers; what is
        refused for what only the API server checks has upstream's answer with --lenient."""
        result = ask()
        if result.fault or row.get("either"):
            return result.fault
        if "error" in row:
            return self.check_refusal(row, result)
        if not result.code:
            return check(result.report)
        reason = strictness.reason_for(result.refusal)
        if not reason and result.refusal[2] == "value":
            lenient = ask("--lenient")
            if lenient.code == command.ANSWER:
                return check(lenient.report) or self.count(strictness.API)
        return (self.count(reason) if reason else
                f"expected an answer, found {': '.join(result.refusal)}")

    def count(self, reason):
        self.stricter[reason] = self.stricter.get(reason, 0) + 1

    def check_refusal(self, row, result):
        if not result.code:
            return f"expected a refusal ({row['error']}), found an answer"
        message, status = result.refusal[1:]
        statuses = STAGES.get(row.get("stage"), {status})
        if status in statuses and (status != "reference" or documents.is_named(row, message)):
            return None
        return (f"expected {'|'.join(sorted(statuses))} about {row['error']!r}, found "
                f"{': '.join(result.refusal)}")

    def run(self, process, image, subcommand, *words):
        """Runs in a root where the program is there and passwd knows no home but /. A corpus
        tells what execve is handed, not whether there is such a program: where a look-up
        could find none, there is no root either, and no HOME."""
        program = program_of(process) if process else "/none"
        if not program:
            return self.tool.run(self.folder, subcommand, *words)
        with tempfile.TemporaryDirectory() as place:
            tree = os.path.join(place, "rootfs")
            rootfs.build(tree, {"entries": root_of(program, image)})
            return self.tool.run(self.folder, subcommand, *words, "--rootfs", tree)

    def ask_spec(self, row, image, spec, check):
        """The verdict on a config.json: the runtime step alone."""
        def ask(*more):
            return self.run(row.get("process"), image, "resolve", "--output", "json", "--spec",
                            spec, *more)
        return self.verdict(row, ask, check)


def program_of(process):
    """Where the program has to be for the runtime to find it, or None."""
    name, folder = process["args"][0], process["cwd"]
    if "/" not in name:
        entries = process["env"].get("PATH", "").split(":")
        folder = next((entry for entry in entries if entry.startswith("/")), None)
    if not folder or not name.strip("/."):
        return None
    return os.path.normpath("/" + os.path.join(folder, name).lstrip("/"))


def root_of(program, image):
    """A user that the image names is in passwd, with the home that all others have."""
    image = image or {}
    names = ((image.get("config") or {}).get("User") or "").split(":")
    user, group = (names + [""])[:2]
    return [
        {"path": "/etc/passwd", "type": "file",
         "content": f"{user}:x:1:1::/:\n" if user and not user.isdigit() else ""},
        {"path": "/etc/group", "type": "file",
         "content": f"{group}:x:1:\n" if group and not group.isdigit() else ""},
        {"path": program, "type": "file", "mode": "0755",
         "elf": {"machine": MACHINES.get(image.get("architecture"), "x86_64")}},
    ]


def check_image(corpus, row):
    def ask(*more):
        with tempfile.TemporaryDirectory() as place:
            blob = os.path.join(place, "layer")
            result = corpus.tool.run(corpus.folder, "layer", "--image", row["image"],
                                     "-o", blob, *more)
            if result.code:
                return result
            return corpus.tool.run(corpus.folder, "show", blob, "--output", "json")
    return corpus.verdict(row, ask, lambda report: answers.image(row, report))


def check_spec(corpus, row):
    return corpus.ask_spec(row, None, row["spec"],
                           lambda report: answers.process(row["process"], report)
                           or answers.user(row["process"], report))


def check_pod(corpus, row):
    with tempfile.TemporaryDirectory() as place:
        return container.Container(corpus, row, place).check()


def name_of(row):
    """What tells one row from the others, as tests/disputed.txt has it."""
    if "pod" not in row:
        return row.get("image") or row["spec"]
    words = [row["pod"], f"doc {row['doc']}"]
    words += [f"item {row['item']}"] if "item" in row else []
    words += [row["container"]] if row["container"] else []
    return " ".join(words + (["with objects"] if "objects" in row else []))


KINDS = {"images": ("image", check_image), "pods": ("pod", check_pod),
         "specs": ("spec", check_spec)}


def run(corpus):
    for kind, (title, check) in KINDS.items():
        for row in corpus.rows(kind):
            try:
                fault = check(corpus, row)
            except (OSError, ValueError, KeyError, TypeError, AttributeError,
                    subprocess.TimeoutExpired) as error:
                fault = f"cannot run: {type(error).__name__}: {error}"
            corpus.tally.add(title, name_of(row), fault)
    reasons = ", ".join(f"{reason} {count}" for reason, count in corpus.stricter.items())
    print(f"stricter: {sum(corpus.stricter.values())}{': ' + reasons if reasons else ''}")
    print(f"verified: {corpus.verified}, with another user in the image: {corpus.other_user}")
    return corpus.tally.finish()


def main(ocienv, args):
    if len(args) > 1:
        print("usage: test_corpus [DIR]", file=sys.stderr)
        return 2
    beside = TOP.parent.parent / "shared" / "corpus"
    folder = pathlib.Path(args[0] if args else os.environ.get("OCIENV_CORPUS", beside))
    if not args and not folder.is_dir():
        print(f"skipped: there is no corpus at {folder}; OCIENV_CORPUS names another place")
        return SKIPPED
    return run(Corpus(folder, ocienv))

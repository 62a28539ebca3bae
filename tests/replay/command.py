# SPDX-License-Identifier: Apache-2.0
"""The `ocienv` command as the runners use it, and how they count."""
import base64
import json
import pathlib
import re
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import schema  # pylint: disable=wrong-import-position

ANSWER, REFUSED = 0, 1


class Result:
    """A finished command. Whatever is neither an answer nor a refusal is a fault."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.lines = done.stderr.decode(errors="backslashreplace").splitlines()

    @property
    def fault(self):
        """Why this is no verdict on the documents, or None."""
        if self.code in (ANSWER, REFUSED) and (self.code == ANSWER or self.refusal):
            return None
        return f"status {self.code}: {' / '.join(self.lines) or 'nothing said'}"

    @property
    def refusal(self):
        """(place, message, short status name) of the first diagnostic, or None."""
        for line in self.lines:
            match = re.match(r"(.*?): (.*) \[([a-z]+)\]$", line)
            if match:
                return match.groups()
        return None

    @property
    def report(self):
        return json.loads(self.out)


class Command:
    """`ocienv`, run in one folder, so that diagnostics name files as the caller did."""

    def __init__(self, path, timeout=60):
        self.path = path
        self.timeout = timeout

    def run(self, folder, *args):
        done = subprocess.run([self.path, *args], cwd=folder, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=self.timeout, check=False)
        schema.check(args, done.stdout)
        return Result(done)


def flags(pairs):
    """The command's flags: a list repeats one, a map too (KEY=VALUE); true is a switch."""
    words = []
    for name, value in pairs.items():
        if isinstance(value, dict):
            value = [f"{key}={text}" for key, text in value.items()]
        for one in value if isinstance(value, list) else [value]:
            if one is True:
                words.append(f"--{name}")
            elif one is not False:
                words += [f"--{name}", str(one)]
    return words


def environment(report):
    """Names and values (bytes) in the report's order; one that stands twice is no answer."""
    values = {}
    for entry in report["env"]:
        if entry["name"] in values:
            raise ValueError(f"env: {entry['name']!r} stands twice")
        values[entry["name"]] = (base64.b64decode(entry["value_base64"])
                                 if "value_base64" in entry else entry["value"].encode())
    return values


class Tally:
    """Counts rows. A disputed row must fail: one that passes is no longer disputed."""

    def __init__(self, disputed):
        self.disputed = disputed
        self.counts = {}
        self.passed = self.failed = self.in_dispute = 0

    def add(self, kind, name, fault):
        """`fault` is None for a row that passed."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if (kind, name) in self.disputed:
            self.in_dispute += fault is not None
            fault = None if fault else "disputed, but passes"
        if fault is None:
            self.passed += 1
            return
        self.failed += 1
        print(f"{kind} {name}: {fault}")

    def finish(self):
        """The last lines; the exit status. Who ran nothing has tested nothing."""
        for kind, count in self.counts.items():
            print(f"{kind}: {count}")
        print(f"disputed: {self.in_dispute}")
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def read_disputed(path):
    """Rows of `KIND NAME: RULE`: {(kind, name)}."""
    rows = set()
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = re.fullmatch(r"(\S+) (.+?): (\S.*)", line)
        if not match:
            raise ValueError(f"{path.name}:{number}: expected `KIND NAME: RULE`, "
                             f"found {line!r}")
        rows.add(match.group(1, 2))
    return rows

# SPDX-License-Identifier: Apache-2.0
"""Compares what a runtime did with what the library says it does."""
import re

# As docs/strictness.md lists them: status, what the message says, the reason, and what must
# stand in the config.json, or in /etc/passwd or /etc/group, for it to be one.
REASONS = [
    ("encoding", "without NUL", "a NUL", rb"\\u0000"),
    ("encoding", "surrogate", "half of a surrogate pair", rb"\\ud[89a-f]"),
    ("encoding", "UTF-8", "bytes that are not UTF-8", rb"[\x80-\xff]"),
    ("ambiguous", "letter case", "a name in another letter case",
     rb'"(ENV|Process|arg\\u017f)"'),
    ("ambiguous", "each key once", "a key that stands twice", rb'"(env|args|cwd)": .*"\1": '),
    ("ambiguous", "found null", "a null element", rb"[\[ ]null[,\]]"),
    ("type", "found null", "a null element", rb'"additionalGids": \[null\]'),
    ("ambiguous", "behind the value", "text behind the value",
     rb"\}\}(x|\{\}|\0|\xef\xbb\xbf)\n"),
    ("ambiguous", "nested", "nesting that json-c refuses", rb"\[{32}"),
    ("value", 'without "="', "an entry that is no NAME=VALUE", rb'"env": \[.*"[^"=]*"'),
    ("value", "without a name", "an entry that is no NAME=VALUE", rb'"='),
    ("value", "expected an id", "an id above 2147483647", rb"2147483648|429496729[45]"),
    ("value", "the entry that is used", "a line that is no entry",
     rb"(?m)^(# .*|ghost|alice:x:1000|plus:x:\+1000:.*)$"),
    ("value", "no name of another group", "a group named by a number", rb"(?m)^50:x:0:"),
    ("unsafe", "passes /proc", "a path through /proc",
     rb'"cwd": "/proc|"PATH=/proc|"args": \["/proc'),
]
# What only crun takes is refused whatever it is, as long as it is about the document.
RUNC_REFUSES = [("syntax", ""), ("type", ""), ("value", "expected an integer")]


class Records:
    """The records of show.c and answer.c."""

    def __init__(self, data):
        self.all = [(text[:1], text[1:]) for text in data.split(b"\0")[:-1]]

    def of(self, letter):
        return [text for kind, text in self.all if kind == letter]

    def one(self, letter):
        return self.of(letter)[0]

    @property
    def refusal(self):
        return self.of(b"!")[0].decode() if self.of(b"!") else None


def squeezed(cwd, path):
    """An absolute path without "//" and "/./", as the library tells it; ".." is physical."""
    parts = [part for part in (b"" if path[:1] == b"/" else cwd).split(b"/") + path.split(b"/")
             if part not in (b"", b".")]
    return b"/" + b"/".join(parts)


def differences(ran, said, directory):
    """What differs between the process and the answer. `directory` says where a path leads."""
    cwd = said.one(b"c")
    pairs = {
        "argv": (ran.of(b"a"), said.of(b"a")),
        "env": (ran.of(b"e"), said.of(b"e")),
        "cwd": (ran.one(b"c"), cwd if ran.one(b"c") == cwd else directory(cwd)),
        "program": (ran.one(b"x"), said.one(b"x")),
        "path": (squeezed(cwd, ran.one(b"p")), said.one(b"p")),
        "uid": (ran.one(b"u"), said.one(b"u")),
        "gid": (ran.one(b"g"), said.one(b"g")),
        # runc 1.1 drops what stands twice, crun does not.
        "groups": (sorted(set(ran.of(b"s"))), sorted(set(said.of(b"s")))),
        "umask": (ran.one(b"m"), said.one(b"m")),
    }
    return [f"{what}: runtime {str(real)[:300]}, library {str(ours)[:300]}"
            for what, (real, ours) in pairs.items() if real != ours]


def reason_of(refusal, evidence, runc_refuses):
    status, _, message = refusal.partition(": ")
    for wanted, found, reason, cause in REASONS:
        if status == wanted and found in message and re.search(cause, evidence):
            return reason
    if runc_refuses and any(status == wanted and message.startswith(found)
                            for wanted, found in RUNC_REFUSES):
        return "what runc refuses"
    return None


def verdict(ran, said, evidence, runc_refuses, directory):
    """("same" | "refused" | "stricter" | "wrong", detail). `ran` is (output, error)."""
    output, error = ran
    said = Records(said)
    if output is None:
        return ("refused", "") if said.refusal else ("wrong", f"the runtime refuses: {error}")
    if said.refusal:
        reason = reason_of(said.refusal, evidence, runc_refuses)
        if reason:
            return "stricter", reason
        return "wrong", f"refused for no listed reason: {said.refusal}"
    found = differences(Records(output), said, directory)
    return ("wrong", "; ".join(found)) if found else ("same", "")

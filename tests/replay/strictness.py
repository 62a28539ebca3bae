# SPDX-License-Identifier: Apache-2.0
"""For which reasons of docs/strictness.md may a document be refused that upstream takes?"""
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parent.parent.parent

API = "what the API server rejects"

# Status, what the message says, the reason as the document's table has it.
REASONS = [
    ("ambiguous", r"each key once", r"duplicate key|a key that stands twice"),
    ("ambiguous", r"letter case", "a name in another letter case"),
    ("ambiguous", r"found null", "a null element"),
    ("ambiguous", r"behind the value", "text behind the value"),
    ("ambiguous", r"nested", "nesting that json-c refuses"),
    ("ambiguous", r"merge", "merge that overrides|typed key in a merge"),
    ("ambiguous", r"end of the document", "text behind the document"),
    ("ambiguous", r"directive", "directive"),
    ("ambiguous", r"byte order mark", "byte order mark in a line start"),
    ("ambiguous", r"CR CR LF", "CR CR LF"),
    ("ambiguous", r"would be rounded", "number as key"),
    ("ambiguous", r'word with "\?"', "`?` in a flow word"),
    ("ambiguous", r'word with ":"', "`:` at the end of a flow word"),
    ("ambiguous", r"behind a tag|tag that all parsers", "tag with `,`, `[` or `]`"),
    ("ambiguous", r"escape that all parsers", "`\\/` and `\\'` in double quotes"),
    ("encoding", r"NUL|\\u0000", "a NUL|NUL in a string"),
    ("encoding", r"surrogate", "half of a surrogate pair"),
    ("encoding", r"base64", "binary that is not text"),
    ("encoding", r"UTF-16", "UTF-16"),
    ("encoding", r"UTF-8", "bytes that are not UTF-8|invalid UTF-8|a value that is not UTF-8"),
    ("value", r"infinity", "infinity and not-a-number"),
    ("value", r'"process"', "no process"),
    ("value", r'without "="|without a name', "an entry that is no NAME=VALUE"),
    ("value", r"absolute working directory", "a relative working directory"),
]


def documented():
    """The first column of the tables of docs/strictness.md."""
    text = (TOP / "docs" / "strictness.md").read_text()
    return {match.group(1) for match in re.finditer(r"^\| (.*?) \| [A-Z]", text, re.M)}


def reason_for(refusal):
    """The documented reason behind a diagnostic, or None."""
    _, message, status = refusal
    known = documented()
    for wanted, said, reasons in REASONS:
        if status == wanted and re.search(said, message):
            return next((reason for reason in reasons.split("|") if reason in known), None)
    return None

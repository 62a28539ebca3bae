# SPDX-License-Identifier: Apache-2.0
"""What the command prints as JSON is what docs/schema says it is."""
import functools
import json
import pathlib

import jsonschema

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "docs" / "schema"
# A member that one form alone has.
MARKS = {"ocienv_policy": "policy", "layer": "layer", "agrees": "verify",
         "candidates": "explain-exec", "env": "resolve"}


@functools.lru_cache(maxsize=None)
def validator(name):
    """That of one file, which is a schema itself."""
    schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def name_of(document):
    """Which schema it is for."""
    for mark, name in MARKS.items():
        if mark in document:
            return name
    raise AssertionError(f"expected a form with a schema, found the members {list(document)}")


def is_json(args, out):
    """Was it asked for JSON, and did it answer?"""
    args = [str(arg) for arg in args]
    asked = "json" in [args[i + 1] for i, arg in enumerate(args[:-1]) if arg == "--output"]
    return out.startswith(b"{") and (asked or "--output=json" in args or args[:1] == ["policy"])


def check(args, out):
    """Validates the output of such a call; answers whether it was JSON."""
    if not is_json(args, out):
        return False
    document = json.loads(out)
    for error in validator(name_of(document)).iter_errors(document):
        raise AssertionError(f"{args}: {error.json_path}: {error.message[:200]}")
    return True

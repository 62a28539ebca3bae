# SPDX-License-Identifier: Apache-2.0
"""Puts a marker in front of each environment value of a document.

It works on the text: half of the documents are no JSON or YAML at all. The marker comes first,
so that no cut in a message hides it, and is base64 of itself, so that it can stand in the `data`
of a Secret: there it is the decoded form that may leak."""
import base64
import re

PLAIN, SECRET = b"LEAKEDPLAIN!", b"LEAKEDHUSH!!"
MARK = {kind: base64.b64encode(kind).decode() for kind in (PLAIN, SECRET)}
SHOWN = 8  # characters that give a value away

# A scalar that the reader would not take for text stays what it is.
OTHER = r"(?!(?:true|false|yes|no|on|off|y|n|null|~|[-+.]?\d[\w.:+-]*)\s*(?:[,}\]#\n]|$))"
TEXT = OTHER + r"(?=[^\s,\[\]{}\"'#&*!|>])"
QUOTED = r"(?=[^\"'\s])"
BEGIN = r"(?:!\S*[ \t]+|&\S+[ \t]+)*"
BLOCK = r"[|>][-+0-9]*[ \t]*\n[ \t]+"


def mark_keys(text, keys, mark):
    """Behind `KEY: `, quoted or not, in block and in flow style."""
    head = rf"((?<![\w-])[\"']?(?:{keys})[\"']?[ \t]*:[ \t]*{BEGIN})"
    return re.sub(rf"{head}(?:([\"']){QUOTED}|({BLOCK})|{TEXT})",
                  lambda m: m.group(0) + mark, text, flags=re.I)


def mark_strings(text, mark):
    """NAME=VALUE in quotes, closed or not."""
    return re.sub(r'"([^"\\=\n]*)=', lambda m: m.group(0) + mark, text)


def mark_maps(text, mark):
    """The values under `data` and `stringData`."""
    text = re.sub(r"((?<![A-Za-z])(?:data|stringData)[\"']?[ \t]*:[ \t]*\{)([^{}]*)",
                  lambda m: m.group(1) + mark_keys(m.group(2), r"[\w.-]+", mark), text)
    return re.sub(r"(?m)(^( *)(?:data|stringData):[ \t]*\n)((?:\2 +.*\n?)+)",
                  lambda m: m.group(1) + mark_keys(m.group(3), r"[\w.-]+", mark), text)


def mark_objects(text):
    """Each document by itself; one with Secrets and others is plain, as far as can be told."""
    parts = re.split(r"(?m)^(---.*\n)", text)
    return "".join(mark_maps(part, MARK[SECRET if "Secret" in part and "ConfigMap" not in part
                                        and "List" not in part else PLAIN]) for part in parts)


def mark_pod(text):
    return mark_keys(mark_objects(text), "value", MARK[PLAIN])


def mark_config(text):
    return mark_strings(text, MARK[PLAIN])


def mark_policy(text):
    """Values of rules; those of argv, cwd, user and exec are not of the environment."""
    head, rules, rest = text.partition('"rules"')
    return head + rules + mark_keys(rest, "value", MARK[PLAIN])


MARKERS = {"image": mark_config, "spec": mark_config, "pod": mark_pod, "objects": mark_objects,
           "occlum": mark_config, "policy": mark_policy}


def mark(kind, data):
    """Bytes to bytes, whatever they are."""
    return MARKERS[kind](data.decode("latin-1")).encode("latin-1")


def leaks(data, kinds=(PLAIN, SECRET)):
    """The markers that are in it, in either form."""
    found = []
    for kind in kinds:
        encoded = MARK[kind].encode()
        # What both have in common gives neither away.
        for form in (kind[:SHOWN], encoded[:SHOWN + 4]):
            if form in data:
                found.append(form.decode())
    return found

# SPDX-License-Identifier: Apache-2.0
"""Which document of a file does a row of the corpus mean?"""
import json
import os
import re
import types


def is_named(row, message):
    """A message about what is missing quotes its name or key, cut where it is long."""
    missing = row.get("missing")
    quoted = [text.removesuffix("...") for text in re.findall(r'"(.*?)"', message)]
    if not missing:
        return True
    names = [missing[key] for key in ("name", "key") if key in missing]
    return missing["kind"] in message and any(
        text and name.startswith(text) for text in quoted for name in names)


def split(text):
    """Documents as kubectl's splitter finds them, each behind as many line ends as stand
    before it, so that places stay; those without content are not counted."""
    parts, start = [], 0
    for match in [*re.finditer(r"^---.*$\n?", text, re.M), None]:
        end = match.start() if match else len(text)
        content = text[start:end]
        lines = [line.strip() for line in content.split("\n")]
        if any(line and not line.startswith("#") for line in lines):
            parts.append("\n" * text.count("\n", 0, start) + content)
        start = match.end() if match else end
    return parts


def alone(text, row):
    """The row's document, or item of a List, by itself."""
    if text.lstrip().startswith("{"):
        return json.dumps(json.loads(text)["items"][row["item"]])
    return split(text)[row["doc"]]


def select(corpus, row, place):
    """The file to read, the workload to choose in it, and files with its other objects. Two
    workloads of one kind and name cannot be told apart by a selector."""
    same = {(other["doc"], other.get("item")) for other in corpus.rows("pods")
            if all(other[key] == row[key] for key in ("pod", "kind", "workload"))}
    if len(same) == 1:
        named = row["kind"] and row["workload"]
        return types.SimpleNamespace(file=row["pod"], objects=[], selector=(
            f"{row['kind']}/{row['workload']}" if named else None))
    path = os.path.join(place, "document")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(alone((corpus.folder / row["pod"]).read_text(encoding="utf-8"), row))
    return types.SimpleNamespace(file=path, objects=[row["pod"]], selector=None)

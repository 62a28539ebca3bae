# SPDX-License-Identifier: Apache-2.0
"""check_links.py TOP: each link of a document to another one, or to a heading, leads somewhere,
and each path of the tree that is named is there."""
import pathlib
import re
import sys

import markdown
import tree


# In backquotes; what holds a star or a word in capitals stands for many.
FOLDERS = "(?:bench|bindings|docs|examples|fuzz|include|lib|man|scripts|tests|tools|[.]ci)"
PATH = re.compile(FOLDERS + r"/[a-z0-9_./*-]*")


def complaints(top, name, parsed):
    """What is wrong with the links of the document `name`."""
    for line, target in parsed[name].links():
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (top / name).parent / path if path else top / name
        if not file.exists():
            yield f"{name}:{line}: no file {target}"
            continue
        other = str(file.resolve().relative_to(top))
        if anchor and (other not in parsed or anchor not in parsed[other].anchors()):
            yield f"{name}:{line}: no heading {target}"
    for line, span in parsed[name].spans():
        if PATH.fullmatch(span) and not list(top.glob(span.rstrip("/"))):
            yield f"{name}:{line}: no {span}"


def main():
    top = pathlib.Path(sys.argv[1]).resolve()
    parsed = {name: markdown.Document((top / name).read_text(encoding="utf-8"))
              for name in tree.documents(top)}
    count = sum(1 for document in parsed.values() for _ in document.links())
    wrong = [text for name in parsed for text in complaints(top, name, parsed)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{count} links in {len(parsed)} documents, {len(wrong)} wrong")
    sys.exit(1 if wrong or not count else 0)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Markdown as far as the documents of this tree use it: headings, code blocks, links."""
import re

FENCE = re.compile(r" {0,3}(`{3,})\s*(\S*)\s*$")
HEADING = re.compile(r"(#{1,6}) +(.*?) *$")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
NAME_BEFORE = re.compile(r"`([^`]+)`:")
SOURCE_BEFORE = re.compile(r"<!-- (\S+/\S+) -->$")


class Block:
    """A code block. `name`: the file that the reader is to write it to; `source`: the file of
    the tree that it is a copy of; `section`: which heading of the first two levels it is under."""

    def __init__(self, line, info, text, before, section):
        self.line, self.info, self.text, self.section = line, info, text, section
        name = NAME_BEFORE.fullmatch(before)
        source = SOURCE_BEFORE.match(before)
        self.source = source[1] if source else None
        self.name = name[1] if name else self.source and self.source.rsplit("/", 1)[-1]

    def __repr__(self):
        return f"{self.line}: {self.info or 'indented'}: {self.text[:40]!r}"


class Document:
    def __init__(self, text):
        self.blocks, self.headings, self.prose = [], [], []
        lines = text.split("\n")
        at, before, section = 0, "", 0
        while at < len(lines):
            line = lines[at]
            fence, heading = FENCE.match(line), HEADING.match(line)
            if fence:
                at = self._fenced(lines, at, fence, before, section)
                before = ""
            elif line.startswith("    ") and (at == 0 or not lines[at - 1].strip()):
                at = self._indented(lines, at, before, section)
                before = ""
            else:
                if heading:
                    self.headings.append(heading[2])
                    section += len(heading[1]) <= 2
                self.prose.append((at + 1, line))
                before = line.strip() or before
                at += 1

    def _fenced(self, lines, at, fence, before, section):
        end = at + 1
        while end < len(lines) and lines[end].strip() != fence[1]:
            end += 1
        if end == len(lines):
            raise ValueError(f"line {at + 1}: a block without an end")
        text = "".join(line + "\n" for line in lines[at + 1:end])
        self.blocks.append(Block(at + 1, fence[2] or "none", text, before, section))
        return end + 1

    def _indented(self, lines, at, before, section):
        end = at
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith("    ")):
            end += 1
        text = "\n".join(line[4:] for line in lines[at:end]).strip("\n") + "\n"
        self.blocks.append(Block(at + 1, "", text, before, section))
        return end

    def anchors(self):
        """What a link can point at, by the rules of the forges: lower case, blanks to "-"."""
        seen = {}
        for heading in self.headings:
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            yield slug if not count else f"{slug}-{count}"

    def _found(self, pattern, text):
        """Pairs of line and first group in the prose, or in `text`, which has as many lines."""
        for found in pattern.finditer(text):
            yield self.prose[text.count("\n", 0, found.start())][0], found[1]

    def links(self):
        """Pairs of line and target, those in code left out."""
        text = "\n".join(line for _, line in self.prose)
        without = re.sub(r"`[^`]+`", lambda code: re.sub(r"[^\n]", " ", code[0]), text)
        return self._found(LINK, without)

    def spans(self):
        """Pairs of line and text in backquotes."""
        text = "\n".join(line for _, line in self.prose)
        return ((line, " ".join(code.split())) for line, code in self._found(SPAN, text))

    def shown_by(self):
        """Pairs of line and last cell, of rows whose column is called "shown by"."""
        inside = False
        for number, line in self.prose:
            cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
            inside = line.startswith("|") and (inside or cells[-1] == "shown by")
            if inside and cells[-1] != "shown by" and not line.startswith("|-"):
                yield number, cells[-1]


def commands_of(text):
    """The commands of a block without output: lines, a backslash at the end joins two."""
    for line in re.sub(r"\\\n\s*", "", text).split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def transcript_of(text):
    """Pairs of command and output of a `console` block: `$ ` starts a command, `> ` goes on."""
    steps = []
    for line in text.split("\n")[:-1]:
        if line.startswith("$ "):
            steps.append([line[2:], ""])
        elif line.startswith("> ") and steps and not steps[-1][1]:
            steps[-1][0] += "\n" + line[2:]
        elif steps:
            steps[-1][1] += line + "\n"
        else:
            raise ValueError("output before the first command")
    return [tuple(step) for step in steps]

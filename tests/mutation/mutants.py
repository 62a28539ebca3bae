# SPDX-License-Identifier: Apache-2.0
"""Small mistakes that one can make in C: each is a change of one place in a function's body."""
import collections
import random
import re

Mutant = collections.namedtuple("Mutant", "path line kind before after start end text")

STRINGS = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
RELATIONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
RETURNS = {"true": "false", "false": "true", "0": "1", "OCIENV_OK": "OCIENV_ERR_VALUE",
           "status": "OCIENV_OK", "error": "0"}
# What reports a failure, at the end of a function.
FAILURE = re.compile(r"\breturn (\w*(?:fail|refuse|blame|memory)\w*\((?:[^;{}])*\));")
# A statement on a line of its own: a call, or a value that is given to something that is there.
STATEMENT = re.compile(r"^\t+((?:\(void\))?\w[\w.>\[\]-]*(?:\(.*\)| [|&+*/<>-]*= [^;{}]*|\+\+|--);)$",
                       re.M)
EXCLUDED = "LCOV_EXCL"


def blanked(text):
    """The same length, without comments, texts and preprocessor lines."""
    pattern = re.compile(r"%s|/\*.*?\*/|//[^\n]*|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*" % STRINGS,
                         re.S | re.M)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def bodies(code):
    """Where functions begin and end: their braces stand in the first column."""
    for match in re.finditer(r"^\{$.*?^\}$", code, re.S | re.M):
        yield match.start(), match.end()


def closing(code, at):
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if not depth:
            return i
    return None


def changes(code, start, end):
    """(kind, first, last, new text) of a body."""
    body = code[start:end]
    for m in re.finditer(r"(?<![-<>=!])(<=|>=|==|!=|<|>)(?![<>=])(?= )", body):
        if body[m.start() - 1] == " ":
            yield "relation", m.start(), m.end(), RELATIONS[m.group(0)]
    for m in re.finditer(r"&&|\|\|", body):
        yield "logic", m.start(), m.end(), "||" if m.group(0) == "&&" else "&&"
    for m in re.finditer(r"(?<![\w.'])([1-9]\d{0,5})(?![\w.'])", body):
        yield "boundary", m.start(), m.end(), str(int(m.group(0)) + 1)
    for m in re.finditer(r"(?<= )([+-]) (?=\w)", body):
        yield "sign", m.start(1), m.end(1), "-" if m.group(1) == "+" else "+"
    for m in re.finditer(r"\bif (\()", body):
        last = closing(body, m.start(1))
        yield "condition", m.start(1), last + 1, "(!" + body[m.start(1):last + 1] + ")"
    for m in re.finditer(r"\breturn (\w+);", body):
        if m.group(1) in RETURNS:
            yield "return", m.start(1), m.end(1), RETURNS[m.group(1)]
    for m in FAILURE.finditer(body):
        yield "return", m.start(1), m.end(1), "0"
    for m in STATEMENT.finditer(body):
        if not m.group(1).startswith(("return", "break", "continue", "case", "goto", "else")):
            yield "statement", m.start(1), m.end(1), ";"


def of_file(path, text):
    code, found = blanked(text), []
    lines = text.split("\n")
    for start, end in bodies(code):
        for kind, first, last, new in changes(code, start, end):
            first, last = start + first, start + last
            line = text.count("\n", 0, first) + 1
            if EXCLUDED in lines[line - 1]:
                continue
            # The blanked text stands for where; what is negated keeps its own texts.
            if kind == "condition":
                new = "(!" + text[first:last] + ")"
            found.append(Mutant(path, line, kind, " ".join(text[first:last].split()),
                                " ".join(new.split()), first, last,
                                text[:first] + new + text[last:]))
    return found


def named(mutant):
    """path:line:column: kind: before -> after, of which there is only one."""
    column = mutant.start - (mutant.text.rfind("\n", 0, mutant.start) + 1) + 1
    return f"{mutant.path}:{mutant.line}:{column}: {mutant.kind}: {mutant.before} -> {mutant.after}"


def listed(files, names):
    """Those that have these names, in their order. One that is no longer there is a mistake."""
    known = {named(mutant): mutant for path, text in files.items() for mutant in of_file(path, text)}
    missing = [name for name in names if name not in known]
    if missing:
        raise SystemExit(f"expected mutants that there are, found: {missing}")
    return [known[name] for name in names]


def chosen(files, count, seed):
    """At least one of each file that has any, the others by chance; the same for the same seed."""
    chance = random.Random(seed)
    all_of = {path: of_file(path, text) for path, text in sorted(files.items())}
    for mutants in all_of.values():
        chance.shuffle(mutants)
    first = [mutants.pop() for mutants in all_of.values() if mutants]
    rest = [mutant for mutants in all_of.values() for mutant in mutants]
    chance.shuffle(first)
    chance.shuffle(rest)
    picked = first + rest
    return picked[:count], picked[count:]

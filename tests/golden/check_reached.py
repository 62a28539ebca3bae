# SPDX-License-Identifier: Apache-2.0
"""check_reached.py TOP DOCUMENTS PROGRAM OBJECTS GCOV...: do the golden documents reach every
place in lib/text and lib/read that reports an error?

PROGRAM is the golden test with these two floors compiled for coverage, OBJECTS the folder of
its object files, GCOV the command that reads them. A place is a call of a function with
"fail" in its name, which is what all that end in diag_fail() are called; diag_memory() is
not one of them, since only a failed allocation gets there. Beside that each message in the
source, in a table or not, must be the message of some document."""
import pathlib
import re
import subprocess
import sys

top, documents, program, objects = map(pathlib.Path, sys.argv[1:5])
gcov = sys.argv[5:]
build = objects.parents[2]  # what the compiler's paths start from
FLOORS = ("lib/text", "lib/read")
CALL = re.compile(r"\b(?!arena_failed\b)\w*fail\w*\s*\(")
STRING = r'"(?:\\.|[^"\\\n])*"'

# Files whose errors no document causes: facts are the caller's words.
NO_READERS = ("cluster.c",)
# Messages that no document causes, with the reason.
UNTOLD = {
    # libyaml 0.2.5 has no other problems than those in the table; another release may.
    "expected well-formed YAML, found something else",
}


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def without_comments(text):
    keep = re.compile(r"(%s|'(?:\\.|[^'\\\n])*')|/\*.*?\*/|//[^\n]*" % STRING, re.S)
    return keep.sub(lambda m: m.group(1) or blank(m), text)


def without_literals(text):
    return re.sub(STRING + r"|'(?:\\.|[^'\\\n])*'", blank, text)


def end_of_call(code, at):
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if code[i] == ")" and not depth:
            return i
    sys.exit("expected a closing parenthesis, found none")


def call_sites(code):
    """First and last line of each call; what stands outside of all braces declares."""
    sites, depth, last = [], 0, 0
    for match in CALL.finditer(code):
        depth += code.count("{", last, match.start()) - code.count("}", last, match.start())
        last = match.start()
        if depth:
            end = end_of_call(code, match.end() - 1)
            sites.append((code.count("\n", 0, match.start()) + 1,
                          code.count("\n", 0, end) + 1))
    return sites


def executed_lines():
    """What ran, by the file's path below TOP."""
    lines, name = {}, None
    data = sorted(objects.rglob("*.gcda"))
    if not data:
        sys.exit(f"{objects}: expected counts of the run, found none")
    out = subprocess.run([*gcov, "--stdout", *data], capture_output=True, text=True,
                         cwd=build)
    for line in out.stdout.splitlines():
        count, number, text = (line.split(":", 2) + ["", ""])[:3]
        if text.startswith("Source:"):
            name = (build / text[len("Source:"):]).resolve()
        elif name and number.strip().isdigit() and re.match(r"\s*\d", count):
            lines.setdefault(name, set()).add(int(number))
    return lines


def unescape(literal):
    return literal[1:-1].encode().decode("unicode_escape")


def messages(text):
    """Literals, those that stand side by side joined, that start like a message."""
    for run in re.findall(r"%s(?:\s*%s)*" % (STRING, STRING), text):
        literal = "".join(unescape(part) for part in re.findall(STRING, run))
        if literal.startswith("expected "):
            yield literal


def is_told(literal, told):
    pattern = "".join(".*" if part.startswith("%") else re.escape(part)
                      for part in re.split(r"(%(?:llu|lld|zu|u|d|s|c))", literal))
    return any(re.search(pattern, message) for message in told)


for stale in objects.rglob("*.gcda"):
    stale.unlink()
run = subprocess.run([program, documents], stdout=subprocess.PIPE, text=True)
if run.returncode:
    sys.exit(run.stdout)
told = [path.read_text(encoding="utf-8").split("\n")[1]
        for path in documents.glob("*/invalid/*.expect")]
ran, missing, count = executed_lines(), [], 0
for path in sorted(p for floor in FLOORS for p in (top / floor).glob("*.c")):
    if path.name in NO_READERS:
        continue
    text = without_comments(path.read_text(encoding="utf-8"))
    lines = ran.get(path.resolve(), set())
    for first, last in call_sites(without_literals(text)):
        count += 1
        if not lines.intersection(range(first, last + 1)):
            missing.append(f"{path.relative_to(top)}:{first}: reached by no document")
    for literal in messages(text):
        count += 1
        if literal not in UNTOLD and not is_told(literal, told):
            missing.append(f"{path.relative_to(top)}: told by no document: {literal}")
print(*missing, sep="\n")
print(f"{count - len(missing)} passed, {len(missing)} failed")
sys.exit(1 if missing or count < 100 else 0)

# SPDX-License-Identifier: Apache-2.0
"""check_completions.py TOP OCIENV PRINT_FLAGS: bash, fish and zsh are asked what they offer; they
offer what the command's table has, and nothing else."""
import os
import pathlib
import subprocess
import sys
import tempfile

from flags import table
from sources import end

top, command = (pathlib.Path(arg).resolve() for arg in sys.argv[1:3])
here = pathlib.Path(__file__).resolve().parent
commands = table(sys.argv[3])
GLOBAL = {"--help", "--version"}
# Files of the folder that the shells are in.
FILES, FOLDERS = {"apple.json", "apricot"}, {"apricot"}
faults = []


def ask(shell, questions, folder):
    """The sets of what is offered for lists of words."""
    lines = "".join("\t".join(words) + "\n" for words in questions)
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
                   "PATH": f"{command.parent}:{os.environ['PATH']}", "TERM": "dumb"}
    out = folder / "out.txt"
    asked = {
        "bash": ["bash", "--norc", here / "complete.bash", top / "completions/ocienv.bash"],
        "fish": ["fish", "--no-config", here / "complete.fish", top / "completions/ocienv.fish"],
        "zsh": ["zsh", "-f", here / "complete.zsh", top / "completions", out],
    }[shell]
    run = subprocess.run(asked, input=lines, cwd=folder / "files", capture_output=True, text=True,
                         check=False, timeout=100, env=environment)
    text = out.read_text(encoding="utf-8") if shell == "zsh" and out.exists() else run.stdout
    answers, current = [], []
    for line in text.splitlines():
        if line:
            current.append(line.rstrip("/= "))
        else:
            answers.append(set(current))
            current = []
    if run.returncode or len(answers) != len(questions):
        faults.append(f"{shell}: exit status {run.returncode}, {len(answers)} answers to "
                      f"{len(questions)} questions\n{run.stderr}")
        return [set()] * len(questions)
    return answers


def questions_of_table():
    """Words, and what must be offered for the last one."""
    for begin in sorted({sub[:2] for sub in commands}):
        yield ["ocienv", begin], {sub for sub in commands if sub.startswith(begin)}
        yield ["ocienv", "help", begin], {sub for sub in commands if sub.startswith(begin)}
    yield ["ocienv", "he"], {"help"}
    yield ["ocienv", "--"], GLOBAL
    for sub, flags in commands.items():
        yield ["ocienv", sub, "--"], {flag for flag in flags if flag.startswith("--")}
        yield ["ocienv", sub, "--out"], {flag for flag in flags if flag.startswith("--out")}
        for flag, data in flags.items():
            if data.words:
                yield ["ocienv", sub, flag, ""], data.words
        for flag in ("--image", "--layer", "-o"):
            if flag in flags:
                yield ["ocienv", sub, flag, "ap"], FILES
        for flag in ("--rootfs", "--bundle", "--oci-layout"):
            if flag in flags:
                yield ["ocienv", sub, flag, "ap"], FOLDERS
    yield ["ocienv", "resolve", "--policy", "image-o"], {"image-only"}
    yield ["ocienv", "resolve", "--policy", "ap"], FILES
    yield ["ocienv", "explain", "--output", "j"], {"json"}
    yield ["ocienv", "resolve", "--runtime", "runc-"], {"runc-1.1", "runc-1.2", "runc-1.3"}
    yield ["ocienv", "show", "ap"], FILES


def offered_after_equals(answer):
    """Shells repeat the flag there or not."""
    return {word.split("=")[-1] for word in answer}


questions = list(questions_of_table())
with tempfile.TemporaryDirectory() as temporary:
    base = pathlib.Path(temporary)
    (base / "files/apricot").mkdir(parents=True)
    (base / "files/apple.json").write_text("{}", encoding="utf-8")
    for name in ("bash", "fish", "zsh"):
        given = ask(name, [words for words, _ in questions] +
                    [["ocienv", "resolve", "--cri="], ["ocienv", "resolve", "--output=js"]], base)
        for (words, expected), answer in zip(questions, given):
            if answer != expected:
                faults.append(f"{name}: {' '.join(words)}: expected {sorted(expected)}, found "
                              f"{sorted(answer)}")
        for answer, expected in zip(given[-2:], ({"containerd", "crio"}, {"json"})):
            if offered_after_equals(answer) != expected:
                faults.append(f"{name}: behind '=': expected {sorted(expected)}, found "
                              f"{sorted(answer)}")
end(faults, f"{len(questions) + 2} questions to each of three shells")

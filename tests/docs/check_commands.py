# SPDX-License-Identifier: Apache-2.0
"""check_commands.py TOP BUILD [DOCUMENT...]: every command in every document is run.

A section (headings of the first two levels) starts in an empty directory with a link to the
tree's examples/. In it, in order:

- a block below a line that is `NAME`: is written to that file;
- a `console` block is a transcript: its commands are run, and what it shows is what they print;
- another `sh` block is run, a `text` block right behind it is what it prints;
- each line of an indented block is run, and must not fail;
- `c` is compiled, JSON is read; other code is a copy of lines of a file of the tree, or the
  document is part of a Rust file, whose tests run its code.

What is no command, or runs too long, is in declared.py with the reason, and with what is run
in its place. A block that is neither run nor declared is an error; so is a row without its block."""
import fnmatch
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import declared
import markdown
import tree

# Warnings that an example may leave out: it has no rootfs, and is about something else.
HIDDEN = re.compile(r"ocienv: warning: .* \[(?:home|user)-unresolved\]\n")
SOURCES = {"go": ".go", "rust": ".rs", "toml": ".toml", "python": ".py"}
SECONDS = 50


@functools.lru_cache(maxsize=None)
def meson(build, what):
    return json.loads(subprocess.run(["meson", "introspect", what, build], check=True,
                                     stdout=subprocess.PIPE).stdout)


def linked_in(top, folder, build):
    """The environment of somebody who has installed what was built in `build`."""
    options = {option["name"]: option["value"] for option in meson(build, "--buildoptions")}
    sanitize = options["b_sanitize"]
    path, *flags = os.environ.get("OCIENV_CC", "cc").split()
    path = shutil.which(path)
    compiler = pathlib.Path(folder, "bin", "cc")
    compiler.parent.mkdir()
    # What links a library with sanitizers needs them too; static programs have no such library.
    compiler.write_text("#!/bin/sh\n" + ("" if sanitize == "none" else
                        'case " $* " in *" -static "*) ;; *)'
                        f' set -- -fsanitize={sanitize} "$@" ;; esac\n')
                        + f'exec {path} {" ".join(flags)} "$@"\n')
    compiler.chmod(0o755)
    return {
        "PATH": f"{compiler.parent}:{build}/tools:{os.environ['PATH']}", "HOME": folder,
        "LC_ALL": "C", "TOP": str(top), "BUILD": str(build), "PYTHONDONTWRITEBYTECODE": "1",
        "LD_LIBRARY_PATH": f"{build}/lib", "PKG_CONFIG_PATH": f"{build}/meson-uninstalled",
    }


class Runner:
    def __init__(self, top, build, folder):
        self.top, self.build, self.folder = top, build, pathlib.Path(folder)
        self.tests = {test["name"] for test in meson(build, "--tests")}
        self.environment = linked_in(top, folder, build)
        self.files, self.complaints, self.count, self.used = {}, [], 0, set()
        self.place, self.where, self.is_output = self.folder, "", False

    def document(self, name):
        section = None
        blocks = markdown.Document((self.top / name).read_text(encoding="utf-8")).blocks
        for block, after in zip(blocks, blocks[1:] + [None]):
            if block.section != section:
                section = block.section
                self.place = self.folder / f"{name.replace('/', '-')}-{section}"
                self.place.mkdir()
                (self.place / "examples").symlink_to(self.top / "examples")
            self.where = f"{name}:{block.line}"
            try:
                self.block(name, block, after)
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                self.complain(error)

    def complain(self, what):
        self.complaints.append(f"{self.where}: {what}")

    def block(self, name, block, after):
        key = (name, block.text.split("\n")[0].strip())
        if block.source and block.text != (self.top / block.source).read_text(encoding="utf-8"):
            self.complain(f"not what {block.source} is: copy the file")
        if block.name and "/" not in block.name:
            (self.place / block.name).write_text(block.text, encoding="utf-8")
        if key in declared.NO_COMMANDS:
            self.used.add(key)
        elif block.info == "console":
            for command, shown in markdown.transcript_of(block.text):
                self.command(name, command, shown)
        elif block.info == "sh" and not block.name:
            self.script(name, block, after)
        elif block.info == "":
            for command in markdown.commands_of(block.text):
                self.command(name, command, None)
        elif block.info == "c":
            self.count += 1
            self.compile(block)
        elif block.info == "json":
            json.loads(block.text)
        elif block.info in SOURCES:
            self.copied(block)
        elif block.info in ("none", "no_run") and self.is_part_of_rust(name):
            self.count += 1
        elif not (block.name or block.info == "text" and self.is_output):
            self.complain(f"a block of {block.info} that nothing is done with")
        self.is_output = block.info == "sh" and not block.name

    def command(self, name, command, shown):
        command = self.short_form(name, command) or command
        if self.is_test(command):
            return
        self.count += 1
        code, out, err = self.run(command)
        if shown is None:
            if code:
                self.complain(f"{command!r} ended with {code}: {err or out}")
        elif shown == out and not code and not HIDDEN.sub("", err):
            pass
        elif shown != err + out or code and not shown:
            self.complain(f"{command!r} ended with {code}; shown:\n{shown}printed:\n{err}{out}")

    def short_form(self, name, command):
        """What declared.py has for the command, or for the script that begins with it."""
        key = (name, command)
        if key not in declared.SHORT:
            return None
        self.used.add(key)
        return declared.SHORT[key][0]

    def is_test(self, short):
        """Whether that is a test of its own, or what runs all of them."""
        return short in self.tests or (
            short == "scripts/test" and short in (self.top / ".ci/run").read_text())

    def script(self, name, block, after):
        short = self.short_form(name, block.text.split("\n")[0])
        if short:
            self.command(name, short, None)
            return
        self.count += 1
        code, out, err = self.run("set -eu\n" + block.text)
        wanted = after.text if after and after.info == "text" and not after.name else None
        if code or wanted not in (None, out):
            self.complain(f"ended with {code}; printed:\n{out}{err}")

    def run(self, command):
        done = subprocess.run(["sh", "-c", "umask 022\n" + command], cwd=self.place,
                              env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def compile(self, block):
        """Links what has a main(); what has none is compiled."""
        source = self.place / (block.name or "block.c")
        source.write_text(block.text, encoding="utf-8")
        links = "int main(" in block.text
        mode, flags = ("-o block.out", "--cflags --libs") if links else ("-c -o block.o", "--cflags")
        code, out, err = self.run(
            f"cc -std=gnu11 -Wall -Wextra -Werror {mode} '{source}' "
            f"$(pkg-config {flags} ocienv ocienv-boot)")
        if code:
            self.complain(f"does not compile: {out}{err}")

    def sources(self, info):
        """All files of the tree in that language."""
        if info not in self.files:
            paths = tree.files(self.top, SOURCES[info])
            self.files[info] = [(self.top / path).read_text(encoding="utf-8") for path in paths]
        return self.files[info]

    def is_part_of_rust(self, name):
        """Whether `cargo test` runs what stands in it."""
        included = re.compile(r'include_str!\("(?:[^"]*/)?' + re.escape(pathlib.PurePath(name).name))
        return any(included.search(text) for text in self.sources("rust"))

    def copied(self, block):
        """The lines stand in a file of the tree, which its own tests compile and run."""
        wanted = [line.strip() for line in block.text.split("\n") if line.strip()]
        text = "\n".join(wanted)
        if not any(text in "\n".join(line.strip() for line in have.split("\n") if line.strip())
                   for have in self.sources(block.info)):
            self.complain(f"these lines of {block.info} stand in no file of the tree")


@functools.lru_cache(maxsize=None)
def usages(build):
    """The subcommands of `ocienv` with the flags that their help names."""
    def printed(*arguments):
        return subprocess.run([f"{build}/tools/ocienv", *arguments], check=True,
                              stdout=subprocess.PIPE, timeout=SECONDS).stdout.decode()
    names = re.findall(r"^  (?:ocienv )?([a-z]+)(?: --help$| {2,})", printed("--help"), re.M)
    return {name: set(re.findall(r"--[a-z][a-z-]*", printed(name, "--help"))) for name in names}


def check_spans(runner, name, known):
    """What is said about the command between the lines has to be in its help as well."""
    document = markdown.Document((runner.top / name).read_text(encoding="utf-8"))
    flags = set().union(*known.values())
    for line, span in document.spans():
        words = span.split()
        runner.where = f"{name}:{line}"
        if words[:2] == ["meson", "test"] and not runner.tests & set(words) and \
                "--list" not in words:
            runner.complain(f"no test in {span!r}")
        if words[0] != "ocienv" or len(words) < 2:
            continue
        if re.fullmatch(r"[a-z]+", words[1]) and words[1] not in known:
            runner.complain(f"no subcommand in {span!r}")
        for flag in re.findall(r"(?<!\S)--[a-z][a-z-]*", span):
            if flag not in known.get(words[1], flags) | {"--help", "--version"}:
                runner.complain(f"no {flag} in the help of {words[1]}")


def check_guarantees(runner, name):
    """The tests that a column "shown by" names do exist, at least one for each promise."""
    document = markdown.Document((runner.top / name).read_text(encoding="utf-8"))
    for line, cell in document.shown_by():
        names = re.findall(r"`([a-z][a-z0-9_-]*\*?)`", cell)
        runner.where = f"{name}:{line}"
        for test in names:
            if not fnmatch.filter(runner.tests, test):
                runner.complain(f"no test {test}")
        if not names:
            runner.complain("no test is named")


def check(top, build, names):
    """A runner that has gone through the documents."""
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(top, build, folder)
        known = usages(build)
        for name in names:
            runner.document(name)
            check_spans(runner, name, known)
            check_guarantees(runner, name)
        if not known:
            runner.complain("ocienv has no subcommands")
    rows = {key for key in (*declared.SHORT, *declared.NO_COMMANDS) if key[0] in names}
    runner.complaints += [f"declared.py: {key} is in no document" for key in rows - runner.used]
    return runner


def main():
    top, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    names = sys.argv[3:] or tree.documents(top)
    runner = check(top, build, names)
    print(*runner.complaints, sep="\n", end="\n" if runner.complaints else "")
    print(f"{runner.count} commands in {len(names)} documents, {len(runner.complaints)} complaints")
    sys.exit(1 if runner.complaints or not runner.count else 0)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""run.py SOURCE WORK [--count N] [--skip N] [--seed N] [--least PERCENT] [--only PART]
[--again FILE] [--tests PATTERN] [--slowest SECONDS] [--times FILE]: does a mistake in lib/ make a
test fail?

SOURCE is copied to WORK and built there; SOURCE itself is not touched. One mutant after the
other is compiled; one that does not compile, or gives the same object code, does not count. The
tests that are about the changed file are run first, up to the first that fails or takes too
long. What no test notices survives and is listed, in WORK/survivors.txt too. Such a list is
tried --again, and nothing else, when there are more tests. --tests takes only those whose name has
the pattern, and builds only what they need; --slowest leaves out what takes longer. With --skip two runs share the mutants of a seed, with --times
one of the same tests takes from the other's WORK/times.json how long they take. The last line is `N mutants: N killed,
N survived, N %`; the status is 1 below PERCENT, or if there were fewer than N."""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import mutants

SUITES = {"unit", "vectors", "golden", "wire", "api", "cli", "oom", "fuzz-regress", "example"}
# About something else than what the code does, or too slow for hundreds of runs.
PASSED_OVER = ("sanitized-", "calls-", "corpus", "replay", "secrecy", "boot-freestanding", "fuzz-dicts",
               "limits-documented", "golden-reached", "unit-rootfs-execve",
               "unit-wire-race", "libraries", "gramine", "cli-flags", "oom-", "policy-docs", "wire-",
               "unit-wire-document", "unit-resolve-oom")
# Which tests may notice a change of a floor. One that no floor names may notice any.
RELEVANT = {
    "base": r"unit-|golden|limits|places|policy-policy|api-|vectors-env",
    "text": r"unit-(text|read)|golden|limits|fuzz-(yaml|json)|vectors-(yaml|go_json)|places",
    "read": r"unit-(read|resolve)|golden|limits|vectors-(go_json|runtime|kubelet|cri|env)|places|"
            r"policy-policy|cases|cli-(facts|diagnostics)",
    "rootfs": r"unit-(rootfs|resolve)|faults|vectors-(lookpath-(auto|string)|inroot|user|scripts)|"
              r"places|fuzz-(elf|library|passwd|shebang)|cases|cli-explain",
    "resolve": r"unit-resolve|faults-resolve|vectors-(?!yaml|go|inroot|lookpath)|places|policy-policy|"
               r"cases|api-|cli-(verify|libos|user|explain)|fuzz-expand",
    "wire": r"unit-wire|places|api-|cli-show|fuzz-blob",
    "emit": r"unit-emit|places|api-|cli-(output|outputs|verify|explain|libos|user)|policy-",
    "api": r"api-|places|unit-resolve|cli-(output|verify|explain|flags|user)|policy-",
}
SHARED = "libmutant.so"
PATIENCE, LEAST_TIME, LONGEST = 10, 3.0, 900


def used():
    """Seconds of processor that tests have taken: the machine may have other things to do."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def quiet(command, cwd, patience=None, env=None):
    """The exit status; None: it took too long. All that was started ends. A program has so many
    seconds of processor, and may wait for long where others take them."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (int(patience + 1),) * 2)

    child = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             preexec_fn=limit if patience else None, start_new_session=True)
    try:
        return child.wait(LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return None


def made(directory, names):
    """What is no source: directories of builds, and of runs of this."""
    return {name for name in names if name in {".git", "__pycache__"} or name.startswith("build") or
            (pathlib.Path(directory) / name / "build.ninja").exists()}


class Test:
    def __init__(self, entry, needs):
        self.name = entry["name"]
        self.command = entry["cmd"]
        self.env = {**os.environ, **entry["env"], "PYTHONDONTWRITEBYTECODE": "1"}
        self.cwd = entry["workdir"]
        self.needs = needs  # what has to be linked again when lib/ changes
        self.time, self.kills = 0.0, {}

    def fails(self, project, patience):
        if not all(project.link(need) for need in self.needs):
            return True
        return quiet(self.command, self.cwd or project.build, patience, self.env) != 0


class Project:
    """A copy of the tree. Programs that link the static library get a shared one in its place, so
    that only that is linked for each mutant."""

    def __init__(self, source, work, pattern):
        self.tree, self.build = work / "source", work / "build"
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.copytree(source, self.tree, symlinks=True, ignore=made)
        if not (self.build / "build.ninja").exists():
            subprocess.run(["meson", "setup", "-Dbuildtype=plain", "-Doptimization=1",
                            "-Dc_args=-fvisibility=default", "build", "source"], cwd=work,
                           check=True, stdout=subprocess.DEVNULL)
        (work / "survivors.txt").unlink(missing_ok=True)
        for left in (self.build / "lib").rglob("*.o"):  # a run that was ended leaves a mutant
            left.unlink()
        entries, programs = self.introspect(pattern)
        needed = {programs[word] for entry in entries for word in entry["cmd"] if word in programs}
        subprocess.run(["ninja", "-j2", "-C", "build", *(sorted(needed) if pattern else [])],
                       cwd=work, check=True, stdout=subprocess.DEVNULL)
        self.files = {str(path.relative_to(self.tree)): path.read_text(encoding="utf-8")
                      for path in (self.tree / "lib").rglob("*.c")}
        self.objects, self.compilers = {}, {}
        for entry in json.loads((self.build / "compile_commands.json").read_text()):
            path = (self.build / entry["file"]).resolve()
            name = str(path.relative_to(self.tree)) if path.is_relative_to(self.tree) else ""
            if name in self.files and ".a.p/" in entry["output"]:
                self.objects.setdefault(name, entry["output"])
                self.compilers.setdefault(name, entry["command"])
        self.archive = next(iter(self.objects.values())).split(".p/")[0]
        self.linkers, self.linked = {}, set()
        self.tests = self.tests_of(entries, programs)

    def link(self, target):
        if target not in self.linked and \
                quiet(["sh", "-c", self.linkers[target]], self.build) != 0:
            return False
        self.linked.add(target)
        return True

    def needs_of(self, program):
        """Targets that have to be linked for each mutant; the commands are kept."""
        command = subprocess.run(["ninja", "-t", "commands", program], cwd=self.build, check=True,
                                 capture_output=True, text=True).stdout.splitlines()[-1]
        words = command.split()
        if self.archive in words and "--wrap=" not in command:
            if SHARED not in self.linkers:
                libraries = " ".join(word for word in words if re.match(r"/.*\.so$", word))
                self.linkers[SHARED] = (f"cc -shared -o {SHARED} {' '.join(self.objects.values())} "
                                        f"{libraries}")
                self.link(SHARED)
            command = command.replace(self.archive + " ", f"{self.build}/{SHARED} ", 1)
            if quiet(["sh", "-c", command], self.build) != 0:
                sys.exit(f"expected to link {program}, failed: {command}")
            return [SHARED]
        if self.archive in words:
            self.linkers[program] = command
            return [program]
        shared = [word for word in words if word.startswith("lib/") and ".so" in word and
                  "boot" not in word]
        return [need for word in shared for need in self.shared_need(word)]

    def shared_need(self, library):
        command = subprocess.run(["ninja", "-t", "commands", library], cwd=self.build, check=True,
                                 capture_output=True, text=True).stdout.splitlines()
        links = [line for line in command if f"-o {library} " in line]
        if links:
            self.linkers[library] = links[-1]
        return [library] if links else []

    def introspect(self, pattern):
        """What meson knows about the tests, and the programs by each of their names."""
        def asked(what):
            return json.loads(subprocess.run(["meson", "introspect", "build", what], check=True,
                                             cwd=self.build.parent, capture_output=True).stdout)

        programs = {name: os.path.relpath(name, self.build)
                    for target in asked("--targets") if target["type"] == "executable"
                    for name in target["filename"]}
        programs.update({relative: relative for relative in programs.values()})
        entries = [entry for entry in asked("--tests")
                   if {suite.split(":")[-1] for suite in entry["suite"]} & SUITES
                   and not entry["name"].startswith(PASSED_OVER)
                   and re.search(pattern, entry["name"])]
        return entries, programs

    def tests_of(self, entries, programs):
        tests, needs = [], {}
        for entry in entries:
            for word in entry["cmd"]:
                if word in programs and word not in needs:
                    needs[word] = self.needs_of(programs[word])
            tests.append(Test(entry, sorted({need for word in entry["cmd"]
                                             for need in needs.get(word, [])})))
        return tests

    def calibrate(self, slowest, known):
        """Tests that pass, and how long they take; those that fail even so tell nothing."""
        for test in self.tests:
            before = used()
            test.time = known.get(test.name) or \
                (float("inf") if test.fails(self, 120) else used() - before)
        times = {test.name: test.time for test in sorted(self.tests, key=lambda test: test.time)}
        (self.tree.parent / "times.json").write_text(json.dumps(times, indent=1))
        self.tests = [test for test in self.tests if test.time <= slowest]

    def ordered(self, path):
        """First what failed for a change of this file, then what is named after it or its floor."""
        floor, stem = path.split("/")[-2], pathlib.Path(path).stem
        near = [f"unit-{floor}-{stem}", f"{floor}-{stem}"]

        def rank(test):
            part = test.name.split("-")[-1].split("_")[0]
            return (-test.kills.get(path, 0), test.name not in near,
                    not (test.name.startswith(f"unit-{floor}-") and stem.startswith(part)),
                    not test.name.startswith(f"unit-{floor}-"), test.time)

        return sorted((test for test in self.tests
                       if re.search(RELEVANT.get(floor, ""), test.name) or
                       not any(re.search(pattern, test.name) for pattern in RELEVANT.values())), key=rank)

    def killer(self, mutant):
        """Name of the test that noticed; "" for none, None if there is nothing to notice."""
        file, built = self.tree / mutant.path, self.build / self.objects[mutant.path]
        before = built.read_bytes()
        file.write_text(mutant.text, encoding="utf-8")
        self.linked.clear()
        try:
            if quiet(["sh", "-c", self.compilers[mutant.path]], self.build) != 0 or \
                    built.read_bytes() == before:
                return None
            for test in self.ordered(mutant.path):
                if test.fails(self, max(LEAST_TIME, PATIENCE * test.time)):
                    test.kills[mutant.path] = test.kills.get(mutant.path, 0) + 1
                    return test.name
            return ""
        finally:
            file.write_text(self.files[mutant.path], encoding="utf-8")
            built.write_bytes(before)


def run(project, options):
    files = {path: text for path, text in project.files.items()
             if options.only in path and path in project.objects}
    if options.again:
        queue = mutants.listed(files, options.again)
        options.count = len(queue)
    else:
        picked, spare = mutants.chosen(files, options.count, options.seed)
        queue = (picked + spare)[options.skip:]
    killed, survived = 0, []
    for mutant in queue:
        if killed + len(survived) == options.count:
            break
        name = project.killer(mutant)
        if name is None:
            continue
        killed += name != ""
        verdict = f"killed by {name}" if name else "SURVIVED"
        print(f"{mutants.named(mutant)}: {verdict}", flush=True)
        if not name:
            survived.append(mutant)
            with open(project.tree.parent / "survivors.txt", "a", encoding="utf-8") as file:
                print(mutants.named(mutant), file=file)
    return killed, survived


parser = argparse.ArgumentParser()
parser.add_argument("source", type=pathlib.Path)
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("--count", type=int, default=320)
parser.add_argument("--skip", type=int, default=0)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--least", type=float, default=90)
parser.add_argument("--only", default="")
parser.add_argument("--again", type=pathlib.Path)
parser.add_argument("--tests", default="")
parser.add_argument("--slowest", type=float, default=12)
parser.add_argument("--times", type=pathlib.Path)
arguments = parser.parse_args()
if arguments.again:  # read now: it may be WORK/survivors.txt, which is written anew
    arguments.again = arguments.again.read_text(encoding="utf-8").splitlines()
project = Project(arguments.source.resolve(), arguments.work.resolve(), arguments.tests)
project.calibrate(arguments.slowest,
                  json.loads(arguments.times.read_text()) if arguments.times else {})
print(f"{len(project.tests)} tests, {sum(test.time for test in project.tests):.0f} s", flush=True)
killed, survived = run(project, arguments)
total = killed + len(survived)
percent = 100 * killed / total if total else 0
print(f"{total} mutants: {killed} killed, {len(survived)} survived, {percent:.1f} %")
sys.exit(1 if percent < arguments.least or total < arguments.count else 0)

# SPDX-License-Identifier: Apache-2.0
"""run.py SHOW ANSWER [NAME]: each process of shapes.py in a container of runc and of crun,
and put to the library: it must say what the program in the container saw. NAME: only the
rows whose name begins so.

Where there is no root, no runtime of the right version or no right to make namespaces, the
test is skipped (77) with the reason; with OCIENV_REQUIRE_ALL=1 that is a failure. All of it
runs in a mount and a pid namespace of its own, so nothing outlives it."""
import collections
import multiprocessing
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import containers
import judge
import shapes

CGROUPS = "/sys/fs/cgroup"
WORKERS, LEAST, SHOWN = 2, 300, 40


def cannot(reason):
    print(f"runtimes: {reason}")
    sys.exit(1 if os.environ.get("OCIENV_REQUIRE_ALL") == "1" else 77)


def check_versions():
    for wanted in containers.RUNTIMES:
        name, version = wanted.split()
        if not shutil.which(name):
            cannot(f"{name} is not installed")
        out = subprocess.run([name, "--version"], capture_output=True, text=True).stdout
        found = out.split("\n")[0].split()[-1:]
        if not found or not found[0].startswith(version + "."):
            cannot(f"expected {wanted}, found {name} {found[0] if found else 'of no version'}")


def mount_cgroups():
    """The one kind that both runtimes know."""
    subprocess.run(["umount", "--lazy", "--recursive", CGROUPS], check=True)
    subprocess.run(["mount", "-t", "cgroup2", "cgroup2", CGROUPS], check=True)


def cgroup_of(work):
    return "/" + os.path.basename(work)


def judge_row(bench, answer, row):
    """(runtime, verdict, detail) for each runtime."""
    runc_refuses = False
    for runtime in containers.RUNTIMES:
        try:
            bench.place(row)
            said = bench.answer(answer, runtime)
            ran = bench.run(runtime)
            runc_refuses = runc_refuses or (runtime.startswith("runc") and ran[0] is None)
            yield runtime, *judge.verdict(ran, said, bench.evidence(row), runc_refuses,
                                          bench.directory)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            yield runtime, "wrong", f"the test failed: {error}"


def judge_rows(folder, cgroup, show, answer, rows):
    """One worker's rows: a list of (row's number, runtime, verdict, detail)."""
    bench = containers.Bench(folder, show, cgroup)
    return [(number, *result) for number, row in rows
            for result in judge_row(bench, answer, row)]


def probe(folder, show, cgroup):
    """A process without anything odd must run; else nothing can be tested here."""
    bench = containers.Bench(folder, show, cgroup)
    for runtime in containers.RUNTIMES:
        bench.place(shapes.Row("probe", shapes.make()))
        output, error = bench.run(runtime)
        if output is None:
            cannot(f"{runtime} cannot run a container here: {error[-300:]}")


def report(rows, results, least):
    tally = collections.Counter((runtime, kind) for _, runtime, kind, _ in results)
    reasons = collections.Counter(detail for _, _, kind, detail in results
                                  if kind == "stricter")
    wrong = [result for result in results if result[2] == "wrong"]
    for number, runtime, _, detail in wrong[:SHOWN]:
        row = rows[number]
        print(f"row {number} {row.name} ({runtime}, accounts {row.accounts}): {detail[:800]}")
        print("   ", str(row.process)[:400], row.edit or "", row.tail or "")
    print(f"{len(rows)} processes")
    for runtime in containers.RUNTIMES:
        print(f"{runtime}: " + ", ".join(f"{tally[runtime, kind]} {kind}" for kind in
                                         ("same", "refused", "stricter", "wrong")))
    print("stricter: " + ", ".join(f"{count} {reason}" for reason, count in
                                   sorted(reasons.items())))
    # Many rows are made to be refused; where most are, the test says little.
    enough = all(tally[runtime, "same"] >= least for runtime in containers.RUNTIMES)
    if not enough:
        print(f"expected at least {least} processes that run, found fewer")
    print(f"{len(results) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong or not enough else 0


def inside(show, answer, work, only=""):
    """In the namespaces."""
    os.umask(0o022)  # crun passes it on where there is no process.user
    try:
        mount_cgroups()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755,size=1g", "tmpfs", work],
                       check=True)
    except subprocess.CalledProcessError as error:
        cannot(f"no file systems can be mounted here: {error}")
    probe(work + "/probe", show, cgroup_of(work))
    rows = [row for row in shapes.rows() if row.name.startswith(only)]
    numbered = list(enumerate(rows))
    with multiprocessing.Pool(WORKERS) as pool:
        shares = [(f"{work}/w{n}", cgroup_of(work), show, answer, numbered[n::WORKERS])
                  for n in range(WORKERS)]
        parts = pool.starmap(judge_rows, shares)
    return report(rows, sorted(sum(parts, [])), 0 if only else LEAST)


def clean(work):
    """cgroups are all that outlives the namespaces."""
    mount_cgroups()
    containers.remove_cgroups(CGROUPS + cgroup_of(work))
    return 0


def outside(show, answer, *only):
    show, answer = (str(pathlib.Path(path).resolve()) for path in (show, answer))
    if os.geteuid() != 0:
        cannot("not root")
    check_versions()
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode:
        cannot("no namespaces can be made here")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # In the namespace a file system of its own lies there; outside the folder stays empty.
    with tempfile.TemporaryDirectory(prefix="ocienv-runtimes-") as work:
        again = [*unshare, sys.executable, __file__]
        inner = subprocess.Popen([*again, "--inside", show, answer, work, *only])
        try:
            return inner.wait()
        finally:
            inner.kill()  # if it is there still, with all that runs in the namespace
            inner.wait()
            subprocess.run([*again, "--clean", work], check=True)


if __name__ == "__main__":
    steps = {"--inside": inside, "--clean": clean}
    step = steps.get(sys.argv[1], outside)
    sys.exit(step(*sys.argv[1 if step is outside else 2:]))

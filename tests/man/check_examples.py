# SPDX-License-Identifier: Apache-2.0
"""check_examples.py TOP OCIENV LIBDIR CC...: what stands in literal blocks of the manual is
true. A synopsis compiles beside the header, so that a prototype of another type is an error;
programs compile without a warning, run, and print what the text in front of them says;
commands of ocienv(1) run."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).parents[1] / "cli"))
from harness import elf
from oci_image import CONFIG, Layout, platform, tag
from sources import blocks, end, pages, section

top, command, libdir = (pathlib.Path(arg).resolve() for arg in sys.argv[1:4])
compiler = sys.argv[4:]
POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: c, env: [{name: A, value: pod}]}
"""
faults = []
counts = {"synopses": 0, "programs": 0, "commands": 0}


def compile_block(name, block, folder, link):
    """The program, or None."""
    source, program = folder / "block.c", folder / "block"
    source.write_text(block, encoding="utf-8")
    run = subprocess.run(
        [*compiler, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", f"-I{top}/include",
         source, *(["-o", program] if link else ["-fsyntax-only"]),
         *([f"-L{libdir}", "-locienv", "-locienv-boot"] if link else [])],
        capture_output=True, text=True, check=False)
    if run.returncode:
        faults.append(f"{name}: does not compile\n{run.stderr}")
    return None if run.returncode else program


def run_program(name, program, folder, expected):
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    run = subprocess.run([program], cwd=empty, stdin=subprocess.DEVNULL, capture_output=True,
                         text=True, check=False, timeout=20,
                         env={**os.environ, "LD_LIBRARY_PATH": str(libdir)})
    if run.returncode or run.stdout != expected + "\n":
        faults.append(f"{name}: expected {expected!r}, found {run.stdout!r} {run.stderr!r} and "
                      f"exit status {run.returncode}")


def check_programs(name, page, folder):
    for block in blocks(section(page, "SYNOPSIS")):
        compile_block(name, block, folder, False)
        counts["synopses"] += 1
    examples = section(page, "EXAMPLES")
    if not blocks(examples):
        faults.append(f"{name}: expected examples, found none")
    for text, block in re.findall(r"((?:^(?!```)[^\n]+\n)+)\n```\n(.*?)^```$", examples,
                                  flags=re.M | re.S):
        prints = re.search(r'prints\s+"([^"]*)"', text)
        if not prints:
            faults.append(f"{name}: expected what the example prints, found nothing")
            continue
        program = compile_block(name, block, folder, True)
        if program:
            run_program(name, program, folder, " ".join(prints.group(1).split()))
        counts["programs"] += 1


def write_documents(folder):
    """What the commands of ocienv(1) are about."""
    image = {"config": {"Cmd": ["sh"], "Env": ["PATH=/bin"]}}
    spec = {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
            "process": {"args": ["sh"], "cwd": "/", "env": ["PATH=/bin"],
                        "user": {"uid": 0, "gid": 0, "additionalGids": [0]}}}
    for rootfs in (folder / "rootfs", folder / "bundle/rootfs"):
        (rootfs / "bin").mkdir(parents=True)
        (rootfs / "bin/sh").write_bytes(elf())
        (rootfs / "bin/sh").chmod(0o755)
    (folder / "image.json").write_text(json.dumps(image), encoding="utf-8")
    (folder / "pod.yaml").write_text(POD, encoding="utf-8")
    for name in ("config.json", "bundle/config.json"):
        (folder / name).write_text(json.dumps(spec), encoding="utf-8")
    (folder / "key").write_bytes(bytes(range(48)))
    layout = Layout(folder / "layout")
    config = layout.blob(CONFIG, {"os": "linux", "architecture": "amd64", **image})
    layout.index(layout.manifest(config, **platform("amd64"), **tag("latest")))


def check_commands(page, folder):
    """In one folder, one after the other: some read what those before have written."""
    write_documents(folder)
    environment = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"}
    for block in blocks(section(page, "EXAMPLES")):
        for line in block.splitlines():
            if not line.startswith("$ "):
                faults.append(f"ocienv.1: expected a command, found {line}")
                continue
            run = subprocess.run(["sh", "-c", line[2:]], cwd=folder, capture_output=True, text=True,
                                 check=False, timeout=20, env=environment)
            if run.returncode or (" -o " not in line and not run.stdout):
                faults.append(f"ocienv.1: {line}: exit status {run.returncode}\n{run.stdout}"
                              f"{run.stderr}")
            counts["commands"] += 1


with tempfile.TemporaryDirectory() as temporary:
    for page_name, page_text in pages(top).items():
        if page_name.endswith(".3"):
            check_programs(page_name, page_text, pathlib.Path(temporary))
    check_commands(pages(top)["ocienv.1"], pathlib.Path(temporary))
for what, least in (("synopses", 10), ("programs", 10), ("commands", 10)):
    if counts[what] < least:
        faults.append(f"expected at least {least} {what}, found {counts[what]}")
end(faults, ", ".join(f"{number} {what}" for what, number in counts.items()))

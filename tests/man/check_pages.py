# SPDX-License-Identifier: Apache-2.0
"""check_pages.py TOP BUILD: what is installed is found: each page and each function by man, the
completions where the shells look. The pages are clean for mandoc and for groff."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from sources import end, map_functions, output, pages, read, section

top, build = (pathlib.Path(arg) for arg in sys.argv[1:])
faults = []
installed = {pathlib.Path(source): pathlib.Path(target) for source, target in
             json.loads(output("meson", "introspect", "--installed", str(build))).items()}
names = map_functions(top)


def stage(folder):
    """The pages as they lie when they are installed."""
    for source, target in installed.items():
        if re.fullmatch(r"man\d", target.parent.name):
            (folder / target.parent.name).mkdir(exist_ok=True)
            shutil.copy(source, folder / target.parent.name / target.name)


def lint(folder):
    for name in pages(top):
        page = folder / f"man{name[-1]}" / name
        if not page.exists():
            faults.append(f"{name}: expected to be installed, is not")
            continue
        run = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True,
                             check=False)
        # scdoc begins each paragraph with a macro, also where there is none to end.
        said = [line for line in (run.stdout + run.stderr).splitlines()
                if "skipping paragraph macro" not in line]
        run = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True,
                             check=False, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin",
                                               "MANPAGER": "cat"})
        said += run.stderr.splitlines()
        if said or run.returncode:
            faults.append(f"{name}: {said}")


def is_found(folder, section_of, name, expected):
    """man NAME shows the page whose NAME section begins so."""
    run = subprocess.run(["man", "-M", folder, section_of, name], capture_output=True, text=True,
                         check=False, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin",
                                           "MANPAGER": "cat", "MANWIDTH": "1000"})
    text = re.sub(r".\x08", "", run.stdout)
    match = re.search(r"^NAME\n +(.*?)\n\n", text, flags=re.M | re.S)
    if run.returncode or not match or not match.group(1).startswith(expected):
        faults.append(f"man {section_of} {name}: expected {expected}, found {run.stdout[:80]!r} "
                      f"{run.stderr}")
    return match.group(1) if match else ""


def check_names():
    """The NAME section lists the functions that the page tells the results of."""
    for name, page in pages(top).items():
        listed = set(re.findall(r"\bocienv_\w+", section(page, "NAME")))
        told = set(re.findall(r"^\*(ocienv_\w+)\*\(\)$", section(page, "RETURN VALUE"),
                              flags=re.M))
        if listed != told:
            faults.append(f"{name}: NAME and RETURN VALUE differ in {sorted(listed ^ told)}")


def check_links():
    """SEE ALSO and the text refer to pages that there are, or that others have."""
    known = set(pages(top)) | {f"{name}.3" for name in names}
    for name, page in pages(top).items():
        for word, number in re.findall(r"\*([\w-]+)\*\((\d)\)", page):
            if word.startswith("ocienv") and f"{word}.{number}" not in known:
                faults.append(f"{name}: refers to {word}({number}), which there is none of")


def check_policy_page():
    """The words of the language, as docs/policy.md tells them."""
    page = re.sub(r"\\(.)", r"\1", pages(top)["ocienv-policy.5"])
    rows = re.findall(r"^\| (`.*?) \|", read(top / "docs/policy.md"), flags=re.M)
    words = {word for row in rows for word in re.findall(r"`([^`]+)`", row)}
    for word in sorted(words):
        if f"*{word}*" not in page:
            faults.append(f"ocienv-policy.5: expected *{word}*, found none")
    if len(words) < 30:
        faults.append(f"docs/policy.md: expected the words of the language, found {len(words)}")


def check_places():
    targets = {target.as_posix() for target in installed.values()}
    for place in ("bash-completion/completions/ocienv", "zsh/site-functions/_ocienv",
                  "fish/vendor_completions.d/ocienv.fish"):
        if not any(target.endswith("/share/" + place) for target in targets):
            faults.append(f"expected {place} to be installed, is not")


with tempfile.TemporaryDirectory() as temporary:
    base = pathlib.Path(temporary)
    stage(base)
    lint(base)
    for page_name in pages(top):
        is_found(base, page_name[-1], page_name[:-2], page_name[:-2])
    for function in sorted(names):
        if function not in is_found(base, "3", function, "ocienv-"):
            faults.append(f"man {function}: expected its page, found another")
check_names()
check_links()
check_policy_page()
check_places()
end(faults, f"{len(pages(top))} pages, {len(names)} functions")

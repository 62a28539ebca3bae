# SPDX-License-Identifier: Apache-2.0
"""What the checks of the manual read: pages, headers, what the code prints."""
import re
import subprocess

STATUS = "argument nomem limit syntax encoding ambiguous type value reference notfound access " \
         "unsupported unsafe policy mismatch blob system".split()


def read(path):
    return path.read_text(encoding="utf-8")


def pages(top):
    """The source of each page by its name, ocienv.1 and so on."""
    found = {path.name[:-len(".scd")]: read(path) for path in sorted((top / "man").glob("*.scd"))}
    if len(found) < 12:
        raise SystemExit(f"expected the manual pages, found {len(found)}")
    return found


def section(page, title):
    """The text below a heading; "" if there is none."""
    match = re.search(rf"^# {title}\n(.*?)(?=^# |\Z)", page, flags=re.M | re.S)
    return match.group(1) if match else ""


def blocks(text):
    """The literal blocks of a page."""
    return re.findall(r"^```\n(.*?)^```$", text, flags=re.M | re.S)


def map_functions(top):
    """The exported symbols."""
    names = set()
    for name in ("ocienv.map", "ocienv-boot.map"):
        names |= set(re.findall(r"^\s*(ocienv\w+);", read(top / "lib" / name), flags=re.M))
    return names


def comments(top):
    """The comment in front of each declared function, by name."""
    found = {}
    for name in ("ocienv.h", "boot.h"):
        for comment, function in re.findall(
                r"/\*\*((?:(?!\*/).)*)\*/\n(?:const |struct )?[\w ]+\*?(?:const \*)?\b(ocienv_\w+)\(",
                read(top / "include/ocienv" / name), flags=re.S):
            found[function] = re.sub(r"^ \* ?", "", comment, flags=re.M)
    return found


def part(comment, command):
    """What stands behind a command of a comment, up to the next one; None if it is not there."""
    match = re.search(rf"^@{command}\b(.*?)(?=^@|\Z)", comment, flags=re.M | re.S)
    return " ".join(match.group(1).split()) if match else None


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def end(faults, summary):
    if faults:
        raise SystemExit("\n".join(faults))
    print(summary)

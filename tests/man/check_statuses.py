# SPDX-License-Identifier: Apache-2.0
"""check_statuses.py TOP PRINT_STATUSES: the table that the library filters by, "errors" in the
headers and RETURN VALUE in the manual list the same statuses for each function."""
import pathlib
import re
import sys

from sources import STATUS, blocks, comments, end, map_functions, output, pages, part, section

top = pathlib.Path(sys.argv[1])
table = {words[0]: set(words[1:])
         for words in (line.split() for line in output(sys.argv[2]).splitlines())}


def in_header(comment):
    """A function that gives no status says "None."."""
    return {word.lower() for word in re.findall(r"\b[A-Z]+\b", part(comment, "errors") or "")
            if word.lower() in STATUS}


def in_page(page):
    """Statuses by function, and those of ERRORS."""
    found, here = {}, None
    for line in section(page, "RETURN VALUE").splitlines():
        match = re.fullmatch(r"\*(ocienv_\w+)\*\(\)", line)
        if match:
            here = found.setdefault(match.group(1), set())
        elif here is not None:
            here |= {s.lower() for s in re.findall(r"\*OCIENV(?:_BOOT)?_ERR_(\w+)\*", line)}
    errors = {s.lower() for s in re.findall(r"^\*OCIENV(?:_BOOT)?_ERR_(\w+)\*$",
                                            section(page, "ERRORS"), flags=re.M)}
    return found, errors


def gives_status(name):
    return any(re.search(rf"\bint32_t {name}\(", block)
               for page in pages(top).values() for block in blocks(section(page, "SYNOPSIS")))


faults, manual = [], {}
header = {name: in_header(comment) for name, comment in comments(top).items()}
for name, page in pages(top).items():
    found, errors = in_page(page)
    for function in found:
        if function in manual:
            faults.append(f"{name}: {function}() is on another page too")
    manual.update(found)
    used = set().union(*found.values()) if found else set()
    if used != errors and found:
        faults.append(f"{name}: RETURN VALUE and ERRORS differ in {sorted(used ^ errors)}")

exported = map_functions(top)
for place, names in (("header", header), ("manual", manual)):
    for name in sorted(exported ^ set(names)):
        faults.append(f"{name}: expected in the map and in the {place}, found in one")
for name in sorted(exported & set(header) & set(manual)):
    if header[name] != manual[name]:
        faults.append(f"{name}: header {sorted(header[name])}, manual {sorted(manual[name])}")
    if gives_status(name) != bool(manual[name]):
        faults.append(f"{name}: expected statuses where int32_t is returned, and nowhere else")
    # The enclave's reader has no table: it is one file that needs nothing of the library.
    if not name.startswith("ocienv_boot_") and table.get(name, set()) != manual[name]:
        faults.append(f"{name}: code {sorted(table.get(name, set()))}, "
                      f"manual {sorted(manual[name])}")
for name in sorted(set(table) - exported):
    faults.append(f"{name}: in the table, but not exported")
if len(table) < 30:
    faults.append(f"expected the library's table, found {len(table)} rows")
end(faults, f"{len(exported)} functions, {len(table)} rows")

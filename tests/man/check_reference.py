# SPDX-License-Identifier: Apache-2.0
"""check_reference.py TOP DOXYGEN: each exported symbol has what a caller must know in its own
comment, and Doxygen makes HTML of the headers without a warning."""
import pathlib
import re
import subprocess
import sys
import tempfile

from sources import comments, end, map_functions, part, read

top = pathlib.Path(sys.argv[1])
faults = []
found = comments(top)
for name in sorted(map_functions(top)):
    if name not in found:
        faults.append(f"{name}: expected a comment of its own, found none")
        continue
    for command in ("brief", "ownership", "threads", "errors", "since"):
        if not part(found[name], command):
            faults.append(f"{name}: expected @{command}, found none")
    if not re.fullmatch(r"\d+\.\d+", part(found[name], "since") or ""):
        faults.append(f"{name}: expected a version behind @since")

with tempfile.TemporaryDirectory() as folder:
    config = read(top / "docs/Doxyfile") + f"\nOUTPUT_DIRECTORY = {folder}\n"
    run = subprocess.run([sys.argv[2], "-"], input=config, cwd=top / "docs", text=True,
                         capture_output=True, check=False)
    if run.returncode or run.stderr.strip():
        faults.append(f"doxygen: exit status {run.returncode}\n{run.stderr}")
    html = {path.name: read(path) for path in pathlib.Path(folder, "html").glob("*.html")}
    for header, prefix in (("ocienv_8h.html", "ocienv_"), ("boot_8h.html", "ocienv_boot_")):
        text = html.get(header, "")
        for name in sorted(map_functions(top)):
            if name.startswith("ocienv_boot_") != (prefix == "ocienv_boot_"):
                continue
            if f">{name}</a>" not in text and f" {name} </td>" not in text:
                faults.append(f"{name}: expected in {header}, not found")
    # The four are headings there, not words that Doxygen did not understand.
    for heading in ("Ownership", "Threads", "Errors"):
        if f"<dt>{heading}</dt>" not in html.get("ocienv_8h.html", ""):
            faults.append(f"expected the heading {heading}, found none")
end(faults, f"{len(found)} functions, {len(html)} pages")

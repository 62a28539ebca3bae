# SPDX-License-Identifier: Apache-2.0
"""The files of the tree."""
import os
import pathlib

# What is made in the tree, and what has documents of others in it.
PASSED_OVER = {"build-fuzz", "node_modules", "target", "work"}


def files(top, suffix):
    """Paths below `top` that end so, relative to it."""
    found = []
    for folder, names, files_here in os.walk(top):
        names[:] = sorted(
            name for name in names
            if not name.startswith(".") and name not in PASSED_OVER
            and not os.path.exists(os.path.join(folder, name, "meson-private")))
        found += [str(pathlib.Path(folder, name).relative_to(top))
                  for name in sorted(files_here) if name.endswith(suffix)]
    return found


def documents(top):
    return files(top, ".md")

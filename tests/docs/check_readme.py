# SPDX-License-Identifier: Apache-2.0
"""check_readme.py TOP: the code in README.md is examples/example.c, to the byte.

What a reader copies is then what the tests compile and run."""
import pathlib
import sys

BEGIN = "<!-- examples/example.c -->\n```c\n"
END = "```\n<!-- end -->\n"

top = pathlib.Path(sys.argv[1])
readme = (top / "README.md").read_text(encoding="utf-8")
code = (top / "examples/example.c").read_text(encoding="utf-8")

if readme.count(BEGIN) != 1 or END not in readme.split(BEGIN)[1]:
    sys.exit("README.md: expected one block between the markers of examples/example.c")
if readme.split(BEGIN)[1].split(END)[0] != code:
    sys.exit("README.md: its example differs from examples/example.c: copy the file there")

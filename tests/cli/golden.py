# SPDX-License-Identifier: Apache-2.0
"""Golden files: what the command prints, byte for byte, for a person to read once.

With OCIENV_WRITE_GOLDEN in the environment they are written instead; whoever does that reads
the difference before it is committed."""
import os
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent / "golden"
WIDTH = 80


def compare(case, name, got):
    """Fails the case unless the file of that name holds exactly that."""
    path = FOLDER / name
    if os.environ.get("OCIENV_WRITE_GOLDEN"):
        path.write_bytes(got)
    case.assertTrue(path.exists(), f"expected a golden file {name}, found none")
    case.assertEqual(got, path.read_bytes(), name)


def narrow(case, name, text):
    """Fails the case if a line does not fit a terminal."""
    for line in text.decode().splitlines():
        case.assertLessEqual(len(line), WIDTH, f"{name}: {line!r}")

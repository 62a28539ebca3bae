# SPDX-License-Identifier: Apache-2.0
"""What becomes of the lines of a manifest: as they are, and through the tools.

The tools render the template with Jinja, parse the result and write it anew; the loader's own
reader of TOML is poorer than the standard."""
import re
import tomllib

import jinja2
import tomli_w

# Escapes that the loader knows: hexadecimal digits in upper case alone.
LOADER_ESCAPE = re.compile(r'\\(?:[btnfr"\\]|u[0-9A-F]{4}|U[0-9A-F]{8})')
# What a complete template must have beside ours.
REST = ('loader.entrypoint.uri = "file:libsysdb.so"\n'
        'fs.root = { type = "chroot", uri = "file:root" }\nfs.mounts = []\n')


class Refused(Exception):
    """The loader would not start."""


def load(manifest):
    """The values of a final manifest, as the loader understands it."""
    for number, line in enumerate(manifest.split("\n"), 1):
        if line.startswith("#"):
            continue
        if "\\" in LOADER_ESCAPE.sub("", line):
            raise Refused(f"line {number}: an escape that the loader does not know")
        if re.search("[\0-\x08\x0b-\x1f\x7f]", line):
            raise Refused(f"line {number}: a raw control character")
    return tomllib.loads(manifest)


def render(template):
    """What gramine-manifest writes: evaluates, parses, writes anew."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined,
                                     keep_trailing_newline=True)
    environment.globals["env"] = {"PATH": "/of/the/signer"}
    return tomli_w.dumps(tomllib.loads(environment.from_string(template).render()))


def started(fragment):
    """(argv, env, entrypoint, cwd, uid, gid, stack) of both ways, which must be the same."""
    ways = []
    for manifest in (REST + fragment, render(REST + fragment)):
        values = load(manifest)
        loader = values["loader"]
        if any("\n" in name for name in loader.get("env", {})):
            raise Refused("a line feed in a name")
        ways.append((loader["argv"], loader.get("env", {}), values["libos"]["entrypoint"],
                     values["fs"]["start_dir"], loader["uid"], loader["gid"],
                     values.get("sys", {}).get("stack", {}).get("size")))
    if ways[0] != ways[1]:
        raise Refused("the tools change the values")
    return ways[0]

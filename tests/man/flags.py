# SPDX-License-Identifier: Apache-2.0
"""The command's own tables, as print_flags tells them."""
from sources import output


class Flag:
    """One flag of one subcommand."""

    def __init__(self, takes_value, words):
        self.takes_value = takes_value
        self.words = set(words)


def table(program):
    """{subcommand: {flag: Flag}}"""
    found = {}
    for line in output(program).splitlines():
        sub, flag, takes_value, *words = line.split()
        found.setdefault(sub, {})[flag] = Flag(takes_value == "1", words)
    if len(found) < 6 or any("--help" not in flags for flags in found.values()):
        raise SystemExit(f"expected the tables of the command, found {found}")
    return found

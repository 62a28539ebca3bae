# SPDX-License-Identifier: Apache-2.0
"""test_cases DIR...: whole situations, each through the `ocienv` command.

DIR holds a case.json, or folders that do. A case names its inputs (files beside it), a
profile, and the right answer; `inputs` and `profile` are flags of the command."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import command
import rootfs

TOP = pathlib.Path(__file__).resolve().parent.parent
KNOWN = {"title", "source", "lesson", "inputs", "profile", "expect"}


def differs(what, got, wanted):
    return None if got == wanted else f"{what}: expected {wanted!r}, found {got!r}"


def in_bytes(values):
    return {name: value.encode() for name, value in values.items()}


def check_exec(report, wanted):
    return differs("exec", (report["exec"] or {}).get("path"), wanted)


def check_canonical(report, wanted):
    return differs("canonical", (report["exec"] or {}).get("canonical"), wanted)


def check_argv(report, wanted):
    return differs("argv", report["argv"], wanted)


def check_cwd(report, wanted):
    return differs("cwd", report["cwd"], wanted)


def check_user(report, wanted):
    return differs("user", {key: report["user"].get(key) for key in wanted}, wanted)


def check_env(report, wanted):
    found = command.environment(report)
    wanted = in_bytes(wanted)
    for name in sorted({*found, *wanted}):
        if found.get(name) != wanted.get(name):
            return differs(f"env {name}", found.get(name), wanted.get(name))
    return None


def check_env_has(report, wanted):
    found = command.environment(report)
    return differs("env_has", {name: found.get(name) for name in wanted}, in_bytes(wanted))


def check_env_lacks(report, wanted):
    return differs("env_lacks", sorted(set(wanted) & set(command.environment(report))), [])


def check_warning(report, wanted):
    """One code, or several that must all be there."""
    codes = {warning["code"] for warning in report["warnings"]}
    missing = [code for code in ([wanted] if isinstance(wanted, str) else wanted)
               if code not in codes]
    return f"warning: expected {missing}, found {sorted(codes)}" if missing else None


CHECKS = {
    "exec": check_exec, "canonical": check_canonical, "argv": check_argv, "env": check_env,
    "env_has": check_env_has, "env_lacks": check_env_lacks, "cwd": check_cwd,
    "user": check_user, "warning": check_warning,
}


def check_refusal(result, wanted):
    """`error` is the short name of the status, `at` the place of the diagnostic."""
    if not result.refusal:
        return f"expected {wanted['error']}, found an answer"
    place, message, status = result.refusal
    fault = differs("error", status, wanted["error"])
    if not fault and "at" in wanted:
        fault = differs("at", place, wanted["at"])
    return f"{fault} ({place}: {message})" if fault else None


def check_answer(result, wanted):
    if result.code:
        return f"expected an answer, found {': '.join(result.refusal)}"
    return next(filter(None, (CHECKS[key](result.report, value)
                              for key, value in wanted.items())), None)


def run(tool, folder, case, tree):
    """What to compare an expectation with: of verify, whose answer is its status, the answer
    of resolve."""
    inputs = dict(case["inputs"])
    if "rootfs" in inputs:
        rootfs.build(tree, json.loads((folder / inputs["rootfs"]).read_text()))
        inputs["rootfs"] = tree
    words = command.flags({**inputs, **case.get("profile", {})})
    if {"image", "pod", "spec"} <= set(inputs):
        result = tool.run(folder, "verify", *words)
        if result.code or not set(case["expect"]) & set(CHECKS):
            return result
    return tool.run(folder, "resolve", *words, "--output", "json")


def check(tool, folder):
    """The fault of one case, or None."""
    case = json.loads((folder / "case.json").read_text())
    wanted = case["expect"]
    unknown = (set(case) - KNOWN) | (set(wanted) - set(CHECKS) - {"error", "at"})
    if unknown or not wanted or ("at" in wanted and "error" not in wanted):
        return f"expected keys that are known here, found {sorted(unknown or wanted)}"
    if "error" in wanted and set(wanted) - {"error", "at"}:
        return f"expected a refusal or an answer, found both: {sorted(wanted)}"
    with tempfile.TemporaryDirectory() as place:
        result = run(tool, folder, case, os.path.join(place, "rootfs"))
    if result.fault:
        return result.fault
    return check_refusal(result, wanted) if "error" in wanted else check_answer(result, wanted)


def folders(given):
    """A case, or the cases in it."""
    given = pathlib.Path(given).resolve()
    if (given / "case.json").is_file():
        return [given]
    return sorted(path.parent for path in given.glob("*/case.json"))


def main(ocienv, args):
    if not args:
        print("usage: test_cases DIR...", file=sys.stderr)
        return 2
    tool = command.Command(ocienv)
    tally = command.Tally(command.read_disputed(TOP / "disputed.txt"))
    for given in args:
        found = folders(given)
        if not found:
            tally.add("case", given, "expected a case.json, found none")
        for folder in found:
            try:
                fault = check(tool, folder)
            except (OSError, ValueError, KeyError, TypeError, AttributeError,
                    subprocess.TimeoutExpired) as error:
                fault = f"cannot run: {type(error).__name__}: {error}"
            tally.add("case", folder.name, fault)
    return tally.finish()

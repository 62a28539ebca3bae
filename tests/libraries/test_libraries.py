# SPDX-License-Identifier: Apache-2.0
"""test_libraries.py PROGRAM: asks the real loaders.

Builds a tree of programs and libraries, runs this machine's glibc and musl loaders over it in
a chroot (root only), and compares what they load with what the library foretells."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

helper = os.path.abspath(sys.argv[1])
root = pathlib.Path(tempfile.mkdtemp(prefix="ocienv-libraries-"))
work = pathlib.Path(tempfile.mkdtemp(prefix="ocienv-libraries-work-"))
USER = 1000
MAIN = r"""
#define _GNU_SOURCE
#include <link.h>
#include <stdio.h>
static int show(struct dl_phdr_info *i, size_t n, void *p) {
	(void)n; (void)p;
	if (*i->dlpi_name) printf("loaded %s\n", i->dlpi_name);
	return 0;
}
int main(void) { return dl_iterate_phdr(show, 0); }
"""


def call(*argv, **more):
    return subprocess.run(list(map(str, argv)), check=True, capture_output=True, text=True, **more)


def stub(name):
    """A library to link with that is in no tree."""
    path = work / "stubs" / name.replace("/", "_")
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        call("gcc", "-shared", "-nostdlib", "-Wl,-soname," + name, "-o", path, work / "empty.o")
    return path


def flags(needed, rpath, runpath, more):
    out = ["-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined"] + [stub(n) for n in needed]
    if rpath is not None:
        out.append("-Wl,--disable-new-dtags,-rpath," + rpath)
    if runpath is not None:
        out.append("-Wl,--enable-new-dtags,-rpath," + runpath)
    return out + list(more)


def place(path):
    target = root / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def lib(path, needed=(), rpath=None, runpath=None, more=(), soname=None):
    soname = ["-Wl,-soname," + soname] if soname else []
    call("gcc", "-shared", "-nostdlib", "-o", place(path), work / "empty.o",
         *soname, *flags(needed, rpath, runpath, more))


def prog(path, needed=(), rpath=None, runpath=None, more=(), cc="gcc"):
    call(cc, "-pie", "-o", place(path), work / f"main-{cc}.o", *flags(needed, rpath, runpath, more))


def text(path, content, mode=0o644):
    place(path).write_text(content)
    place(path).chmod(mode)


def copy(source, path):
    shutil.copyfile(os.path.realpath(source), place(path))
    place(path).chmod(0o755)


def trace(line):
    """(name, path) of a line of a loader, None: another line."""
    line = line.strip()
    missing = re.fullmatch(r"(\S+) => not found", line)
    found = re.fullmatch(r"(?:(\S+) => )?(\S+) \(0x[0-9a-f]+\)", line)
    if missing:
        return missing[1], "-"
    if found:
        return found[1] or found[2], found[2]
    return None


def run(program, cwd, uid, env, argv):
    out = subprocess.run([helper, "run", root, cwd, str(uid), program, *env, "--", *argv],
                         capture_output=True, text=True)
    if out.returncode == 2 and "namespace" in out.stderr:
        sys.exit(f"cannot run a program in a chroot: {out.stderr}")
    return out


def ask_glibc(program, cwd, uid, library_path):
    env = ["LD_TRACE_LOADED_OBJECTS=1"]
    if library_path is not None:
        env.append("LD_LIBRARY_PATH=" + library_path)
    out = run(program, cwd, uid, env, [program])
    fault = re.search(r"error while loading shared libraries: ([^:]+): (?!cannot open)", out.stderr)
    if fault:
        return {("broken", fault[1])}
    return {t for t in map(trace, out.stdout.splitlines())
            if t and not t[0].startswith("linux-vdso") and t[1] != interp}


def ask_musl(program, cwd, uid, library_path):
    env = [] if library_path is None else ["LD_LIBRARY_PATH=" + library_path]
    loader = musl_interp(program)
    out = run(loader, cwd, uid, env, [loader, "--list", program])
    # It tells of libc itself once, by whichever name came first.
    got = {t for t in map(trace, out.stdout.splitlines())
           if t and t[0] != loader and not t[0].startswith("libc.")}
    return got | {(name, "-") for name in
                  re.findall(r"Error loading shared library (\S+?): ", out.stderr)}


def ask_process(program, cwd, uid, library_path):
    """What is loaded in the end: the one way to ask a set-user-ID program."""
    env = [] if library_path is None else ["LD_LIBRARY_PATH=" + library_path]
    out = run(program, cwd, uid, env, [program])
    loaded = re.findall(r"^loaded (\S+)$", out.stdout, re.M)
    missing = re.findall(r"error while loading shared libraries: ([^:\s]+): cannot open", out.stderr)
    missing += re.findall(r"Error loading shared library (\S+?): ", out.stderr)
    itself = (program, musl_interp(program))
    return ({("", path) for path in loaded if not path.startswith("linux-vdso") and path not in itself}
            if not missing else {("missing", name) for name in missing[:1]})


def musl_interp(program):
    headers = call("readelf", "-lW", root / program.lstrip("/")).stdout
    return re.search(r"interpreter: ([^\]]+)\]", headers)[1]


def ours(program, cwd, uid, library_path, ask):
    more = [] if library_path is None else [library_path]
    out = call(helper, "list", root, program, cwd, uid, *more).stdout.splitlines()
    rows = [line.split("\t") for line in out[1:]]
    broken = [row for row in rows if row[3] == "broken"]
    if ask is ask_glibc and broken:
        return {("broken", broken[0][2])}, rows
    if ask is ask_process:
        missing = [row[0] for row in rows if row[1] == "not found"]
        if missing:
            return {("missing", missing[0])}, rows
        return {("", row[2]) for row in rows
                if row[1] not in ("the loader itself",) and not row[4]}, rows
    return {(row[0], "-" if row[3] == "broken" else row[2]) for row in rows
            if not row[4] and not (row[1] == "the loader itself" and
                                   (ask is ask_glibc or row[0].startswith("libc.")))}, rows


passed, faults, rules = 0, [], {}


def check(title, program, library_path=None, cwd="/", uid=0, ask=ask_glibc):
    global passed
    real = ask(program, cwd, uid, library_path)
    told, rows = ours(program, cwd, uid, library_path, ask)
    for row in rows:
        rules[row[1]] = rules.get(row[1], 0) + 1
    if {kind for kind, _ in real} == {"broken"} and "/" not in next(iter(real))[1]:
        told = {(kind, os.path.basename(path)) for kind, path in told}
    if real == told and (real or title == "musl: libc alone"):
        passed += 1
    else:
        faults.append(f"{title}:\n  the loader: {sorted(real)}\n  foretold:   {sorted(told)}")


def build_base():
    global interp, default
    (work / "main.c").write_text(MAIN)
    (work / "empty.c").write_text("int ocienv_empty;\n")
    call("gcc", "-fPIC", "-c", "-o", work / "empty.o", work / "empty.c")
    for cc in ("gcc", "musl-gcc"):
        call(cc, "-fPIE", "-c", "-o", work / f"main-{cc}.o", work / "main.c")
    prog("/bin/plain")
    interp = musl_interp("/bin/plain")
    copy(interp, os.path.realpath(interp))
    if os.path.realpath(interp) != interp and not place(interp).exists():
        place(interp).symlink_to(os.path.realpath(interp))
    libc = call("gcc", "-print-file-name=libc.so.6").stdout.strip()
    default = os.path.dirname(os.path.realpath(libc))
    copy(libc, default + "/libc.so.6")
    place("/proc/x")
    for directory in ("/w", "/tmp"):
        place(directory + "/x")


def glibc():
    lib("/a/liba.so")
    lib("/b/liba.so")
    lib("/b/libb.so")
    lib(default + "/libd.so")
    lib("/usr/lib/libul.so")
    lib("/lib/libl.so")
    lib("/lib64/libl64.so")
    check("libc alone", "/bin/plain")
    prog("/bin/need-a", ["liba.so"])
    check("nowhere", "/bin/need-a")
    check("LD_LIBRARY_PATH", "/bin/need-a", "/a")
    check("LD_LIBRARY_PATH, the second", "/bin/need-a", "/nope:/b:/a")
    check("LD_LIBRARY_PATH, by semicolon", "/bin/need-a", "/nope;/b")
    check("LD_LIBRARY_PATH, slashes at the end", "/bin/need-a", "/nope:/b///")
    check("LD_LIBRARY_PATH, an entry that is empty", "/bin/need-a", "/nope:", cwd="/a")
    check("LD_LIBRARY_PATH, empty", "/bin/need-a", "", cwd="/a")
    check("LD_LIBRARY_PATH, relative", "/bin/need-a", "../b", cwd="/a")
    check("LD_LIBRARY_PATH, a file", "/bin/need-a", "/a/liba.so:/b")
    check("LD_LIBRARY_PATH, the root", "/bin/need-a", "/")
    check("LD_LIBRARY_PATH with $ORIGIN", "/bin/need-a", "$ORIGIN/../a")
    check("LD_LIBRARY_PATH with $LIB", "/bin/need-a", "/x/$LIB:${ORIGIN}/../b")
    check("LD_LIBRARY_PATH with a token that is none", "/bin/need-a", "$ORIGINS/../a:/b")
    for name in ("libd.so", "libul.so", "libl.so", "libl64.so"):
        prog("/bin/need-" + name, [name])
        check("default directories: " + name, "/bin/need-" + name)
    prog("/bin/nodeflib", ["libd.so"], more=["-Wl,-z,nodefaultlib"])
    check("DF_1_NODEFLIB", "/bin/nodeflib")
    check("DF_1_NODEFLIB and LD_LIBRARY_PATH", "/bin/nodeflib", default)
    prog("/bin/rpath", ["liba.so"], rpath="/a")
    check("DT_RPATH", "/bin/rpath")
    check("DT_RPATH before LD_LIBRARY_PATH", "/bin/rpath", "/b")
    prog("/bin/runpath", ["liba.so"], runpath="/a")
    check("DT_RUNPATH", "/bin/runpath")
    check("DT_RUNPATH behind LD_LIBRARY_PATH", "/bin/runpath", "/b")
    prog("/bin/runpath-empty", ["liba.so"], runpath=":/b")
    check("DT_RUNPATH with an empty entry", "/bin/runpath-empty", cwd="/a")
    prog("/opt/x/bin/origin", ["liba.so"], runpath="$ORIGIN/../lib")
    lib("/opt/x/lib/liba.so")
    check("$ORIGIN", "/opt/x/bin/origin")
    place("/bin/origin-link").symlink_to("/opt/x/bin/origin")
    check("$ORIGIN of a link", "/bin/origin-link")
    prog("/opt/x/bin/origin-lib", ["liba.so"], runpath="/opt/y/$LIB")
    lib("/opt/y/" + default.lstrip("/").removeprefix("usr/") + "/liba.so")
    check("$LIB", "/opt/x/bin/origin-lib")
    # Two levels: DT_RPATH is inherited, DT_RUNPATH is not.
    lib("/c/libc1.so", ["libb.so"])
    prog("/bin/rpath-2", ["libc1.so"], rpath="/c:/b")
    check("DT_RPATH inherited", "/bin/rpath-2")
    prog("/bin/runpath-2", ["libc1.so"], runpath="/c:/b")
    check("DT_RUNPATH not inherited", "/bin/runpath-2")
    lib("/c/libc2.so", ["libb.so"], runpath="/nope")
    prog("/bin/rpath-3", ["libc2.so"], rpath="/c:/b")
    check("DT_RUNPATH of a library takes DT_RPATH away", "/bin/rpath-3")
    lib("/c/libc3.so", ["libb.so"], rpath="$ORIGIN/../b")
    prog("/bin/lib-origin", ["libc3.so"], runpath="/c")
    check("$ORIGIN of a library", "/bin/lib-origin")
    check("$ORIGIN of a library, relative", "/bin/lib-origin", "c")
    # Three levels, missing at the end; one file by several names.
    lib("/c/libc4.so", ["libc1.so", "libgone.so"])
    prog("/bin/deep", ["libc4.so"], rpath="/c")
    check("missing three levels deep", "/bin/deep")
    lib("/c/libsame.so")
    place("/c/libother.so").symlink_to("libsame.so")
    prog("/bin/same", ["libsame.so", "libother.so"], rpath="/c")
    check("one file with two names", "/bin/same")
    lib("/c/libversion-2.so", soname="libversion.so.1")
    prog("/bin/soname", ["/c/libversion-2.so", "libversion.so.1"], rpath="/c")
    check("found by DT_SONAME", "/bin/soname")
    lib("/c/libcycle1.so", ["libcycle2.so"])
    lib("/c/libcycle2.so", ["libcycle1.so"])
    prog("/bin/cycle", ["libcycle1.so"], rpath="/c")
    check("a circle", "/bin/cycle")
    prog("/bin/slash", ["/b/libb.so"])
    check("a path", "/bin/slash")
    prog("/bin/slash-missing", ["/b/libnope.so"])
    check("a path that is missing", "/bin/slash-missing")
    prog("/bin/slash-relative", ["b/libb.so"])
    check("a relative path", "/bin/slash-relative")
    check("a relative path from elsewhere", "/bin/slash-relative", cwd="/a")
    prog("/bin/slash-origin", ["$ORIGIN/../b/libb.so"])
    check("$ORIGIN in a name", "/bin/slash-origin")
    # What glibc passes over, and what ends it.
    wrong = bytearray((root / "a/liba.so").read_bytes())
    wrong[18] = 183
    place("/machine/liba.so").write_bytes(wrong)
    check("another machine", "/bin/need-a", "/machine:/b")
    wrong[4] = 1
    place("/class/liba.so").write_bytes(wrong)
    check("another class", "/bin/need-a", "/class:/b")
    text("/text/liba.so", "/* GNU ld script */ INPUT(liba.so.1) and so on and so on and so on\n")
    check("a linker script", "/bin/need-a", "/text:/b")
    text("/short/liba.so", "")
    check("an empty file", "/bin/need-a", "/short:/b")
    place("/dir/liba.so/x")
    check("a directory", "/bin/need-a", "/dir:/b")
    place("/loop/liba.so").symlink_to("liba.so")
    check("a link to itself ends the list", "/bin/need-a", "/loop:/b")
    check("a link to itself, then DT_RUNPATH", "/bin/runpath", "/loop:/b")
    place("/loopdir").symlink_to("loopdir")
    check("a directory that is a link to itself", "/bin/need-a", "/loopdir:/b")
    place("/dangling/liba.so").symlink_to("/nope")
    check("a link that leads nowhere", "/bin/need-a", "/dangling:/b")
    copy(root / "bin/plain", "/pie/liba.so")
    check("a program", "/bin/need-a", "/pie:/b")
    prog("/fixed/liba.so", more=["-no-pie"])
    check("a program with a fixed address", "/bin/need-a", "/fixed:/b")
    call("gcc", "-c", "-o", place("/rel/liba.so"), work / "empty.c")
    check("an object file", "/bin/need-a", "/rel:/b")
    for at, value, what in ((5, 2, "byte order"), (6, 2, "version"), (7, 9, "ABI"), (7, 3, "GNU ABI"),
                            (8, 1, "ABI version"), (12, 1, "padding"), (20, 2, "e_version"),
                            (54, 57, "e_phentsize")):
        wrong = bytearray((root / "a/liba.so").read_bytes())
        wrong[at] = value
        place(f"/head{at}-{value}/liba.so").write_bytes(wrong)
        check("another " + what, "/bin/need-a", f"/head{at}-{value}:/b")
    place("/cut/liba.so").write_bytes((root / "a/liba.so").read_bytes()[:64])
    check("a header alone", "/bin/need-a", "/cut:/b")
    # As a user.
    lib("/closed/liba.so")
    place("/closed/x").parent.chmod(0o700)
    check("a directory closed to the user", "/bin/need-a", "/closed:/b", uid=USER)
    lib("/unread/liba.so")
    (root / "unread/liba.so").chmod(0o711)
    check("a file closed to the user", "/bin/need-a", "/unread:/b", uid=USER)
    check("the same for root", "/bin/need-a", "/unread:/b")
    # AT_SECURE: the loader tells nothing, the process does.
    for name, needed, more in (("suid-env", "liba.so", {}), ("suid-runpath", "liba.so", {"runpath": "/a"}),
                               ("suid-origin", "liba.so", {"runpath": "$ORIGIN/../a"})):
        prog("/bin/" + name, [needed], **more)
        (root / "bin" / name).chmod(0o4755)
        check(name + ", as root", "/bin/" + name, "/b", ask=ask_process)
        check(name + ", as a user", "/bin/" + name, "/b", uid=USER, ask=ask_process)
    lib("/usr/lib/priv/libp.so")
    prog("/usr/lib/priv/suid-trusted", ["libp.so"], runpath="$ORIGIN")
    (root / "usr/lib/priv/suid-trusted").chmod(0o4755)
    check("$ORIGIN in a directory of the loader", "/usr/lib/priv/suid-trusted", uid=USER,
          ask=ask_process)
    # A loader elsewhere keeps its directories.
    place(interp).unlink()
    shutil.copyfile(os.path.realpath(interp), place(interp))
    place(interp).chmod(0o755)
    check("a loader that is no link", "/bin/need-libd.so")


def musl_rows():
    real = os.path.realpath("/lib/ld-musl-x86_64.so.1")
    for path in ("/lib/ld-musl-x86_64.so.1", "/opt/m/lib/ld-musl-x86_64.so.1"):
        copy(real, path)
    ask = {"ask": ask_musl}
    mprog = lambda path, *a, **k: prog(path, *a, cc="musl-gcc", **k)
    mprog("/m/plain")
    check("musl: libc alone", "/m/plain", **ask)
    mprog("/m/need-a", ["liba.so"])
    check("musl: nowhere", "/m/need-a", **ask)
    check("musl: LD_LIBRARY_PATH", "/m/need-a", "/nope:/b", **ask)
    check("musl: no semicolon", "/m/need-a", "/nope;/b", **ask)
    check("musl: a line feed", "/m/need-a", "/nope\n/b", **ask)
    check("musl: an empty entry", "/m/need-a", ":", cwd="/a", **ask)
    check("musl: relative", "/m/need-a", "../b", cwd="/a", **ask)
    check("musl: a slash at the end", "/m/need-a", "/b/", **ask)
    check("musl: no token in LD_LIBRARY_PATH", "/m/need-a", "$ORIGIN/../a", **ask)
    check("musl: a long entry", "/m/need-a", "/" + "./" * 250 + "a:" + "/" + "./" * 240 + "b", **ask)
    mprog("/m/rpath", ["liba.so"], rpath="/a")
    check("musl: DT_RPATH behind LD_LIBRARY_PATH", "/m/rpath", "/b", **ask)
    check("musl: DT_RPATH", "/m/rpath", **ask)
    mprog("/m/runpath-2", ["libc1.so"], runpath="/c:/b")
    check("musl: DT_RUNPATH inherited", "/m/runpath-2", **ask)
    mprog("/m/rpath-3", ["libc2.so"], rpath="/c:/b")
    check("musl: DT_RUNPATH of a library first", "/m/rpath-3", **ask)
    mprog("/m/origin", ["liba.so"], runpath="$ORIGIN/../a")
    check("musl: $ORIGIN", "/m/origin", **ask)
    mprog("/m/origin-curly", ["liba.so"], runpath="/nope:${ORIGIN}/../b")
    check("musl: ${ORIGIN}", "/m/origin-curly", **ask)
    mprog("/m/origin-lib", ["liba.so"], runpath="/a:/$LIB")
    check("musl: another token spoils the list", "/m/origin-lib", **ask)
    mprog("/m/lib-origin", ["libc3.so"], runpath="/c")
    check("musl: $ORIGIN of a library", "/m/lib-origin", **ask)
    check("musl: $ORIGIN of a library, relative", "/m/lib-origin", "c", **ask)
    mprog("/m/default", ["libl.so", "libul.so", "libd.so"])
    check("musl: default directories", "/m/default", **ask)
    mprog("/m/self", ["libc.so.6", "libm.so.6", "libpthread.so.0", "libcrypt.so"])
    check("musl: it is all of libc", "/m/self", **ask)
    mprog("/m/slash", ["/b/libb.so", "b/libnope.so"])
    check("musl: a path", "/m/slash", **ask)
    mprog("/m/same", ["libsame.so", "libother.so"], runpath="/c")
    check("musl: one file with two names", "/m/same", **ask)
    mprog("/m/soname", ["/c/libversion-2.so", "libversion.so.1"], runpath="/c")
    check("musl: not by DT_SONAME", "/m/soname", **ask)
    mprog("/m/deep", ["libc4.so"], runpath="/c")
    check("musl: missing three levels deep", "/m/deep", **ask)
    check("musl: a text ends the search", "/m/need-a", "/text:/b", **ask)
    check("musl: so does an empty file", "/m/need-a", "/short:/b", **ask)
    check("musl: so does a directory", "/m/need-a", "/dir:/b", **ask)
    check("musl: so does a link to itself", "/m/need-a", "/loop:/b", **ask)
    check("musl: a link that leads nowhere does not", "/m/need-a", "/dangling:/b", **ask)
    check("musl: a file in the way of a directory", "/m/need-a", "/a/liba.so:/b", **ask)
    check("musl: a directory closed to the user", "/m/need-a", "/closed:/b", uid=USER, **ask)
    check("musl: a file closed to the user", "/m/need-a", "/unread:/b", uid=USER, **ask)
    mprog("/m/suid", ["liba.so"], runpath="/a")
    mprog("/m/suid-origin", ["liba.so"], runpath="$ORIGIN/../a")
    for name in ("suid", "suid-origin"):
        (root / "m" / name).chmod(0o4755)
        check(f"musl: {name} as a user", "/m/" + name, "/b", uid=USER, ask=ask_process)
        check(f"musl: {name} as root", "/m/" + name, "/b", ask=ask_process)
    # The path file, beside this loader and another.
    for content in ("/b", "/nope\n/b\n", "/nope:/a:/b", "\n:/b", "", "# /a\n/b\n", "/b\0/a"):
        text("/etc/ld-musl-x86_64.path", content)
        check(f"musl: path file {content!r}", "/m/need-a", **ask)
    mprog("/m/loader", ["liba.so"], more=["-Wl,-dynamic-linker,/opt/m/lib/ld-musl-x86_64.so.1"])
    check("musl: a loader elsewhere has a path file elsewhere", "/m/loader", **ask)
    text("/opt/m/etc/ld-musl-x86_64.path", "/a")
    check("musl: and there it is", "/m/loader", **ask)
    (root / "etc/ld-musl-x86_64.path").unlink()
    place("/etc/ld-musl-x86_64.path/x")
    check("musl: a path file that is a directory", "/m/default", **ask)


def main():
    if os.getuid() != 0:
        sys.exit("root is needed to run the loaders in a chroot")
    os.umask(0o022)
    root.chmod(0o755)
    try:
        build_base()
        glibc()
        musl_rows()
    finally:
        shutil.rmtree(root)
        shutil.rmtree(work)
    print(*faults, sep="\n")
    print(", ".join(f"{rule}: {n}" for rule, n in sorted(rules.items())))
    print(f"{passed} passed, {len(faults)} failed")
    sys.exit(1 if faults or passed < 120 else 0)


main()

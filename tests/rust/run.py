# SPDX-License-Identifier: Apache-2.0
"""run.py TOP BUILD TARGET: builds and tests the Rust bindings in TOP/bindings/rust against the
library in BUILD, with TARGET for what cargo makes. Nothing is fetched, and a warning fails."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TOP, BUILD, TARGET = (pathlib.Path(arg).resolve() for arg in sys.argv[1:])
RUST = TOP / "bindings/rust"
SAMPLES = TOP / "tests/wire/samples"

# What a program without std may ask of others: the reader, three functions that compilers
# themselves call, and what the program reads and prints with.
MAY_USE = {"memcpy", "memmove", "memset", "memcmp", "bcmp", "read", "write", "_exit",
           "__libc_start_main"}

BASE = {
    **{key: value for key, value in os.environ.items()
       if not key.startswith(("CARGO", "RUST", "PKG_CONFIG", "OCIENV"))
       or key in ("CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN")},
    "PKG_CONFIG_PATH": str(BUILD / "meson-uninstalled"),
    "LD_LIBRARY_PATH": str(BUILD / "lib"),
    "CARGO_TARGET_DIR": str(TARGET),
    "CARGO_INCREMENTAL": "0",
    "CARGO_PROFILE_DEV_DEBUG": "0",
    "CARGO_TERM_COLOR": "never",
    "RUSTFLAGS": "-Dwarnings",
    "RUSTDOCFLAGS": "-Dwarnings",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def run(*words, cwd=RUST, stdin=None, fails=False, **env):
    """What the command printed, stderr included where it has to fail."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, stdin=stdin,
                          env={**BASE, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    text = done.stdout.decode(errors="backslashreplace")
    if (done.returncode != 0) != fails:
        sys.exit(f"{text}\nrun.py: status {done.returncode} of {' '.join(map(str, words))}")
    return text


def cargo(*words, **more):
    return run("cargo", words[0], "--offline", "--locked", *words[1:], **more)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: expected {wanted!r}, found {found!r}")


def passed(text):
    """How many tests ran; cargo says so once for each program."""
    return sum(int(line.split()[3]) for line in text.splitlines()
               if line.startswith("test result: ok."))


def check_tests():
    """All there is, and then without std, where only the documentation's examples are left."""
    count = passed(cargo("test", "--workspace", "--all-features"))
    if count < 30:
        sys.exit(f"expected 30 tests or more, found {count}")
    cargo("build", "-p", "ocienv", "--no-default-features", "--features", "boot")
    print(f"{count} tests")


def check_format():
    run("cargo", "fmt", "--all", "--check")
    run("cargo", "fmt", "--check", cwd=RUST / "enclave")


def escaped(text):
    """Bytes as Rust's escape_ascii() writes them."""
    special = {0x09: "\\t", 0x0a: "\\n", 0x0d: "\\r", 0x22: '\\"', 0x27: "\\'", 0x5c: "\\\\"}
    return "".join(special.get(byte) or (chr(byte) if 0x20 <= byte < 0x7f else f"\\x{byte:02x}")
                   for byte in text.encode("latin-1"))


def check_init(program, name):
    """The example against what the sample is known to hold."""
    known = json.loads((SAMPLES / f"{name}.json").read_text())
    user = known["user"]
    wanted = [f"exec: {escaped(known['exec'])}"] if known["exec"] else []
    wanted += [f"argv: {escaped(argument)}" for argument in known["argv"]]
    wanted += [f"env: {escaped(entry[0].partition('=')[0])}" for entry in known["env"]]
    wanted += [f"cwd: {escaped(known['cwd'])}",
               f"user: {user['uid']}:{user['gid']}, umask {user['umask']:04o}",
               f"groups: {user['groups']}"]
    found = run(program, SAMPLES / f"{name}.oeb").splitlines()
    expect(f"init {name}", found[:-1], wanted)


def check_resolve(program, place):
    """The example and the command make the same blob of the same documents."""
    image = json.dumps({"config": {"Cmd": ["/bin/true", "x"], "Env": ["A=1"], "User": "0:0"}})
    (place / "image.json").write_text(image)
    words = ["--image", place / "image.json", "--rootfs", "/"]
    run(BUILD / "tools/ocienv", "resolve", *words, "--output", "blob", "-o", place / "wanted")
    shown = run(program, *words, "--blob", place / "found").splitlines()
    expect("blob", (place / "found").read_bytes(), (place / "wanted").read_bytes())
    digest = run("sha384sum", place / "found").split()[0]
    for line in ("exec: \"/bin/true\"", "argv: \"x\"", "env: A from image", f"sha384: {digest}"):
        if line not in shown:
            sys.exit(f"resolve: expected the line {line!r}, found {shown}")
    (place / "image.json").write_text('{"config": {"Cmd": "x"}}')
    found = run(program, *words, fails=True)
    command = run(BUILD / "tools/ocienv", "resolve", *words, fails=True)
    expect("diagnostic", found, command)


def check_examples(place):
    cargo("build", "-p", "ocienv", "--all-features", "--examples")
    for name in ("config-full", "config-sealed", "config-many-groups", "config-unusual-names"):
        check_init(TARGET / "debug/examples/init", name)
    expect("init", run(TARGET / "debug/examples/init", SAMPLES / "layer-image.oeb", fails=True),
           f"init: {SAMPLES / 'layer-image.oeb'}: expected a canonical CONFIG blob of a known "
           "version [blob]\n")
    check_resolve(TARGET / "debug/examples/resolve", place)
    print("examples")


def needed(program):
    return {line.split("[")[1].rstrip("]") for line in run("readelf", "-d", program).splitlines()
            if "(NEEDED)" in line}


def check_enclave():
    """A program without std: what it links, what it refers to, and that it runs."""
    cargo("build", cwd=RUST / "enclave")
    program = TARGET / "debug/enclave"
    libraries = {name.split(".so")[0] for name in needed(program)}
    expect("libraries of enclave", libraries, {"libc", "libocienv-boot"})
    symbols = {line.split()[-1].partition("@")[0]
               for line in run("nm", "-D", "--undefined-only", program).splitlines()
               if line.split()[0] == "U"}
    expect("symbols of enclave",
           {name for name in symbols - MAY_USE if not name.startswith("ocienv_boot_")}, set())
    with open(SAMPLES / "config-sealed.oeb", "rb") as blob:
        expect("enclave", run(program, stdin=blob).splitlines(),
               ["argv: app", "env: KEY", "env: KEYS", "env: NOT", "env: PLAIN", "env: SHORT",
                "cwd: /"])
    print("enclave:", " ".join(sorted(symbols)))


def check_static():
    """With archives nothing of the library is loaded, also where both of them are linked."""
    cargo("build", "-p", "ocienv", "--all-features", "--examples", OCIENV_STATIC="1",
          CARGO_TARGET_DIR=str(TARGET / "static"))
    for name in ("init", "resolve"):
        found = {library for library in needed(TARGET / "static/debug/examples" / name)
                 if "ocienv" in library or "json" in library or "yaml" in library}
        expect(f"libraries of {name}", found, set())
    run(TARGET / "static/debug/examples/init", SAMPLES / "config-full.oeb", LD_LIBRARY_PATH="")
    print("static")


def check_not_found(place):
    """Who has no library is told what to do."""
    build = ("build", "-p", "ocienv-sys")
    none = {"PKG_CONFIG_PATH": "", "PKG_CONFIG_LIBDIR": str(place)}
    for said, env in (("PKG_CONFIG_PATH", none),
                      ("Install pkg-config", {"PKG_CONFIG": str(place / "nonesuch")})):
        text = cargo(*build, fails=True, **env)
        if said not in text or "panicked" in text:
            sys.exit(f"expected {said!r} in the error, found:\n{text}")
    old = "Name: ocienv\nDescription: x\nVersion: 0.2.0\nLibs: -locienv\n"
    (place / "ocienv.pc").write_text(old)
    text = cargo(*build, fails=True, **none)
    if "below 0.2" not in text:
        sys.exit(f"expected a version to be refused, found:\n{text}")
    print("not found")


def main():
    print(run("cargo", "--version").strip())
    check_format()
    check_tests()
    with tempfile.TemporaryDirectory() as place:
        check_examples(pathlib.Path(place))
    check_enclave()
    check_static()
    with tempfile.TemporaryDirectory() as place:
        check_not_found(pathlib.Path(place))


main()

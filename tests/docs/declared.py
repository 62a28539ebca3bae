# SPDX-License-Identifier: Apache-2.0
"""What check_commands.py does not run as it stands in the documents, and why."""

README, CONTRIBUTING = "README.md", "CONTRIBUTING.md"
GO, RUST = "bindings/go/README.md", "bindings/rust/README.md"
FLOW = "examples/enclave-flow/README.md"
FUZZING, POLICY, WIRE = "docs/fuzzing.md", "docs/policy.md", "docs/wire.md"
PERFORMANCE = "docs/performance.md"

# (document, command): what is run in its place, or the test that runs it; why.
SHORT = {
    (CONTRIBUTING, "scripts/test"): ("scripts/test", "it runs this test"),
    (CONTRIBUTING, "meson setup --native-file build-dev.ini build"):
        ('grep -q "meson setup --native-file build-dev.ini build" "$TOP/scripts/test" &&'
         ' test -f "$TOP/build-dev.ini"', "scripts/test made this build so"),
    (CONTRIBUTING, "ninja -C build"): ('test -f "$BUILD/build.ninja"', "this test needs it done"),
    (CONTRIBUTING, "meson test -C build --suite unit"):
        ('meson test -C "$BUILD" --no-rebuild --list --suite unit | grep -q unit-text-json',
         "its tests are in this run anyway"),
    (README, "meson setup -Dtests=false build && meson install -C build && ldconfig"):
        ("check-install", "it builds everything anew and writes to /usr/local"),
    (GO, "go mod edit -require ocienv@v0.0.0 -replace ocienv=/path/to/libocienv/bindings/go"):
        ("go mod init reader 2>made && go mod edit -require ocienv@v0.0.0"
         ' -replace ocienv="$TOP/bindings/go" && go list -m ocienv', "the path is an example"),
    (GO, "go build"): ("go-binding", "it builds the example"),
    (GO, "PKG_CONFIG_PATH=/opt/ocienv/lib/pkgconfig LD_LIBRARY_PATH=/opt/ocienv/lib go test"):
        ("go-binding", "it runs go test against a staged install"),
    (GO, "PKG_CONFIG_PATH=../../build/meson-uninstalled LD_LIBRARY_PATH=../../build/lib"
         " go test -race ./..."): ("go-binding", "it runs go test -race"),
    (RUST, "meson setup build && meson compile -C build && meson install -C build"):
        ("rust", "it builds the crates with cargo"),
    (RUST, "export PKG_CONFIG_PATH=$PWD/build/meson-uninstalled LD_LIBRARY_PATH=$PWD/build/lib"):
        ("rust", "it runs cargo test"),
    (FLOW, "examples/enclave-flow/run"): ("enclave-flow", "it is a test of its own"),
    (FUZZING, "meson test -C build --suite fuzz-regress"):
        ('meson test -C "$BUILD" --no-rebuild --list | grep -q fuzz-blob',
         "its tests are in this run anyway"),
    (FUZZING, "fuzz/build-fuzzers.sh expand"):
        ('sh -n "$TOP/fuzz/build-fuzzers.sh" && test -x "$TOP/fuzz/build-fuzzers.sh" &&'
         ' test -f "$TOP/fuzz/target_expand.c"', "it builds everything with clang: scripts/nightly"),
    (FUZZING, "build-fuzz/out/fuzz_expand -dict=build-fuzz/out/expand.dict -max_len=1024"
              " -runs=200000 build-fuzz/corpus/expand fuzz/corpus/expand"):
        ('grep -q "^fuzz expand 200000" "$TOP/scripts/nightly" &&'
         ' grep -q "^max_len = 1024" "$TOP/fuzz/options/fuzz_expand.options" &&'
         ' test -f "$TOP/fuzz/dict/expand.dict"', "needs libFuzzer: scripts/nightly runs it"),
    (FUZZING, 'CC=afl-clang-fast CFLAGS="-O1 -g" LIB_FUZZING_ENGINE=/usr/lib/afl/libAFLDriver.a'
              " OUT=$PWD/build-fuzz/afl fuzz/build-fuzzers.sh expand"):
        ('for name in CC CFLAGS LIB_FUZZING_ENGINE OUT; do'
         ' grep -q "\\$[{]*$name" "$TOP/fuzz/build-fuzzers.sh" || exit 1; done',
         "needs afl++, and builds everything"),
    (FUZZING, "afl-fuzz -i fuzz/corpus/expand -o build-fuzz/afl-found --"
              " build-fuzz/afl/fuzz_expand"):
        ('test -d "$TOP/fuzz/corpus/expand"', "needs afl++, and never ends"),
    (PERFORMANCE, "scripts/bench"):
        ('sh -n "$TOP/scripts/bench" && test -x "$TOP/scripts/bench"',
         "five minutes; its parts are the suite bench"),
    (PERFORMANCE, "ninja -C build count-instructions"): ("instructions", "the same"),
    (PERFORMANCE, "ninja -C build renew-baseline"):
        ('ninja -C "$BUILD" -t query renew-baseline', "it writes to the tree"),
}

# (document, first line of the block): why it is no command.
NO_COMMANDS = {
    ("docs/abi.md", "[wrap-file]"): "a wrap file; subproject builds by it",
    ("docs/abi.md", "[wrap-git]"): "a wrap file; subproject configures by it",
    (CONTRIBUTING, "base < text < read < rootfs < resolve < wire < emit < api < tools"):
        "an order; check-includes has it",
    ("docs/guide.md", "host, untrusted          agent's enclave                       application's enclave"):
        "a picture",
    (FLOW, "host, untrusted      |  agent's enclave             |  application's enclave"):
        "a picture",
    (RUST, "[dependencies]"): "for a Cargo.toml of the reader's; the test rust builds with both",
    (POLICY, 'spec.json:1:85: expected a value that its rule lets through, found "LOG_LEVEL" from'
             " runtime: rule 4, policy line 14 [policy]"):
        "what a refusal looks like; policy-docs has it printed",
    (WIRE, "header (32) | section table (16 * count) | contents | [trailer]"): "a picture",
    (WIRE, "00000000  4f 43 49 45 4e 56 42 00  01 00 00 00 20 00 00 00  |OCIENVB..... ...|"):
        "a blob; unit-wire-document reads it",
    (WIRE, "u32 count | u32 pool_size | u32 offset[count] | pool[pool_size]"): "a picture",
}

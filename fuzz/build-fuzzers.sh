#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# build-fuzzers.sh [TARGET...]: builds the fuzz targets, or those named, as OSS-Fuzz wants them.
#
# From the environment, each with what it is otherwise: CC (clang), CFLAGS (libFuzzer's
# coverage, ASan, UBSan), LIB_FUZZING_ENGINE (-fsanitize=fuzzer), OUT (build-fuzz/out).
set -eu

cd "$(dirname "$0")/.."

sanitizers=-fsanitize=address,undefined
CC=${CC:-clang}
CFLAGS=${CFLAGS:--O1 -g -fsanitize=fuzzer-no-link $sanitizers -fno-sanitize-recover=undefined}
LIB_FUZZING_ENGINE=${LIB_FUZZING_ENGINE:--fsanitize=fuzzer}
OUT=${OUT:-$PWD/build-fuzz/out}
# A link needs the sanitizers too, but no other flag.
LDFLAGS=${LDFLAGS:-$(printf '%s\n' $CFLAGS | grep -- '^-fsanitize=' |
	grep -v fuzzer-no-link | tr '\n' ' ' || true)}
export CC CFLAGS LDFLAGS

[ $# -gt 0 ] || set -- json yaml image_config runtime_spec pod policy objects occlum_json oci_image resolve \
	elf library passwd shebang expand blob
build=build-fuzz/meson
rm -rf "$build"
mkdir -p "$OUT"
meson setup "$build" -Dfuzz=true -Dfuzz_engine="$LIB_FUZZING_ENGINE" -Dtests=false \
	-Ddefault_library=static -Dprefer_static=true -Db_lundef=false -Dbuildtype=plain
for target; do
	ninja -C "$build" "fuzz/fuzz_$target"
	cp "$build/fuzz/fuzz_$target" "$OUT/"
	cp "fuzz/options/fuzz_$target.options" "$OUT/"
	python3 -m zipfile -c "$OUT/fuzz_${target}_seed_corpus.zip" fuzz/corpus/"$target"/*
done
cp fuzz/dict/*.dict "$OUT/"

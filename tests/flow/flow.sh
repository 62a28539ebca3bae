#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# flow.sh BUILD: examples/enclave-flow as a test: the format of its programs, the init's SHA-384
# against sha384sum, `run` with all it checks, what the init links, and that nothing stays behind.
# It is skipped (77) where it cannot run: without root, or without apt's mirror while the
# packages have not been fetched before. With OCIENV_REQUIRE_ALL=1 that is a failure.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
flow=$top/examples/enclave-flow
work=$build/tests/flow/work

fail() {
	echo "flow: $*" >&2
	exit 1
}

cannot() {
	echo "flow: $*"
	[ "${OCIENV_REQUIRE_ALL-}" != 1 ] || exit 1
	exit 77
}

for tool in go gofmt cargo readelf; do
	command -v "$tool" >/dev/null || fail "expected $tool, found none: scripts/install-deps test"
done
[ "$(id -u)" = 0 ] || cannot "not root"

# As `run` has it, so that cargo and go build things once.
export PKG_CONFIG_PATH="$build/meson-uninstalled" LD_LIBRARY_PATH="$build/lib"
export CARGO_TARGET_DIR="$work/target" CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
export RUSTFLAGS=-Dwarnings
export GOCACHE="$work/go-cache" GOPATH="$work/go-path" GOENV=off GOFLAGS=-mod=mod GOPROXY=off \
	GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=1
header=$(cat "$top"/include/ocienv/*.h | sha256sum | cut -c 1-16)
export CGO_CFLAGS="-O2 -g -DOCIENV_GO_HEADER=0x$header"
mkdir -p "$work"

unformatted=$(gofmt -l -s "$flow/shim")
[ -z "$unformatted" ] || fail "expected files as gofmt -s writes them, found $unformatted"
(cd "$flow/shim" && go vet ./...)
for name in frame agent init; do
	(cd "$flow/$name" && cargo fmt --check)
done
(cd "$flow/init" && cargo test --offline --locked) >"$work/cargo.log" 2>&1 ||
	fail "$(cat "$work/cargo.log")"
grep -q '^test sha384::.* ok$' "$work/cargo.log" || fail "SHA-384 was not tested"

status=0
TMPDIR=$(mktemp -d)
export TMPDIR
"$flow/run" "$build" "$work" || status=$?
left=$(ls -A "$TMPDIR")
rm -rf "$TMPDIR"
[ "$status" != 3 ] || cannot "the packages cannot be had"
[ "$status" = 0 ] || exit "$status"

[ -z "$left" ] || fail "expected no socket, found $left"
for process in /proc/[0-9]*; do
	case $(readlink "$process/exe" || true) in
	"$work"/*) fail "process ${process#/proc/} was left behind" ;;
	esac
done

# No JSON, no YAML: the init has the reader of blobs, libc, and what every Rust program has.
needed=$(readelf -d "$work/bin/init" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' | sort | xargs)
case $needed in
*libocienv-boot*) ;;
*) fail "expected the init to link libocienv-boot, found $needed" ;;
esac
for name in $needed; do
	case $name in
	libocienv-boot | libc | libgcc_s | ld-linux-*) ;;
	*) fail "expected the init not to link $name" ;;
	esac
done
echo "the init links $needed"

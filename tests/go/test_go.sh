#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# test_go.sh TOP BUILD COMMAND: the Go binding, against a staged install of BUILD, which must
# be complete: format, vet, tests under the race detector, tests with all checks of pointers
# that are handed to C, the example.
set -eu

top=$1
build=$2
command=$(realpath "$3")
dir=$build/tests/go/work

fail() {
	echo "$*" >&2
	exit 1
}

for tool in go gofmt pkg-config python3; do
	command -v "$tool" >/dev/null || fail "expected $tool, found none: scripts/install-deps test"
done

mkdir -p "$dir"
rm -rf "$dir/stage"
DESTDIR=$dir/stage meson install -C "$build" --no-rebuild --quiet
pc=$(find "$dir/stage" -name ocienv.pc)
[ -n "$pc" ] || fail "expected ocienv.pc in the stage, found none"

# What pkg-config and the loader find is the stage's; go itself needs no network and no home.
PKG_CONFIG_SYSROOT_DIR=$dir/stage
PKG_CONFIG_PATH=$(dirname "$pc")
LD_LIBRARY_PATH=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH LD_LIBRARY_PATH
export GOCACHE="$dir/cache" GOPATH="$dir/path" GOFLAGS=-mod=mod GOPROXY=off GOENV=off \
	GO111MODULE=on GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=1
# Memory that ended too early shows: it holds something else then.
export MALLOC_PERTURB_=165

# go does not look into headers outside of the module for what is to be built again.
header=$(cat "$dir"/stage/usr/local/include/ocienv/*.h 2>/dev/null | sha256sum | cut -c1-16)
export CGO_CFLAGS="-O2 -g -DOCIENV_GO_HEADER=0x$header"

cd "$top/bindings/go"

echo "gofmt"
unformatted=$(gofmt -l -s .)
[ -z "$unformatted" ] || fail "expected files as gofmt -s writes them, found $unformatted"

echo "go vet"
go vet ./...

echo "go test -race"
GODEBUG=cgocheck=1 go test -race -count=1 ./...

# All stores are checked as well; with a newer Go it is the compiler that does it.
case $(go env GOVERSION) in
go1.1[0-9]* | go1.20*)
	echo "go test, cgocheck=2"
	GODEBUG=cgocheck=2 go test -count=1 ./...
	;;
*)
	echo "go test, cgocheck2"
	GOEXPERIMENT=cgocheck2 go test -count=1 ./...
	;;
esac

echo "example"
go build -o "$dir/example" ./example
PYTHONDONTWRITEBYTECODE=1 python3 "$top/tests/go/test_example.py" "$top" "$dir/example" "$command"

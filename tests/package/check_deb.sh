#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_deb.sh TOP: the Debian packages can be built, are what lintian wants, have the same bytes
# wherever and whenever they are built, and work. The tests of the library are left out.
set -eu
umask 022

top=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
DEB_BUILD_OPTIONS="nocheck parallel=2"
export DEB_BUILD_OPTIONS

fail() {
	echo "$*" >&2
	exit 1
}

# build WHERE: what it writes is told if it fails.
build() {
	"$top/scripts/deb" "$1" >"$dir/log" 2>&1 || { tail -n 60 "$dir/log"; fail "no packages"; }
}

mkdir -p "$dir/one" "$dir/another-of-a-longer-name"
LC_ALL=C TZ=UTC build "$dir/one"
(umask 077 && LC_ALL=C.UTF-8 TZ=Asia/Kathmandu build "$dir/another-of-a-longer-name")
(cd "$dir/one" && sha256sum -- *.deb) >"$dir/sums"
[ "$(wc -l <"$dir/sums")" -ge 3 ] || fail "expected three packages, found $(cat "$dir/sums")"
(cd "$dir/another-of-a-longer-name" && sha256sum --check --quiet "$dir/sums") ||
	fail "another build gives other bytes"
cmp "$dir/one/ocienv_"*.orig.tar.xz "$dir/another-of-a-longer-name/ocienv_"*.orig.tar.xz

lintian --allow-root --fail-on error,warning "$dir/one/"*.changes ||
	fail "lintian has something to say"

for package in libocienv0 libocienv-dev ocienv; do
	dpkg -x "$dir/one/${package}_"*.deb "$dir/root"
done
OCIENV_ROOT=$dir/root "$dir/one/ocienv-"*/debian/tests/build-and-run
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name libocienv.so.0)") \
	"$dir/root/usr/bin/ocienv" --help >"$dir/help"
grep -q resolve "$dir/help" || fail "expected help of the command, found $(cat "$dir/help")"

# The reader is for enclaves, whatever flags a distribution has.
more=$(nm -u "$(find "$dir/root" -name libocienv-boot.a)" |
	awk '$1 == "U" && $2 != "memcpy" && $2 != "memset" && $2 != "memcmp"')
[ -z "$more" ] || fail "libocienv-boot.a wants $more"
echo "$(wc -l <"$dir/sums") packages, twice"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_subproject.sh TOP BUILD: a meson project of somebody else gets both libraries as a
# subproject: from a tarball that `meson dist` makes, by a wrap file, and from a git repository.
# BUILD is a build directory of TOP; no network is used.
set -eu

top=$1
build=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "$*" >&2
	exit 1
}

# project NAME: the others' project, without its wrap file.
project() {
	mkdir -p "$dir/$1/subprojects"
	cp "$top/tests/package/consumer.c" "$dir/$1/consumer.c"
	cat >"$dir/$1/meson.build" <<-'END'
		project('consumer', 'c', default_options: 'c_std=c99')
		executable('consumer', 'consumer.c',
		  dependencies: [dependency('ocienv'), dependency('ocienv-boot')])
	END
}

# finds NAME LIBRARY: configures it with that default_library.
finds() {
	meson setup "$dir/$1/build" "$dir/$1" --force-fallback-for=ocienv,ocienv-boot \
		-Ddefault_library="$2" -Docienv:werror=true >"$dir/log" 2>&1 ||
		{ cat "$dir/log"; fail "$1: not configured"; }
}

# documented KIND: the wrap file of that kind in docs/abi.md.
documented() {
	sed -n "/^\\[wrap-$1\\]\$/,/^\`\`\`/p" "$top/docs/abi.md" | grep -v '^```'
}

# A tree without git has no history to take a tarball from.
git -C "$top" rev-parse --verify -q HEAD >/dev/null || fail "$top: expected a git repository"
meson dist -C "$build" --no-tests --allow-dirty --formats xztar >"$dir/log" 2>&1 ||
	{ cat "$dir/log"; fail "meson dist failed"; }
tarball=$(ls "$build/meson-dist/"ocienv-*.tar.xz)
project wrapped
sum=$(sha256sum "$tarball" | cut -d ' ' -f 1)
documented file | sed -e "s#^source_url = .*#source_url = file://$tarball#" \
	-e "s#^source_hash = .*#source_hash = $sum#" >"$dir/wrapped/subprojects/ocienv.wrap"
finds wrapped static
ninja -C "$dir/wrapped/build" consumer >"$dir/log" 2>&1 || { cat "$dir/log"; fail "not built"; }
[ "$("$dir/wrapped/build/consumer")" = /bin/true ] || fail "expected /bin/true"

# A repository whose tag is what the other form names.
git init -q -b main "$dir/repository"
tar -x --strip-components=1 -C "$dir/repository" -f "$tarball"
git -C "$dir/repository" add -A
git -C "$dir/repository" -c user.name=test -c user.email=test@localhost commit -qm "a release"
git -C "$dir/repository" tag v0.1.0
project cloned
documented git | sed "s#^url = .*#url = file://$dir/repository#" \
	>"$dir/cloned/subprojects/ocienv.wrap"
finds cloned shared

# Another tarball than the one that was meant is refused.
project forged
sed 's/^source_hash = ./source_hash = g/' "$dir/wrapped/subprojects/ocienv.wrap" \
	>"$dir/forged/subprojects/ocienv.wrap"
if meson setup "$dir/forged/build" "$dir/forged" --force-fallback-for=ocienv >"$dir/log" 2>&1; then
	fail "expected a refusal of another tarball, found none"
fi
grep -qi 'hash' "$dir/log" || { cat "$dir/log"; fail "expected it to be about the hash"; }
echo "tarball and repository"

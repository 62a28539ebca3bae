#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_install.sh TOP BUILD: what is installed can be found with pkg-config and used, shared and
# static, by gcc, clang and musl-gcc, in C99, C11 and C++11. BUILD must be complete.
set -eu

top=$1
build=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

DESTDIR=$dir/stage meson install -C "$build" --no-rebuild --quiet
pc=$(find "$dir/stage" -name ocienv.pc)
[ -n "$pc" ] || { echo "expected ocienv.pc in the stage, found none"; exit 1; }
PKG_CONFIG_SYSROOT_DIR=$dir/stage
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH
libdir=$(dirname "$(dirname "$pc")")

cat >"$dir/boot.c" <<'END'
#include <ocienv/boot.h>

int main(void)
{
	struct ocienv_boot boot;

	return ocienv_boot_open(&boot, "no blob", 7) == OCIENV_BOOT_ERR_BLOB ? 0 : 1;
}
END

# What the stage's own files need lies on this machine, outside of the stage.
flags() {
	pkg-config "$@" | sed "s#-I$dir/stage/usr/include#-I/usr/include#g"
}

# builds SOURCE COMPILER...: with the flags in $wanted, and runs it. Each language has a file
# name of its own, so that a linker is not told that the libraries are sources.
builds() {
	source=$1
	shift
	# shellcheck disable=SC2086 # words are wanted
	"$@" -Wall -Wextra -pedantic -Werror -o "$dir/program" "$source" $wanted
	LD_LIBRARY_PATH=$libdir "$dir/program" >"$dir/out"
	count=$((count + 1))
}

cp "$top/tests/package/consumer.c" "$dir/use.c"
cp "$dir/use.c" "$dir/use.cc"
cp "$dir/boot.c" "$dir/boot.cc"
count=0
for mode in --shared --static; do
	link=
	[ "$mode" = --shared ] || link=-static
	for program in use boot; do
		case $program in
		use) wanted="$link $(flags --cflags --libs "$mode" ocienv ocienv-boot)" ;;
		boot) wanted="$link $(flags --cflags --libs "$mode" ocienv-boot)" ;;
		esac
		for compiler in gcc clang; do
			builds "$dir/$program.c" "$compiler" -std=c99
			builds "$dir/$program.c" "$compiler" -std=c11
			builds "$dir/$program.cc" "$compiler" -std=c++11
			[ "$program" = boot ] || [ "$(cat "$dir/out")" = /bin/true ] || exit 1
		done
	done
done

# With musl the reader alone, and statically: Debian has neither json-c nor libyaml for it, and
# the shared reader was linked for glibc. Both headers are compiled with it all the same.
wanted="-static $(flags --cflags --libs --static ocienv-boot)"
for standard in c99 c11; do
	builds "$dir/boot.c" musl-gcc "-std=$standard"
	musl-gcc "-std=$standard" -Wall -Wextra -pedantic -Werror -fsyntax-only \
		$(flags --cflags ocienv-boot) "$dir/use.c"
done
echo "$count programs"

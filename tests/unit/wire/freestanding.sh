#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The enclave's reader stands alone: C99, nothing but memcpy, memset and memcmp from
# outside, at most 8 KiB of text, and exports what boot.h declares; as C++ too, for
# another processor, and for another C library.
# Usage: freestanding.sh SOURCE_ROOT SHARED_LIBRARY COMPILER...
set -eu
root=$1
library=$2
shift 2

fail() {
	echo "$*" >&2
	exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '"ocienv/boot.h"\n' >"$work/boot"

# compile NAME COMPILER...: to NAME.o, which must need no more than three functions.
compile() {
	name=$1
	shift
	"$@" -ffreestanding -nostdlib -fno-unwind-tables \
		-fno-asynchronous-unwind-tables -Wall -Wextra \
		-Wpedantic -Werror -I "$root/include" -I "$root/lib" \
		-c "$root/lib/wire/decode.c" -o "$work/$name.o" || fail "$*: does not compile"
	for symbol in $(nm -u "$work/$name.o" | awk '{print $NF}'); do
		case $symbol in
		memcpy | memset | memcmp) ;;
		*) fail "$*: decode.c needs $symbol" ;;
		esac
	done
}

# fits NAME: at most 8 KiB of text, constants included, which size(1) counts with it.
fits() {
	text=$(size "$work/$1.o" | awk 'NR == 2 {print $1}')
	echo "$1: $text bytes of text"
	[ "$text" -le 8192 ] || fail "$1: more than 8192"
}

# links NAME COMPILER...: with start.c, which has those functions, and nothing else.
links() {
	name=$1
	shift
	"$@" -std=c99 -O2 -ffreestanding -fno-builtin -nostdlib -static -I "$root/include" \
		"$root/tests/unit/wire/start.c" "$work/$name.o" -o "$work/start" ||
		fail "$name does not link alone"
}

compile host-O0 "$@" -std=c99 -O0
compile host "$@" -std=c99 -O2
fits host
links host "$@"
compile host-c++ "$@" -x c++ -std=c++11 -O2
for compiler in aarch64-linux-gnu-gcc musl-gcc; do
	compile $compiler-O0 $compiler -std=c99 -O0
	compile $compiler $compiler -std=c99 -O2
	fits $compiler
	links $compiler $compiler
done

# Whoever takes the file into a project of his own takes these.
parts="container entries layout scan unseal"
for part in $parts; do
	printf '"wire/%s.h"\n' "$part"
done | sort - "$work/boot" >"$work/allowed"
(cd "$root/lib/wire" && grep -ho 'include "[^"]*"' decode.c $(printf '%s.h ' $parts)) |
	sed 's/.*include //' | sort -u >"$work/includes"
cmp -s "$work/allowed" "$work/includes" ||
	fail "decode.c includes more of the project than it may"

grep -o 'ocienv_boot_[a-z_]*(' "$root/include/ocienv/boot.h" | tr -d '(' | sort -u \
	>"$work/declared"
nm -D --defined-only "$library" | awk '$2 == "T" {print $3}' | sed 's/@.*//' | sort -u \
	>"$work/exported"
diff "$work/declared" "$work/exported" || fail "boot.h and the library differ"

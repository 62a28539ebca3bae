#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The enclave's reader stands alone: C99, nothing but memcpy, memset and memcmp from
# outside, at most 8 KiB of text, and exports what boot.h declares.
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

for level in -O0 -O2; do
	"$@" -std=c99 $level -ffreestanding -nostdlib -Wall -Wextra -Wpedantic -Werror \
		-I "$root/include" -I "$root/lib" -c "$root/lib/wire/decode.c" \
		-o "$work/decode.o"
	for symbol in $(nm -u "$work/decode.o" | awk '{print $NF}'); do
		case $symbol in
		memcpy | memset | memcmp) ;;
		*) fail "decode.c needs $symbol at $level" ;;
		esac
	done
done

text=$(size "$work/decode.o" | awk 'NR == 2 {print $1}')
echo "text: $text bytes"
[ "$text" -le 8192 ] || fail "more than 8192"

"$@" -std=c99 -O2 -ffreestanding -fno-builtin -nostdlib -static -I "$root/include" \
	"$root/tests/unit/wire/start.c" "$work/decode.o" -o "$work/start" ||
	fail "does not link alone"

grep -o 'include "[^"]*"' "$root/lib/wire/decode.c" "$root/lib/wire/layout.h" |
	sed 's/.*include //' | sort -u >"$work/includes"
printf '"ocienv/boot.h"\n"wire/layout.h"\n' | cmp -s - "$work/includes" ||
	fail "decode.c includes more of the project than it may"

grep -o 'ocienv_boot_[a-z_]*(' "$root/include/ocienv/boot.h" | tr -d '(' | sort -u \
	>"$work/declared"
nm -D --defined-only "$library" | awk '$2 == "T" {print $3}' | sed 's/@.*//' | sort -u \
	>"$work/exported"
diff "$work/declared" "$work/exported" || fail "boot.h and the library differ"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_layout.sh TOP: layout.c compiles for processors of each kind. No C library is needed:
# the compilers have the headers that those of this library include.
set -eu

top=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0

# holds COMPILER...: all that layout.c says is so.
holds() {
	"$@" -std=c11 -ffreestanding -fsyntax-only -Wall -Wextra -pedantic -Werror \
		-I"$top/include" "$top/tests/abi/layout.c" || exit 1
	count=$((count + 1))
}

for flag in -m64 -m32 -mx32; do
	holds gcc "$flag"
done
for target in x86_64-linux-gnu aarch64-linux-gnu riscv64-linux-gnu s390x-linux-gnu \
	i386-linux-gnu arm-linux-gnueabihf riscv32-linux-gnu mips-linux-gnu; do
	holds clang --target="$target"
done

# It can fail, in each of its columns: a member more moves those behind it.
mkdir -p "$dir/include/ocienv"
cp "$top/include/ocienv/boot.h" "$dir/include/ocienv/"
sed 's/^\tuint64_t offset; .*/\tuint32_t more; &/' "$top/include/ocienv/ocienv.h" \
	>"$dir/include/ocienv/ocienv.h"
for target in x86_64-linux-gnu arm-linux-gnueabihf i386-linux-gnu; do
	if clang --target="$target" -std=c11 -ffreestanding -fsyntax-only \
		-I"$dir/include" "$top/tests/abi/layout.c" 2>"$dir/messages"; then
		echo "$target: expected a refusal of another layout, found none"
		exit 1
	fi
	grep -q 'offset of ocienv_error' "$dir/messages" || { cat "$dir/messages"; exit 1; }
done
echo "$count processors"

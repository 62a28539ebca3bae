#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_headers.sh TOP: the public headers compile alone, in C99, C11 and C++11, with gcc and
# with clang.
set -eu

top=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0

for header in ocienv/ocienv.h ocienv/boot.h; do
	echo "#include <$header>" >"$dir/alone.c"
	cp "$dir/alone.c" "$dir/alone.cc"
	for compiler in gcc clang; do
		for standard in c99 c11 c++11; do
			case $standard in
			c++11) source=alone.cc language=c++ ;;
			*) source=alone.c language=c ;;
			esac
			"$compiler" -x "$language" -std="$standard" -Wall -Wextra -pedantic -Werror \
				-I"$top/include" -fsyntax-only "$dir/$source"
			count=$((count + 1))
		done
	done
done
echo "$count compilations"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# compiles.sh TOP: lib/ and tools/ compile for 32 bits without a warning about sizes, and what
# they assert of layouts holds there. scripts/test-32 also runs the tests.
set -eu
cd "$1"

set -- lib/*/*.c tools/*.c
# The kernel's headers that are the same for both stand where only 64 bits look for them.
gcc -m32 -idirafter /usr/include/x86_64-linux-gnu -std=c11 -fsyntax-only -Iinclude -Ilib \
	$(pkg-config --cflags json-c yaml-0.1 libmd) -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
	-D_POSIX_C_SOURCE=200809L \
	-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wformat=2 -Wundef -Werror "$@"
echo "$# files"

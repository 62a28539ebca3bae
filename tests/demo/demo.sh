#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# demo.sh BUILD: the demo as a test. It is skipped (77) where it cannot run: without root,
# or without apt's mirror while the packages have not been fetched before. With
# OCIENV_REQUIRE_ALL=1 that is a failure.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)

cannot() {
	echo "demo: $*"
	[ "${OCIENV_REQUIRE_ALL-}" != 1 ] || exit 1
	exit 77
}

[ "$(id -u)" = 0 ] || cannot "not root"
status=0
"$top/examples/redis/run.sh" "$1" || status=$?
[ "$status" != 3 ] || cannot "the packages cannot be had"
exit "$status"

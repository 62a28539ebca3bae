#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_example.sh EXAMPLE: runs the example of README.md on a small config.json and a small
# root filesystem, and compares what it prints.
set -eu

example=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
root=$dir/root

# This machine's shell with its loader is the program of the tree.
mkdir -p "$root/opt/bin" "$root/etc"
chmod 0755 "$dir"
cp -L /bin/sh "$root/opt/bin/server"
for library in $(ldd /bin/sh | grep -o '/[^ ]*'); do
	mkdir -p "$root$(dirname "$library")"
	cp -L "$library" "$root$library"
done

cat >"$dir/config.json" <<'END'
{"ociVersion": "1.2.0",
 "process": {"user": {"uid": 1000, "gid": 1000}, "args": ["server", "-v"],
             "env": ["PATH=/usr/bin:/opt/bin"], "cwd": "/srv"}}
END
echo "/opt/bin/server, in /srv" >"$dir/expected"
"$example" "$root" <"$dir/config.json" >"$dir/actual"
diff -u "$dir/expected" "$dir/actual"

# A refusal names the document and the place.
sed 's/"server"/5/' "$dir/config.json" >"$dir/bad.json"
status=0
"$example" "$root" <"$dir/bad.json" 2>"$dir/message" || status=$?
[ "$status" = 1 ] || { echo "a bad document: status $status"; exit 1; }
grep -q '^config.json:2:59: expected a string' "$dir/message" || { cat "$dir/message"; exit 1; }

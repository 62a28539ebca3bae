#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_example.sh EXAMPLE TOP: runs the example of README.md on the demo's image config, a
# small pod and a small root filesystem, and compares what it prints.
set -eu

example=$1
image=$2/examples/redis/image.json
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
root=$dir/root

# This machine's shell, its loader and its libraries are the programs of the tree.
mkdir -p "$root/bin" "$root/etc" "$root/usr/local/bin" "$root/data"
cp -L /bin/sh "$root/bin/sh"
cp -L /bin/sh "$root/usr/local/bin/redis-server"
for library in $(ldd /bin/sh | grep -o '/[^ ]*'); do
	mkdir -p "$root$(dirname "$library")"
	cp -L "$library" "$root$library"
done
echo 'redis:x:999:999::/home/redis:/bin/sh' >"$root/etc/passwd"
echo 'redis:x:999:' >"$root/etc/group"
printf '#!/bin/sh\nexec "$@"\n' >"$root/usr/local/bin/docker-entrypoint.sh"
chmod 0755 "$dir" "$root/usr/local/bin/docker-entrypoint.sh"

cat >"$dir/pod.yaml" <<'END'
apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: redis
      image: redis
      args: [redis-server, --port, $(PORT)]
      env:
        - name: PORT
          value: "7000"
END
cat >"$dir/expected" <<'END'
exec /usr/local/bin/docker-entrypoint.sh
cwd /data
argv docker-entrypoint.sh
argv redis-server
argv --port
argv 7000
END
"$example" "$image" "$dir/pod.yaml" "$root" >"$dir/actual"
diff -u "$dir/expected" "$dir/actual"

# A refusal names the file and the place.
printf 'kind: Pod\nspec: [\n' >"$dir/bad.yaml"
status=0
"$example" "$image" "$dir/bad.yaml" "$root" 2>"$dir/message" || status=$?
[ "$status" = 1 ] || { echo "a bad document: status $status"; exit 1; }
grep -q "bad.yaml:[1-9]" "$dir/message" || { cat "$dir/message"; exit 1; }

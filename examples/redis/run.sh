#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [BUILD [WORK]]: the whole way on real input, each step shown and checked.
#
# BUILD is the build directory (default: build/ of the source tree), WORK is where packages
# and results go (default: work/ beside this script). Needs root, as starting a container
# does. Exit status: 0 everything held, 3 the packages cannot be had, 1 anything else.
set -eu
# Some results hold the value of the Secret.
umask 077

here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build}
work=${2:-}

title() {
	printf '\n== %s\n' "$*"
}

say() {
	printf '   %s\n' "$*"
}

fail() {
	printf 'run.sh: %s\n' "$*" >&2
	exit 1
}

# Shows a command as one would type it, and runs it; only its output can be redirected.
exec 3>&1
show() {
	printf '$ %s' "${1##*/}" >&3
	program=$1
	shift
	printf ' %s' "$@" >&3
	printf '\n' >&3
	"$program" "$@"
}

prove() {
	python3 "$here/prove.py" "$@"
}

redis_cli() {
	chroot "$root" /usr/bin/redis-cli -s /data/redis.sock "$@"
}

# --- the server's life ----------------------------------------------------------------

starter= # the process that was started here
server=  # redis-server: the same one, or its only child in a PID namespace

child_of() {
	for dir in /proc/[0-9]*; do
		if grep -q "^PPid:[[:space:]]*$1\$" "$dir/status" 2>/dev/null; then
			echo "${dir#/proc/}"
		fi
	done
}

start() {
	rm -f "$root/data/redis.sock"
	if unshare --mount --pid --net --fork true 2>/dev/null; then
		say "in mount, PID and network namespaces of its own"
		unshare --mount --pid --net --fork \
			"$launch" "$work/config.oeb" "$root" >"$work/redis.log" 2>&1 &
		starter=$!
		until server=$(child_of "$starter") && [ -n "$server" ]; do
			kill -0 "$starter" 2>/dev/null || fail "launch did not start"
		done
	else
		say "namespaces are not allowed here: with chroot alone"
		"$launch" "$work/config.oeb" "$root" >"$work/redis.log" 2>&1 &
		starter=$!
		server=$starter
	fi
}

wait_for_pong() {
	for _ in $(seq 100); do
		if [ "$(redis_cli ping 2>/dev/null)" = PONG ]; then
			say "PING -> PONG"
			return
		fi
		sleep 0.1
	done
	cat "$work/redis.log" >&2
	fail "no answer from redis"
}

# Whatever happens above, no server stays behind.
cleanup() {
	status=$?
	trap - EXIT
	if [ -n "$starter" ]; then
		[ -n "$server" ] || server=$(child_of "$starter")
		kill -KILL $server "$starter" 2>/dev/null || true
		wait "$starter" 2>/dev/null || true
	fi
	exit "$status"
}

# --- the steps ------------------------------------------------------------------------

ocienv=$build/tools/ocienv
launch=$build/examples/launch
[ "$(id -u)" = 0 ] || fail "needs root: chroot and setuid are not for everybody"
[ -x "$ocienv" ] && [ -x "$launch" ] || fail "no ocienv or launch in $build: build first"
ocienv=$(cd "$build/tools" && pwd)/ocienv
launch=$(cd "$build/examples" && pwd)/launch
if [ -n "$work" ]; then
	mkdir -p "$work"
	work=$(cd "$work" && pwd)
fi
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Documents are named as one would type them, so that messages name them alike.
cd "$here"
work=${work:-work}
root=$work/rootfs
mkdir -p "$work"

title "1. A root filesystem with redis in it, from Debian's packages"
"$here/make-rootfs.sh" "$root" "$work/debs"

title "2. What is executed, and where does each value come from?"
say "The image config says entrypoint, default arguments, variables and user; the pod"
say "replaces the arguments and adds variables, some from a ConfigMap and a Secret; the"
say "root filesystem says which file the name is, and which numbers the user has."
set -- --image image.json --pod pod.yaml --objects objects.yaml \
	--fact status.podIP=10.88.0.7
show "$ocienv" resolve "$@" --rootfs "$root"

title "3. The same for programs, checked against the answer worked out by hand"
show "$ocienv" resolve "$@" --rootfs "$root" --output json >"$work/answer.json"
prove answer "$work/answer.json" expected.json

title "4. The split way: the host reads the pod, the enclave's agent resolves"
say "The layer blob is all that the agent takes from the host."
shift 2
show "$ocienv" layer "$@" -o "$work/pod.oel"
show "$ocienv" resolve --image image.json --layer "$work/pod.oel" --rootfs "$root" \
	--output json >"$work/split.json"
prove same "$work/answer.json" "$work/split.json"

title "5. The answer as a blob, the form in which it reaches the enclave"
show "$ocienv" resolve --image image.json "$@" --rootfs "$root" --output blob \
	-o "$work/config.oeb"
show "$ocienv" show "$work/config.oeb"
"$ocienv" show "$work/config.oeb" --output json >"$work/shown.json"
show sha384sum "$work/config.oeb"
prove same "$work/answer.json" "$work/shown.json"
prove digest "$work/answer.json" "$work/shown.json" "$work/config.oeb"

title "6. What the launcher reads from it, without parsing JSON or YAML"
show "$launch" --show "$work/config.oeb" >"$work/launch.txt"
cat "$work/launch.txt"

title "7. The launcher executes it; chroot stands in for the LibOS"
printf '$ launch %s %s\n' "$work/config.oeb" "$root"
start
wait_for_pong
say "redis itself says, as the arguments told it:"
for key in maxmemory loglevel dir; do
	say "$key = $(redis_cli config get "$key" | tail -n 1)"
done
[ "$(redis_cli config get maxmemory | tail -n 1)" = 67108864 ] ||
	fail "the ConfigMap's 64mb did not reach redis"

title "8. The running process is what the blob says"
prove process "$work/shown.json" "$work/launch.txt" "$server" "$root"

title "9. Shut down"
redis_cli shutdown nosave
wait "$starter" || fail "redis-server ended with status $?"
starter=
say "redis-server ended by itself, with status 0"
printf '\nEverything held.\n'

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# make-rootfs.sh DIR [CACHE]: a root filesystem with redis in it, at DIR.
#
# It is made of Debian's own packages, fetched by apt and unpacked without being installed:
# the host stays as it is and nothing but apt's mirror is asked. The packages stay in CACHE
# (work/debs beside this script); while they are there and intact, no network is needed.
# Remove CACHE to get newer ones.
#
# Run as root, the files belong to whom they should; as somebody else, all to the caller.
# Exit status: 0 made, 3 the packages cannot be had, 1 anything else.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

# The server and its client; a shell and the tools that an entrypoint script needs.
seeds="redis-server redis-tools dash coreutils"

say() {
	printf 'make-rootfs: %s\n' "$*" >&2
}

# The seeds and every library below them. Only libraries are followed: packages such as
# adduser or dpkg serve the installation of a package, not its program.
package_list() {
	# Asking once is ten times faster than asking for each package.
	apt-cache depends --recurse --important $seeds | awk -v seeds="$seeds" '
		/^[^ <]/ { package = $1; next }
		$1 ~ /^\|?(Pre)?Depends:$/ && $2 ~ /^lib/ {
			needs[package] = needs[package] " " $2
		}
		function walk(name,    list, n, i) {
			if (name in seen)
				return
			seen[name] = 1
			print name
			n = split(needs[name], list)
			for (i = 1; i <= n; i++)
				walk(list[i])
		}
		END {
			n = split(seeds, list)
			for (i = 1; i <= n; i++)
				walk(list[i])
		}'
}

# apt-get as root switches to a user of its own, who cannot write to CACHE.
download() {
	packages=$(package_list) && [ -n "$packages" ] &&
		(cd "$1" && apt-get -q -o APT::Sandbox::User="$(id -un)" download $packages >&2)
}

# Fetches into a directory of its own and renames it at the end: a cache is whole or absent.
# Two that fetch at once would do so into one directory.
fill_cache() {
	mkdir -p "$(dirname "$cache")"
	exec 9>"$cache.lock"
	flock 9
	if [ -f "$cache/SHA256SUMS" ] &&
		(cd "$cache" && sha256sum --quiet --check SHA256SUMS >/dev/null 2>&1); then
		say "packages: $cache (fetched before)"
		return
	fi
	rm -rf "$cache" "$cache.part"
	mkdir -p "$cache.part"
	say "fetching packages with apt-get download"
	if ! download "$cache.part"; then
		# A fresh container has no package lists, an old one has stale ones.
		rm -f "$cache.part"/*.deb
		if [ "$(id -u)" != 0 ] || ! apt-get -q update >&2 ||
			! download "$cache.part"; then
			say "the packages cannot be had: is apt's mirror reachable?"
			rm -rf "$cache.part"
			exit 3
		fi
	fi
	(cd "$cache.part" && sha256sum -- *.deb >SHA256SUMS)
	mv "$cache.part" "$cache"
}

# /bin, /sbin and /lib* are links into /usr, as in every Debian since 12.
make_skeleton() {
	mkdir -p "$root"/usr/bin "$root"/usr/sbin "$root"/usr/lib "$root"/usr/lib64 \
		"$root"/usr/local/bin "$root"/etc "$root"/dev "$root"/proc "$root"/sys \
		"$root"/root "$root"/home/redis "$root"/data "$root"/run "$root"/tmp
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$root/$name"
	done
	chmod 1777 "$root/tmp"
}

unpack() {
	for deb in "$cache"/*.deb; do
		# dpkg-deb --extract would replace the links of make_skeleton by directories.
		dpkg-deb --fsys-tarfile "$deb" |
			tar --extract --directory "$root" --keep-directory-symlink \
				--preserve-permissions
	done
	rm -rf "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale
}

# What maintainer scripts would have done, and what the image's author adds.
finish() {
	ln -sf dash "$root/usr/bin/sh"
	cat >"$root/etc/passwd" <<-END
		root:x:0:0:root:/root:/bin/sh
		nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
		redis:x:999:999::/home/redis:/bin/sh
	END
	cat >"$root/etc/group" <<-END
		root:x:0:
		tty:x:5:
		nogroup:x:65534:
		redis:x:999:
		metrics:x:1500:redis
	END
	cat >"$root/usr/local/bin/docker-entrypoint.sh" <<-'END'
		#!/bin/sh
		# Options alone, or a configuration file, mean redis-server with them.
		set -e
		case ${1-} in
		-* | *.conf) set -- redis-server "$@" ;;
		esac
		exec "$@"
	END
	chmod 0755 "$root/usr/local/bin/docker-entrypoint.sh"
	if [ "$(id -u)" = 0 ]; then
		chown 999:999 "$root/data" "$root/home/redis"
	fi
}

# The tree's own loader lists what the server needs: a library that is missing is found
# here and not when the container starts. It needs chroot, so root.
check() {
	[ "$(id -u)" = 0 ] || return 0
	for program in redis-server redis-cli sh; do
		listed=$(chroot "$root" /usr/bin/env -i LD_TRACE_LOADED_OBJECTS=1 \
			"/usr/bin/$program" 2>&1) || listed="not found: $listed"
		case $listed in
		*"not found"*)
			say "$program does not load in the new tree: $listed"
			exit 1
			;;
		esac
	done
}

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	echo "usage: make-rootfs.sh DIR [CACHE]" >&2
	exit 2
fi
target=$1
cache=${2:-$here/work/debs}
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac

# A tree of an earlier run is replaced; a directory that is something else is not ours.
if [ -e "$target" ] && [ ! -x "$target/usr/local/bin/docker-entrypoint.sh" ] &&
	[ -n "$(ls -A "$target")" ]; then
	say "$target exists and was not made by this script"
	exit 1
fi
umask 022
fill_cache
exec 9>&-
root=$target.part
rm -rf "$root"
make_skeleton
unpack
finish
check
rm -rf "$target"
mv "$root" "$target"
say "made $target"

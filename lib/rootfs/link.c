/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "rootfs/link.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

/* A link of procfs is text only by courtesy: /proc/self/exe leads to our own binary. */
int link_mount_refuses(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return 0; /* a LibOS has neither */
	return fs.f_type == PROC_SUPER_MAGIC ? EXDEV : 0;
}

/* LibOSes do not know readlinkat(fd, ""); there the name is read. */
ssize_t link_read(const struct entry *link, int dir, const char *name, char *buffer)
{
	struct stat after;
	ssize_t n;

	if (link->fd >= 0) {
		n = readlinkat(link->fd, "", buffer, PATH_MAX);
		if (n >= 0 || (errno != ENOENT && errno != EINVAL))
			return n;
	}
	n = readlinkat(dir, name, buffer, PATH_MAX);
	if (n < 0 || fstatat(dir, name, &after, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (same_file(&link->st, &after))
		return n;
	errno = EAGAIN;
	return -1;
}

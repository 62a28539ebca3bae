/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "rootfs/link.h"

#include "rootfs/outcome.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MOUNT_NOSYMFOLLOW = 0x2000 /* ST_NOSYMFOLLOW of statfs(2), which libcs lack */ };

/* No capability helps, not even root's. Whoever is unknown is taken for the owner. */
bool link_is_trusted(const struct identity *who, const struct stat *link,
		     const struct stat *directory)
{
	mode_t shared = S_ISVTX | S_IWOTH;

	return (directory->st_mode & shared) != shared || !who->known ||
	       link->st_uid == who->uid || link->st_uid == directory->st_uid;
}

/* A link of procfs is text only by courtesy: /proc/self/exe leads to our own binary. */
int link_mount_refuses(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0) /* a LibOS has neither */
		return errno == ENOSYS ? 0 : outcome_ours(errno);
	if (fs.f_type == PROC_SUPER_MAGIC)
		return EXDEV;
	return fs.f_flags & MOUNT_NOSYMFOLLOW ? ELOOP : 0;
}

/* The name was that of a link; if it is none by now, somebody moves things about. */
static ssize_t changed_or(int error)
{
	errno = error == EINVAL || error == ENOENT || error == ENOTDIR ? EAGAIN : error;
	return -1;
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
		return changed_or(errno);
	if (same_file(&link->st, &after))
		return n;
	errno = EAGAIN;
	return -1;
}

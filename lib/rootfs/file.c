/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reopens for reading what was found with O_PATH.
 *
 * Must never open anything but the regular file that was found: a FIFO would block, a device
 * may act when it is opened. /proc/self/fd would pin it, but there is none in a LibOS; so the
 * canonical name is opened, and it must be the same file.
 */
#define _GNU_SOURCE
#include "rootfs/file.h"

#include "rootfs/components.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum {
	FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC,
	DIRECTORY = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
};

int file_descend(int from, struct sv path, int flags, int *error)
{
	char text[NAME_MAX + 1];
	int dir = from, fd = -1;
	bool last = false;

	*error = ENOENT; /* where it begins is no answer */
	while (!last && path.len > 1) {
		size_t n;

		path = sv_skip(path, 1);
		n = sv_find(path, '/');
		last = n == path.len;
		errno = ENAMETOOLONG;
		fd = -1;
		if (n <= NAME_MAX) {
			memcpy(text, path.ptr, n);
			text[n] = '\0';
			fd = openat(dir, text, last ? flags : DIRECTORY);
		}
		*error = fd < 0 ? errno : 0;
		path = sv_skip(path, n);
		if (dir != from)
			close(dir);
		if (fd < 0)
			break;
		dir = fd;
	}
	return fd;
}

int file_open(const struct rootfs *rootfs, const struct found *found, int *error)
{
	struct stat st;
	int fd;

	*error = EINVAL;
	if (!S_ISREG(found->st.st_mode))
		return -1;
	if (walk_by_openat2(rootfs))
		fd = openat2_open(rootfs, found->canonical.ptr, FLAGS, error);
	else
		fd = file_descend(rootfs->fd, found->canonical, FLAGS, error);
	if (fd >= 0) {
		if (fstat(fd, &st) < 0)
			*error = errno;
		else if (!same_file(&st, &found->st))
			*error = EAGAIN;
		else
			return fd;
		close(fd);
	}
	/* It was there: somebody moves things about. */
	*error = moved_errno(*error);
	return -1;
}

/* Whose file system is in user space may say EINTR for ever. */
enum { INTERRUPTED_MOST = 100 };

ssize_t file_read_until(int fd, void *buffer, size_t size, uint64_t offset, uint64_t end)
{
	unsigned int interrupted = 0;
	size_t done = 0;

	if (offset > (uint64_t)INT64_MAX - size)
		return 0; /* beyond the end of any file */
	while (done < size) {
		ssize_t n = pread(fd, (char *)buffer + done, size - done,
				  (off_t)(offset + done));

		if (n < 0 && errno == EINTR && ++interrupted < INTERRUPTED_MOST)
			continue;
		if (n < 0)
			return -1;
		done += (size_t)n;
		if (n == 0 || (done < size && offset + done == end))
			break;
	}
	return (ssize_t)done;
}

ssize_t file_read(int fd, void *buffer, size_t size, uint64_t offset)
{
	return file_read_until(fd, buffer, size, offset, UINT64_MAX);
}

ssize_t file_read_start(int fd, const struct stat *st, void *buffer, size_t room)
{
	size_t size = st->st_size > 0 && (uintmax_t)st->st_size < room ? (size_t)st->st_size : room;

	memset(buffer, 0, room);
	return file_read(fd, buffer, size, 0);
}

int file_read_all(int fd, void *buffer, size_t size, uint64_t offset)
{
	ssize_t got = file_read(fd, buffer, size, offset);

	return got < 0 ? errno : got == (ssize_t)size ? 0 : ENOEXEC;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stand in for the C library's functions by the linker's --wrap. Names with 64 are those of
 * glibc; where there are none, nothing refers to them and the weak references stay empty.
 */
#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <unistd.h>

struct faults faults;

static bool fails(const char *name)
{
	if (!faults.armed || ++faults.count < faults.at || !faults.at ||
	    (faults.count > faults.at && !faults.for_ever))
		return false;
	if (!faults.failed++)
		faults.hit = name;
	errno = faults.error;
	return true;
}

#define WRAP(type, name, parameters, arguments)                                          \
	type __real_##name parameters __attribute__((weak));                             \
	type __wrap_##name parameters;                                                   \
	type __wrap_##name parameters                                                    \
	{                                                                                \
		return fails(#name) ? -1 : __real_##name arguments;                      \
	}

#define WRAP_BOTH(type, name, parameters, arguments)                                     \
	WRAP(type, name, parameters, arguments)                                          \
	WRAP(type, name##64, parameters, arguments)

WRAP_BOTH(int, openat, (int dir, const char *path, int flags, mode_t mode),
	  (dir, path, flags, mode))
/* What glibc's headers make of it in a hardened build, where the flags are no constant. */
WRAP(int, __openat_2, (int dir, const char *path, int flags), (dir, path, flags))
WRAP(int, __openat64_2, (int dir, const char *path, int flags), (dir, path, flags))

static int told(int ret, struct stat *st)
{
	static ino_t moved;

	if (faults.grows && !ret)
		st->st_size = 1;
	if (faults.moves && !ret)
		st->st_ino += ++moved << 32;
	return ret;
}

#define WRAP_FSTAT(name)                                                                 \
	int __real_##name(int fd, struct stat *st) __attribute__((weak));                \
	int __wrap_##name(int fd, struct stat *st);                                      \
	int __wrap_##name(int fd, struct stat *st)                                       \
	{                                                                                \
		return told(fails(#name) ? -1 : __real_##name(fd, st), st);              \
	}
WRAP_FSTAT(fstat)
WRAP_FSTAT(fstat64)
WRAP_FSTAT(__fstat64_time64)
#define WRAP_FSTATAT(name)                                                               \
	int __real_##name(int dir, const char *path, struct stat *st, int flags)         \
		__attribute__((weak));                                                   \
	int __wrap_##name(int dir, const char *path, struct stat *st, int flags);        \
	int __wrap_##name(int dir, const char *path, struct stat *st, int flags)         \
	{                                                                                \
		return told(fails(#name) ? -1 : __real_##name(dir, path, st, flags), st); \
	}
WRAP_FSTATAT(fstatat)
WRAP_FSTATAT(fstatat64)
WRAP_FSTATAT(__fstatat64_time64)
WRAP_BOTH(int, statfs, (const char *path, struct statfs *fs), (path, fs))
WRAP_BOTH(int, fstatfs, (int fd, struct statfs *fs), (fd, fs))
WRAP_BOTH(ssize_t, pread, (int fd, void *buffer, size_t size, off_t at),
	  (fd, buffer, size, at))
ssize_t __real_readlinkat(int dir, const char *path, char *buffer, size_t size);
ssize_t __wrap_readlinkat(int dir, const char *path, char *buffer, size_t size);
ssize_t __wrap_readlinkat(int dir, const char *path, char *buffer, size_t size)
{
	ssize_t ret = fails("readlinkat") ? -1 : __real_readlinkat(dir, path, buffer, size);

	return ret < 0 || !faults.link ? ret : faults.link < 0 ? 0 : faults.link;
}
WRAP(ssize_t, getxattr, (const char *path, const char *name, void *value, size_t size),
     (path, name, value, size))
/* A descriptor is gone all the same, as Linux has it. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	int ret = __real_close(fd);

	return faults.closes && fails("close") ? -1 : ret;
}
/* openat2 */
WRAP(long, syscall, (long number, long a, long b, long c, long d), (number, a, b, c, d))

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The quick walker: one openat2() for a path that passes no link.
 *
 * RESOLVE_NO_SYMLINKS is what makes its answer complete. Without links the canonical name is
 * the path itself, and nothing can have led into /proc, which in an image at rest is an empty
 * directory and in the container is not. Where there is a link, a walk of the components decides.
 *
 * Must never be taken for unsupported because of one path: what a hostile tree can provoke
 * must not choose the walker.
 */
#define _GNU_SOURCE
#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

enum { RETRIES = 128 };

static int call(int fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned int)flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
	};
	long ret = -1;

	/* A rename elsewhere may make the kernel unsure about a ".."; it says EAGAIN. */
	for (int i = 0; i < RETRIES; i++) {
		ret = syscall(SYS_openat2, fd, path, &how, sizeof(how));
		if (ret >= 0 || errno != EAGAIN)
			break;
	}
	return (int)ret;
}

enum support { SUPPORT_UNKNOWN, SUPPORT_NO, SUPPORT_YES };

/* EINVAL: Occlum's answer to a number it does not know. EPERM: seccomp. */
static enum support probe(void)
{
	int fd = call(AT_FDCWD, ".", O_PATH | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return SUPPORT_YES;
	}
	switch (errno) {
	case ENOSYS:
	case EINVAL:
	case EPERM:
	case E2BIG:
		return SUPPORT_NO;
	case EACCES:
	case ENOENT:
		return SUPPORT_YES; /* understood, and no for another reason */
	default:
		return SUPPORT_UNKNOWN; /* out of descriptors or memory: ask again */
	}
}

bool openat2_works(void)
{
	/* The library's one piece of process-wide state. Two threads may both ask; they get
	 * the same answer. */
	static _Atomic int support = SUPPORT_UNKNOWN;
	int known = atomic_load_explicit(&support, memory_order_relaxed);

	if (known == SUPPORT_UNKNOWN) {
		known = (int)probe();
		atomic_store_explicit(&support, known, memory_order_relaxed);
	}
	return known == SUPPORT_YES;
}

int openat2_walk(const struct rootfs *rootfs, struct sv path, struct arena *arena,
		 struct found *ret)
{
	int error, fd;

	if (pathname_enters_proc(path))
		return WALK_UNDECIDED;
	fd = call(rootfs->fd, path.ptr, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? errno : WALK_UNDECIDED;
	ret->fd = fd;
	error = fstat(fd, &ret->st) < 0 ? outcome_ours(errno) : 0;
	if (!error) {
		ret->canonical = pathname_canonical(arena, path);
		error = ret->canonical.ptr ? 0 : walk_memory(arena);
	}
	if (error)
		close(fd);
	return error;
}

int openat2_open(const struct rootfs *rootfs, const char *path, int flags, int *error)
{
	int fd = call(rootfs->fd, path, flags);

	*error = fd < 0 ? errno : 0;
	return fd;
}

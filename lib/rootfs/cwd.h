/* SPDX-License-Identifier: Apache-2.0 */
/* Working directories that a runtime makes before it enters them. */
#ifndef OCIENV_ROOTFS_CWD_H
#define OCIENV_ROOTFS_CWD_H

#include "rootfs/rootfs.h"

/* Where a process stands: in `real`, which is there, or below it in directories that the
 * runtime makes. */
struct cwd {
	struct sv real; /* absolute, without links */
	struct sv made; /* relative, names alone; empty: nothing is made */
};

/*
 * Where `path` leads once the runtime has made what is missing of it, as root. Steps are
 * taken off *steps. Returns 0 or a positive errno as rootfs_walk(); EEXIST: a link leads to
 * nothing, and no directory can be made in its place.
 */
int cwd_find(const struct rootfs *rootfs, struct sv path, uint32_t *steps,
	     struct arena *arena, struct cwd *ret);

/*
 * The same file by another path: *path, seen from `cwd`, seen from cwd->real. ENOENT: it lies
 * in a directory that was made, where nothing is; EISDIR: it is such a directory.
 */
int cwd_leave(const struct cwd *cwd, struct sv *path);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The walkers behind rootfs_walk(). Paths here are NUL-terminated and below PATH_MAX. */
#ifndef OCIENV_ROOTFS_WALK_H
#define OCIENV_ROOTFS_WALK_H

#include "rootfs/rootfs.h"

/* The most bytes of scratch memory and the most steps (directories looked into) that one
 * walk may take; the kernel's own limits stay below the latter. */
enum { WALK_SCRATCH = 16 << 20, WALK_STEPS = 100000 };

/* openat2 gave no answer of its own; no errno has this value. */
enum { WALK_UNDECIDED = -1 };

/* ENOMEM or E2BIG, as the arena says. */
int walk_memory(const struct arena *arena);

/* Does openat2 work in this process? */
bool openat2_works(void);

/* Is this tree walked by it? */
bool walk_by_openat2(const struct rootfs *rootfs);

/*
 * The file of a path that passes no link at all, without any permission being asked: 0,
 * ENOENT or ENOTDIR. WALK_UNDECIDED: there is a link, or whatever else only a walk of the
 * components can tell. The path is taken from the root, with or without a leading slash.
 */
int openat2_walk(const struct rootfs *rootfs, struct sv path, struct arena *arena,
		 struct found *ret);

/*
 * As openat2_walk(), and takes what it costs off *steps; WALK_UNDECIDED also where openat2 does
 * not work, the path is no path, or they are used up.
 */
int walk_plainly(const struct rootfs *rootfs, struct sv path, uint32_t *steps,
		 struct arena *arena, struct found *ret);

/* Opens the file of a path without links for reading; a positive errno in *error else. */
int openat2_open(const struct rootfs *rootfs, const char *path, int flags, int *error);

/* The walks that can do everything, by looking at one component after the other. `cwd` is
 * entered with root's permissions. */
struct means;
extern const struct means means_stack, means_string;

int components_walk(const struct means *means, const struct rootfs *rootfs, struct sv cwd,
		    struct sv path, const struct identity *who, uint32_t *steps,
		    struct arena *arena, struct found *ret);

/*
 * As rootfs_walk(), and takes what it costs off *steps; ETIME when they are used up. Not
 * exact: where nothing is there for anybody, that is enough, and whether `who` may know it is
 * not asked. Then a miss costs one system call.
 */
int walk_within(const struct rootfs *rootfs, struct sv cwd, struct sv path,
		const struct identity *who, bool exact, uint32_t *steps,
		struct arena *arena, struct found *ret);

#endif

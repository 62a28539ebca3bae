/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chooses the walker. All give the same answer; openat2 gives it in one call where the path
 * passes no link and the permission of directories is no question. Whether a descriptor is
 * more than a name cannot be asked without changing the tree: the caller says it.
 */
#define _GNU_SOURCE
#include "rootfs/walk.h"

#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/shortcut.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

int walk_memory(const struct arena *arena)
{
	return arena_status(arena) == OCIENV_ERR_NOMEM ? ENOMEM : E2BIG;
}

/* What the kernel says about a string before it looks at any file. */
static int check_path(struct sv path)
{
	if (!path.len)
		return ENOENT;
	if (sv_contains(path, '\0'))
		return EINVAL;
	return path.len >= PATH_MAX ? ENAMETOOLONG : 0;
}

/* The path from the root goes to openat2 as one string, if it is short enough. */
static int try_openat2(const struct rootfs *rootfs, struct sv cwd, struct sv path,
		       const struct identity *who, bool misses, struct arena *arena,
		       struct found *ret)
{
	struct arena scratch;
	struct sv whole;
	int error = WALK_UNDECIDED;

	if (path.ptr[0] == '/' && rootfs->shortcut)
		return shortcut_walk(rootfs, path, who, misses, arena, ret);
	if (path.ptr[0] == '/')
		cwd = SV("");
	if (cwd.len + 1 + path.len >= PATH_MAX)
		return WALK_UNDECIDED;
	arena_init(&scratch, &arena->allocator, WALK_SCRATCH);
	whole = pathname_join(&scratch, cwd, path);
	if (whole.ptr && rootfs->shortcut)
		error = shortcut_walk(rootfs, whole, who, misses, arena, ret);
	else if (whole.ptr)
		error = openat2_walk(rootfs, whole, arena, ret);
	arena_free(&scratch);
	return error;
}

/* The kernel goes through a name much faster than a walk makes a step. */
static bool pay(uint32_t *steps, struct sv cwd, struct sv path)
{
	size_t price = 1 + (cwd.len + path.len) / 64;

	if (price > *steps)
		return false;
	*steps -= (uint32_t)price;
	return true;
}

bool walk_by_openat2(const struct rootfs *rootfs)
{
	return (rootfs->walker == WALKER_AUTO || rootfs->walker == WALKER_OPENAT2) &&
	       openat2_works();
}

int walk_plainly(const struct rootfs *rootfs, struct sv path, uint32_t *steps,
		 struct arena *arena, struct found *ret)
{
	if (check_path(path) || !walk_by_openat2(rootfs) || !pay(steps, SV(""), path))
		return WALK_UNDECIDED;
	return openat2_walk(rootfs, path, arena, ret);
}

int walk_within(const struct rootfs *rootfs, struct sv cwd, struct sv path,
		const struct identity *who, bool exact, uint32_t *steps,
		struct arena *arena, struct found *ret)
{
	bool quick = walk_by_openat2(rootfs);
	bool open_to_all = permission_searches_all(who);
	struct found found = {.fd = -1};
	int error = check_path(path);

	if (!error && path.ptr[0] != '/' && cwd.len)
		error = check_path(cwd);
	if (error)
		return error;
	if (rootfs->walker == WALKER_OPENAT2 && !quick)
		return ENOSYS;
	if (!pay(steps, cwd, path))
		return ETIME;
	error = WALK_UNDECIDED;
	if (quick && (open_to_all || !exact)) {
		error = try_openat2(rootfs, cwd, path, who, !open_to_all, arena, &found);
		if (!error && !open_to_all) {
			close(found.fd);
			error = WALK_UNDECIDED;
		}
	}
	if (error == WALK_UNDECIDED)
		error = components_walk(rootfs->walker == WALKER_STRING ? &means_string
								: &means_stack,
					rootfs, cwd, path, who, steps, arena, &found);
	if (!error)
		*ret = found;
	return error;
}

int rootfs_walk(const struct rootfs *rootfs, struct sv cwd, struct sv path,
		const struct identity *who, struct arena *arena, struct found *ret)
{
	uint32_t steps = WALK_STEPS;

	return walk_within(rootfs, cwd, path, who, true, &steps, arena, ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "rootfs/lexical.h"

#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/shortcut.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

enum { LINKS_MAX = 255, NAMES_MAX = 4096 };

struct join {
	const struct rootfs *rootfs;
	struct arena *arena;
	uint32_t *steps;
	struct sv done; /* "" or "/a/b", without links */
	struct sv rest; /* what is still to be written out */
	unsigned int links, names;
};

/* The target of a name in the directory that is done; no bytes: it is no link. */
static int read_target(const struct join *j, struct sv name, struct sv *ret)
{
	struct sv directory = j->done.len ? j->done : SV("/");
	const char *text = arena_strdup(j->arena, name);
	char *target = arena_chars(j->arena, PATH_MAX);
	struct found found;
	ssize_t len;
	int error;

	*ret = SV("");
	if (!text || !target)
		return walk_memory(j->arena);
	error = walk_within(j->rootfs, SV("/"), directory, &identity_root, true, j->steps,
			    j->arena, &found);
	if (error)
		return error == ENOENT || error == ENOTDIR ? 0 : error;
	len = readlinkat(found.fd, text, target, PATH_MAX);
	error = errno;
	close(found.fd);
	if (len >= 0)
		*ret = sv_from(target, (size_t)len);
	/* EINVAL: something else is there. A name that is too long is so for everybody. */
	if (len >= 0 || error == EINVAL || error == ENOENT || error == ENOTDIR)
		return 0;
	return error == ENAMETOOLONG ? error : outcome_ours(error);
}

static int follow(struct join *j, struct sv target)
{
	if (++j->links > LINKS_MAX)
		return ELOOP;
	if (target.len + j->rest.len >= PATH_MAX)
		return ENAMETOOLONG;
	if (target.ptr[0] == '/')
		j->done = SV("");
	j->rest = pathname_join(j->arena, target, j->rest);
	return j->rest.ptr ? 0 : walk_memory(j->arena);
}

static int take_name(struct join *j, struct sv name)
{
	struct sv target;
	int error;

	if (sv_eq(name, SV(".")))
		return 0;
	if (sv_eq(name, SV(".."))) {
		while (j->done.len && j->done.ptr[--j->done.len] != '/')
			;
		return 0;
	}
	error = read_target(j, name, &target);
	if (error)
		return error;
	if (target.len)
		return follow(j, target);
	if (j->done.len + name.len >= PATH_MAX)
		return ENAMETOOLONG;
	j->done = pathname_join(j->arena, j->done, name);
	return j->done.ptr ? 0 : walk_memory(j->arena);
}

static bool goes_up(struct sv path)
{
	struct sv name;

	while (pathname_next(&path, &name))
		if (sv_eq(name, SV("..")))
			return true;
	return false;
}

/* One call tells that no link is on the way, whether or not the path ends anywhere, if the look-up
 * has not told it before; unless a ".." stands behind what is not there, where the kernel stops and
 * the text goes on. */
static int walk_plain(struct join *j)
{
	const struct shortcut *shortcut = j->rootfs->shortcut;
	struct found found;
	int error;

	if (!shortcut || !shortcut_plain(shortcut, j->rest, &error)) {
		error = walk_plainly(j->rootfs, j->rest, j->steps, j->arena, &found);
		if (!error)
			close(found.fd);
	}
	if (error && error != ENOENT && error != ENOTDIR)
		return error;
	if (error && goes_up(j->rest))
		return WALK_UNDECIDED;
	j->done = pathname_canonical(j->arena, j->rest);
	return j->done.ptr ? 0 : walk_memory(j->arena);
}

/* What is done holds no link, so ".." takes off a directory's own name: where all of the path
 * is there, writing links out and walking come to the same. */
static bool walk_whole(struct join *j)
{
	struct found found;

	if (walk_within(j->rootfs, SV("/"), j->rest, &identity_root, true, j->steps, j->arena,
			&found))
		return false;
	close(found.fd);
	j->done = found.canonical;
	return true;
}

int lexical_join(const struct rootfs *rootfs, struct sv path, uint32_t *steps,
		 struct arena *arena, struct sv *ret)
{
	struct join j = {rootfs, arena, steps, SV(""), path, 0, 0};
	struct sv name;
	int error = walk_plain(&j);

	if (error == WALK_UNDECIDED && walk_whole(&j))
		error = 0;
	if (error != WALK_UNDECIDED) {
		if (!error)
			*ret = j.done;
		return error;
	}
	error = 0;
	while (!error && pathname_next(&j.rest, &name))
		error = ++j.names > NAMES_MAX ? ENAMETOOLONG : take_name(&j, name);
	if (!error)
		*ret = j.done.len ? j.done : SV("/");
	return error;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk that needs nothing but openat(O_PATH|O_NOFOLLOW): a stack of directory
 * descriptors from the root to the place reached. ".." takes one off.
 *
 * Must never open "..": a directory that is moved out of the root during the walk would lead
 * outside.
 */
#define _GNU_SOURCE
#include "rootfs/components.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

enum { FDS_KEPT = 64 /* open at a time */ };

static void close_level(struct walk *walk, uint32_t i)
{
	struct level *level = level_at(walk, i);

	if (i > 0 && level->fd >= 0)
		close(level->fd);
	level->fd = -1;
}

static void restart(struct walk *walk)
{
	for (uint32_t i = 1; i < walk->levels.count; i++)
		close_level(walk, i);
	walk->levels.count = walk->levels.count ? 1 : 0;
}

static const char *place(const struct walk *walk, int *dir)
{
	*dir = top_of(walk)->fd;
	return walk->text + top_of(walk)->end + 1;
}

static int look(struct walk *walk, struct entry *ret)
{
	int dir;
	const char *name = place(walk, &dir);

	ret->fd = openat(dir, name, STEP);
	return ret->fd < 0 || fstat(ret->fd, &ret->st) < 0 ? own_errno() : 0;
}

static void enter(struct walk *walk, struct entry *entry)
{
	top_of(walk)->fd = entry->fd;
	entry->fd = -1;
	if (walk->levels.count > FDS_KEPT + 1)
		close_level(walk, walk->levels.count - 1 - FDS_KEPT);
}

static int open_level(const struct walk *walk, int dir, uint32_t i)
{
	uint32_t from = level_at(walk, i - 1)->end + 1, to = level_at(walk, i)->end;
	char name[NAME_MAX + 1];

	memcpy(name, walk->text + from, to - from);
	name[to - from] = '\0';
	return openat(dir, name, STEP | O_DIRECTORY);
}

/*
 * Goes down from the root again by the names on the stack, because the top's descriptor was
 * given up. The last FDS_KEPT are kept, so that going up costs this rarely.
 */
static int reopen(struct walk *walk)
{
	uint32_t count = walk->levels.count;
	int dir = walk->rootfs->fd;
	struct stat st;

	if (count > *walk->steps)
		return ETIME;
	*walk->steps -= count;
	for (uint32_t i = 1; i < count; i++) {
		int fd = open_level(walk, dir, i);
		int error = fd < 0 ? own_errno() : 0;

		if (i > 1 && level_at(walk, i - 1)->fd < 0)
			close(dir);
		if (error)
			return moved_errno(error);
		if (i + FDS_KEPT >= count)
			level_at(walk, i)->fd = fd;
		dir = fd;
	}
	if (fstat(dir, &st) < 0)
		return own_errno();
	return same_file(&st, &top_of(walk)->st) ? 0 : EAGAIN;
}

static int leave(struct walk *walk)
{
	close_level(walk, --walk->levels.count);
	if (walk->levels.count > 1 && top_of(walk)->fd < 0)
		return reopen(walk);
	return 0;
}

/* Takes the top's descriptor off the stack, so that restart() leaves it. */
static int pin(struct walk *walk, struct found *ret)
{
	struct level *top = top_of(walk);

	ret->st = top->st;
	ret->fd = top->fd;
	top->fd = -1;
	return 0;
}

const struct means means_stack = {look, place, enter, leave, restart, pin};

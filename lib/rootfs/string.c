/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk for LibOSes, where the descriptor of a directory is but its name, which is walked
 * again from the LibOS's own root each time it is used. So each name is looked at by its
 * whole string from the root, and the end is pinned by going down there.
 *
 * Must never hand out a string with a link, "." or ".." in it: walked again, it would lead
 * out of the root. Where the tree changes, a component may have become a link; what such a
 * string tells is believed only when the end, reached without following any, is the same file.
 */
#define _GNU_SOURCE
#include "rootfs/components.h"
#include "rootfs/file.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* A string may become longer than PATH_MAX by links. Then it begins at a piece, a directory
 * on the way that is open; half of PATH_MAX lies between two, so that going up and down does
 * not open one again and again. 41 strings of a working directory and as many of a path make
 * fewer than 200. */
struct piece {
	int fd;
	uint32_t level;
};

static const struct piece *last_piece(const struct walk *walk)
{
	const struct piece *pieces = walk->pieces.items;

	return walk->pieces.count ? &pieces[walk->pieces.count - 1] : NULL;
}

/* Where the strings begin now: a directory and the length of its own text. */
static uint32_t base_of(const struct walk *walk, int *dir)
{
	const struct piece *piece = last_piece(walk);

	*dir = piece ? piece->fd : walk->rootfs->fd;
	return piece ? level_at(walk, piece->level)->end : 0;
}

static const char *place(const struct walk *walk, int *dir)
{
	return walk->text + base_of(walk, dir) + 1;
}

static void close_pieces(struct walk *walk, uint32_t above)
{
	const struct piece *piece;

	while ((piece = last_piece(walk)) && piece->level > above) {
		close(piece->fd);
		walk->pieces.count--;
	}
}

/* Goes down to a level from the last piece. */
static int open_level(const struct walk *walk, uint32_t i, struct found *ret)
{
	const struct level *level = level_at(walk, i);
	int flags = S_ISDIR(level->st.st_mode) ? STEP | O_DIRECTORY : STEP;
	int dir, error, fd;
	uint32_t from = base_of(walk, &dir);

	if (from == level->end) { /* it is the piece */
		fd = openat(dir, ".", flags);
		error = fd < 0 ? errno : 0;
	} else {
		fd = file_descend(dir, sv_from(walk->text + from, level->end - from),
				  flags, &error);
	}
	if (fd < 0)
		return moved_errno(error == EACCES ? EPERM : error);
	if (fstat(fd, &ret->st) < 0 || !same_file(&ret->st, &level->st)) {
		close(fd);
		return EAGAIN;
	}
	ret->fd = fd;
	return 0;
}

static int add_piece(struct walk *walk, uint32_t from)
{
	uint32_t i = walk->levels.count - 1;
	struct piece *piece;
	struct found found;
	int error;

	while (level_at(walk, i)->end - from > PATH_MAX / 2)
		i--;
	error = open_level(walk, i, &found);
	if (error)
		return error;
	piece = VEC_PUSH(&walk->pieces, walk->scratch, struct piece);
	if (!piece) {
		close(found.fd);
		return walk_memory(walk->scratch);
	}
	*piece = (struct piece){found.fd, i};
	return 0;
}

static int look(struct walk *walk, struct entry *ret)
{
	int dir, error = 0;
	uint32_t from = base_of(walk, &dir);
	const char *name;
	struct stat st;

	if (walk->text_len - from > PATH_MAX) /* "/" in front, no NUL behind */
		error = add_piece(walk, from);
	if (error)
		return error;
	name = place(walk, &dir);
	if (fstatat(dir, name, &ret->st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? ENOENT : moved_errno(own_errno());
	if (!S_ISLNK(ret->st.st_mode))
		return 0;
	/* What is not opened has no mount to ask about. */
	ret->fd = openat(dir, name, STEP);
	if (ret->fd < 0)
		return errno == ELOOP || errno == EINVAL ? 0 : moved_errno(own_errno());
	return fstat(ret->fd, &st) == 0 && same_file(&st, &ret->st) ? 0 : EAGAIN;
}

static void enter(struct walk *walk, struct entry *entry)
{
	(void)walk;
	(void)entry;
}

static int leave(struct walk *walk)
{
	close_pieces(walk, --walk->levels.count - 1);
	return 0;
}

static void restart(struct walk *walk)
{
	close_pieces(walk, 0);
	walk->levels.count = walk->levels.count ? 1 : 0;
}

static int pin(struct walk *walk, struct found *ret)
{
	return open_level(walk, walk->levels.count - 1, ret);
}

const struct means means_string = {look, place, enter, leave, restart, pin};

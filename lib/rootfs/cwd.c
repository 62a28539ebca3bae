/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Working directories that a runtime makes. What is missing is made name by name, so ".."
 * behind a missing name leads back to where it was made.
 *
 * Must never make anything: it is all reckoned.
 */
#define _GNU_SOURCE
#include "rootfs/cwd.h"

#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/shortcut.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

/* A walk that goes on where the path ends. */
struct making {
	const struct rootfs *rootfs;
	struct arena scratch;
	uint32_t *steps;
	struct found at; /* the directory that is there; fd -1: nowhere */
	char *made;	 /* names below it, separated by slashes */
	size_t len;
};

/* What hinders to make a directory of a name that leads nowhere: EEXIST, it is a link. */
static int check_free(const struct making *m, struct sv name)
{
	char text[NAME_MAX + 1];
	struct stat st;

	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	if (fstatat(m->at.fd, text, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return EEXIST;
	return errno == ENOENT ? 0 : outcome_ours(errno);
}

static void push(struct making *m, struct sv name)
{
	if (m->len)
		m->made[m->len++] = '/';
	memcpy(m->made + m->len, name.ptr, name.len);
	m->len += name.len;
}

static void pop(struct making *m)
{
	while (m->len && m->made[--m->len] != '/')
		;
}

/* A name below a directory that is there. */
static int step_real(struct making *m, struct sv name)
{
	struct found next;
	int error = walk_within(m->rootfs, m->at.canonical, name, &identity_root, true,
				m->steps, &m->scratch, &next);

	if (error == ENOENT) {
		error = check_free(m, name);
		if (!error)
			push(m, name);
		return error;
	}
	if (error)
		return error;
	close(m->at.fd);
	m->at = next;
	return S_ISDIR(next.st.st_mode) ? 0 : ENOTDIR;
}

static int step(struct making *m, struct sv name)
{
	if (name.len > NAME_MAX)
		return ENAMETOOLONG;
	if (!m->len)
		return step_real(m, name);
	if (sv_eq(name, SV("..")))
		pop(m);
	else if (!sv_eq(name, SV(".")))
		push(m, name);
	return 0;
}

static int make(struct making *m, struct sv path)
{
	struct sv name;
	int error = walk_within(m->rootfs, SV("/"), SV("/"), &identity_root, true, m->steps,
				&m->scratch, &m->at);

	m->made = arena_chars(&m->scratch, path.len + 1);
	if (!error && !m->made)
		error = walk_memory(&m->scratch);
	while (!error && pathname_next(&path, &name))
		error = step(m, name);
	return error;
}

static int keep(const struct making *m, struct arena *arena, struct cwd *ret)
{
	struct sv made = sv_from(m->made, m->len);
	char *real = arena_strdup(arena, m->at.canonical);
	char *names = arena_strdup(arena, made);

	if (!real || !names)
		return walk_memory(arena);
	*ret = (struct cwd){sv_from(real, m->at.canonical.len), sv_from(names, made.len)};
	return 0;
}

int cwd_find(const struct rootfs *rootfs, struct sv path, uint32_t *steps,
	     struct arena *arena, struct cwd *ret)
{
	struct making m = {.rootfs = rootfs, .steps = steps, .at = {.fd = -1}};
	int error;

	/* The root is always there. */
	if (sv_eq(path, SV("/"))) {
		*ret = (struct cwd){SV("/"), SV("")};
		return 0;
	}
	if (*steps && shortcut_directory(rootfs, path)) {
		--*steps;
		path = pathname_canonical(arena, path);
		*ret = (struct cwd){path, SV("")};
		return path.ptr ? 0 : walk_memory(arena);
	}
	arena_init(&m.scratch, &arena->allocator, WALK_SCRATCH);
	/* Nearly always it is there; and what else is wrong with it, making does not mend. */
	error = walk_within(rootfs, SV("/"), path, &identity_root, true, steps, &m.scratch,
			    &m.at);
	if (!error && !S_ISDIR(m.at.st.st_mode))
		error = ENOTDIR;
	else if (error == ENOENT)
		error = make(&m, path);
	if (!error)
		error = keep(&m, arena, ret);
	if (m.at.fd >= 0)
		close(m.at.fd);
	arena_free(&m.scratch);
	return error;
}

/* How many of the names are left, in bytes, without the last one. */
static size_t parent_of(struct sv made, size_t len)
{
	while (len && made.ptr[len - 1] != '/')
		len--;
	return len ? len - 1 : 0;
}

/* True if the name is the next one that was made; *len then holds it, too. */
static bool enter(struct sv made, size_t *len, struct sv name)
{
	size_t at = *len ? *len + 1 : 0;

	if (made.len < at + name.len || memcmp(made.ptr + at, name.ptr, name.len) != 0 ||
	    (made.len > at + name.len && made.ptr[at + name.len] != '/'))
		return false;
	*len = at + name.len;
	return true;
}

int cwd_leave(const struct cwd *cwd, struct sv *path)
{
	size_t len = cwd->made.len;
	struct sv rest = *path, name;

	if (!len || !path->len || path->ptr[0] == '/')
		return 0;
	for (;;) {
		struct sv before = rest;

		if (!pathname_next(&rest, &name))
			break;
		if (sv_eq(name, SV("."))) {
			continue;
		} else if (len && sv_eq(name, SV(".."))) {
			len = parent_of(cwd->made, len);
		} else if (!enter(cwd->made, &len, name)) {
			while (before.len && before.ptr[0] == '/')
				before = sv_skip(before, 1);
			*path = before;
			return len ? ENOENT : 0;
		}
	}
	*path = SV(".");
	return len ? EISDIR : 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop over the components of a path and of the links in it.
 *
 * Must never follow a link by way of the kernel, and never look up "." or "..".
 */
#define _GNU_SOURCE
#include "rootfs/components.h"

#include "rootfs/link.h"
#include "rootfs/permission.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

enum { ATTEMPTS = 16 /* when the tree changes under the walk */ };

int own_errno(void)
{
	return errno == EACCES ? EPERM : errno == ELOOP ? EAGAIN : errno;
}

int moved_errno(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP ? EAGAIN : error;
}

bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static void cut_text(struct walk *walk, uint32_t len)
{
	walk->text_len = len;
	walk->text[len] = '\0';
}

/* "/" and the name go behind the text. At most 41 strings below PATH_MAX are ever walked. */
static int append_text(struct walk *walk, struct sv name)
{
	uint32_t need = walk->text_len + 1 + (uint32_t)name.len;

	if (need >= walk->text_room) {
		uint32_t room = 2 * need + NAME_MAX;
		char *text = arena_chars(walk->scratch, room);

		if (!text)
			return walk_memory(walk->scratch);
		if (walk->text_len)
			memcpy(text, walk->text, walk->text_len);
		walk->text = text;
		walk->text_room = room;
	}
	walk->text[walk->text_len] = '/';
	memcpy(walk->text + walk->text_len + 1, name.ptr, name.len);
	cut_text(walk, need);
	return 0;
}

static int push_level(struct walk *walk, struct entry *entry)
{
	struct level *level = VEC_PUSH(&walk->levels, walk->scratch, struct level);

	if (!level)
		return walk_memory(walk->scratch);
	*level = (struct level){.fd = -1, .end = walk->text_len, .st = entry->st};
	walk->means->enter(walk, entry);
	return 0;
}

static int pop_level(struct walk *walk)
{
	if (walk->levels.count == 1) { /* ".." of the root is the root */
		walk->leaves_root |= walk->pending_count > 1;
		return 0;
	}
	return walk->means->leave(walk);
}

static int push_pending(struct walk *walk, struct sv text)
{
	char *copy = arena_strdup(walk->scratch, text);

	if (!copy)
		return walk_memory(walk->scratch);
	walk->pending[walk->pending_count++] = sv_from(copy, text.len);
	return 0;
}

/* Takes finished strings off, so that what is on top is what the next component is from. */
static bool next_component(struct walk *walk, struct sv *ret)
{
	while (walk->pending_count) {
		struct sv *rest = &walk->pending[walk->pending_count - 1];
		size_t n = 0;

		while (rest->len && *rest->ptr == '/') {
			walk->slash = true;
			*rest = sv_skip(*rest, 1);
		}
		n = sv_find(*rest, '/');
		*ret = sv_from(rest->ptr, n);
		*rest = sv_skip(*rest, n);
		if (n) {
			walk->slash = false;
			return true;
		}
		walk->pending_count--;
	}
	return false;
}

/* True if nothing but slashes is left to be walked: the link is the end of the path. */
static bool is_trailing(const struct walk *walk)
{
	for (uint32_t i = 0; i < walk->pending_count; i++) {
		struct sv rest = walk->pending[i];

		while (rest.len && *rest.ptr == '/')
			rest = sv_skip(rest, 1);
		if (rest.len)
			return false;
	}
	return true;
}

/* In the kernel's order: the number of links, their owners, their mounts. */
static int may_follow(struct walk *walk, const struct entry *link)
{
	uint32_t limit = walk->rootfs->max_symlinks;

	if (++walk->links > (limit && limit < LINKS ? limit : LINKS))
		return ELOOP;
	if (!link_is_trusted(walk->who, &link->st, &top_of(walk)->st) && is_trailing(walk))
		return EACCES;
	return link->refused;
}

static int follow(struct walk *walk, const struct entry *link)
{
	int error = may_follow(walk, link), dir;
	const char *name = walk->means->place(walk, &dir);
	char *target;
	ssize_t n;

	if (error)
		return error;
	target = arena_chars(walk->scratch, PATH_MAX);
	if (!target)
		return walk_memory(walk->scratch);
	n = link_read(link, dir, name, target);
	if (n < 0)
		return own_errno();
	if (n == 0)
		return ENOENT;
	if (n >= PATH_MAX)
		return ENAMETOOLONG;
	if (target[0] == '/') {
		walk->leaves_root = true;
		walk->means->restart(walk);
	}
	return push_pending(walk, sv_from(target, (size_t)n));
}

static int descend(struct walk *walk, struct sv name)
{
	struct entry entry = {.fd = -1};
	int error = append_text(walk, name);

	if (error)
		return error;
	error = walk->means->look(walk, &entry);
	if (!error && !S_ISLNK(entry.st.st_mode))
		error = push_level(walk, &entry);
	else if (!error)
		error = follow(walk, &entry);
	if (entry.fd >= 0)
		close(entry.fd);
	cut_text(walk, top_of(walk)->end);
	return error;
}

/* Every component, "." and ".." too, is looked up in a directory that must be searchable. */
static int step(struct walk *walk, struct sv name)
{
	const struct level *top = top_of(walk);
	int error;

	if (!*walk->steps)
		return ETIME;
	--*walk->steps;
	if (!S_ISDIR(top->st.st_mode))
		return ENOTDIR;
	error = permission_search(walk->who, walk->means == &means_string ? -1 : top->fd,
				  &top->st, &walk->acls);
	if (error)
		return error;
	if (sv_eq(name, SV(".")))
		return 0;
	if (sv_eq(name, SV(".."))) {
		error = pop_level(walk);
		cut_text(walk, top_of(walk)->end);
		return error;
	}
	if (name.len > NAME_MAX)
		return ENAMETOOLONG;
	/* In the container procfs is there, whatever the image has in its place. */
	if (walk->levels.count == 1 && sv_eq(name, SV("proc")))
		return EXDEV;
	return descend(walk, name);
}

/* At most 41 strings below PATH_MAX, so at most 84,000 components. */
static int walk_string(struct walk *walk, struct sv path, const struct identity *who)
{
	struct sv name;
	int error;

	walk->who = who;
	walk->links = 0;
	walk->pending_count = 0;
	walk->slash = false;
	error = push_pending(walk, path);
	while (!error && next_component(walk, &name))
		error = step(walk, name);
	if (!error && walk->slash && !S_ISDIR(top_of(walk)->st.st_mode))
		error = ENOTDIR;
	return error;
}

static int walk_once(struct walk *walk, struct sv cwd, struct sv path,
		     const struct identity *who)
{
	struct level *root = VEC_PUSH(&walk->levels, walk->scratch, struct level);
	int error;

	walk->text_room = NAME_MAX;
	walk->text = arena_chars(walk->scratch, walk->text_room);
	if (!root || !walk->text)
		return walk_memory(walk->scratch);
	cut_text(walk, 0);
	root->fd = walk->rootfs->fd;
	if (fstat(root->fd, &root->st) < 0)
		return own_errno();
	if (path.ptr[0] != '/') {
		error = walk_string(walk, cwd, &identity_root);
		if (error)
			return error;
	}
	return walk_string(walk, path, who);
}

/* The root has no name to be opened by. */
static int pin_root(const struct walk *walk, struct found *ret)
{
	ret->st = top_of(walk)->st;
	ret->fd = openat(walk->rootfs->fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return ret->fd < 0 ? own_errno() : 0;
}

static int take_result(struct walk *walk, struct arena *arena, struct found *ret)
{
	struct sv canonical = walk->text_len ? sv_from(walk->text, walk->text_len) : SV("/");
	char *text = arena_strdup(arena, canonical);

	if (!text)
		return walk_memory(arena);
	ret->canonical = sv_from(text, canonical.len);
	ret->leaves_root = walk->leaves_root;
	return walk->levels.count == 1 ? pin_root(walk, ret) : walk->means->pin(walk, ret);
}

int components_walk(const struct means *means, const struct rootfs *rootfs, struct sv cwd,
		    struct sv path, const struct identity *who, uint32_t *steps,
		    struct arena *arena, struct found *ret)
{
	struct arena scratch;
	int error = EAGAIN;

	for (int i = 0; i < ATTEMPTS && error == EAGAIN; i++) {
		struct walk walk = {.rootfs = rootfs,
				    .means = means,
				    .scratch = &scratch,
				    .steps = steps};

		arena_init(&scratch, &arena->allocator, WALK_SCRATCH);
		error = walk_once(&walk, cwd, path, who);
		if (!error)
			error = take_result(&walk, arena, ret);
		means->restart(&walk);
		arena_free(&scratch);
	}
	return error;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walker that needs nothing but openat(O_PATH|O_NOFOLLOW): a stack of directory
 * descriptors from the root to the place reached. ".." takes one off.
 *
 * Must never open "..": a directory that is moved out of the root during the walk would lead
 * outside. Must never follow a link by way of the kernel.
 */
#define _GNU_SOURCE
#include "rootfs/outcome.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
	LINKS = 40,    /* the kernel's limit for one lookup */
	FDS_KEPT = 64, /* open at a time */
	ATTEMPTS = 16, /* when the tree changes under the walk */
	STEP = O_PATH | O_NOFOLLOW | O_CLOEXEC,
};

struct level {
	int fd; /* -1: closed to save descriptors, see reopen() */
	const char *name;
	struct stat st;
};

struct stack {
	const struct rootfs *rootfs;
	const struct identity *who;
	struct arena *scratch;
	struct vec levels; /* struct level; the first is the root, whose fd is borrowed */
	/* What is still to be walked: the rest of the path lies lowest, those of the links
	 * met on top of it. They are never joined, since PATH_MAX is per string. */
	struct sv pending[LINKS + 1];
	uint32_t pending_count;
	uint32_t links;
	uint32_t *steps; /* left */
	struct acl_source acls;
	bool slash;	 /* behind the last component */
};

static struct level *level_at(const struct stack *stack, uint32_t i)
{
	return (struct level *)stack->levels.items + i;
}

static struct level *top_of(const struct stack *stack)
{
	return level_at(stack, stack->levels.count - 1);
}

/*
 * EACCES from the kernel is about us, not about `who`: it leaves the question open. ELOOP is
 * not about links, of which the kernel follows none here: another thing has that name by now.
 */
static int own_errno(void)
{
	return errno == EACCES ? EPERM : errno == ELOOP ? EAGAIN : errno;
}

static void close_level(struct stack *stack, uint32_t i)
{
	struct level *level = level_at(stack, i);

	if (i > 0 && level->fd >= 0)
		close(level->fd);
	level->fd = -1;
}

static void close_all(struct stack *stack)
{
	for (uint32_t i = 1; i < stack->levels.count; i++)
		close_level(stack, i);
	stack->levels.count = stack->levels.count ? 1 : 0;
}

/* Takes fd over, also on failure. */
static int push_level(struct stack *stack, int fd, const char *name,
		      const struct stat *st)
{
	char *copy = arena_strdup(stack->scratch, sv_of(name));
	struct level *level =
		copy ? VEC_PUSH(&stack->levels, stack->scratch, struct level) : NULL;

	if (!level) {
		close(fd);
		return walk_memory(stack->scratch);
	}
	*level = (struct level){.fd = fd, .name = copy, .st = *st};
	if (stack->levels.count > FDS_KEPT + 1)
		close_level(stack, stack->levels.count - 1 - FDS_KEPT);
	return 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/*
 * Goes down from the root again by the names on the stack, because the top's descriptor was
 * given up. The last FDS_KEPT are kept, so that going up costs this rarely.
 */
static int reopen(struct stack *stack)
{
	uint32_t count = stack->levels.count;
	int dir = stack->rootfs->fd;
	struct stat st;

	if (count > *stack->steps)
		return ETIME;
	*stack->steps -= count;
	for (uint32_t i = 1; i < count; i++) {
		struct level *level = level_at(stack, i);
		int fd = openat(dir, level->name, STEP | O_DIRECTORY);
		int error = fd < 0 ? own_errno() : 0;

		if (i > 1 && level_at(stack, i - 1)->fd < 0)
			close(dir);
		if (error) /* it was there: somebody moves things about */
			return error == ENOENT || error == ENOTDIR || error == ELOOP
				       ? EAGAIN
				       : error;
		if (i + FDS_KEPT >= count)
			level->fd = fd;
		dir = fd;
	}
	if (fstat(dir, &st) < 0)
		return own_errno();
	return same_file(&st, &top_of(stack)->st) ? 0 : EAGAIN;
}

static int pop_level(struct stack *stack)
{
	if (stack->levels.count == 1)
		return 0; /* ".." of the root is the root */
	close_level(stack, --stack->levels.count);
	if (stack->levels.count > 1 && top_of(stack)->fd < 0)
		return reopen(stack);
	return 0;
}

static int push_pending(struct stack *stack, struct sv text)
{
	char *copy = arena_strdup(stack->scratch, text);

	if (!copy)
		return walk_memory(stack->scratch);
	stack->pending[stack->pending_count++] = sv_from(copy, text.len);
	return 0;
}

/*
 * The target of the link that fd names. LibOSes do not know readlinkat(fd, ""); there the name
 * is read, and must still be the same link.
 */
static ssize_t read_link(const struct stack *stack, int fd, const char *name,
			 char *buffer)
{
	ssize_t n = readlinkat(fd, "", buffer, PATH_MAX);
	int dir = top_of(stack)->fd;
	struct stat before, after;

	if (n >= 0 || (errno != ENOENT && errno != EINVAL))
		return n;
	if (fstat(fd, &before) < 0)
		return -1;
	n = readlinkat(dir, name, buffer, PATH_MAX);
	if (n < 0 || fstatat(dir, name, &after, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (same_file(&before, &after))
		return n;
	errno = EAGAIN;
	return -1;
}

/* A link of procfs is text only by courtesy: /proc/self/exe leads to our own binary. */
static int refuse_procfs(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) == 0)
		return fs.f_type == PROC_SUPER_MAGIC ? EXDEV : 0;
	return errno == ENOSYS ? 0 : outcome_ours(errno); /* a LibOS has no such links */
}

static int follow(struct stack *stack, int fd, const char *name)
{
	uint32_t limit = stack->rootfs->max_symlinks;
	char *target;
	int error;
	ssize_t n;

	if (++stack->links > (limit && limit < LINKS ? limit : LINKS))
		return ELOOP;
	error = refuse_procfs(fd);
	if (error)
		return error;
	target = arena_chars(stack->scratch, PATH_MAX);
	if (!target)
		return walk_memory(stack->scratch);
	n = read_link(stack, fd, name, target);
	if (n < 0)
		return own_errno();
	if (n == 0)
		return ENOENT;
	if (n >= PATH_MAX)
		return ENAMETOOLONG;
	if (target[0] == '/')
		close_all(stack);
	return push_pending(stack, sv_from(target, (size_t)n));
}

static int descend(struct stack *stack, const char *name)
{
	int fd = openat(top_of(stack)->fd, name, STEP);
	struct stat st;
	int error;

	if (fd < 0)
		return own_errno();
	if (fstat(fd, &st) < 0) {
		error = own_errno();
	} else if (!S_ISLNK(st.st_mode)) {
		return push_level(stack, fd, name, &st);
	} else {
		error = follow(stack, fd, name);
	}
	close(fd);
	return error;
}

/* Every component, "." and ".." too, is looked up in a directory that must be searchable. */
static int step(struct stack *stack, struct sv name)
{
	const struct level *top = top_of(stack);
	char text[NAME_MAX + 1];
	int error;

	if (!*stack->steps)
		return ETIME;
	--*stack->steps;
	if (!S_ISDIR(top->st.st_mode))
		return ENOTDIR;
	error = permission_search(stack->who, top->fd, &top->st, &stack->acls);
	if (error)
		return error;
	if (sv_eq(name, SV(".")))
		return 0;
	if (sv_eq(name, SV("..")))
		return pop_level(stack);
	if (name.len > NAME_MAX)
		return ENAMETOOLONG;
	/* In the container procfs is there, whatever the image has in its place. */
	if (stack->levels.count == 1 && sv_eq(name, SV("proc")))
		return EXDEV;
	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	return descend(stack, text);
}

static bool next_component(struct stack *stack, struct sv *ret)
{
	while (stack->pending_count) {
		struct sv *rest = &stack->pending[stack->pending_count - 1];
		size_t n = 0;

		while (rest->len && *rest->ptr == '/') {
			stack->slash = true;
			*rest = sv_skip(*rest, 1);
		}
		n = sv_find(*rest, '/');
		*ret = sv_from(rest->ptr, n);
		*rest = sv_skip(*rest, n);
		if (n) {
			stack->slash = false;
			return true;
		}
		stack->pending_count--;
	}
	return false;
}

/* At most 41 strings below PATH_MAX, so at most 84,000 components. */
static int walk_string(struct stack *stack, struct sv path, const struct identity *who)
{
	struct sv name;
	int error;

	stack->who = who;
	stack->links = 0;
	stack->pending_count = 0;
	stack->slash = false;
	error = push_pending(stack, path);
	while (!error && next_component(stack, &name))
		error = step(stack, name);
	if (!error && stack->slash && !S_ISDIR(top_of(stack)->st.st_mode))
		error = ENOTDIR;
	return error;
}

static struct sv canonical_of(const struct stack *stack, struct arena *arena)
{
	size_t len = 0, at = 0;
	char *text;

	for (uint32_t i = 1; i < stack->levels.count; i++)
		len += 1 + strlen(level_at(stack, i)->name);
	text = arena_chars(arena, len ? len : 1);
	if (!text)
		return SV_NONE;
	if (!len)
		text[at++] = '/';
	for (uint32_t i = 1; i < stack->levels.count; i++) {
		size_t n = strlen(level_at(stack, i)->name);

		text[at++] = '/';
		memcpy(text + at, level_at(stack, i)->name, n);
		at += n;
	}
	return sv_from(text, at);
}

/* Takes the top's descriptor off the stack, so that close_all() leaves it. */
static int take_result(struct stack *stack, struct arena *arena, struct found *ret)
{
	struct level *top = top_of(stack);

	ret->canonical = canonical_of(stack, arena);
	if (!ret->canonical.ptr)
		return walk_memory(arena);
	ret->st = top->st;
	if (stack->levels.count > 1) {
		ret->fd = top->fd;
		top->fd = -1;
		return 0;
	}
	ret->fd = openat(stack->rootfs->fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return ret->fd < 0 ? own_errno() : 0;
}

static int walk_once(struct stack *stack, struct sv cwd, struct sv path,
		     const struct identity *who)
{
	struct level *root = VEC_PUSH(&stack->levels, stack->scratch, struct level);
	int error;

	if (!root)
		return walk_memory(stack->scratch);
	root->fd = stack->rootfs->fd;
	if (fstat(root->fd, &root->st) < 0)
		return own_errno();
	if (path.ptr[0] != '/') {
		error = walk_string(stack, cwd, &identity_root);
		if (error)
			return error;
	}
	return walk_string(stack, path, who);
}

int stack_walk(const struct rootfs *rootfs, struct sv cwd, struct sv path,
	       const struct identity *who, uint32_t *steps, struct arena *arena,
	       struct found *ret)
{
	struct arena scratch;
	int error = EAGAIN;

	for (int i = 0; i < ATTEMPTS && error == EAGAIN; i++) {
		struct stack stack = {
			.rootfs = rootfs, .scratch = &scratch, .steps = steps};

		arena_init(&scratch, &arena->allocator, WALK_SCRATCH);
		error = walk_once(&stack, cwd, path, who);
		if (!error)
			error = take_result(&stack, arena, ret);
		close_all(&stack);
		arena_free(&scratch);
	}
	return error;
}

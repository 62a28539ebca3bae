/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "property/forest.h"

#include "property/random.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const unsigned int owners[] = {0, 0, 0, 1000, 1001};

/* Few names, so that random paths hit; and those that look like something else. */
static void pick_name(uint64_t *random, char *name)
{
	static const char *const names[] = {"a", "b", "c",   "d",   "a",     "b",
					    "c", "x", "...", "..x", "a b\n", ".. "};

	if (one_in(random, 40)) { /* the longest there may be, few of them */
		memset(name, 'n', NAME_MAX);
		name[0] = (char)('k' + below(random, 3));
		name[NAME_MAX] = '\0';
		return;
	}
	strcpy(name, names[below(random, sizeof(names) / sizeof(names[0]))]);
	if (one_in(random, 60))
		strcpy(name, "proc");
}

static unsigned int depth_of(const struct forest *forest, unsigned int i)
{
	unsigned int depth = 0;

	for (; i; i = forest->nodes[i].parent)
		depth++;
	return depth;
}

/* Appends what fits. */
static size_t put(char *text, size_t len, const char *more)
{
	size_t n = strlen(more);

	if (len + n >= TEXT)
		return len;
	memcpy(text + len, more, n + 1);
	return len + n;
}

/* The way down to a node, from the level `from`, with a slash in front of each name. */
static size_t put_way(const struct forest *forest, unsigned int i, unsigned int from, char *text,
		      size_t len)
{
	unsigned int way[NODES], n = 0, depth = depth_of(forest, i);

	for (; depth > from; depth--, i = forest->nodes[i].parent)
		way[n++] = i;
	while (n) {
		len = put(text, len, "/");
		len = put(text, len, forest->nodes[way[--n]].name);
	}
	return len;
}

static size_t put_component(struct forest *forest, char *text, size_t len)
{
	uint64_t *random = &forest->random;
	char name[NAME_MAX + 1];

	switch (below(random, 10)) {
	case 0:
	case 1:
		return put(text, len, "..");
	case 2:
		return put(text, len, ".");
	case 3:
	case 4:
	case 5: /* one that is somewhere */
		return put(text, len,
			   forest->nodes[below(random, forest->count)].name);
	default:
		pick_name(random, name);
		return put(text, len, name);
	}
}

/* What makes a path long without making it deep. */
static size_t put_filling(struct forest *forest, char *text, size_t len)
{
	static const char *const fillings[] = {"/", "./", "../", "a/../", "..//./"};
	const char *filling = fillings[below(&forest->random, 5)];
	size_t until = one_in(&forest->random, 2) ? PATH_MAX - 12 + below(&forest->random, 16)
						  : 1 + below(&forest->random, 300);

	while (len < until)
		len = put(text, len, filling);
	return len;
}

static void put_path(struct forest *forest, char *text)
{
	uint64_t *random = &forest->random;
	unsigned int n = below(random, 5);
	size_t len = 0;

	text[0] = '\0';
	if (one_in(random, 3))
		len = put(text, len, "/");
	if (one_in(random, 50))
		len = put_filling(forest, text, len);
	if (one_in(random, 2)) { /* the whole way to a node, and on from there */
		len = put_way(forest, below(random, forest->count), 0, text, len);
		if (one_in(random, 2))
			len = put(text, len, "/");
		else
			len = one_in(random, 2) ? put(text, len, "/..") : len;
		n /= 2;
	}
	for (; n > 0; n--) {
		if (len && text[len - 1] != '/')
			len = put(text, len, one_in(random, 12) ? "//" : "/");
		len = put_component(forest, text, len);
	}
	if (one_in(random, 10))
		put(text, len, "/");
}

/* Down the shaft by its links, and up and down in its depth. */
static void dive(struct forest *forest, char *text)
{
	const char *name = forest->nodes[1].name;
	size_t len = put(text, 0, "/");

	for (unsigned int n = below(&forest->random, 2) ? 4 : 11; n > 0; n--)
		len = put(text, len, "a/");
	if (one_in(&forest->random, 2))
		len = put(text, len, "b/");
	for (unsigned int n = below(&forest->random, 2) * below(&forest->random, 95); n > 0; n--)
		len = put(text, len, "../");
	for (unsigned int n = below(&forest->random, 16); n > 0; n--) {
		len = put(text, len, name);
		len = put(text, len, "/");
	}
}

struct sv forest_path(struct forest *forest, char text[TEXT])
{
	if (forest->shaft && one_in(&forest->random, 2))
		dive(forest, text);
	else
		put_path(forest, text);
	return sv_of(text);
}

struct sv forest_canonical(const struct forest *forest, ino_t inode, char *text, size_t size)
{
	for (unsigned int i = 0; i < forest->count; i++) {
		size_t end = size - 1;

		if (forest->nodes[i].inode != inode)
			continue;
		text[end] = '\0';
		if (!i)
			text[--end] = '/';
		for (; i; i = forest->nodes[i].parent) {
			size_t n = strlen(forest->nodes[i].name);

			if (end < n + 1)
				return SV_NONE;
			end -= n;
			memcpy(text + end, forest->nodes[i].name, n);
			text[--end] = '/';
		}
		return sv_from(text + end, size - 1 - end);
	}
	return SV_NONE;
}

static bool make(int dir, const struct node *node, const char *target, unsigned int mode)
{
	int fd = -1;

	switch (node->type) {
	case S_IFDIR:
		return mkdirat(dir, node->name, 0700) == 0;
	case S_IFLNK:
		return symlinkat(target, dir, node->name) == 0;
	case S_IFIFO:
		return mkfifoat(dir, node->name, mode) == 0;
	default:
		fd = openat(dir, node->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		return fd >= 0 && close(fd) == 0;
	}
}

static bool add(struct forest *forest, unsigned int parent, const char *name, mode_t type,
		const char *target, unsigned int mode)
{
	struct node *node = &forest->nodes[forest->count];
	unsigned int owner = owners[below(&forest->random, 5)];
	int dir = forest->nodes[parent].fd;
	struct stat st;

	if (geteuid() != 0)
		mode |= S_IRWXU; /* more must go in, and out again */
	*node = (struct node){.parent = parent, .type = type, .fd = -1};
	strcpy(node->name, name);
	if (forest->count == NODES || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return true; /* taken */
	if (!make(dir, node, target, mode))
		return false;
	if (geteuid() == 0 &&
	    fchownat(dir, name, owner, one_in(&forest->random, 3) ? 2000 : owner,
		     AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	if (type == S_IFDIR) {
		node->fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (node->fd < 0 || fchmod(node->fd, mode) < 0)
			return false;
		forest->sticky |= (mode & 01002) == 01002;
	}
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	node->inode = st.st_ino;
	forest->count++;
	return true;
}

static unsigned int pick_directory(struct forest *forest)
{
	unsigned int i;

	do {
		i = below(&forest->random, forest->count);
	} while (forest->nodes[i].type != S_IFDIR);
	return i;
}

/* Targets without a name at the end, and longer ones than there may be, are none. */
static bool add_link(struct forest *forest, unsigned int parent, const char *name)
{
	static char target[TEXT];

	put_path(forest, target);
	if (!target[0] || strlen(target) >= PATH_MAX)
		strcpy(target, "a");
	return add(forest, parent, name, S_IFLNK, target, 0);
}

static bool add_any(struct forest *forest)
{
	static const unsigned int modes[] = {0755, 0755, 0755, 0755, 0711, 0700, 0,    01777,
					     0111, 0750, 0070, 0007, 0644, 0705, 0077, 01773};
	unsigned int parent = pick_directory(forest), kind = below(&forest->random, 20);
	unsigned int mode = modes[below(&forest->random, 16)];
	char name[NAME_MAX + 1];

	pick_name(&forest->random, name);
	if (kind < 8)
		return add_link(forest, parent, name);
	return add(forest, parent, name, kind < 16 ? S_IFDIR : kind < 19 ? S_IFREG : S_IFIFO,
		   NULL, mode);
}

/* Links one behind the other, about as many as the kernel follows. */
static bool add_chain(struct forest *forest)
{
	unsigned int parent = pick_directory(forest), count = 38 + below(&forest->random, 4);
	char name[16] = "a", next[NAME_MAX + 1];

	for (unsigned int i = 0; i < count; i++) {
		(void)snprintf(next, sizeof(next), i + 1 < count ? "k%u" : "b", i);
		if (!add(forest, parent, name, S_IFLNK, next, 0))
			return false;
		(void)snprintf(name, sizeof(name), "%.15s", next);
	}
	return true;
}

/* Directories in each other, deeper than one path can name; links lead further down. */
static bool add_shaft(struct forest *forest, bool longest)
{
	unsigned int levels = longest ? 18 + below(&forest->random, 20) : 100, at = 0;
	static char way[TEXT];
	char name[NAME_MAX + 1] = "d";

	if (longest)
		memset(name, 'n', NAME_MAX);
	for (unsigned int i = 0; i < levels; i++) {
		unsigned int count = forest->count, from = at;

		if (!add(forest, at, name, S_IFDIR, NULL, i % 9 == 8 ? 0711 : 0755))
			return false;
		at = count < forest->count ? count : at;
		if (i % 9 != 8)
			continue;
		for (unsigned int k = 0; k < 8; k++)
			from = forest->nodes[from].parent;
		put_way(forest, at, depth_of(forest, from), way, 0);
		if (!add(forest, from, "a", S_IFLNK, way + 1, 0) ||
		    !add(forest, at, "b", S_IFLNK, "../../../../../..", 0))
			return false;
	}
	return true;
}

bool forest_grow(struct forest *forest, int fd, uint64_t seed)
{
	unsigned int count;
	struct stat st;
	bool ok;

	forest->random = seed;
	forest->sticky = false;
	forest->shaft = false;
	forest->count = 1;
	forest->nodes[0] = (struct node){.type = S_IFDIR, .fd = fd, .name = "a"};
	ok = fstat(fd, &st) == 0;
	forest->nodes[0].inode = st.st_ino;
	if (ok && one_in(&forest->random, 50))
		ok = forest->shaft = add_shaft(forest, one_in(&forest->random, 2));
	if (ok && one_in(&forest->random, 20))
		ok = add_chain(forest);
	count = 4 + below(&forest->random, 20);
	for (unsigned int i = 0; ok && i < count; i++)
		ok = add_any(forest);
	return ok;
}

bool forest_cut(struct forest *forest)
{
	bool ok = true;

	for (unsigned int i = forest->count; --i > 0;) {
		const struct node *node = &forest->nodes[i];

		if (node->fd >= 0)
			ok &= close(node->fd) == 0;
		ok &= unlinkat(forest->nodes[node->parent].fd, node->name,
			       node->type == S_IFDIR ? AT_REMOVEDIR : 0) == 0;
	}
	return ok;
}

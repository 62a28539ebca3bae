/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links that are followed by their text, one openat2() behind each.
 *
 * The kernel never follows one here (RESOLVE_NO_SYMLINKS): each target is seen, so that none
 * leads into /proc unnoticed, and what is reached has its canonical name. It costs one call
 * for a name in the root that was not met before, and one for the candidate.
 *
 * Must never decide where the stack walk would say something else: that one knows all rules.
 */
#define _GNU_SOURCE
#include "rootfs/shortcut.h"

#include "rootfs/link.h"
#include "rootfs/pathname.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { FOLLOWED = 4 /* links one behind the other; more are rare */ };

/* protected_symlinks looks at links in a sticky directory that everybody may write to. */
static bool root_follows(const struct rootfs *rootfs)
{
	struct shortcut *shortcut = rootfs->shortcut;
	struct stat st;

	if (!shortcut->asked) {
		shortcut->asked = true;
		shortcut->follows = fstat(rootfs->fd, &st) == 0 &&
				 (st.st_mode & (S_ISVTX | S_IWOTH)) != (S_ISVTX | S_IWOTH) &&
				 link_mount_refuses(rootfs->fd) == 0;
	}
	return shortcut->follows;
}

/* directory + "/" + target + rest; ptr NULL: too long, or no memory. */
static struct sv lay(struct arena *arena, struct sv directory, struct sv target, struct sv rest)
{
	char *text;
	size_t len = 0;

	if (target.len && target.ptr[0] == '/')
		directory = SV("");
	if (directory.len + target.len + rest.len + 2 >= PATH_MAX)
		return SV_NONE;
	text = arena_chars(arena, directory.len + 1 + target.len + rest.len);
	if (!text)
		return SV_NONE;
	if (directory.len)
		memcpy(text, directory.ptr, directory.len);
	len = directory.len;
	text[len++] = '/';
	memcpy(text + len, target.ptr, target.len);
	len += target.len;
	if (rest.len)
		memcpy(text + len, rest.ptr, rest.len);
	return sv_from(text, len + rest.len);
}

static bool is_known(const struct shortcut *shortcut, int i, struct sv name)
{
	return sv_eq(sv_from(shortcut->known[i].name, shortcut->known[i].name_length), name);
}

/* Reads what the name in the root is, in place of the oldest one known. Its index, or
 * WALK_UNDECIDED. */
static int learn(const struct rootfs *rootfs, struct sv name)
{
	struct shortcut *shortcut = rootfs->shortcut;
	uint32_t i = shortcut->next;
	char *known = shortcut->known[i].name, *target = shortcut->known[i].target;
	ssize_t n;

	if (name.len >= SHORTCUT_TEXT)
		return WALK_UNDECIDED;
	memcpy(known, name.ptr, name.len);
	known[name.len] = '\0';
	shortcut->known[i].name_length = 0;
	n = readlinkat(rootfs->fd, known, target, SHORTCUT_TEXT);
	if (n == 0 || n == SHORTCUT_TEXT || (n < 0 && errno != EINVAL && errno != ENOENT))
		return WALK_UNDECIDED;
	shortcut->known[i].missing = n < 0 && errno == ENOENT;
	if (n > 0 && !root_follows(rootfs))
		return WALK_UNDECIDED;
	shortcut->known[i].name_length = (uint8_t)name.len;
	shortcut->known[i].target_length = n > 0 ? (uint8_t)n : 0;
	shortcut->next = (i + 1) % SHORTCUT_KNOWN;
	shortcut->count += shortcut->count < SHORTCUT_KNOWN;
	return (int)i;
}

/* One path on its way through links. */
struct passage {
	const struct rootfs *rootfs;
	const struct identity *who;
	bool misses;
	struct arena *scratch, *arena;
	struct sv path; /* what is left to look at, from the root */
	uint32_t followed;
	bool leaves_root; /* see struct found */
	bool guessed;	  /* that the first name is no link */
};

/* Is the name of a directory that images with a merged /usr have as a link? Others are tried as
 * if they were none, which costs a call more where they are one. */
static bool is_usual_link(struct sv name)
{
	static const struct sv names[] = {{"bin", 3},	{"sbin", 4},  {"lib", 3},
					  {"lib64", 5}, {"lib32", 5}, {"libx32", 6}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_eq(name, names[i]))
			return true;
	return false;
}

/* What the name in the root leads to: 0 and a target, which is empty if it is no link;
 * ENOENT, or WALK_UNDECIDED. */
static int target_of(struct passage *p, struct sv name, struct sv *ret)
{
	const struct shortcut *shortcut = p->rootfs->shortcut;
	int i = 0;

	*ret = SV("");
	while (i < (int)shortcut->count && !is_known(shortcut, i, name))
		i++;
	if (i == (int)shortcut->count && !shortcut->wary && !is_usual_link(name)) {
		p->guessed = true;
		return 0;
	}
	if (i == (int)shortcut->count)
		i = learn(p->rootfs, name);
	if (i == WALK_UNDECIDED)
		return WALK_UNDECIDED;
	*ret = sv_from(shortcut->known[i].target, shortcut->known[i].target_length);
	return shortcut->known[i].missing ? ENOENT : 0;
}

/* Does a link's text go up more often than there are names before it? Those are no links, or
 * this were not decided here. */
static bool climbs(struct sv directory, struct sv target)
{
	struct sv name;
	size_t depth = 0;

	while (pathname_next(&directory, &name)) {
		if (sv_eq(name, SV("..")))
			depth -= depth ? 1 : 0;
		else if (!sv_eq(name, SV(".")))
			depth++;
	}
	while (pathname_next(&target, &name)) {
		if (!sv_eq(name, SV("..")))
			depth += !sv_eq(name, SV("."));
		else if (!depth--)
			return true;
	}
	return false;
}

/* The path is that of a link in `directory`, and becomes what the link's text makes of it. */
static int follow(struct passage *p, struct sv directory, struct sv target, struct sv rest)
{
	p->followed++;
	p->leaves_root |= target.ptr[0] == '/' || climbs(directory, target);
	p->path = lay(p->scratch, directory, target, rest);
	return p->path.ptr ? 0 : WALK_UNDECIDED;
}

/* A path whose first name is a link becomes the one that it leads to. */
static int enter_root(struct passage *p)
{
	struct sv rest = p->path, name, target;
	int error;

	if (pathname_enters_proc(p->path))
		return WALK_UNDECIDED;
	if (!pathname_next(&rest, &name) || sv_eq(name, SV(".")) || sv_eq(name, SV("..")))
		return 0;
	error = target_of(p, name, &target);
	return error || !target.len ? error : follow(p, SV(""), target, rest);
}

/* Nobody is forbidden to follow a link of his own. */
static bool may_follow(int fd, const struct stat *st, const struct identity *who)
{
	return who->known && who->uid == st->st_uid && link_mount_refuses(fd) == 0;
}

/* Where the walk goes on. The first name of a path that led to a link is none itself. */
enum next { NEXT_END, NEXT_FROM_ROOT, NEXT_FROM_THERE };

/* The last name of the path is the link that fd is. */
static int enter_link(struct passage *p, int fd, const struct stat *st, enum next *next)
{
	struct sv directory = p->path;
	char *target;
	ssize_t n;

	while (directory.len && directory.ptr[directory.len - 1] != '/')
		directory.len--;
	while (directory.len && directory.ptr[directory.len - 1] == '/')
		directory.len--;
	target = arena_chars(p->scratch, PATH_MAX);
	if (!target || !may_follow(fd, st, p->who))
		return WALK_UNDECIDED;
	n = readlinkat(fd, "", target, PATH_MAX);
	if (n <= 0 || n >= PATH_MAX)
		return WALK_UNDECIDED;
	*next = target[0] == '/' ? NEXT_FROM_ROOT : NEXT_FROM_THERE;
	return follow(p, directory, sv_from(target, (size_t)n), SV(""));
}

/* Without links the canonical name is the path itself, cleaned. */
static int keep(const struct passage *p, int fd, const struct stat *st, struct found *ret)
{
	struct sv canonical = pathname_canonical(p->arena, p->path);

	if (!canonical.ptr)
		return walk_memory(p->arena);
	*ret = (struct found){.fd = fd,
			      .st = *st,
			      .canonical = canonical,
			      .leaves_root = p->leaves_root};
	return 0;
}

/* One openat2(). If it was a link, the path is now where it leads. */
static int look(struct passage *p, struct found *ret, enum next *next)
{
	struct stat st;
	int error, fd = openat2_open(p->rootfs, p->path.ptr, O_PATH | O_NOFOLLOW | O_CLOEXEC,
				     &error);

	*next = NEXT_END;
	if (fd < 0 && error == ELOOP && p->guessed) {
		p->guessed = false;
		p->rootfs->shortcut->wary = true;
		*next = NEXT_FROM_ROOT; /* once more, with a look at the name */
		return 0;
	}
	if (fd < 0)
		return error == ENOENT || error == ENOTDIR ? error : WALK_UNDECIDED;
	error = p->misses || fstat(fd, &st) < 0 ? WALK_UNDECIDED : 0;
	if (!error && !S_ISLNK(st.st_mode)) {
		error = keep(p, fd, &st, ret);
		if (!error)
			return 0;
	} else if (!error) {
		error = enter_link(p, fd, &st, next);
	}
	(void)close(fd);
	return error;
}

static struct sv without_slashes(struct sv path)
{
	while (path.len && path.ptr[0] == '/')
		path = sv_skip(path, 1);
	return path;
}

bool shortcut_plain(const struct shortcut *shortcut, struct sv path, int *error)
{
	path = without_slashes(path);
	for (uint32_t i = 0; path.len && i < SHORTCUT_PLAIN; i++) {
		if (!sv_eq(sv_from(shortcut->plain[i].path, shortcut->plain[i].length), path))
			continue;
		*error = shortcut->plain[i].error;
		return true;
	}
	return false;
}

static void remember(struct shortcut *shortcut, struct sv path, int error)
{
	uint32_t i = shortcut->next_plain;

	path = without_slashes(path);
	if (path.len > SHORTCUT_PATH)
		return;
	memcpy(shortcut->plain[i].path, path.ptr, path.len);
	shortcut->plain[i].length = (uint8_t)path.len;
	shortcut->plain[i].error = error;
	shortcut->next_plain = (i + 1) % SHORTCUT_PLAIN;
}

/* "/NAME", where NAME is neither "." nor "..". */
static bool is_in_root(struct sv path, struct sv *name)
{
	return path.len && path.len < PATH_MAX && path.ptr[0] == '/' &&
	       !sv_contains(path, '\0') && pathname_next(&path, name) && !path.len &&
	       name->len <= NAME_MAX && !sv_eq(*name, SV(".")) && !sv_eq(*name, SV(".."));
}

bool shortcut_directory(const struct rootfs *rootfs, struct sv path)
{
	char text[NAME_MAX + 1];
	struct sv name;
	struct stat st;

	if (!rootfs->shortcut || rootfs->walker == WALKER_OPENAT2 || !is_in_root(path, &name) ||
	    pathname_enters_proc(path))
		return false;
	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	if (fstatat(rootfs->fd, text, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
		return false;
	remember(rootfs->shortcut, path, 0);
	return true;
}

int shortcut_walk(const struct rootfs *rootfs, struct sv path, const struct identity *who,
		  bool misses, struct arena *arena, struct found *ret)
{
	uint32_t limit = rootfs->max_symlinks;
	struct arena scratch;
	struct passage p = {.rootfs = rootfs,
			    .who = who,
			    .misses = misses,
			    .scratch = &scratch,
			    .arena = arena,
			    .path = path};
	enum next next = NEXT_FROM_ROOT;
	int error = 0;

	if (!limit || limit > FOLLOWED)
		limit = FOLLOWED;
	arena_init(&scratch, &arena->allocator, WALK_SCRATCH);
	while (!error && next != NEXT_END) {
		if (next == NEXT_FROM_ROOT)
			error = enter_root(&p);
		if (!error && (p.followed > limit || pathname_enters_proc(p.path)))
			error = WALK_UNDECIDED;
		if (!error && p.followed)
			(void)shortcut_plain(rootfs->shortcut, p.path, &error);
		if (!error)
			error = look(&p, ret, &next);
		if (!p.followed && (error == ENOENT || error == ENOTDIR ||
				    (!error && next == NEXT_END)))
			remember(rootfs->shortcut, p.path, error);
	}
	arena_free(&scratch);
	return error;
}

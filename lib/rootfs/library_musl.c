/* SPDX-License-Identifier: Apache-2.0 */
/*
 * musl's search: load_library() and path_open() of ldso/dynlink.c.
 *
 * Must never look at a file before it is taken: the first one that can be opened is it.
 */
#define _GNU_SOURCE
#include "rootfs/library_search.h"

#include "rootfs/file.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

enum {
	FILE_MOST = 65536,	     /* bytes of the path file that are read */
	BUFFER = 2 * NAME_MAX + 2,   /* a path of that many bytes and more is passed over */
};

#define DIRECTORIES SV("/lib:/usr/local/lib:/usr/lib")

/* Everything that a C library has is in the loader. */
static bool is_loader(const struct finder *f, struct sv name)
{
	static const struct sv reserved[] = {
		{"libc.", 5}, {"libpthread.", 11}, {"librt.", 6},   {"libm.", 5},
		{"libdl.", 6}, {"libutil.", 8},	   {"libxnet.", 8},
	};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (sv_has_prefix(name, reserved[i]))
			return true;
	return sv_eq(name, f->interp);
}

/* Names are known by the entries of the list alone; DT_SONAME has no meaning. */
static bool is_loaded(const struct object *object, struct sv name)
{
	(void)object;
	(void)name;
	return false;
}

static bool refuses(const struct elf_file *elf, const struct dynamic *dynamic)
{
	(void)dynamic;
	return elf->type != ET_DYN && elf->type != ET_EXEC;
}

static struct sv name_of(struct finder *f, int32_t requester, struct sv needed)
{
	(void)f;
	(void)requester;
	return needed.len ? needed : SV_NONE;
}

/* --- the path file ------------------------------------------------------------------ */

/* The loader's path without its last two components. */
static struct sv prefix_of(struct sv interp)
{
	size_t last = 0, before = 0;

	if (!sv_has_prefix(interp, SV("/")))
		return SV("");
	for (size_t i = 0; i < interp.len; i++) {
		if (interp.ptr[i] != '/')
			continue;
		before = last;
		last = i;
	}
	return sv_from(interp.ptr, before);
}

/* What stands between "ld-musl-" and ".so" in the base name. */
static struct sv architecture_of(struct sv interp)
{
	struct sv base = interp, part;
	size_t len = 0;

	while (sv_cut(&interp, '/', &part))
		base = part;
	base = sv_skip(base, strlen("ld-musl-"));
	while (len < base.len && !sv_has_prefix(sv_skip(base, len), SV(".so")))
		len++;
	return sv_from(base.ptr, len);
}

struct sv library_musl_file(struct arena *arena, struct sv interp)
{
	struct sv prefix = prefix_of(interp), architecture = architecture_of(interp);
	char *text = arena_chars(arena, prefix.len + strlen("/etc/ld-musl-.path") +
						architecture.len),
	     *to = text;

	if (!text)
		return SV_NONE;
	to = sv_write(to, prefix);
	to = sv_write(to, SV("/etc/ld-musl-"));
	to = sv_write(to, architecture);
	to = sv_write(to, SV(".path"));
	return sv_from(text, (size_t)(to - text));
}

/* As far as it goes, up to a NUL. A longer one cannot be told. */
static void read_path_file(struct finder *f, const struct probe *file)
{
	size_t size = FILE_MOST;
	ssize_t got;
	char *text;

	if (file->found.st.st_size <= FILE_MOST)
		size = (size_t)file->found.st.st_size;
	else
		f->list.unsure = true;
	text = arena_chars(f->arena, size);
	if (!text) {
		f->error = walk_memory(f->arena);
		return;
	}
	got = file_read(file->fd, text, size, 0);
	if (got < 0)
		f->error = errno;
	text[got > 0 ? got : 0] = '\0';
	f->directories = sv_of(text);
}

/* Missing: the default; there, but not to be had: nothing. */
static void begin(struct finder *f)
{
	struct arena_mark mark = arena_mark(&f->scratch);
	struct sv path = library_musl_file(&f->scratch, f->interp);
	struct probe file = {.fd = -1};
	int error;

	f->directories = DIRECTORIES;
	f->directories_rule = LIBRARY_DEFAULT;
	if (!path.ptr) {
		f->error = walk_memory(&f->scratch);
		return;
	}
	error = library_open(f, path, &file);
	if (!f->error && error != ENOENT) {
		f->directories = SV("");
		f->directories_rule = LIBRARY_FILE;
		if (!error && file.readable)
			read_path_file(f, &file);
		else if (!error && file.regular)
			f->list.unsure = true;
	}
	library_close(&file);
	arena_rewind(&f->scratch, &mark);
}

/* --- $ORIGIN ------------------------------------------------------------------------ */

static size_t token_at(struct sv text)
{
	return sv_has_prefix(text, SV("$ORIGIN"))     ? 7
	       : sv_has_prefix(text, SV("${ORIGIN}")) ? 9
						      : 0;
}

/* DT_RUNPATH or else DT_RPATH, in the scratch with its origins put in. Any other token, and
 * the program's origin where it runs with another's rights: there is no such list. */
static struct sv rpath_of(struct finder *f, const struct object *object)
{
	struct sv from = object->dynamic.runpath.ptr ? object->dynamic.runpath
						     : object->dynamic.rpath;
	struct sv origin = sv_eq(object->origin, SV("/")) ? SV("") : object->origin;
	size_t count = 0;
	char *text, *to;

	for (size_t i = 0; i < from.len; i++) {
		if (from.ptr[i] != '$')
			continue;
		if (!token_at(sv_skip(from, i)) ||
		    (f->list.secure && (object->parent < 0 || !sv_has_prefix(object->origin, SV("/")))))
			return SV_NONE;
		count++;
	}
	if (!count)
		return from;
	text = to = arena_chars(&f->scratch, from.len + count * origin.len);
	if (!text) {
		f->error = walk_memory(&f->scratch);
		return SV_NONE;
	}
	while (from.len) {
		size_t n = sv_find(from, '$');

		to = sv_write(to, sv_from(from.ptr, n));
		from = sv_skip(from, n);
		if (from.len)
			to = sv_write(to, origin);
		from = sv_skip(from, from.len ? token_at(from) : 0);
	}
	return sv_from(text, (size_t)(to - text));
}

/* --- lists of directories ----------------------------------------------------------- */

enum next { NEXT_GO_ON, NEXT_FOUND, NEXT_STOP };

static bool goes_on(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENAMETOOLONG;
}

/* What musl does with the bytes: it reads a header, and asks for no more than a type. */
static void judge(struct probe *candidate)
{
	candidate->broken =
		!candidate->regular ||
		(candidate->readable && candidate->have < sizeof(candidate->head));
}

static enum next look_in(struct finder *f, struct sv directory, struct sv name,
			 struct probe *ret)
{
	char *text, *to;
	int error;

	if (directory.len + 1 + name.len >= BUFFER)
		return NEXT_GO_ON;
	text = to = arena_chars(&f->scratch, directory.len + 1 + name.len);
	if (!text) {
		f->error = walk_memory(&f->scratch);
		return NEXT_STOP;
	}
	to = sv_write(to, directory);
	*to++ = '/';
	to = sv_write(to, name);
	error = library_open(f, sv_from(text, (size_t)(to - text)), ret);
	if (!error)
		return NEXT_FOUND;
	library_close(ret);
	return goes_on(error) && !f->error ? NEXT_GO_ON : NEXT_STOP;
}

/* Empty entries count for nothing. */
static enum next search_list(struct finder *f, struct sv list, struct sv name,
			     struct probe *ret)
{
	enum next next = NEXT_GO_ON;
	struct sv entry;

	while (next == NEXT_GO_ON && library_cut(f, &list, ':', '\n', &entry)) {
		struct arena_mark mark = arena_mark(&f->scratch);

		if (entry.len)
			next = look_in(f, entry, name, ret);
		if (f->error)
			next = NEXT_STOP;
		if (next != NEXT_FOUND)
			arena_rewind(&f->scratch, &mark);
	}
	return next;
}

static enum next search_rpaths(struct finder *f, int32_t requester, struct sv name,
			       struct probe *ret)
{
	enum next next = NEXT_GO_ON;

	for (int32_t at = requester; next == NEXT_GO_ON && at >= 0;
	     at = object_at(f, at)->parent) {
		next = search_list(f, rpath_of(f, object_at(f, at)), name, ret);
		if (f->error)
			next = NEXT_STOP;
	}
	return next;
}

static bool search(struct finder *f, int32_t requester, struct sv name,
		   struct probe *ret)
{
	struct sv environment = f->list.secure ? SV_NONE : f->request->library_path;
	enum next next;

	if (sv_contains(name, '/')) {
		next = library_open(f, name, ret) ? NEXT_STOP : NEXT_FOUND;
		ret->rule = LIBRARY_PATH;
	} else if (name.len > NAME_MAX) {
		return false;
	} else {
		next = search_list(f, environment, name, ret);
		ret->rule = LIBRARY_ENVIRONMENT;
		if (next == NEXT_GO_ON) {
			next = search_rpaths(f, requester, name, ret);
			ret->rule = LIBRARY_RPATH;
		}
		if (next == NEXT_GO_ON) {
			next = search_list(f, f->directories, name, ret);
			ret->rule = f->directories_rule;
		}
	}
	if (next == NEXT_FOUND)
		judge(ret);
	return next == NEXT_FOUND;
}

const struct loader loader_musl = {
	.begin = begin,
	.name = name_of,
	.is_loader = is_loader,
	.is_loaded = is_loaded,
	.search = search,
	.refuses = refuses,
};

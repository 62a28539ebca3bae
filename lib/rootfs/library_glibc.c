/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glibc's search: _dl_map_object() and open_path() of elf/dl-load.c.
 *
 * Must never be kinder to a file than open_verify(): what that takes for a fault ends the
 * program, and what it passes over is not found.
 */
#define _GNU_SOURCE
#include "rootfs/library_search.h"

#include "rootfs/file.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

static bool is_loader(const struct finder *f, struct sv name)
{
	return sv_eq(name, f->interp) || (f->soname.ptr && sv_eq(name, f->soname));
}

static bool is_loaded(const struct object *object, struct sv name)
{
	if (object->parent >= 0 && sv_eq(object->path, name))
		return true;
	return object->dynamic.soname.ptr && sv_eq(object->dynamic.soname, name);
}

/* --- tokens ------------------------------------------------------------------------- */

/* Bytes of "NAME" or "{NAME}" behind a "$", 0: it is another one. */
static size_t token_at(struct sv text, struct sv name)
{
	bool curly = text.len && text.ptr[0] == '{';
	struct sv rest = sv_skip(text, curly);
	unsigned char next;

	if (!sv_has_prefix(rest, name))
		return 0;
	next = rest.len > name.len ? (unsigned char)rest.ptr[name.len] : 0;
	if (curly)
		return next == '}' ? name.len + 2 : 0;
	if (next == '_' || (next >= '0' && next <= '9') || (next >= 'A' && next <= 'Z') ||
	    (next >= 'a' && next <= 'z'))
		return 0;
	return name.len;
}

/* Where a set-user-ID program may have its $ORIGIN: in a directory of the loader. */
static bool is_trusted(struct finder *f, struct sv path)
{
	struct sv rest = f->directories, directory;
	char *text = arena_chars(&f->scratch, path.len + 1);
	size_t len;

	if (!text) {
		f->error = walk_memory(&f->scratch);
		return false;
	}
	(void)sv_write(text, path);
	len = pathname_clean(text, path.len);
	text[len++] = '/';
	while (sv_cut(&rest, '\0', &directory))
		if (sv_has_prefix(sv_from(text, len), directory))
			return true;
	return false;
}

/* What a token stands for; ptr NULL: none that is known, and the text cannot be used. *len is
 * 0 for a "$" that is no token. */
static struct sv value_of(struct finder *f, const struct object *object, struct sv text,
			  size_t at, size_t *len)
{
	struct sv rest = sv_skip(text, at + 1);
	char next;

	if ((*len = token_at(rest, SV("ORIGIN"))) != 0) {
		next = at + 1 + *len < text.len ? text.ptr[at + 1 + *len] : '/';
		return f->list.secure && (at || next != '/') ? SV_NONE : object->origin;
	}
	if ((*len = token_at(rest, SV("PLATFORM"))) != 0) {
		f->list.unsure = true;
		return SV_NONE;
	}
	*len = token_at(rest, SV("LIB"));
	if (*len && !f->lib.ptr)
		f->list.unsure = true;
	return f->lib;
}

/* The text with its tokens replaced, in the scratch if there are any. ptr NULL: it cannot be
 * used, or is longer than a path may be. */
static struct sv expand(struct finder *f, const struct object *object, struct sv text)
{
	char *buffer = sv_contains(text, '$') ? arena_chars(&f->scratch, PATH_MAX) : NULL;
	bool origin = false;
	size_t len = 0;

	if (!sv_contains(text, '$'))
		return text;
	if (!buffer) {
		f->error = walk_memory(&f->scratch);
		return SV_NONE;
	}
	for (size_t at = 0, token; at < text.len; at += 1 + token) {
		struct sv put = sv_from(text.ptr + at, 1), value;

		token = 0;
		if (text.ptr[at] == '$') {
			value = value_of(f, object, text, at, &token);
			if (token)
				put = value;
			origin |= token && value.ptr == object->origin.ptr;
		}
		if (!put.ptr || put.len >= PATH_MAX - len)
			return SV_NONE;
		len = (size_t)(sv_write(buffer + len, put) - buffer);
	}
	/* The program's own place may be the caller's choice. */
	if (origin && f->list.secure && object->parent < 0 && !is_trusted(f, sv_from(buffer, len)))
		return SV_NONE;
	return sv_from(buffer, len);
}

static struct sv name_of(struct finder *f, int32_t requester, struct sv needed)
{
	struct sv name = expand(f, object_at(f, requester), needed);
	char *copy;

	if (!name.ptr || name.ptr == needed.ptr)
		return name;
	copy = arena_strdup(f->arena, name);
	if (!copy)
		f->error = walk_memory(f->arena);
	return sv_from(copy, copy ? name.len : 0);
}

/* --- one file ----------------------------------------------------------------------- */

/* open_verify(): ENOENT for a file of another class or machine, which is passed over; any
 * other fault of the file ends the program. */
static int verify(const struct finder *f, struct probe *candidate)
{
	static const unsigned char padding[EI_NIDENT - EI_PAD];
	const unsigned char *head = candidate->head;
	struct elf_file elf;

	candidate->broken = true;
	if (candidate->regular && !candidate->readable) { /* by us; let us take it for good */
		candidate->broken = false;
		return 0;
	}
	if (candidate->have < f->elf.layout->header || memcmp(head, ELFMAG, SELFMAG) != 0)
		return 0;
	if (head[EI_CLASS] != f->elf.class)
		return ENOENT;
	if (head[EI_DATA] != f->elf.order || head[EI_VERSION] != EV_CURRENT ||
	    (head[EI_OSABI] != ELFOSABI_SYSV && head[EI_OSABI] != ELFOSABI_GNU) ||
	    (head[EI_OSABI] == ELFOSABI_SYSV && head[EI_ABIVERSION]) ||
	    memcmp(head + EI_PAD, padding, sizeof(padding)) != 0 ||
	    !elf_begin(&elf, candidate->fd, head) ||
	    elf_number(&elf, head + offsetof(Elf32_Ehdr, e_version), 4) != EV_CURRENT)
		return 0;
	if (elf.machine != f->elf.machine)
		return ENOENT;
	candidate->broken = false;
	return 0;
}

static int try(struct finder *f, struct sv path, struct probe *ret)
{
	int error = library_open(f, path, ret);

	if (!error)
		error = verify(f, ret);
	if (error)
		library_close(ret);
	return error;
}

/* A program is no library, though it may look like one. */
static bool refuses(const struct elf_file *elf, const struct dynamic *dynamic)
{
	return elf->type != ET_DYN || (dynamic->flags_1 & DF_1_PIE);
}

/* --- lists of directories ----------------------------------------------------------- */

enum next { NEXT_GO_ON, NEXT_FOUND, NEXT_STOP };

/* Is there such a directory, for glibc? It asks before it wonders about an error. */
static bool is_directory(struct finder *f, struct sv path)
{
	struct probe candidate;
	bool there = library_open(f, path.len ? path : SV("."), &candidate) == 0 &&
		     S_ISDIR(candidate.found.st.st_mode);

	library_close(&candidate);
	return there;
}

/* One directory, without the slashes at its end; "" is the working directory. */
static enum next look_in(struct finder *f, struct sv directory, struct sv name,
			 struct probe *ret)
{
	struct sv path;
	int error;

	while (directory.len > 1 && directory.ptr[directory.len - 1] == '/')
		directory.len--;
	path = library_join(f, directory, name);
	if (!path.ptr)
		return f->error ? NEXT_STOP : NEXT_GO_ON;
	error = try(f, path, ret);
	if (!error)
		return NEXT_FOUND;
	if (f->error)
		return NEXT_STOP;
	return error == ENOENT || error == EACCES || !is_directory(f, directory) ? NEXT_GO_ON
									      : NEXT_STOP;
}

/* The scratch is given back behind each miss; a hit keeps its path there. */
static bool search_list(struct finder *f, const struct object *object, struct sv list, char a,
			char b, struct sv name, struct probe *ret)
{
	enum next next = NEXT_GO_ON;
	struct sv entry;

	while (next == NEXT_GO_ON && library_cut(f, &list, a, b, &entry)) {
		struct arena_mark mark = arena_mark(&f->scratch);
		struct sv directory = expand(f, object, entry);

		/* Only an entry that was empty before stands for the working directory. */
		if (directory.len || !entry.len)
			next = look_in(f, directory, name, ret);
		if (f->error)
			next = NEXT_STOP;
		if (next != NEXT_FOUND)
			arena_rewind(&f->scratch, &mark);
	}
	return next == NEXT_FOUND;
}

/* DT_RUNPATH beside it takes a DT_RPATH away. */
static struct sv rpath_of(const struct object *object)
{
	return object->dynamic.runpath.ptr ? SV_NONE : object->dynamic.rpath;
}

static bool search_rpaths(struct finder *f, int32_t requester, struct sv name,
			  struct probe *ret)
{
	for (int32_t at = requester; at >= 0; at = object_at(f, at)->parent) {
		struct sv rpath = rpath_of(object_at(f, at));

		if (rpath.len && search_list(f, object_at(f, at), rpath, ':', ':', name, ret))
			return true;
		if (f->error)
			return false;
	}
	return false;
}

static bool search_by(struct finder *f, enum library_rule rule, int32_t requester,
		      struct sv name, struct probe *ret)
{
	const struct object *object = object_at(f, requester);
	struct sv environment = f->list.secure ? SV_NONE : f->request->library_path;

	if (rule == LIBRARY_RPATH)
		return !object->dynamic.runpath.ptr && search_rpaths(f, requester, name, ret);
	if (rule == LIBRARY_ENVIRONMENT)
		return environment.len &&
		       search_list(f, object_at(f, 0), environment, ':', ';', name, ret);
	if (rule == LIBRARY_RUNPATH)
		return object->dynamic.runpath.len &&
		       search_list(f, object, object->dynamic.runpath, ':', ':', name, ret);
	return !(object->dynamic.flags_1 & DF_1_NODEFLIB) &&
	       search_list(f, object, f->directories, '\0', '\0', name, ret);
}

static bool search(struct finder *f, int32_t requester, struct sv name,
		   struct probe *ret)
{
	static const enum library_rule rules[] = {LIBRARY_RPATH, LIBRARY_ENVIRONMENT,
						  LIBRARY_RUNPATH, LIBRARY_DEFAULT};

	if (sv_contains(name, '/')) {
		if (try(f, name, ret))
			return false;
		ret->rule = LIBRARY_PATH;
		return true;
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !f->error; i++) {
		if (!search_by(f, rules[i], requester, name, ret))
			continue;
		ret->rule = rules[i];
		return true;
	}
	return false;
}

const struct loader loader_glibc = {
	.begin = library_glibc_begin,
	.name = name_of,
	.is_loader = is_loader,
	.is_loaded = is_loaded,
	.search = search,
	.refuses = refuses,
	.origin_is_absolute = true,
};

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The libraries of a program, breadth first, as its loader goes about it.
 *
 * Must never take a look at this machine: its loader, its processor, its environment.
 */
#define _GNU_SOURCE
#include "rootfs/library_search.h"

#include "rootfs/file.h"
#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* What one list may cost, as one look-up may. */
enum { LIBRARY_STEPS = 1 << 20 };

const char *library_rule_name(enum library_rule rule)
{
	static const char *const names[] = {
		[LIBRARY_MISSING] = "not found",
		[LIBRARY_PATH] = "path",
		[LIBRARY_RPATH] = "DT_RPATH",
		[LIBRARY_ENVIRONMENT] = "LD_LIBRARY_PATH",
		[LIBRARY_RUNPATH] = "DT_RUNPATH",
		[LIBRARY_FILE] = "/etc/ld-musl-*.path",
		[LIBRARY_DEFAULT] = "default directories",
		[LIBRARY_LOADER] = "the loader itself",
		[LIBRARY_LOADED] = "DT_SONAME",
	};

	return names[rule];
}

/* The kernel takes both bits for the group's: without x the bit means locking. The identity
 * that is not known may be any other than the file's. */
static bool is_secure(const struct library_request *request)
{
	const struct stat *st = &request->program->st;
	const struct identity *who = request->who;
	const mode_t group = S_ISGID | S_IXGRP;

	if (request->no_new_privileges)
		return false;
	return ((st->st_mode & S_ISUID) && (!who->known || st->st_uid != who->uid)) ||
	       ((st->st_mode & group) == group && (!who->known || st->st_gid != who->gid));
}

static struct sv directory_of(struct sv path)
{
	while (path.len && path.ptr[path.len - 1] != '/')
		path.len--;
	if (path.len > 1)
		path.len--;
	return path.len ? path : SV(".");
}

static struct sv keep(struct finder *f, struct sv text)
{
	char *copy = arena_strdup(f->arena, text);

	if (!copy)
		f->error = walk_memory(f->arena);
	return copy ? sv_from(copy, text.len) : SV_NONE;
}

/* glibc makes a relative origin absolute, musl leaves it. */
static struct sv origin_of(struct finder *f, const struct loader *loader, struct sv path)
{
	struct sv directory = directory_of(path);

	if (!loader || !loader->origin_is_absolute || directory.ptr[0] == '/')
		return directory;
	directory = library_join(f, f->request->cwd, directory);
	return directory.ptr ? keep(f, directory) : SV(".");
}

static struct object *add_object(struct finder *f, const struct stat *st)
{
	struct object *object = VEC_PUSH(&f->objects, f->arena, struct object);

	if (!object) {
		f->error = walk_memory(f->arena);
		return NULL;
	}
	object->parent = object->library = -1;
	object->dev = st->st_dev;
	object->ino = st->st_ino;
	return object;
}

/* An entry of the list; NULL: the list is full, or no memory. */
static struct library *add_library(struct finder *f, int32_t requester, struct sv name,
				   enum library_rule rule)
{
	struct library *library;

	if (f->libraries.count >= LIBRARY_NAMES) {
		f->list.cut = true;
		return NULL;
	}
	library = VEC_PUSH(&f->libraries, f->arena, struct library);
	if (!library) {
		f->error = walk_memory(f->arena);
		return NULL;
	}
	*library = (struct library){.name = name,
				    .rule = rule,
				    .needed_by = object_at(f, requester)->library,
				    .same_as = -1};
	return library;
}

static int32_t find_object(const struct finder *f, const struct stat *st)
{
	for (uint32_t i = 0; i < f->objects.count; i++) {
		const struct object *object = object_at(f, (int32_t)i);

		if (object->dev == st->st_dev && object->ino == st->st_ino)
			return (int32_t)i;
	}
	return -1;
}

/* The file that was found becomes an object, whose own needs are looked at in their turn. */
static void load(struct finder *f, const struct loader *loader, int32_t requester,
		 struct probe *candidate, struct library *library)
{
	struct dynamic dynamic = {.present = false};
	struct object *object;
	struct elf_file elf;

	if (f->objects.count > LIBRARY_OBJECTS) {
		f->list.cut = true;
		return;
	}
	library->unread = !candidate->broken && !candidate->readable;
	if (!candidate->broken && candidate->readable) {
		int error = elf_begin(&elf, candidate->fd, candidate->head)
				    ? dynamic_read(&elf, f->arena, &dynamic)
				    : ENOEXEC;

		if (error && error != ENOEXEC)
			f->error = error;
		candidate->broken = error || !dynamic.present || loader->refuses(&elf, &dynamic);
	}
	library->broken = candidate->broken;
	object = f->error ? NULL : add_object(f, &candidate->found.st);
	if (!object)
		return;
	object->dynamic = dynamic;
	object->path = library->path;
	object->origin = origin_of(f, loader, library->path);
	object->parent = requester;
	object->library = (int32_t)(f->libraries.count - 1);
}

static void take(struct finder *f, const struct loader *loader, int32_t requester,
		 struct sv name, struct probe *candidate)
{
	struct library *library = add_library(f, requester, name, candidate->rule);
	int32_t same = find_object(f, &candidate->found.st);

	if (!library)
		return;
	library->path = keep(f, candidate->path);
	library->canonical = keep(f, candidate->found.canonical);
	if (f->error)
		return;
	if (same < 0)
		load(f, loader, requester, candidate, library);
	else
		library->same_as = object_at(f, same)->library;
}

/* True if nothing has to be looked for: the name is listed already, or known. */
static bool is_known(struct finder *f, const struct loader *loader, int32_t requester,
		     struct sv name)
{
	const struct library *items = f->libraries.items;
	struct library *library;

	for (uint32_t i = 0; i < f->libraries.count; i++)
		if (items[i].rule && sv_eq(items[i].name, name))
			return true;
	if (loader->is_loader(f, name)) {
		library = add_library(f, requester, name, LIBRARY_LOADER);
		if (library)
			library->path = f->interp;
		return true;
	}
	for (uint32_t i = 0; i < f->objects.count; i++) {
		const struct object *object = object_at(f, (int32_t)i);

		if (!loader->is_loaded(object, name))
			continue;
		library = add_library(f, requester, name, LIBRARY_LOADED);
		if (library) {
			library->path = object->path;
			library->same_as = object->library;
		}
		return true;
	}
	return false;
}

static void need(struct finder *f, const struct loader *loader, int32_t requester,
		 struct sv needed)
{
	struct probe candidate = {.fd = -1};
	struct sv name;

	if (!loader) {
		(void)add_library(f, requester, needed, LIBRARY_MISSING);
		return;
	}
	name = loader->name(f, requester, needed);
	if (f->error || (name.ptr && is_known(f, loader, requester, name)))
		return;
	if (name.ptr && loader->search(f, requester, name, &candidate))
		take(f, loader, requester, name, &candidate);
	else if (!f->error)
		(void)add_library(f, requester, name.ptr ? name : needed, LIBRARY_MISSING);
	library_close(&candidate);
}

static void need_all(struct finder *f)
{
	const struct loader *loader = f->list.libc == LIBC_GLIBC  ? &loader_glibc
				      : f->list.libc == LIBC_MUSL ? &loader_musl
								  : NULL;

	if (loader)
		loader->begin(f);
	for (uint32_t i = 0; i < f->objects.count; i++) {
		/* By value: the objects move when they grow. */
		struct dynamic dynamic = object_at(f, (int32_t)i)->dynamic;

		for (uint32_t n = 0; n < dynamic.needed_count && !f->error && !f->list.cut; n++) {
			struct arena_mark mark = arena_mark(&f->scratch);

			need(f, loader, (int32_t)i, dynamic.needed[n]);
			arena_rewind(&f->scratch, &mark);
		}
	}
}

/* PT_INTERP: execve has looked at it. */
static int read_interp(struct finder *f)
{
	struct elf_segments segments;
	struct elf_segment segment;
	char *text;
	int error;

	if (!elf_segments(&segments, &f->elf))
		return ENOEXEC;
	while (elf_next_segment(&segments, &segment)) {
		if (segment.type != PT_INTERP)
			continue;
		if (segment.filesz < 2 || segment.filesz > PATH_MAX)
			return ENOEXEC;
		text = arena_chars(f->arena, (size_t)segment.filesz);
		if (!text)
			return walk_memory(f->arena);
		error = file_read_all(f->elf.fd, text, (size_t)segment.filesz, segment.offset);
		if (!error)
			f->interp = sv_of(text);
		return error;
	}
	return segments.error ? segments.error : segments.cut ? ENOEXEC : 0;
}

static int read_program(struct finder *f, int fd)
{
	unsigned char head[ELF_HEAD] = {0};
	struct dynamic dynamic = {.present = false};
	struct object *object;
	int error;

	if (file_read(fd, head, sizeof(head), 0) < 0)
		return errno;
	if (!elf_begin(&f->elf, fd, head))
		return ENOEXEC;
	error = read_interp(f);
	if (!error)
		error = dynamic_read(&f->elf, f->arena, &dynamic);
	if (error)
		return error;
	f->list.readable = true;
	f->list.program = dynamic;
	f->list.pie = dynamic_is_pie(&f->elf, &dynamic);
	f->list.linked = f->interp.ptr != NULL;
	f->list.libc = dynamic_libc(f->interp);
	object = add_object(f, &f->request->program->st);
	if (!object)
		return f->error;
	if (f->list.linked)
		object->dynamic = dynamic;
	object->path = f->request->program->canonical;
	object->origin = directory_of(object->path);
	return 0;
}

static int find(struct finder *f)
{
	const struct library_request *request = f->request;
	int error = cwd_find(request->rootfs, request->cwd, &f->steps, f->arena, &f->cwd);
	int fd;

	if (error)
		return error;
	fd = file_open(request->rootfs, request->program, &error);
	if (fd < 0)
		return error == EACCES || error == EPERM ? 0 : error;
	error = read_program(f, fd);
	close(fd);
	f->elf.fd = -1;
	if (error)
		return error;
	f->list.secure = is_secure(request);
	need_all(f);
	f->list.items = f->libraries.items;
	f->list.count = f->libraries.count;
	return f->error;
}

int32_t library_find(const struct library_request *request, struct arena *arena,
		     const struct diag *diag, struct mark mark, struct library_list *ret)
{
	struct finder f = {.request = request, .arena = arena, .steps = LIBRARY_STEPS};
	char quoted[DIAG_QUOTE_SIZE];
	int error;

	arena_init(&f.scratch, &arena->allocator, WALK_SCRATCH);
	error = find(&f);
	arena_free(&f.scratch);
	if (!error) {
		*ret = f.list;
		return OCIENV_OK;
	}
	if (error == ENOEXEC)
		return diag_fail(diag, OCIENV_ERR_UNSUPPORTED, mark, NULL,
				 "\"%s\" has headers or a dynamic section that no loader takes",
				 diag_quote(quoted, pathname_last(request->program->canonical)));
	return outcome_fail(diag, mark, error, "what a library of the program is looked for in");
}

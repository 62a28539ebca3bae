/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a glibc loader has built in.
 *
 * Must never know which directories a distribution chose: they are read from the loader.
 */
#define _GNU_SOURCE
#include "rootfs/library_search.h"

#include "rootfs/file.h"
#include "rootfs/walk.h"

#include <errno.h>

enum { LOADER_MOST = 4 << 20 }; /* bytes of a loader that are read; real ones have 0.3 MiB */

/* The upstream directories, where the loader's own could not be read. */
#define DIRECTORIES SV("/lib64/\0/usr/lib64/\0/lib/\0/usr/lib/")

/* Bytes of text at the front of `bytes`. */
static size_t text_at(struct sv bytes)
{
	size_t n = 0;

	while (n < bytes.len && bytes.ptr[n] > ' ' && bytes.ptr[n] < 0x7f)
		n++;
	return n;
}

/* The length of a directory with its NUL at the front of `bytes`, 0: there is none. */
static size_t directory_at(struct sv bytes)
{
	size_t n = bytes.len && bytes.ptr[0] == '/' ? text_at(bytes) : 0;

	return n > 1 && n < bytes.len && !bytes.ptr[n] && bytes.ptr[n - 1] == '/' ? n + 1 : 0;
}

/* What stands before the first slash of a text is the end of a number, and whatever has no
 * name at its first slash has none at a later one: so each byte is seen a few times only. */
struct sv library_directories(struct sv bytes)
{
	size_t at = sv_find(bytes, '/'), len;

	while (at < bytes.len) {
		struct sv rest = sv_skip(bytes, at);
		size_t all = 0;

		while ((len = directory_at(sv_skip(rest, all))) > 0)
			all += len;
		if (all && memmem(rest.ptr, all, "lib", 3))
			return sv_from(rest.ptr, all - 1);
		at += all ? all : text_at(rest);
		at += sv_find(sv_skip(bytes, at), '/');
	}
	return SV_NONE;
}

/* The whole loader, in the scratch: a few pages. */
static struct sv read_loader(struct finder *f, const struct probe *loader)
{
	uint64_t size = (uint64_t)loader->found.st.st_size;
	char *text;
	ssize_t got;

	if (loader->found.st.st_size <= 0 || size > LOADER_MOST)
		return SV_NONE;
	text = arena_chars(&f->scratch, (size_t)size);
	if (!text) {
		f->error = walk_memory(&f->scratch);
		return SV_NONE;
	}
	got = file_read(loader->fd, text, (size_t)size, 0);
	if (got < 0)
		f->error = errno;
	return got > 0 ? sv_from(text, (size_t)got) : SV_NONE;
}

static void know_loader(struct finder *f, const struct probe *loader)
{
	struct dynamic dynamic = {.present = false};
	struct sv directories = library_directories(read_loader(f, loader)), first;
	struct elf_file elf;
	char *copy;
	int error;

	if (directories.ptr) {
		copy = arena_strdup(f->arena, directories);
		f->directories = sv_from(copy, copy ? directories.len : 0);
		if (!copy)
			f->error = walk_memory(f->arena);
	}
	f->list.unsure |= !directories.ptr;
	/* The first one is "/" and what $LIB stands for. */
	if (!f->error && directories.ptr) {
		directories = f->directories;
		(void)sv_cut(&directories, '\0', &first);
		f->lib = sv_from(first.ptr + 1, first.len - 2);
	}
	if (f->error || !elf_begin(&elf, loader->fd, loader->head))
		return;
	error = dynamic_read(&elf, f->arena, &dynamic);
	if (!error)
		f->soname = dynamic.soname;
	else if (error != ENOEXEC)
		f->error = error;
}

void library_glibc_begin(struct finder *f)
{
	struct arena_mark mark = arena_mark(&f->scratch);
	struct probe loader;

	f->directories = DIRECTORIES;
	f->directories_rule = LIBRARY_DEFAULT;
	f->soname = SV_NONE;
	if (!library_open(f, f->interp, &loader) && loader.readable)
		know_loader(f, &loader);
	else if (!f->error)
		f->list.unsure = true;
	library_close(&loader);
	arena_rewind(&f->scratch, &mark);
}

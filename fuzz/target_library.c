/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is what stands in a loader of glibc, in the path file of musl, in a list of
 * directories and in PT_INTERP: each is read, and read again by a slower reader.
 */
#include "fuzz.h"

#include "ledger.h"
#include "promise.h"
#include "rootfs/library_search.h"

#include <string.h>

enum { MOST = 64 * 1024 };

static bool is_directory(struct sv text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] <= ' ' || text.ptr[i] >= 0x7f)
			return false;
	return text.len > 1 && text.ptr[0] == '/' && text.ptr[text.len - 1] == '/';
}

/* A run within the input, of directories with a NUL behind each. */
static void check_directories(struct sv bytes)
{
	struct sv run = library_directories(bytes), directory;
	size_t count = 0;
	bool lib = false;

	if (!run.ptr)
		return;
	PROMISE(run.ptr >= bytes.ptr && run.ptr + run.len < bytes.ptr + bytes.len);
	PROMISE(run.ptr[run.len] == '\0');
	while (sv_cut(&run, '\0', &directory)) {
		PROMISE(is_directory(directory));
		lib |= strstr(directory.ptr, "lib") != NULL;
		PROMISE(++count <= bytes.len);
	}
	PROMISE(lib);
}

static void check_cut(struct sv bytes, char a, char b)
{
	struct finder finder = {.steps = 1 << 20};
	struct sv rest = bytes, part;
	const char *at = bytes.ptr;
	size_t parts = 1, seen = 0;

	for (size_t i = 0; i < bytes.len; i++)
		parts += bytes.ptr[i] == a || bytes.ptr[i] == b;
	while (library_cut(&finder, &rest, a, b, &part)) {
		PROMISE(part.ptr == at && !sv_contains(part, a) && !sv_contains(part, b));
		at += part.len + 1;
		seen++;
	}
	PROMISE(finder.error || (seen == parts && at == bytes.ptr + bytes.len + 1));
}

static void check_file(struct sv bytes)
{
	struct ledger ledger = {.fail_at = 0};
	struct ocienv_allocator allocator = ledger_allocator(&ledger);
	struct sv interp = sv_from(bytes.ptr, strnlen(bytes.ptr, bytes.len)), file;
	struct arena arena;

	arena_init(&arena, &allocator, 1 << 20);
	file = library_musl_file(&arena, interp);
	PROMISE(file.ptr && strlen(file.ptr) == file.len);
	PROMISE(file.len <= interp.len + strlen("/etc/ld-musl-.path"));
	PROMISE(strstr(file.ptr, "/etc/ld-musl-"));
	PROMISE(!strcmp(file.ptr + file.len - 5, ".path"));
	arena_free(&arena);
	PROMISE(!ledger.blocks);
	(void)dynamic_libc(interp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv bytes = sv_from((const char *)data, size);

	if (!size || size > MOST)
		return 0;
	check_directories(bytes);
	check_cut(bytes, ':', '\n');
	check_cut(bytes, ':', ';');
	check_cut(bytes, '\0', '\0');
	check_file(bytes);
	return 0;
}

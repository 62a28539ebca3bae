/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is a file: what execve makes of it as a program, and what its loader reads of it.
 * The rootfs is a directory without a name or a file in it.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include "ledger.h"
#include "promise.h"
#include "rootfs/dynamic.h"
#include "rootfs/elf_file.h"
#include "rootfs/execution.h"
#include "rootfs/file.h"
#include "rootfs/permission.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 128 * 1024, MOST_MEMORY = 8 << 20, MOST_LIST = 65536 };

/* One file and one root for all inputs: they are this program's, not an input's. */
static struct {
	int file;
	struct rootfs rootfs;
} given = {.file = -1};

static void prepare(const uint8_t *data, size_t size)
{
	char directory[] = "/tmp/ocienv-fuzz-XXXXXX";

	if (given.file < 0) {
		PROMISE(mkdtemp(directory));
		given.rootfs.fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
		given.file = memfd_create("input", MFD_CLOEXEC);
		PROMISE(!rmdir(directory) && given.rootfs.fd >= 0 && given.file >= 0);
	}
	PROMISE(!ftruncate(given.file, 0));
	PROMISE(pwrite(given.file, data, size, 0) == (ssize_t)size);
}

/* A text that is there, as it stands in the file. */
static void check_text(struct sv text, size_t most, const uint8_t *data, size_t size)
{
	if (!text.ptr)
		return;
	PROMISE(text.len < most);
	PROMISE(strlen(text.ptr) == text.len);
	PROMISE(memmem(data, size, text.ptr, text.len + 1));
}

static void read_program(const uint8_t *data, size_t size, struct arena *arena)
{
	struct ocienv_error error;
	struct diag diag = {.error = &error};
	struct execution execution = {.rootfs = &given.rootfs,
				      .cwd = {SV("/"), SV_NONE},
				      .who = &identity_root,
				      .arena = arena,
				      .diag = &diag};
	struct elf_facts facts = {NULL, 0, NULL, SV_NONE};
	char start[ELF_START] = {0};
	size_t got = size < sizeof(start) ? size : sizeof(start);
	int32_t status;

	memcpy(start, data, got);
	status = elf_read(&execution, given.file, sv_from(start, got), SV("/input"), &facts);
	PROMISE(!status == !execution.error);
	PROMISE(!status || status == OCIENV_ERR_UNSUPPORTED || status == OCIENV_ERR_ACCESS ||
		status == OCIENV_ERR_UNSAFE || status == OCIENV_ERR_NOTFOUND);
	PROMISE(status || (facts.machine && facts.type && facts.bits));
	check_text(facts.interp, PATH_MAX, data, size);
}

static void read_section(const uint8_t *data, size_t size, struct arena *arena)
{
	struct dynamic dynamic = {.present = false};
	unsigned char head[ELF_HEAD] = {0};
	struct elf_file elf;
	int error;

	memcpy(head, data, size < sizeof(head) ? size : sizeof(head));
	if (!elf_begin(&elf, given.file, head))
		return;
	error = dynamic_read(&elf, arena, &dynamic);
	PROMISE(!error || error == ENOEXEC);
	PROMISE(!error || (!dynamic.present && !dynamic.needed));
	PROMISE(dynamic.needed_count <= DYNAMIC_NEEDED);
	for (uint32_t i = 0; i < dynamic.needed_count; i++) {
		PROMISE(dynamic.needed[i].ptr);
		check_text(dynamic.needed[i], PATH_MAX, data, size);
	}
	check_text(dynamic.soname, PATH_MAX, data, size);
	check_text(dynamic.rpath, MOST_LIST, data, size);
	check_text(dynamic.runpath, MOST_LIST, data, size);
}

static void run(const uint8_t *data, size_t size)
{
	struct ledger ledger = {.fail_at = 0};
	struct ocienv_allocator allocator = ledger_allocator(&ledger);
	struct arena arena;

	arena_init(&arena, &allocator, MOST_MEMORY);
	if (size >= SELFMAG && !memcmp(data, ELFMAG, SELFMAG)) /* no others get that far */
		read_program(data, size, &arena);
	read_section(data, size, &arena);
	arena_free(&arena);
	PROMISE(!ledger.blocks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > MOST)
		return 0;
	prepare(data, size);
	run(data, size);
	return 0;
}

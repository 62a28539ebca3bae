/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What execve makes of an ELF file: fs/binfmt_elf.c up to where it gives the old program up.
 *
 * Must never be kinder than the kernel. A machine other than ours is a fact; one other than
 * the image's is what the kernel there does not know.
 */
#define _GNU_SOURCE
#include "rootfs/elf_file.h"
#include "rootfs/execution.h"

#include "rootfs/file.h"
#include "rootfs/outcome.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

static const char *const types[] = {"none", "rel", "exec", "dyn", "core"};

static int32_t not_executable(struct execution *execution, struct sv name, const char *text)
{
	return execution_fail(execution, ENOEXEC, OCIENV_ERR_UNSUPPORTED, name, text);
}

/* Reads the program headers, all of them as the kernel does, and keeps the first PT_INTERP.
 * False: this is no program, or *error is not 0. */
static bool find_interp(const struct elf_file *elf, struct elf_segment *ret, int *error)
{
	struct elf_segments segments;
	struct elf_segment segment;

	*error = 0;
	ret->type = PT_NULL;
	if (!elf_segments(&segments, elf))
		return false;
	while (elf_next_segment(&segments, &segment))
		if (segment.type == PT_INTERP && ret->type != PT_INTERP)
			*ret = segment;
	*error = segments.error;
	return !segments.cut;
}

/* What execve would say of the loader: 0 or an errno; *failed: that we could not read it. */
static int judge_loader(const struct execution *execution, const struct found *loader, int fd,
			int *failed)
{
	char start[ELF_START];
	ssize_t got = file_read_start(fd, &loader->st, start, sizeof(start));
	struct elf_segment segment;
	struct elf_file elf;

	*failed = got < 0 ? errno : 0;
	if (got < ELF_HEAD)
		return EIO;
	if (!elf_begin_with(&elf, fd, sv_from(start, (size_t)got)) || !elf_runs_on(&elf, execution->architecture) ||
	    !find_interp(&elf, &segment, failed))
		return ELIBBAD;
	return 0;
}

/* The kernel loads the loader as it loads the program, but for what it says of it. */
static int32_t check_loader(struct execution *execution, const struct found *loader,
			    struct sv path, struct sv name)
{
	int error, failed = 0, fd = file_open(execution->rootfs, loader, &error);
	char quoted[DIAG_QUOTE_SIZE], of[DIAG_QUOTE_SIZE];

	if (fd < 0 && (error == EACCES || error == EPERM))
		return OCIENV_OK; /* it is there; whether it is good, is not known */
	if (fd < 0)
		return execution_fail_read(execution, error, path);
	error = judge_loader(execution, loader, fd, &failed);
	close(fd);
	if (failed)
		return execution_fail_read(execution, failed, path);
	if (!error)
		return OCIENV_OK;
	execution->error = error;
	return diag_fail(execution->diag, OCIENV_ERR_UNSUPPORTED, execution->mark, NULL,
			 "the interpreter \"%s\" of the program \"%s\" is no ELF file for its "
			 "machine",
			 diag_quote(quoted, path), diag_quote(of, name));
}

/* The name of the loader: NUL-terminated within 2 to PATH_MAX bytes, as the kernel wants. */
static int32_t read_interp(struct execution *execution, const struct elf_file *elf,
			   const struct elf_segment *segment, struct sv name,
			   struct elf_facts *ret)
{
	size_t size = segment->filesz <= PATH_MAX ? (size_t)segment->filesz : 0;
	struct found loader;
	int32_t status;
	ssize_t got;
	char *text;

	if (size < 2)
		return not_executable(execution, name,
				      "has a PT_INTERP of a bad length (exec format)");
	text = arena_chars(execution->arena, size);
	if (!text)
		return diag_memory(execution->diag, arena_status(execution->arena));
	got = file_read(elf->fd, text, size, segment->offset);
	if (got < 0)
		return execution_fail_read(execution, errno, name);
	if (got != (ssize_t)size)
		return execution_fail(execution, segment->offset > INT64_MAX ? EINVAL : EIO,
				      OCIENV_ERR_UNSUPPORTED, name,
				      "ends within its PT_INTERP");
	if (text[size - 1])
		return not_executable(execution, name,
				      "has a PT_INTERP that does not end (exec format)");
	ret->interp = sv_of(text);
	status = execution_find(execution, ret->interp, name, "program", &loader);
	if (status)
		return status;
	status = check_loader(execution, &loader, ret->interp, name);
	close(loader.fd);
	return status;
}

int32_t elf_read(struct execution *execution, int fd, struct sv start, struct sv name,
		 struct elf_facts *ret)
{
	struct elf_segment interp;
	struct elf_file elf;
	bool sound;
	int error;

	if (!elf_begin_with(&elf, fd, start))
		return not_executable(execution, name,
				      "has a broken ELF header (exec format)");
	ret->machine = elf_machine(&elf);
	ret->bits = elf.layout->bits;
	ret->type = elf.type < sizeof(types) / sizeof(types[0]) ? types[elf.type] : "other";
	if (elf.type != ET_EXEC && elf.type != ET_DYN)
		return not_executable(execution, name,
				      "is an ELF file but no program (exec format)");
	if (!elf_runs_on(&elf, execution->architecture))
		return not_executable(execution, name,
				      "is a program for another machine than the image says "
				      "(exec format)");
	sound = find_interp(&elf, &interp, &error);
	if (error)
		return execution_fail_read(execution, error, name);
	if (!sound)
		return not_executable(execution, name,
				      "has no usable program headers (exec format)");
	return interp.type == PT_INTERP ? read_interp(execution, &elf, &interp, name, ret)
					: OCIENV_OK;
}

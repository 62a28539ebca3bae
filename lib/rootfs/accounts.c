/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files etc/passwd and etc/group.
 *
 * Must never wait for a FIFO.
 */
#define _GNU_SOURCE
#include "rootfs/accounts.h"

#include "rootfs/file.h"
#include "rootfs/lexical.h"
#include "rootfs/outcome.h"
#include "rootfs/permission.h"

#include <errno.h>
#include <unistd.h>

enum { FILE_MAX = 10 << 20 };

/* A line this long fails the whole file upstream, wherever the match is. */
static const struct {
	const char *name;
	size_t line_max;
} files[ACCOUNT_COUNT] = {
	[ACCOUNT_PASSWD] = {"/etc/passwd", 65536},
	[ACCOUNT_GROUP] = {"/etc/group", 1 << 20},
};

static const struct mark nowhere = {0, 0};

const char *account_name(enum account which)
{
	return files[which].name;
}

static uint32_t find_long_line(enum account which, struct sv text)
{
	struct sv line;

	for (uint32_t number = 1; sv_cut(&text, '\n', &line); number++)
		if (line.len >= files[which].line_max)
			return number;
	return 0;
}

static int32_t fail_large(const struct accounts *accounts, enum account which)
{
	return diag_fail(accounts->diag, OCIENV_ERR_LIMIT, nowhere, NULL,
			 "%s is too large, expected at most %d bytes", files[which].name,
			 FILE_MAX);
}

/* st_size is a hint; the file is read up to its end or the cap. */
static int32_t read_all(struct accounts *accounts, enum account which, int fd, size_t size)
{
	size_t room = size < FILE_MAX ? size + 1 : FILE_MAX + 1, got = 0;
	struct account_file *file = &accounts->files[which];
	char *text = NULL;

	while (!text || (got == room && room <= FILE_MAX)) {
		char *old = text;
		ssize_t n;

		room = old ? (room > FILE_MAX / 2 ? FILE_MAX + 1 : room * 2) : room;
		text = arena_chars(accounts->arena, room);
		if (!text)
			return diag_memory(accounts->diag, arena_status(accounts->arena));
		if (old)
			memcpy(text, old, got);
		n = file_read_until(fd, text + got, room - got, got, size);
		if (n < 0)
			return diag_system(accounts->diag, errno, files[which].name);
		got += (size_t)n;
	}
	if (got > FILE_MAX)
		return fail_large(accounts, which);
	file->text = sv_from(text, got);
	file->long_line = find_long_line(which, file->text);
	return OCIENV_OK;
}

/* A broken path to the file is a broken value here, not a program that is not found. */
static int32_t fail_walk(const struct accounts *accounts, enum account which, int error)
{
	const struct outcome *outcome = outcome_of(error);

	if (outcome->status == OCIENV_ERR_NOTFOUND)
		return diag_fail(accounts->diag, OCIENV_ERR_VALUE, nowhere, NULL, "%s %s",
				 files[which].name, outcome->text);
	return outcome_fail(accounts->diag, nowhere, error, files[which].name);
}

/* What lies there; `found` has no descriptor any more. */
static int32_t read_found(struct accounts *accounts, enum account which,
			  const struct found *found)
{
	const struct stat *st = &found->st;
	int32_t status;
	int fd, error;

	if (S_ISDIR(st->st_mode) && accounts->directory_is_absent)
		return OCIENV_OK;
	if (!S_ISREG(st->st_mode))
		return diag_fail(accounts->diag, OCIENV_ERR_VALUE, nowhere, NULL,
				 "expected %s to be a regular file, found another kind",
				 files[which].name);
	if (st->st_size > FILE_MAX)
		return fail_large(accounts, which);
	fd = file_open(accounts->rootfs, found, &error);
	if (fd < 0)
		return fail_walk(accounts, which, error == EACCES ? EPERM : error);
	status = read_all(accounts, which, fd, (size_t)st->st_size);
	close(fd);
	return status;
}

static int find_file(const struct accounts *accounts, enum account which, struct found *ret)
{
	struct sv path = sv_of(files[which].name);
	uint32_t steps = ROOTFS_STEPS;
	int error = 0;

	if (accounts->lexical)
		error = lexical_join(accounts->rootfs, path, &steps, accounts->arena, &path);
	return error ? error
		     : rootfs_walk(accounts->rootfs, SV("/"), path, &identity_root,
				   accounts->arena, ret);
}

int32_t accounts_read(struct accounts *accounts, enum account which)
{
	struct account_file *file = &accounts->files[which];
	struct found found;
	int32_t status = OCIENV_OK;
	int error;

	if (!accounts->rootfs || file->read)
		return OCIENV_OK;
	*file = (struct account_file){.text = SV_NONE};
	error = find_file(accounts, which, &found);
	if (error && error != ENOENT)
		return fail_walk(accounts, which, error);
	if (!error) {
		close(found.fd);
		file->mode = found.st.st_mode;
		file->owner = found.st.st_uid;
		status = read_found(accounts, which, &found);
	}
	file->read = !status;
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a candidate as the process would.
 *
 * Must never take our own lack of permission for absence.
 */
#define _GNU_SOURCE
#include "rootfs/library_search.h"

#include "rootfs/file.h"
#include "rootfs/outcome.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* May `who` read the file? As permission_execute() for the bits of reading; CAP_DAC_OVERRIDE
 * and CAP_DAC_READ_SEARCH need none. */
static bool may_read(const struct identity *who, const struct stat *st)
{
	bool in_group = who->gid == st->st_gid;

	if (!who->known)
		return st->st_mode & (S_IRUSR | S_IRGRP | S_IROTH);
	if (permission_searches_all(who))
		return true;
	for (uint32_t i = 0; i < who->group_count && !in_group; i++)
		in_group = who->groups[i] == st->st_gid;
	if (who->uid == st->st_uid)
		return st->st_mode & S_IRUSR;
	return st->st_mode & (in_group ? S_IRGRP : S_IROTH);
}

/* The bytes of a candidate, if it has any that we may see. */
static int read_head(struct finder *f, struct probe *ret)
{
	int error;
	ssize_t got;

	ret->regular = S_ISREG(ret->found.st.st_mode);
	if (!ret->regular)
		return 0;
	ret->fd = file_open(f->request->rootfs, &ret->found, &error);
	if (ret->fd < 0)
		return error == EACCES || error == EPERM ? 0 : error;
	got = file_read(ret->fd, ret->head, sizeof(ret->head), 0);
	if (got < 0)
		return errno;
	ret->have = (size_t)got;
	ret->readable = true;
	return 0;
}

int library_open(struct finder *f, struct sv path, struct probe *ret)
{
	struct sv place = path;
	int error = cwd_leave(&f->cwd, &place);

	*ret = (struct probe){.path = path, .fd = -1};
	if (!error)
		error = walk_within(f->request->rootfs, f->cwd.real, place, f->request->who,
				    false, &f->steps, &f->scratch, &ret->found);
	if (!error) {
		close(ret->found.fd);
		ret->found.fd = -1;
		error = may_read(f->request->who, &ret->found.st) ? read_head(f, ret) : EACCES;
	}
	if (error == EPERM) { /* we may not look there */
		f->list.unsure = true;
		return ENOENT;
	}
	if (error && !outcome_is_known(error)) /* a failed call says nothing about the library */
		f->error = error;
	return error;
}

void library_close(struct probe *candidate)
{
	if (candidate->fd >= 0)
		close(candidate->fd);
	candidate->fd = -1;
}

/* An entry that is passed over costs something, too: lists are long, and gone through often. */
static bool pay(struct finder *f, size_t bytes)
{
	enum { BYTES = 64 }; /* of a step */
	size_t price = 1 + bytes / BYTES;

	if (price > f->steps)
		f->error = ETIME;
	else
		f->steps -= (uint32_t)price;
	return !f->error;
}

bool library_cut(struct finder *f, struct sv *rest, char a, char b, struct sv *ret)
{
	size_t n = 0;

	if (!rest->ptr)
		return false;
	while (n < rest->len && rest->ptr[n] != a && rest->ptr[n] != b)
		n++;
	*ret = sv_from(rest->ptr, n);
	*rest = n < rest->len ? sv_skip(*rest, n + 1) : SV_NONE;
	return pay(f, n);
}

struct sv library_join(struct finder *f, struct sv directory, struct sv name)
{
	char *text, *to;

	if (directory.len >= PATH_MAX || name.len >= PATH_MAX - directory.len)
		return SV_NONE;
	text = to = arena_chars(&f->scratch, directory.len + 1 + name.len);
	if (!text) {
		f->error = walk_memory(&f->scratch);
		return SV_NONE;
	}
	to = sv_write(to, directory);
	if (directory.len && to[-1] != '/')
		*to++ = '/';
	to = sv_write(to, name);
	*to = '\0';
	return sv_from(text, (size_t)(to - text));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * etc/passwd and etc/group by the rules of moby/sys/user, oddities included: a missing or
 * broken number is 0, a passwd file has no comments.
 *
 * Must never ask NSS, never call isspace() or strtol(), never wait for a FIFO.
 */
#define _GNU_SOURCE
#include "rootfs/file.h"
#include "rootfs/outcome.h"
#include "rootfs/permission.h"
#include "rootfs/rootfs.h"

#include "base/utf8.h"

#include <errno.h>
#include <unistd.h>

enum { FILE_MAX = 10 << 20 };

/* A line this long fails the whole file upstream, wherever the match is. */
struct account_file {
	const char *name;
	size_t line_max;
};

static const struct account_file passwd_file = {"/etc/passwd", 65536};
static const struct account_file group_file = {"/etc/group", 1 << 20};

static const struct mark nowhere = {0, 0};

static int32_t check_lines(const struct account_file *which, struct sv text,
			   const struct diag *diag)
{
	struct sv line;

	for (uint32_t number = 1; sv_cut(&text, '\n', &line); number++)
		if (line.len >= which->line_max)
			return diag_fail(
				diag, OCIENV_ERR_VALUE, nowhere, NULL,
				"line %u of %s is too long: expected fewer than %zu "
				"bytes, found %zu",
				number, which->name, which->line_max, line.len);
	return OCIENV_OK;
}

/* st_size is a hint; the file is read up to its end or the cap. */
static int32_t read_all(const struct account_file *which, int fd, size_t size,
			struct arena *arena, const struct diag *diag, struct sv *ret)
{
	size_t room = size < FILE_MAX ? size + 1 : FILE_MAX + 1, got = 0;
	char *text = NULL;

	while (!text || (got == room && room <= FILE_MAX)) {
		char *old = text;
		ssize_t n;

		room = old ? (room > FILE_MAX / 2 ? FILE_MAX + 1 : room * 2) : room;
		text = arena_chars(arena, room);
		if (!text)
			return diag_memory(diag, arena_status(arena));
		if (old)
			memcpy(text, old, got);
		n = file_read(fd, text + got, room - got, got);
		if (n < 0)
			return diag_system(diag, errno, which->name);
		got += (size_t)n;
	}
	if (got > FILE_MAX)
		return diag_fail(diag, OCIENV_ERR_LIMIT, nowhere, NULL,
				 "%s is too large, expected at most %d bytes",
				 which->name, FILE_MAX);
	*ret = sv_from(text, got);
	return check_lines(which, *ret, diag);
}

/* A broken path to the file is a broken value here, not a program that is not found. */
static int32_t fail_walk(const struct account_file *which, int error,
			 const struct diag *diag)
{
	const struct outcome *outcome = outcome_of(error);

	if (outcome->status == OCIENV_ERR_NOTFOUND)
		return diag_fail(diag, OCIENV_ERR_VALUE, nowhere, NULL, "%s %s",
				 which->name, outcome->text);
	return outcome_fail(diag, nowhere, error, which->name);
}

static int32_t read_accounts(const struct account_file *which,
			     const struct rootfs *rootfs, struct arena *arena,
			     const struct diag *diag, struct sv *ret)
{
	struct found found;
	int32_t status;
	int fd, error = rootfs_walk(rootfs, SV("/"), sv_of(which->name), &identity_root,
				    arena, &found);

	*ret = SV_NONE;
	if (error == ENOENT)
		return OCIENV_OK;
	if (error)
		return fail_walk(which, error, diag);
	close(found.fd);
	if (!S_ISREG(found.st.st_mode))
		return diag_fail(diag, OCIENV_ERR_VALUE, nowhere, NULL,
				 "expected %s to be a regular file, found another kind",
				 which->name);
	if (found.st.st_size > FILE_MAX)
		return diag_fail(diag, OCIENV_ERR_LIMIT, nowhere, NULL,
				 "%s is too large, expected at most %d bytes",
				 which->name, FILE_MAX);
	fd = file_open(rootfs, &found, &error);
	if (fd < 0)
		return fail_walk(which, error == EACCES ? EPERM : error, diag);
	status = read_all(which, fd, (size_t)found.st.st_size, arena, diag, ret);
	close(fd);
	return status;
}

int32_t rootfs_accounts(const struct rootfs *rootfs, struct arena *arena,
			const struct diag *diag, struct accounts *ret)
{
	struct accounts accounts = {SV_NONE, SV_NONE};
	int32_t status =
		read_accounts(&passwd_file, rootfs, arena, diag, &accounts.passwd);

	if (!status)
		status = read_accounts(&group_file, rootfs, arena, diag, &accounts.group);
	if (!status)
		*ret = accounts;
	return status;
}

/* Go's Atoi without its error: no number is 0, too large a one is the limit. *plain: only
 * digits, in the shortest form, and in range. */
static int64_t number_of(struct sv text, bool *plain)
{
	bool negative = text.len && text.ptr[0] == '-';
	bool sign = negative || (text.len && text.ptr[0] == '+');
	struct sv digits = sv_skip(text, sign ? 1 : 0);
	uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0), value = 0;
	bool over = false;

	*plain = !sign && digits.len && (digits.ptr[0] != '0' || digits.len == 1);
	for (size_t i = 0; i < digits.len; i++) {
		unsigned int digit = (unsigned char)digits.ptr[i] - (unsigned int)'0';

		if (digit > 9) {
			*plain = false;
			return 0;
		}
		over = over || value > (limit - digit) / 10;
		value = over ? limit : value * 10 + digit;
	}
	*plain = *plain && !over;
	if (negative)
		return value > INT64_MAX ? INT64_MIN : -(int64_t)value;
	return (int64_t)value;
}

/* The fields of the next line that holds any. */
static bool next_fields(struct sv *rest, uint32_t *line, bool comments, struct sv *fields,
			size_t count)
{
	struct sv text;

	while (sv_cut(rest, '\n', &text)) {
		++*line;
		text = utf8_trim(text);
		if (!text.len || (comments && text.ptr[0] == '#'))
			continue;
		for (size_t i = 0; i < count; i++)
			if (!sv_cut(&text, ':', &fields[i]))
				fields[i] = SV_NONE;
		return true;
	}
	return false;
}

/* A name that other readers take for a comment or for NIS is not clean. */
static bool is_clean_name(struct sv name)
{
	return name.len && name.ptr[0] != '#' && name.ptr[0] != '+' && name.ptr[0] != '-';
}

bool passwd_next(struct sv *rest, uint32_t *line, struct passwd_entry *ret)
{
	enum { NAME, PASSWORD, UID, GID, GECOS, HOME, FIELDS };
	struct sv fields[FIELDS];
	bool uid, gid;

	if (!next_fields(rest, line, false, fields, FIELDS))
		return false;
	*ret = (struct passwd_entry){.name = fields[NAME], .line = *line};
	/* A field that is missing is an empty one. */
	ret->home = fields[HOME].ptr ? fields[HOME] : SV("");
	ret->uid = number_of(fields[UID], &uid);
	ret->gid = number_of(fields[GID], &gid);
	ret->clean = is_clean_name(ret->name) && uid && gid;
	return true;
}

bool group_next(struct sv *rest, uint32_t *line, struct group_entry *ret)
{
	enum { NAME, PASSWORD, GID, MEMBERS, FIELDS };
	struct sv fields[FIELDS];
	bool gid;

	if (!next_fields(rest, line, true, fields, FIELDS))
		return false;
	*ret = (struct group_entry){
		.name = fields[NAME], .members = fields[MEMBERS], .line = *line};
	ret->gid = number_of(fields[GID], &gid);
	ret->clean = is_clean_name(ret->name) && gid;
	return true;
}

bool group_has_member(const struct group_entry *group, struct sv name)
{
	/* An empty list has no members, a list of one comma has two without a name. */
	struct sv rest = group->members.len ? group->members : SV_NONE, member;

	while (sv_cut(&rest, ',', &member))
		if (sv_eq(member, name))
			return true;
	return false;
}

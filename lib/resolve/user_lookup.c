/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a question to numbers, as containerd does it and as the package moby/sys/user does it
 * for CRI-O and docker.
 */
#include "resolve/user_step.h"

int32_t user_read(struct accounts *accounts, const struct blame *b, enum account which,
		  struct sv *ret)
{
	const struct account_file *file = &accounts->files[which];
	int32_t status = accounts_read(accounts, which);

	if (status)
		return status;
	if (file->long_line)
		return blame(b, OCIENV_ERR_VALUE, ORIGIN_DEFAULT,
			     "expected lines of less than %s in %s, found a longer one in line %u",
			     which == ACCOUNT_PASSWD ? "64 KiB" : "1 MiB", account_name(which),
			     file->long_line);
	*ret = file->text;
	return OCIENV_OK;
}

static int32_t read_file(const struct lookup *l, enum account which, struct sv *ret)
{
	return user_read(l->in->accounts, l->in->blame, which, ret);
}

int32_t user_find_passwd(const struct lookup *l, struct sv name, int64_t uid, bool *found,
			 struct passwd_entry *ret)
{
	struct sv rest = SV_NONE;
	uint32_t line = 0;
	int32_t status = read_file(l, ACCOUNT_PASSWD, &rest);

	*found = false;
	while (!status && !*found && passwd_next(&rest, &line, ret))
		*found = name.len ? sv_eq(ret->name, name) : ret->uid == uid;
	return !status && *found && l->strict ? user_check_passwd(l->in->blame, ret) : status;
}

static int32_t find_group(const struct lookup *l, struct sv name, int64_t gid, bool *found,
			  struct group_entry *ret)
{
	struct sv rest = SV_NONE;
	uint32_t line = 0;
	int32_t status = read_file(l, ACCOUNT_GROUP, &rest);

	*found = false;
	while (!status && !*found && group_next(&rest, &line, ret))
		*found = name.len ? sv_eq(ret->name, name) : ret->gid == gid;
	return !status && *found && l->strict ? user_check_group(l->in->blame, ret) : status;
}

static int32_t fail_missing(const struct lookup *l, enum account which, struct sv name)
{
	char quoted[DIAG_QUOTE_SIZE];

	return blame(l->in->blame, OCIENV_ERR_REFERENCE, l->from,
		     "expected the %s \"%s\" in %s of the rootfs, found none of that name",
		     which == ACCOUNT_PASSWD ? "user" : "group", diag_quote(quoted, name),
		     account_name(which));
}

static int32_t fail_number(const struct lookup *l, const char *what)
{
	return blame(l->in->blame, OCIENV_ERR_VALUE, l->from,
		     "expected a %s id from 0 to 2147483647, found another number", what);
}

/* A part of the question: a number if it is one and an id. *name has no bytes then. */
static int32_t part_of(const struct lookup *l, struct sv part, const char *what, int64_t *id,
		       struct sv *name)
{
	uint8_t rule = l->rules->numbers;
	enum sv_number kind = sv_to_i64(part, id);

	*name = SV("");
	if (kind == SV_NUMBER && (user_is_id(*id) || rule == NUMBER_IF_IN_FILE))
		return OCIENV_OK;
	if (kind != SV_WORD && rule == NUMBER_REFUSED)
		return fail_number(l, what);
	*name = part;
	return OCIENV_OK;
}

/* --- containerd -------------------------------------------------------------------------- */

/* One part. A number need not have a line; its group is root then. */
static int32_t look_up_user(struct lookup *l)
{
	struct passwd_entry entry;
	struct sv name;
	bool found = false;
	int32_t status = part_of(l, l->question, "user", &l->uid, &name);

	if (!status)
		status = user_find_passwd(l, name, l->uid, &found, &entry);
	if (!status && !found && name.len)
		return fail_missing(l, ACCOUNT_PASSWD, name);
	if (status || !found)
		return status;
	l->uid = entry.uid;
	l->gid = entry.gid;
	return OCIENV_OK;
}

/* Two parts. Numbers are taken as they are, a part without bytes is 0. */
static int32_t look_up_both(struct lookup *l, struct sv user, struct sv group)
{
	struct passwd_entry user_entry;
	struct group_entry group_entry;
	struct sv user_name = SV_NONE, group_name = SV_NONE;
	bool found;
	int32_t status = part_of(l, user, "user", &l->uid, &user_name);

	if (!status)
		status = part_of(l, group, "group", &l->gid, &group_name);
	if (!status && user_name.len) {
		status = user_find_passwd(l, user_name, 0, &found, &user_entry);
		if (!status && !found)
			return fail_missing(l, ACCOUNT_PASSWD, user_name);
		if (!status)
			l->uid = user_entry.uid;
	}
	if (!status && group_name.len) {
		status = find_group(l, group_name, 0, &found, &group_entry);
		if (!status && !found)
			return fail_missing(l, ACCOUNT_GROUP, group_name);
		if (!status)
			l->gid = group_entry.gid;
	}
	return status;
}

int32_t containerd_look_up(struct lookup *l)
{
	struct sv rest = l->question, user;

	if (!l->question.len)
		return OCIENV_OK; /* nobody said: root, and nothing is looked up */
	(void)sv_cut(&rest, ':', &user);
	if (!rest.ptr)
		return look_up_user(l);
	if (sv_contains(rest, ':'))
		return blame(l->in->blame, OCIENV_ERR_VALUE, l->from,
			     "expected at most one \":\" in the user, found more");
	return look_up_both(l, user, rest);
}

/* The name whose memberships count is found by other means than the user: from what was said
 * without the group, by a number through the first line that has it. */
int32_t containerd_find_member(struct lookup *l)
{
	const struct user_fields *fields = l->fields;
	struct sv rest = fields->image.value, key = SV("0");
	struct passwd_entry entry;
	int64_t uid = fields->uid.value;
	bool number = true, found = false;
	int32_t status = OCIENV_OK;

	if (rest.len)
		(void)sv_cut(&rest, ':', &key);
	if (fields->username.value.len)
		key = fields->username.value;
	if (fields->username.value.len || !fields->uid.present)
		number = sv_to_i64(key, &uid) == SV_NUMBER;
	if (number)
		status = user_find_passwd(l, SV(""), uid, &found, &entry);
	if (number && found)
		key = entry.name;
	l->member = number && !found ? SV_NONE : sv_from(key.ptr ? key.ptr : "", key.len);
	return status;
}

/* --- moby/sys/user ----------------------------------------------------------------------- */

/* A number need not have a line, but it must be an id then. */
static int32_t moby_group(struct lookup *l, struct sv group)
{
	struct group_entry entry;
	struct sv name;
	bool found = false;
	int32_t status = part_of(l, group, "group", &l->gid, &name);

	if (!status)
		status = find_group(l, name, l->gid, &found, &entry);
	if (!status && !found && name.len)
		return fail_missing(l, ACCOUNT_GROUP, name);
	if (!status && !found && !user_is_id(l->gid))
		return fail_number(l, "group");
	if (!status && found)
		l->gid = entry.gid;
	return status;
}

static int32_t moby_user(struct lookup *l, struct sv user)
{
	struct passwd_entry entry;
	struct sv name;
	bool found = false;
	int32_t status = part_of(l, user, "user", &l->uid, &name);

	if (!status)
		status = user_find_passwd(l, name, l->uid, &found, &entry);
	if (!status && !found && name.len)
		return fail_missing(l, ACCOUNT_PASSWD, name);
	if (!status && !found && !user_is_id(l->uid))
		return fail_number(l, "user");
	if (status || !found)
		return status;
	l->uid = entry.uid;
	l->gid = entry.gid;
	l->member = entry.name.len ? entry.name : SV_NONE;
	return OCIENV_OK;
}

/* "user:group", what stands behind a second ":" is not looked at. No user is uid 0, and looked
 * up like any; a group that is given leaves no memberships. */
int32_t moby_look_up(struct lookup *l)
{
	struct sv rest = l->question, user = SV(""), group = SV(""), unused;
	int32_t status;

	(void)sv_cut(&rest, ':', &user);
	(void)sv_cut(&rest, ':', &group);
	status = moby_user(l, user);
	if (status)
		return status;
	if (group.len) {
		l->member = SV_NONE;
		return moby_group(l, group);
	}
	/* The file is read for a name that has been found, whoever wants the memberships. */
	return l->member.ptr ? read_file(l, ACCOUNT_GROUP, &unused) : OCIENV_OK;
}

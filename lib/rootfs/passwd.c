/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of etc/passwd and etc/group by the rules of moby/sys/user, oddities included: a
 * missing or broken number is 0, a passwd file has no comments.
 *
 * Must never ask NSS, never call isspace() or strtol().
 */
#include "rootfs/accounts.h"

#include "base/utf8.h"

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

/* Atoi without its error: no number is 0, too large a one is the limit. True: it is an id that
 * every reader reads alike. */
static bool read_id(struct sv text, int64_t *ret)
{
	return sv_to_i64(text, ret) == SV_NUMBER && sv_is_plain_number(text);
}

bool passwd_next(struct sv *rest, uint32_t *line, struct passwd_entry *ret)
{
	enum { NAME, PASSWORD, UID, GID, GECOS, HOME, FIELDS };
	struct sv fields[FIELDS];

	if (!next_fields(rest, line, false, fields, FIELDS))
		return false;
	*ret = (struct passwd_entry){.name = fields[NAME], .line = *line};
	/* A field that is missing is an empty one. */
	ret->home = fields[HOME].ptr ? fields[HOME] : SV("");
	ret->clean = account_name_is_clean(ret->name);
	ret->clean &= read_id(fields[UID], &ret->uid);
	ret->clean &= read_id(fields[GID], &ret->gid);
	return true;
}

bool group_next(struct sv *rest, uint32_t *line, struct group_entry *ret)
{
	enum { NAME, PASSWORD, GID, MEMBERS, FIELDS };
	struct sv fields[FIELDS];

	if (!next_fields(rest, line, true, fields, FIELDS))
		return false;
	*ret = (struct group_entry){
		.name = fields[NAME], .members = fields[MEMBERS], .line = *line};
	ret->clean = account_name_is_clean(ret->name);
	ret->clean &= read_id(fields[GID], &ret->gid);
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

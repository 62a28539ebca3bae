/* SPDX-License-Identifier: Apache-2.0 */
/* "user" of a policy. */
#include "read/policy.h"

struct user {
	struct text match;
	struct number uid, gid, umask;
	struct number_list groups; /* items NULL: absent */
};

static const struct field fields[] = {
	FIELD("match", STRING, struct user, match),
	FIELD("uid", UINT32, struct user, uid),
	FIELD("gid", UINT32, struct user, gid),
	FIELD("umask", UINT32, struct user, umask),
	FIELD("groups", UINT32S, struct user, groups),
};

/* In order, as the answer has them, so that comparing is one pass. */
static int32_t keep_groups(const struct policy_reader *r, const struct path *path,
			   const struct number_list *groups)
{
	struct policy_user *ret = &r->policy->user;
	const struct number *items = groups->items;

	if (!items)
		return OCIENV_OK;
	ret->groups = ARENA_ARRAY(&r->policy->arena, groups->count, uint32_t);
	if (!ret->groups)
		return diag_memory(r->reader.diag, arena_status(&r->policy->arena));
	for (uint32_t i = 0; i < groups->count; i++) {
		if (i && items[i].value <= items[i - 1].value)
			return policy_fail(&r->reader, OCIENV_ERR_VALUE, items[i].from.mark, path,
					   "groups",
					   "expected groups in ascending order, each once, found "
					   "another order");
		ret->groups[i] = (uint32_t)items[i].value;
	}
	ret->has_groups = true;
	ret->group_count = groups->count;
	return OCIENV_OK;
}

int32_t policy_read_user(const struct policy_reader *r, const struct node *map,
			 const struct path *path)
{
	struct policy_user *ret = &r->policy->user;
	struct user user = {.match = {.value = SV_NONE}};
	int32_t status = policy_bind(&r->reader, map, path, fields, FIELD_COUNT(fields), &user);
	bool exact = user.uid.present || user.gid.present || user.umask.present ||
		     user.groups.items;

	ret->mark = map->mark;
	if (!status)
		status = policy_read_match(r, map, path, &user.match, exact, &ret->match);
	if (!status && ret->match == MATCH_PREFIX)
		status = policy_fail(&r->reader, OCIENV_ERR_VALUE, user.match.from.mark, path,
				     "match",
				     "expected \"exact\", \"image\" or \"any\", found \"prefix\"");
	if (status)
		return status;
	ret->uid = user.uid;
	ret->gid = user.gid;
	ret->umask = user.umask;
	return keep_groups(r, path, &user.groups);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of a user: primary, memberships, supplemental; a sorted set. */
#include "resolve/user_step.h"

#include "base/sort.h"

#include <stdlib.h>

int32_t user_add_group(struct lookup *l, int64_t gid)
{
	uint32_t *slot = VEC_PUSH(&l->groups, l->in->scratch, uint32_t);

	if (!slot)
		return user_no_memory(l->in);
	*slot = (uint32_t)gid;
	return OCIENV_OK;
}

/* Every group that lists the user. */
static int32_t add_memberships(struct lookup *l)
{
	struct sv rest = SV_NONE;
	struct group_entry group;
	uint32_t line = 0;
	int32_t status = user_read(l->in->accounts, l->in->blame, ACCOUNT_GROUP, &rest);

	while (!status && group_next(&rest, &line, &group)) {
		if (!group_has_member(&group, l->member) ||
		    (l->rules->own_group_left_out && sv_eq(group.name, l->member)))
			continue;
		if (l->strict)
			status = user_check_group(l->in->blame, &group);
		if (!status)
			status = user_add_group(l, group.gid);
	}
	return status;
}

static int32_t add_supplemental(struct lookup *l)
{
	const struct user_fields *fields = l->fields;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && i < fields->group_count; i++) {
		if (l->strict || l->rules->groups_checked)
			status = user_check_id(l->in->blame, &fields->groups[i]);
		if (!status)
			status = user_add_group(l, fields->groups[i].value);
	}
	return status;
}

static int32_t check_policy(const struct lookup *l)
{
	if (l->rules->policy != POLICY_UNKNOWN || !l->fields->groups_strict)
		return OCIENV_OK;
	return blame(l->in->blame, OCIENV_ERR_VALUE, l->from,
		     "expected supplementalGroupsPolicy Merge with containerd 1.7, which has no "
		     "other, found Strict");
}

int32_t user_collect_groups(struct lookup *l)
{
	bool merge = !l->fields->groups_strict || l->rules->policy == POLICY_IGNORED;
	/* containerd leaves a user alone whom nobody spoke of, until it looks for groups. */
	bool primary = l->question.len || merge || !l->rules->find_member;
	int32_t status = check_policy(l);

	if (!status && primary)
		status = user_add_group(l, l->gid);
	if (!status && merge && l->rules->find_member)
		status = l->rules->find_member(l);
	if (!status && merge && l->member.ptr)
		status = add_memberships(l);
	return status ? status : add_supplemental(l);
}

/* Radix order on the bytes: numbers as big-endian names. */
int32_t user_sort_groups(const struct lookup *l, struct config_user *user)
{
	uint32_t count = l->groups.count, *all = l->groups.items;
	struct sort_item *items = ARENA_ARRAY(l->in->scratch, count, struct sort_item);

	user->groups = ARENA_ARRAY(l->in->arena, count, uint32_t);
	if (!items || !user->groups)
		return user_no_memory(l->in);
	for (uint32_t i = 0; i < count; i++)
		items[i] = (struct sort_item){.prefix = all[i], .ptr = "", .index = i};
	if (!sort_names(items, count, l->in->scratch))
		return user_no_memory(l->in);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t gid = all[items[i].index];

		if (!user->group_count || user->groups[user->group_count - 1] != gid)
			user->groups[user->group_count++] = gid;
	}
	return OCIENV_OK;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

int32_t user_check_group_names(const struct user_input *in, const struct config_user *user)
{
	struct sv rest = SV_NONE;
	struct group_entry entry;
	uint32_t line = 0, id;
	int64_t value;
	int32_t status = OCIENV_OK;

	if (user->group_count)
		status = user_read(in->accounts, in->blame, ACCOUNT_GROUP, &rest);
	while (!status && group_next(&rest, &line, &entry)) {
		if (sv_to_i64(entry.name, &value) != SV_NUMBER || value == entry.gid ||
		    !sv_is_plain_number(entry.name) || !user_is_id(value))
			continue;
		id = (uint32_t)value;
		if (bsearch(&id, user->groups, user->group_count, sizeof(id), compare_ids))
			status = blame(in->blame, OCIENV_ERR_VALUE, in->spec->user.groups[0].from,
				       "expected the id %u to be no name of another group, found "
				       "one in line %u of /etc/group", id, line);
	}
	return status;
}

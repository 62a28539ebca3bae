/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pod's way: kubelet turns image User and securityContext into a user and a group, then
 * containerd looks them up in the rootfs. The image's group is lost on that way. What
 * upstreams accept by accident (junk in an id, signs, lines that are no entries) is refused.
 */
#include "resolve/user.h"

#include "base/sort.h"

#include <stdio.h>
#include <stdlib.h>

/* What containerd is told to look up. */
struct asked {
	bool by_name;
	struct sv name;
	uint32_t uid;
	bool group_given;
	uint32_t gid;
	struct origin from;
};

struct lookup {
	const struct user_input *in;
	struct asked asked;
	struct vec groups; /* of uint32_t, in scratch */
};

static int32_t no_memory(const struct user_input *in)
{
	return diag_memory(in->blame->diag,
			   arena_status(arena_failed(in->arena) ? in->arena : in->scratch));
}

static bool is_number(struct sv text)
{
	size_t sign = text.len && (text.ptr[0] == '+' || text.ptr[0] == '-');

	for (size_t i = sign; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > sign;
}

/* "1000" and nothing like it: "+1000", "01000" and "-0" mean different things to different
 * programs, and an id above 2^31 - 1 has wrapped to root before. */
static int32_t plain_id(const struct user_input *in, const struct text *user,
			struct sv number, uint32_t *ret)
{
	uint64_t value = 0;
	bool zeros = number.len > 1 && number.ptr[0] == '0';

	if (zeros || !sv_to_u64(number, INT32_MAX, &value))
		return blame(in->blame, OCIENV_ERR_VALUE, user->from,
				 "expected a user id from 0 to 2147483647 without sign or leading "
				 "zeros, found another number");
	*ret = (uint32_t)value;
	return OCIENV_OK;
}

/* CRI plugins, getUserFromImage: the text before the first ":" is the user; what stands
 * behind it does not travel. */
static int32_t ask_image(const struct user_input *in, struct asked *asked)
{
	static const struct text none;
	const struct text *user = in->image ? &in->image->user.image_user : &none;
	struct sv rest = user->value, name = SV("");

	asked->from = user->value.ptr
			      ? user->from
			      : ORIGIN_DEFAULT;
	sv_cut(&rest, ':', &name);
	if (rest.ptr && sv_contains(rest, ':'))
		return blame(in->blame, OCIENV_ERR_VALUE, user->from,
				 "expected at most one \":\" in the image's User, found more");
	if (sv_contains(user->value, '\n'))
		return blame(in->blame, OCIENV_ERR_VALUE, user->from,
				 "expected one line as the image's User, found several");
	if (rest.ptr)
		add_warning(in->warnings, in->arena, "image-group-dropped", rest,
		     "the group of the image's User does not reach a container of a pod",
		     user->from);
	if (is_number(name))
		return plain_id(in, user, name, &asked->uid);
	asked->by_name = name.len > 0; /* none: uid 0, and looked up like any */
	asked->name = name;
	return OCIENV_OK;
}

/* kubelet verifyRunAsNonRoot: on these inputs alone, passwd is not looked at. */
static int32_t check_non_root(const struct user_input *in, const struct asked *asked)
{
	const struct number *non_root = in->pod ? &in->pod->user.non_root : NULL;

	if (!non_root || !non_root->value)
		return OCIENV_OK;
	if (asked->by_name)
		return blame(in->blame, OCIENV_ERR_VALUE, non_root->from,
				 "expected a numeric user with runAsNonRoot, found a name");
	if (asked->uid == 0)
		return blame(in->blame, OCIENV_ERR_VALUE, non_root->from,
				 "expected a user that is not root with runAsNonRoot, found uid 0");
	return OCIENV_OK;
}

/* kubelet determineEffectiveSecurityContext: the pod's numbers go before the image. */
static int32_t ask(const struct user_input *in, struct asked *asked)
{
	const struct user_request *pod = in->pod ? &in->pod->user : NULL;
	int32_t status = OCIENV_OK;

	if (pod && pod->uid.present) {
		asked->uid = (uint32_t)pod->uid.value; /* 0 to 2^31 - 1, checked when read */
		asked->from = pod->uid.from;
	} else {
		status = ask_image(in, asked);
	}
	if (pod && pod->gid.present) {
		asked->group_given = true;
		asked->gid = (uint32_t)pod->gid.value;
	}
	return status ? status : check_non_root(in, asked);
}

static int32_t fail_line(const struct user_input *in, const char *file, uint32_t line)
{
	return blame(in->blame, OCIENV_ERR_VALUE, ORIGIN_DEFAULT,
			 "expected name and id from 0 to 2147483647 in the entry that is used, "
			 "found something else in line %u of %s", line, file);
}

/* A line like "# note", "+::::::" or "ghost" is an entry with uid 0 to upstreams. */
static bool is_entry_name(struct sv name)
{
	return name.len && !memchr("#+-", name.ptr[0], 3);
}

static bool is_id(int64_t id)
{
	return id >= 0 && id <= INT32_MAX;
}

static int32_t check_passwd(const struct user_input *in, const struct passwd_entry *entry)
{
	if (entry->clean && is_entry_name(entry->name) && is_id(entry->uid) && is_id(entry->gid))
		return OCIENV_OK;
	return fail_line(in, "/etc/passwd", entry->line);
}

/* The first line with the name, or with the uid. */
static bool find_passwd(const struct user_input *in, const struct asked *asked,
			struct passwd_entry *ret)
{
	struct sv rest = in->accounts->passwd;
	uint32_t line = 0;

	while (passwd_next(&rest, &line, ret))
		if (asked->by_name ? sv_eq(ret->name, asked->name)
				   : ret->uid == (int64_t)asked->uid)
			return true;
	return false;
}

static int32_t add_group(struct lookup *l, uint32_t gid)
{
	uint32_t *slot = VEC_PUSH(&l->groups, l->in->scratch, uint32_t);

	if (!slot)
		return no_memory(l->in);
	*slot = gid;
	return OCIENV_OK;
}

/* containerd: every group that lists the user, except one that has the user's own name. */
static int32_t add_memberships(struct lookup *l, struct sv user)
{
	struct sv rest = l->in->accounts->group;
	struct group_entry group;
	uint32_t line = 0;
	int32_t status = OCIENV_OK;

	while (!status && group_next(&rest, &line, &group)) {
		if (!group_has_member(&group, user) || sv_eq(group.name, user))
			continue;
		if (!group.clean || !is_entry_name(group.name) || !is_id(group.gid))
			return fail_line(l->in, "/etc/group", group.line);
		status = add_group(l, (uint32_t)group.gid);
	}
	return status;
}

static int32_t add_supplemental(struct lookup *l)
{
	const struct user_request *pod = l->in->pod ? &l->in->pod->user : NULL;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && pod && i < pod->group_count; i++)
		status = add_group(l, (uint32_t)pod->groups[i].value);
	return status;
}

/* Radix order on the bytes: numbers as big-endian names. */
static int32_t sort_groups(struct lookup *l, struct config_user *user)
{
	uint32_t count = l->groups.count, *all = l->groups.items;
	struct sort_item *items = ARENA_ARRAY(l->in->scratch, count, struct sort_item);

	user->groups = ARENA_ARRAY(l->in->arena, count, uint32_t);
	if (!items || !user->groups)
		return no_memory(l->in);
	for (uint32_t i = 0; i < count; i++)
		items[i] = (struct sort_item){.prefix = all[i], .ptr = "", .index = i};
	if (!sort_names(items, count, l->in->scratch))
		return no_memory(l->in);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t gid = all[items[i].index];

		if (!user->group_count || user->groups[user->group_count - 1] != gid)
			user->groups[user->group_count++] = gid;
	}
	return OCIENV_OK;
}

/* containerd: what the container may, whatever its uid; it decides what is executable. */
static uint64_t pod_capabilities(const struct user_request *pod)
{
	uint64_t set = capabilities_containerd();

	if (!pod)
		return set;
	if (pod->privileged || pod->capabilities_add == CAPABILITIES_ALL)
		set = CAPABILITIES_ALL;
	if (pod->privileged)
		return set;
	if (pod->capabilities_drop == CAPABILITIES_ALL)
		set = 0;
	if (pod->capabilities_add != CAPABILITIES_ALL)
		set |= pod->capabilities_add;
	if (pod->capabilities_drop != CAPABILITIES_ALL)
		set &= ~pod->capabilities_drop;
	return set;
}

/* runc: the home of the first line with the uid; no such line: "/". */
static int32_t find_home(const struct user_input *in, uint32_t uid, struct user_result *ret)
{
	struct asked by_uid = {.uid = uid};
	struct passwd_entry entry;
	int32_t status = OCIENV_OK;

	ret->home = (struct text){SV("/"), ORIGIN_RUNTIME};
	if (find_passwd(in, &by_uid, &entry)) {
		status = check_passwd(in, &entry);
		ret->home.value = entry.home;
	} else {
		ret->home_unknown = in->accounts->passwd.ptr != NULL;
	}
	return status;
}

/* containerd WithUser and WithAdditionalGIDs. */
static int32_t look_up(struct lookup *l, struct config_user *user)
{
	const struct user_input *in = l->in;
	bool merge = !in->pod || !in->pod->user.groups_strict;
	struct passwd_entry entry = {0};
	bool found = find_passwd(in, &l->asked, &entry);
	char quoted[DIAG_QUOTE_SIZE];
	int32_t status = found ? check_passwd(in, &entry) : OCIENV_OK;

	if (status)
		return status;
	if (!found && l->asked.by_name)
		return blame(in->blame, OCIENV_ERR_REFERENCE, l->asked.from,
				 "expected the user \"%s\" in /etc/passwd of the rootfs, found "
				 "none of that name", diag_quote(quoted, l->asked.name));
	user->uid = l->asked.by_name ? (uint32_t)entry.uid : l->asked.uid;
	user->gid = found ? (uint32_t)entry.gid : 0; /* no line: the group is root */
	if (l->asked.group_given)
		user->gid = l->asked.gid;
	status = add_group(l, user->gid);
	if (!status && merge && found)
		status = add_memberships(l, entry.name);
	return status;
}

/* containerd GenerateUserString: what is to be looked up once there is a rootfs. */
static int32_t keep_question(const struct lookup *l, struct config_user *user)
{
	const struct asked *asked = &l->asked;
	struct arena *arena = l->in->arena;
	char uid[16], gid[16] = "", *text;
	struct sv name = asked->name;
	size_t group;

	(void)snprintf(uid, sizeof(uid), "%u", asked->uid);
	if (asked->group_given)
		(void)snprintf(gid, sizeof(gid), ":%u", asked->gid);
	if (!asked->by_name)
		name = sv_of(uid);
	group = strlen(gid);
	text = arena_chars(arena, name.len + group);
	if (!text)
		return no_memory(l->in);
	sv_write(text, name);
	memcpy(text + name.len, gid, group);
	user->name = sv_from(text, name.len + group);
	return OCIENV_OK;
}

static int32_t resolve_pod(const struct user_input *in, struct user_result *ret)
{
	struct lookup l = {.in = in};
	struct config_user *user = &ret->user;
	int32_t status = ask(in, &l.asked);

	ret->capabilities = pod_capabilities(in->pod ? &in->pod->user : NULL);
	user->umask = 022;
	user->from = l.asked.from;
	if (status || !in->accounts)
		return status ? status : keep_question(&l, user);
	status = look_up(&l, user);
	if (!status)
		status = add_supplemental(&l);
	if (!status)
		status = sort_groups(&l, user);
	if (!status)
		status = find_home(in, user->uid, ret);
	user->resolved = true;
	return status;
}

/* The kernel takes 4294967295 for "no change". */
static int32_t check_spec_id(const struct user_input *in, const struct number *id)
{
	if (id->value <= INT32_MAX)
		return OCIENV_OK;
	return blame(in->blame, OCIENV_ERR_VALUE, id->from,
			 "expected an id from 0 to 2147483647, found %lld",
			 (long long)id->value);
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* runc before 1.3 takes an id for a name first: the group of that name may be any. */
static int32_t check_group_names(const struct user_input *in, const struct config_user *user)
{
	struct sv rest = in->groups_by_name && in->accounts ? in->accounts->group : SV_NONE;
	struct group_entry entry;
	uint32_t line = 0, id;
	uint64_t value;

	while (user->group_count && group_next(&rest, &line, &entry)) {
		if (!sv_to_u64(entry.name, INT32_MAX, &value) || value == (uint64_t)entry.gid ||
		    (entry.name.len > 1 && entry.name.ptr[0] == '0'))
			continue;
		id = (uint32_t)value;
		if (bsearch(&id, user->groups, user->group_count, sizeof(id), compare_ids))
			return blame(in->blame, OCIENV_ERR_VALUE, in->spec->user.groups[0].from,
				     "expected the id %u to be no name of another group, found "
				     "one in line %u of /etc/group", id, line);
	}
	return OCIENV_OK;
}

/* A runtime spec holds the answer: numbers, and the complete list of groups. */
static int32_t resolve_spec(const struct user_input *in, struct user_result *ret)
{
	const struct user_request *spec = &in->spec->user;
	struct lookup l = {.in = in};
	struct config_user *user = &ret->user;
	int32_t status = check_spec_id(in, &spec->uid);

	if (!status)
		status = check_spec_id(in, &spec->gid);
	for (uint32_t i = 0; !status && i < spec->group_count; i++) {
		status = check_spec_id(in, &spec->groups[i]);
		if (!status)
			status = add_group(&l, (uint32_t)spec->groups[i].value);
	}
	if (!status)
		status = sort_groups(&l, user);
	if (!status)
		status = check_group_names(in, user);
	if (!status && in->accounts)
		status = find_home(in, (uint32_t)spec->uid.value, ret);
	ret->capabilities = spec->capabilities;
	user->resolved = true;
	user->uid = (uint32_t)spec->uid.value;
	user->gid = (uint32_t)spec->gid.value;
	/* umask(2) looks at the permission bits alone; runc hands it all of them. */
	user->umask = spec->umask.present ? (uint32_t)spec->umask.value & 0777 : 022;
	user->from = spec->uid.present ? spec->uid.from : ORIGIN_RUNTIME;
	return status;
}

int32_t user_resolve(const struct user_input *in, struct user_result *ret)
{
	*ret = (struct user_result){.user = {.resolved = false}};
	return in->spec ? resolve_spec(in, ret) : resolve_pod(in, ret);
}

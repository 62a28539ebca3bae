/* SPDX-License-Identifier: Apache-2.0 */
/* The user's step: the order of its parts, and the two ways into it. */
#include "resolve/user_step.h"

#include "resolve/crio_passwd.h"

#include <stdio.h>

int32_t user_no_memory(const struct user_input *in)
{
	return diag_memory(in->blame->diag, arenas_status(in->arena, in->scratch));
}

/* The kernel takes 4294967295 for "no change". */
int32_t user_check_id(const struct blame *b, const struct number *id)
{
	if (user_is_id(id->value))
		return OCIENV_OK;
	return blame(b, OCIENV_ERR_VALUE, id->from,
		     "expected an id from 0 to 2147483647, found %lld", (long long)id->value);
}

/* A line like "# note", "+::::::" or "ghost" is an entry with uid 0 to upstreams. */
static int32_t fail_line(const struct blame *b, enum account which, uint32_t line)
{
	return blame(b, OCIENV_ERR_VALUE, ORIGIN_DEFAULT,
		     "expected name and id from 0 to 2147483647 in the entry that is used, found "
		     "something else in line %u of %s", line, account_name(which));
}

int32_t user_check_passwd(const struct blame *b, const struct passwd_entry *entry)
{
	if (entry->clean && user_is_id(entry->uid) && user_is_id(entry->gid))
		return OCIENV_OK;
	return fail_line(b, ACCOUNT_PASSWD, entry->line);
}

int32_t user_check_group(const struct blame *b, const struct group_entry *entry)
{
	if (entry->clean && user_is_id(entry->gid))
		return OCIENV_OK;
	return fail_line(b, ACCOUNT_GROUP, entry->line);
}

/* containerd, what it may do whatever its uid; it decides what is executable. */
static uint64_t capabilities_of(const struct user_request *pod, uint32_t cri)
{
	uint64_t set = cri == OCIENV_CRI_CRIO ? capabilities_crio() : capabilities_containerd();

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

/* "user:group" */
static int32_t join(const struct user_input *in, struct arena *arena, struct sv user,
		    const struct number *group, struct sv *ret)
{
	char digits[24] = "", *text;
	size_t length;

	if (group->present)
		(void)snprintf(digits, sizeof(digits), ":%lld", (long long)group->value);
	length = strlen(digits);
	text = arena_chars(arena, user.len + length);
	if (!text)
		return user_no_memory(in);
	memcpy(sv_write(text, user), digits, length);
	*ret = sv_from(text, user.len + length);
	return OCIENV_OK;
}

/* GenerateUserString: name before number before image; a group is no user. */
static int32_t ask(struct lookup *l)
{
	static const struct number none;
	const struct user_fields *fields = l->fields;
	struct sv user = fields->username.value;
	char uid[24];

	l->from = fields->username.from;
	if (!user.len && fields->uid.present) {
		(void)snprintf(uid, sizeof(uid), "%lld", (long long)fields->uid.value);
		user = sv_of(uid);
		l->from = fields->uid.from;
	}
	if (user.len)
		return join(l->in, l->in->scratch, user,
			    l->rules->gid_replaces ? &none : &fields->gid, &l->question);
	if (fields->gid.present)
		return blame(l->in->blame, OCIENV_ERR_VALUE, fields->gid.from,
			     "expected a user beside runAsGroup, found none");
	l->from = fields->image.from;
	return join(l->in, l->in->scratch, fields->image.value, &none, &l->question);
}

/* What is to be looked up once there is a rootfs. */
static int32_t keep_question(const struct lookup *l, struct config_user *user)
{
	static const struct number none;
	struct sv question = l->question.len ? l->question : SV("0");

	return join(l->in, l->in->arena, question,
		    l->rules->gid_replaces ? &l->fields->gid : &none, &user->name);
}

/* The runtime looks for HOME in the file that CRI-O made. */
static void note_line(const struct lookup *l, struct user_result *ret)
{
	const struct user_input *in = l->in;

	if (!l->rules->adds_passwd_line ||
	    !crio_adds_line(&in->accounts->files[ACCOUNT_PASSWD], (uint32_t)l->uid))
		return;
	ret->added_name = l->question;
	ret->added_gid = (uint32_t)l->gid;
	add_warning(in->warnings, in->arena, "passwd-line-added", l->question,
		    "CRI-O adds a line for this user to the container's /etc/passwd", l->from);
}

static int32_t replace_gid(struct lookup *l)
{
	const struct number *gid = &l->fields->gid;

	if (!l->rules->gid_replaces || !gid->present)
		return OCIENV_OK;
	l->gid = gid->value;
	return l->strict ? user_check_id(l->in->blame, gid) : OCIENV_OK;
}

static int32_t look_up(struct lookup *l, struct user_result *ret)
{
	int32_t status = l->rules->look_up(l);

	if (status)
		return status;
	note_line(l, ret);
	status = replace_gid(l);
	if (!status)
		status = user_collect_groups(l);
	if (!status)
		status = user_sort_groups(l, &ret->user);
	ret->user.resolved = true;
	ret->user.uid = (uint32_t)l->uid;
	ret->user.gid = (uint32_t)l->gid;
	return status;
}

/* Strict: what is no file is an error, whether the file is needed or not. */
static int32_t check_files(const struct user_input *in)
{
	int32_t status = OCIENV_OK;

	if (in->accounts && in->profile == OCIENV_USER_STRICT)
		for (enum account i = 0; !status && i < ACCOUNT_COUNT; i++)
			status = accounts_read(in->accounts, i);
	return status;
}

int32_t user_answer(const struct user_input *in, const struct user_fields *fields,
		    struct user_result *ret)
{
	struct lookup l = {.in = in,
			   .rules = user_rules(in->profile, in->cri),
			   .fields = fields,
			   .strict = in->profile == OCIENV_USER_STRICT};
	int32_t status = ask(&l);

	ret->user.umask = 022;
	ret->user.from = l.from;
	if (status)
		return status;
	if (!in->accounts)
		return keep_question(&l, &ret->user);
	in->accounts->directory_is_absent = l.rules->directory_is_absent;
	in->accounts->lexical = l.rules->lexical;
	status = check_files(in);
	return status ? status : look_up(&l, ret);
}

/* A runtime spec holds the answer: numbers, and the complete list of groups. */
static int32_t answer_spec(const struct user_input *in, struct user_result *ret)
{
	const struct user_request *spec = &in->spec->user;
	struct lookup l = {.in = in};
	struct config_user *user = &ret->user;
	int32_t status = check_files(in);

	if (!status)
		status = user_check_id(in->blame, &spec->uid);
	if (!status)
		status = user_check_id(in->blame, &spec->gid);
	for (uint32_t i = 0; !status && i < spec->group_count; i++) {
		status = user_check_id(in->blame, &spec->groups[i]);
		if (!status)
			status = user_add_group(&l, spec->groups[i].value);
	}
	if (!status)
		status = user_sort_groups(&l, user);
	if (!status && in->groups_by_name && in->accounts)
		status = user_check_group_names(in, user);
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
	struct user_fields fields;
	int32_t status;

	*ret = (struct user_result){.user = {.resolved = false}};
	if (in->spec)
		return answer_spec(in, ret);
	ret->capabilities = capabilities_of(in->pod ? &in->pod->user : NULL, in->cri);
	status = user_fields(in, &fields);
	return status ? status : user_answer(in, &fields, ret);
}

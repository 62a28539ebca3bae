/* SPDX-License-Identifier: Apache-2.0 */
/* user: image User, pod and account files, answered by each program that looks users up. */
#include "kinds.h"
#include "root.h"

#include "resolve/crio_passwd.h"
#include "resolve/user_step.h"

#include <stdlib.h>

enum { GROUPS_MAX = 64 };

/* One column of the row, and how the library is asked for it. */
struct column {
	const char *name;
	uint32_t profile, cri;
	bool direct;
};

/* The last two are the default, which may refuse more. */
static const struct column columns[] = {
	{"containerd", OCIENV_USER_CONTAINERD, OCIENV_CRI_CONTAINERD, true},
	{"crio", OCIENV_USER_CRIO, OCIENV_CRI_CRIO, true},
	{"docker_like", OCIENV_USER_DOCKER, OCIENV_CRI_CONTAINERD, false},
	{"containerd_pod", OCIENV_USER_CONTAINERD, OCIENV_CRI_CONTAINERD, false},
	{"crio_pod", OCIENV_USER_CRIO, OCIENV_CRI_CRIO, false},
	{"containerd_pod", OCIENV_USER_STRICT, OCIENV_CRI_CONTAINERD, false},
	{"crio_pod", OCIENV_USER_STRICT, OCIENV_CRI_CRIO, false},
};

/* What is asked, apart from by whom. */
struct question {
	struct rootfs rootfs;
	struct ocienv_layer image, pod;
	struct sv username;
};

/* One call. */
struct run {
	struct ocienv_error error;
	struct diag diag;
	struct blame blame;
	struct vec warnings;
	struct accounts accounts;
	struct user_input in;
};

static void run_init(struct run *run, struct row *row, const struct question *question,
		     const struct column *column)
{
	*run = (struct run){.diag = {.error = &run->error}};
	run->blame = (struct blame){&run->diag, NULL};
	run->accounts = (struct accounts){
		.rootfs = &question->rootfs, .arena = row->arena, .diag = &run->diag};
	run->in = (struct user_input){.image = &question->image,
				      .pod = &question->pod,
				      .profile = column->profile,
				      .cri = column->cri,
				      .direct = column->direct,
				      .accounts = &run->accounts,
				      .blame = &run->blame,
				      .arena = row->arena,
				      .scratch = row->arena,
				      .warnings = &run->warnings};
}

static struct number number_of(struct json_object *json)
{
	return (struct number){.present = json != NULL, .value = json_object_get_int64(json)};
}

/* fsGroup comes first. */
static void read_groups(struct row *row, struct user_request *ret)
{
	struct json_object *list = member(row->json, "supplemental_groups");
	struct json_object *fs_group = member(row->json, "fs_group");
	size_t count = list ? json_object_array_length(list) : 0;

	ret->groups = ARENA_ARRAY(row->arena, count + 1, struct number);
	if (fs_group)
		ret->groups[ret->group_count++] = number_of(fs_group);
	for (size_t i = 0; i < count; i++)
		ret->groups[ret->group_count++] = number_of(json_object_array_get_idx(list, i));
}

static void read_question(struct row *row, struct question *ret)
{
	struct user_request *pod = &ret->pod.user;
	struct json_object *policy = member(row->json, "policy");

	ret->image.user.image_user.value = member_bytes(row, "image_user");
	ret->username = member_bytes(row, "run_as_username");
	pod->uid = number_of(member(row->json, "run_as_user"));
	pod->gid = number_of(member(row->json, "run_as_group"));
	pod->groups_strict = policy && strcmp(json_object_get_string(policy), "Strict") == 0;
	read_groups(row, pod);
}

static bool make_tree(struct row *row, const struct root *root)
{
	struct json_object *tree = member(row->json, "tree");
	struct sv passwd = root_text(row, row->json, "passwd");
	struct sv group = root_text(row, row->json, "group");

	for (size_t i = 0; tree && i < json_object_array_length(tree); i++)
		if (!root_node(root, row, json_object_array_get_idx(tree, i)))
			return false;
	return (!passwd.ptr || root_file(root, "etc/passwd", passwd, 0644)) &&
	       (!group.ptr || root_file(root, "etc/group", group, 0644));
}

/* --- the answer ---------------------------------------------------------------------- */

static bool has_group(struct json_object *groups, uint32_t gid)
{
	for (size_t i = 0; i < json_object_array_length(groups); i++)
		if (json_object_get_int64(json_object_array_get_idx(groups, i)) == gid)
			return true;
	return false;
}

static bool in_groups(const struct config_user *user, int64_t gid)
{
	for (uint32_t i = 0; i < user->group_count; i++)
		if (user->groups[i] == gid)
			return true;
	return false;
}

/* As sets: programs differ in order and repetition, the library has one form. */
static bool same_groups(struct json_object *expected, const struct config_user *user)
{
	for (uint32_t i = 0; i < user->group_count; i++)
		if (!has_group(expected, user->groups[i]) ||
		    (i && user->groups[i - 1] >= user->groups[i]))
			return false;
	for (size_t i = 0; i < json_object_array_length(expected); i++)
		if (!in_groups(user, json_object_get_int64(json_object_array_get_idx(expected, i))))
			return false;
	return true;
}

static bool same_ids(struct json_object *expected, int64_t uid, int64_t gid)
{
	return json_object_get_int64(member(expected, "uid")) == uid &&
	       json_object_get_int64(member(expected, "gid")) == gid;
}

/* The rows were made with this working directory, and no HOME. */
static bool same_line(struct row *row, struct json_object *expected,
		      const struct user_result *result)
{
	struct json_object *line = member(expected, "passwd_added");

	if (!line || !result->added_name.ptr)
		return !line && !result->added_name.ptr;
	return sv_eq(bytes_of(row, line),
		     crio_passwd(SV(""), result->added_name, result->user.uid, result->added_gid,
				 SV("/work/dir"), row->arena));
}

static enum verdict compare(struct row *row, const char *name, struct json_object *expected,
			    const struct user_result *result)
{
	const struct config_user *user = &result->user;

	if (member(expected, "error"))
		return row_fails(row, "%s refuses, got %u:%u", name, user->uid, user->gid);
	if (!same_ids(expected, user->uid, user->gid) ||
	    !same_groups(member(expected, "additionalGids"), user))
		return row_fails(row, "%s: expected %s, got %u:%u", name,
				 json_object_to_json_string(expected), user->uid, user->gid);
	if (!same_line(row, expected, result))
		return row_fails(row, "%s: another line in passwd", name);
	return ROW_PASSES;
}

static enum verdict check_column(struct row *row, const struct question *question,
				 const struct column *column)
{
	struct json_object *expected = member(row->json, column->name);
	struct user_result result = {0};
	struct user_fields fields;
	struct run run;
	int32_t status;

	if (!expected) /* the row cannot be put to that program */
		return ROW_PASSES;
	run_init(&run, row, question, column);
	status = user_fields(&run.in, &fields);
	if (question->username.len) /* no pod on Linux says it */
		fields.username.value = question->username;
	if (!status)
		status = user_answer(&run.in, &fields, &result);
	if (status)
		return row_refused(row, &run.error, member(expected, "error") != NULL);
	return compare(row, column->name, expected, &result);
}

/* --- parts of the way ----------------------------------------------------------------- */

/* What the kubelet hands on, and what it says to runAsNonRoot. */
static enum verdict check_kubelet(struct row *row, const struct question *question)
{
	static const struct column column = {"kubelet", OCIENV_USER_CONTAINERD,
					     OCIENV_CRI_CONTAINERD, false};
	struct json_object *expected = member(row->json, "kubelet"), *uid, *verdict;
	struct question demanding = *question;
	struct user_fields fields;
	struct run run;
	bool passes;

	if (!expected)
		return ROW_PASSES;
	uid = member(expected, "run_as_user");
	verdict = member(row->json, "run_as_non_root");
	run_init(&run, row, question, &column);
	if (user_fields(&run.in, &fields) || fields.uid.present != (uid != NULL) ||
	    (uid && fields.uid.value != json_object_get_int64(uid)) ||
	    !sv_eq(fields.username.value, bytes_of(row, member(expected, "run_as_username"))))
		return row_fails(row, "kubelet: got %lld", (long long)fields.uid.value);
	demanding.pod.user.non_root = (struct number){.present = true, .value = 1};
	run_init(&run, row, &demanding, &column);
	passes = user_fields(&run.in, &fields) == OCIENV_OK;
	if (passes != (strcmp(json_object_get_string(verdict), "ok") == 0))
		return row_fails(row, "runAsNonRoot: got %s", passes ? "ok" : "an error");
	return ROW_PASSES;
}

/* The look-up of the image's User alone, in two versions. */
static enum verdict check_with_user(struct row *row, const struct question *question)
{
	static const struct column versions[] = {
		{"HEAD", OCIENV_USER_CONTAINERD, OCIENV_CRI_CONTAINERD, true},
		{"v1.7.27", OCIENV_USER_CONTAINERD_1_7, OCIENV_CRI_CONTAINERD, true},
	};
	enum verdict verdict = ROW_PASSES;

	for (size_t i = 0; verdict == ROW_PASSES && i < 2; i++) {
		const struct user_fields nothing = {0};
		struct json_object *now = member(row->json, "with_user"), *old = NULL;
		struct lookup l = {.question = question->image.user.image_user.value,
				   .from = ORIGIN_DEFAULT,
				   .fields = &nothing};
		struct run run;

		if (member(row->json, "with_user_old"))
			old = member(member(row->json, "with_user_old"), versions[i].name);
		now = old ? old : now;
		if (!now)
			continue;
		run_init(&run, row, question, &versions[i]);
		l.in = &run.in;
		l.rules = user_rules(run.in.profile, run.in.cri);
		run.accounts.lexical = l.rules->lexical;
		if (l.rules->look_up(&l))
			verdict = row_refused(row, &run.error, member(now, "error") != NULL);
		else if (member(now, "error") || !same_ids(now, (uint32_t)l.uid, (uint32_t)l.gid))
			verdict = row_fails(row, "WithUser of %s: got %lld:%lld", versions[i].name,
					    (long long)l.uid, (long long)l.gid);
	}
	return verdict;
}

static enum verdict worse(enum verdict a, enum verdict b)
{
	return a == ROW_FAILS || b == ROW_PASSES ? a : b;
}

enum verdict check_user(struct row *row)
{
	struct question question = {.image = {.kind = OCIENV_LAYER_IMAGE},
				    .pod = {.kind = OCIENV_LAYER_POD}};
	enum verdict verdict = ROW_PASSES;
	struct root root;

	if (root_make(&root) && make_tree(row, &root)) {
		question.rootfs = (struct rootfs){.fd = root.fd, .max_symlinks = 40};
		read_question(row, &question);
		verdict = worse(check_kubelet(row, &question), check_with_user(row, &question));
	} else {
		verdict = row_fails(row, "cannot make a root in %s", root.name);
	}
	for (size_t i = 0; verdict != ROW_FAILS && i < sizeof(columns) / sizeof(columns[0]); i++)
		verdict = worse(verdict, check_column(row, &question, &columns[i]));
	root_remove(&root);
	return verdict;
}

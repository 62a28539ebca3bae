/* SPDX-License-Identifier: Apache-2.0 */
/* merge_env, cri_containerd and runc_env: what becomes of environment lists. */
#include "kinds.h"

#include "base/utf8.h"
#include "resolve/cri.h"
#include "resolve/runtime.h"

static const struct diag no_diag;
static const struct blame no_blame = {&no_diag, NULL};

/* The rows were made with a uid that no passwd has. */
static int32_t find_root(const struct home_source *source, struct text *ret, bool *unknown)
{
	(void)source;
	*ret = (struct text){SV("/"), ORIGIN_RUNTIME};
	*unknown = true;
	return OCIENV_OK;
}

static const struct home_source unknown_user = {find_root};

static struct env_list env_of(struct row *row, struct json_object *strings)
{
	size_t count = strings ? json_object_array_length(strings) : 0;
	struct env_list env = {.present = strings != NULL, .count = (uint32_t)count};

	env.items = ARENA_ARRAY(row->arena, count, struct env_entry);
	for (size_t i = 0; i < count; i++)
		env_entry_set(&env.items[i],
			      bytes_of(row, json_object_array_get_idx(strings, i)),
			      ORIGIN_DEFAULT);
	return env;
}

static bool same_env(struct row *row, struct json_object *expected, const struct env_list *env)
{
	struct sv *texts = ARENA_ARRAY(row->arena, env->count, struct sv);

	for (uint32_t i = 0; i < env->count; i++)
		texts[i] = env->items[i].text;
	return same_strings(row, "env", expected, texts, env->count);
}

enum verdict check_merge_env(struct row *row)
{
	struct env_list defaults = env_of(row, member(row->json, "defaults"));
	struct env_list overrides = env_of(row, member(row->json, "overrides"));
	const struct env_list *const lists[] = {&overrides, NULL};
	struct env_list merged;

	if (cri_merge_env(&defaults, lists, row->arena, row->arena, &merged))
		return row_fails(row, "out of memory");
	return same_env(row, member(row->json, "out"), &merged) ? ROW_PASSES : ROW_FAILS;
}

static struct text_list list_of(struct row *row, struct json_object *strings)
{
	size_t count = strings ? json_object_array_length(strings) : 0;
	struct text_list list = {.present = strings != NULL, .count = (uint32_t)count};

	list.items = ARENA_ARRAY(row->arena, count, struct text);
	for (size_t i = 0; i < count; i++)
		list.items[i].value = bytes_of(row, json_object_array_get_idx(strings, i));
	return list;
}

/* The pod's entries come as {"k": text, "v": base64}; the CRI joins them. */
static struct env_list pod_env_of(struct row *row)
{
	struct json_object *envs = member(row->json, "envs");
	size_t count = envs ? json_object_array_length(envs) : 0;
	struct env_list env = {true, (uint32_t)count, NULL};

	env.items = ARENA_ARRAY(row->arena, count, struct env_entry);
	for (size_t i = 0; i < count; i++) {
		struct json_object *pair = json_object_array_get_idx(envs, i);
		struct sv name = bytes_of(row, member(pair, "k"));
		struct sv value = decoded(row, member(pair, "v"));
		char *text = arena_chars(row->arena, name.len + 1 + value.len);

		memcpy(text, name.ptr, name.len);
		text[name.len] = '=';
		memcpy(text + name.len + 1, value.ptr, value.len);
		env_entry_set(&env.items[i], sv_from(text, name.len + 1 + value.len),
			      ORIGIN_DEFAULT);
	}
	return env;
}

/* The kubelet step lets no other bytes through to the CRI step. */
static bool is_utf8(const struct env_list *env)
{
	for (uint32_t i = 0; i < env->count; i++)
		if (!utf8_valid(env->items[i].text))
			return false;
	return true;
}

static struct sv text_of(struct row *row, struct json_object *object, const char *name)
{
	struct json_object *text = member(object, name);

	return text ? bytes_of(row, text) : SV_NONE;
}

/* Over gRPC an empty list is no list; the kubelet step hands it on like that. */
static void fill_layers(struct row *row, struct ocienv_layer *image, struct ocienv_layer *pod)
{
	struct json_object *config = member(row->json, "image");

	image->entrypoint = list_of(row, member(config, "Entrypoint"));
	image->args = list_of(row, member(config, "Cmd"));
	image->env = env_of(row, member(config, "Env"));
	image->cwd.value = text_of(row, config, "WorkingDir");
	pod->entrypoint = list_of(row, member(row->json, "command"));
	pod->args = list_of(row, member(row->json, "args"));
	pod->env = pod_env_of(row);
	pod->cwd.value = text_of(row, row->json, "working_dir");
	pod->hostname.value = text_of(row, row->json, "hostname");
	pod->tty = json_object_get_boolean(member(row->json, "tty"));
}

static enum verdict check_cri(struct row *row, uint32_t cri)
{
	struct json_object *out = member(row->json, "out");
	bool ok = json_object_get_boolean(member(out, "ok"));
	struct ocienv_layer image = {.kind = OCIENV_LAYER_IMAGE};
	struct ocienv_layer pod = {.kind = OCIENV_LAYER_POD};
	struct cri_process process;
	struct vec warnings = {0};
	struct cri_input in = {&image, &pod, &no_blame, row->arena, row->arena, &warnings};
	struct sv *args;
	int32_t status;

	fill_layers(row, &image, &pod);
	if (!is_utf8(&pod.env)) {
		row->reason = "a value that is not UTF-8";
		return ROW_STRICTER;
	}
	status = cri_process(cri, &in, &process);
	if (!ok || status)
		return !ok && status == OCIENV_ERR_VALUE
			       ? ROW_PASSES
			       : row_fails(row, "expected %s, got status %d",
					   ok ? "an answer" : "a refusal", status);
	args = ARENA_ARRAY(row->arena, process.args.count, struct sv);
	for (uint32_t i = 0; i < process.args.count; i++)
		args[i] = process.args.items[i].value;
	if (!sv_eq(process.cwd.value, text_of(row, out, "cwd")))
		return row_fails(row, "cwd: got \"%.*s\"", SV_ARG(process.cwd.value));
	return same_strings(row, "args", member(out, "args"), args, process.args.count) &&
			       same_env(row, member(out, "env"), &process.env)
		       ? ROW_PASSES
		       : ROW_FAILS;
}

enum verdict check_cri_containerd(struct row *row)
{
	return check_cri(row, OCIENV_CRI_CONTAINERD);
}

enum verdict check_cri_crio(struct row *row)
{
	return check_cri(row, OCIENV_CRI_CRIO);
}

/* The three generations of runc; the rows were made with a uid that no passwd has. */
enum verdict check_runc_env(struct row *row)
{
	static const struct {
		const char *column;
		uint32_t runtime;
	} columns[] = {
		{"runc_1_5", OCIENV_RUNTIME_RUNC},
		{"runc_1_3_0", OCIENV_RUNTIME_RUNC_1_3},
		{"runc_1_2_6", OCIENV_RUNTIME_RUNC_1_2},
	};
	struct env_list env = env_of(row, member(row->json, "env"));

	const struct env_list *const lists[] = {&env};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		struct json_object *column = member(row->json, columns[i].column);
		struct runtime_input in = {columns[i].runtime, false, &unknown_user, &no_blame,
					   NULL, row->arena, row->arena};
		struct env_list got = env_list_join(row->arena, lists, 1, 1);
		int32_t status;
		bool refused;

		got.present = env.present;
		status = runtime_env(&in, &got);
		refused = status == OCIENV_ERR_VALUE || status == OCIENV_ERR_ENCODING;
		if (!column)
			return row_fails(row, "expected the column %s, found none",
					 columns[i].column);
		if (member(column, "error") ? !refused : status != OCIENV_OK)
			return row_fails(row, "%s: got status %d", columns[i].column, status);
		if (!status && !same_env(row, member(column, "env"), &got))
			return ROW_FAILS;
	}
	return ROW_PASSES;
}

/* The agent's loop takes what it can; the rows have no passwd entry either. */
enum verdict check_kata_agent_env(struct row *row)
{
	struct env_list env = env_of(row, member(row->json, "env"));
	struct ocienv_error error = {0};
	struct diag diag = {.error = &error};
	struct blame blamed = {&diag, NULL};
	struct runtime_input in = {OCIENV_RUNTIME_KATA, true, &unknown_user, &blamed,
				   NULL, row->arena, row->arena};
	const struct env_list *const lists[] = {&env};
	struct env_list got = env_list_join(row->arena, lists, 1, 1);

	if (runtime_env(&in, &got))
		return row_refused(row, &error, member(row->json, "error") != NULL);
	if (member(row->json, "error"))
		return row_fails(row, "upstream refuses");
	return same_env(row, member(row->json, "out"), &got) ? ROW_PASSES : ROW_FAILS;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* lookpath: which file real runtimes and C libraries executed, or why none. */
#include "kinds.h"
#include "lookpath_tree.h"

#include "resolve/runtime.h"
#include "rootfs/rootfs.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum { TEXT = 16384 };

struct column {
	const char *name;
	enum lookup_profile profile;
	uint32_t runtime; /* whose rules the environment passes; EXECVP: none */
};

/* crun's last: the tree is changed for it. */
static const struct column columns[] = {
	{"runc", LOOKUP_RUNC, OCIENV_RUNTIME_RUNC},
	{"runc_1_3_6", LOOKUP_RUNC, OCIENV_RUNTIME_RUNC_1_3},
	{"runc_1_1_5", LOOKUP_RUNC_1_1, OCIENV_RUNTIME_RUNC_1_1},
	{"execvp_glibc", LOOKUP_EXECVP, OCIENV_RUNTIME_EXECVP},
	{"execvp_musl", LOOKUP_MUSL, OCIENV_RUNTIME_EXECVP},
	{"kata_logic", LOOKUP_KATA, OCIENV_RUNTIME_EXECVP},
	{"crun", LOOKUP_CRUN, OCIENV_RUNTIME_CRUN},
	{"crun_1_8_1", LOOKUP_CRUN_1_8, OCIENV_RUNTIME_CRUN_1_8},
};

static const struct {
	const char *name;
	enum walker walker;
} walkers[] = {
	{"auto", WALKER_AUTO},
	{"openat2", WALKER_OPENAT2},
	{"stack", WALKER_STACK},
	{"string", WALKER_STRING},
};

static bool walker_of(enum walker *ret)
{
	const char *name = getenv("OCIENV_WALKER");

	*ret = WALKER_AUTO;
	for (size_t i = 0; name && i < sizeof(walkers) / sizeof(walkers[0]); i++) {
		if (strcmp(walkers[i].name, name) != 0)
			continue;
		*ret = walkers[i].walker;
		return true;
	}
	return !name;
}

static struct sv text_of(struct row *row, struct json_object *object, const char *name)
{
	struct json_object *text = member(object, name);

	return text ? bytes_of(row, text) : SV_NONE;
}

static bool has_prefix(struct sv text, const char *prefix)
{
	return sv_has_prefix(text, sv_of(prefix));
}

static int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		(void)closedir(dir);
	return count;
}

/* --- what is expected ------------------------------------------------------------------ */

/* What was recorded for the column. The agent ran with glibc's execvp there and ships with
 * musl's: beyond its own look, musl decides. */
static struct json_object *outcome_of_column(struct row *row, const struct column *column)
{
	struct json_object *all = member(row->json, "outcome");
	struct json_object *outcome = member(all, column->name);

	if (column->profile != LOOKUP_KATA || !outcome ||
	    sv_eq(text_of(row, outcome, "stage"), SV("lookup")))
		return outcome;
	return member(all, "execvp_musl");
}

/* A walk into /proc is refused whatever the runtime made of it. */
static bool enters_proc(struct row *row)
{
	return has_prefix(member_bytes(row, "id"), "magic-") ||
	       has_prefix(member_bytes(row, "path"), "/proc/") ||
	       has_prefix(member_bytes(row, "cwd"), "/proc/");
}

static int32_t status_of(struct row *row, struct json_object *outcome,
			 const struct column *column)
{
	static const struct {
		const char *name, *stage;
		int32_t status;
	} known[] = {
		{"ENOENT", "exec", OCIENV_ERR_UNSUPPORTED}, /* the interpreter */
		{"ENOENT", NULL, OCIENV_ERR_NOTFOUND},
		{"ENOTDIR", NULL, OCIENV_ERR_NOTFOUND},
		{"ENAMETOOLONG", NULL, OCIENV_ERR_NOTFOUND},
		{"ELOOP", "lookup", OCIENV_ERR_NOTFOUND},
		{"ELOOP", "exec", OCIENV_ERR_UNSUPPORTED}, /* too many scripts */
		{"EACCES", NULL, OCIENV_ERR_ACCESS},
		{"EPERM", NULL, OCIENV_ERR_ACCESS},
		{"EISDIR", NULL, OCIENV_ERR_ACCESS},
		{"ENOEXEC", NULL, OCIENV_ERR_UNSUPPORTED},
		{"ERRDOT", NULL, OCIENV_ERR_UNSAFE},
	};
	struct sv name = text_of(row, outcome, "errno"), stage = text_of(row, outcome, "stage");
	bool executes = column->runtime == OCIENV_RUNTIME_EXECVP;

	if (sv_eq(text_of(row, outcome, "status"), SV("exec")))
		return OCIENV_OK;
	/* execvp's stage is always exec: only a script can mean its interpreter, and not even
	 * that where the search goes on behind it. */
	if (!has_prefix(member_bytes(row, "id"), "sh-") || (executes && sv_eq(name, SV("ENOENT"))))
		stage = SV("lookup");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq(name, sv_of(known[i].name)) &&
		    (!known[i].stage || sv_eq(stage, sv_of(known[i].stage))))
			return known[i].status;
	return 1;
}

/* A recorded path made absolute, squeezed by another way than the library's. */
static struct sv squeezed(struct row *row, struct sv path)
{
	struct sv parts[2] = {path.ptr && path.ptr[0] == '/' ? SV("") : member_bytes(row, "cwd"),
			      path};
	char *out = arena_chars(row->arena, parts[0].len + path.len + 2);
	struct sv part;
	size_t len = 0;

	for (int i = 0; i < 2; i++) {
		while (sv_cut(&parts[i], '/', &part)) {
			if (!part.len || sv_eq(part, SV(".")))
				continue;
			out[len++] = '/';
			memcpy(out + len, part.ptr, part.len);
			len += part.len;
		}
	}
	return sv_from(out, len);
}

/* --- what the library says ------------------------------------------------------------- */

/* argv as the last program sees it: the innermost interpreter comes first, and behind them
 * all the path given to execve instead of argv[0]. */
static bool same_argv(struct row *row, const struct lookup_result *got,
		      struct json_object *outcome)
{
	struct json_object *argv = member(outcome, "argv");
	size_t at = 0;

	for (uint32_t i = got->interpreter_count; i > 0; i--) {
		const struct interpreter *one = &got->interpreters[i - 1];

		if (!sv_eq(one->path, bytes_of(row, json_object_array_get_idx(argv, at++))))
			return false;
		if (one->arg.ptr &&
		    !sv_eq(one->arg, bytes_of(row, json_object_array_get_idx(argv, at++))))
			return false;
	}
	return !at || sv_eq(bytes_of(row, json_object_array_get_idx(argv, at)),
			    text_of(row, outcome, "execve_path"));
}

static enum verdict compare(struct row *row, const struct column *column,
			    const struct lookup_result *got, struct json_object *outcome)
{
	struct sv path = squeezed(row, text_of(row, outcome, "execve_path"));
	struct sv canonical = squeezed(row, text_of(row, outcome, "resolved"));
	struct sv image = squeezed(row, text_of(row, outcome, "image"));

	if (!sv_eq(got->path, path))
		return row_fails(row, "%s: path %.*s, expected %.*s", column->name,
				 SV_ARG(got->path), SV_ARG(path));
	if (!sv_eq(got->file.canonical, canonical))
		return row_fails(row, "%s: canonical %.*s, expected %.*s", column->name,
				 SV_ARG(got->file.canonical), SV_ARG(canonical));
	if (!sv_eq(got->program.canonical, image))
		return row_fails(row, "%s: runs %.*s, expected %.*s", column->name,
				 SV_ARG(got->program.canonical), SV_ARG(image));
	return same_argv(row, got, outcome) ? ROW_PASSES
					    : row_fails(row, "%s: another argv", column->name);
}

static struct identity identity_of(struct row *row)
{
	struct json_object *groups = member(row->json, "additional_gids");
	size_t count = json_object_array_length(groups);
	uint32_t *gids = ARENA_ARRAY(row->arena, count, uint32_t);
	struct identity who = {.known = true, .groups = gids, .group_count = (uint32_t)count};

	who.uid = (uint32_t)json_object_get_int(member(row->json, "uid"));
	who.gid = (uint32_t)json_object_get_int(member(row->json, "gid"));
	for (size_t i = 0; i < count; i++)
		gids[i] = (uint32_t)json_object_get_int(json_object_array_get_idx(groups, i));
	if (!who.uid && !member(row->json, "without_cap_dac_override"))
		who.capabilities = 1U << CAPABILITY_DAC_OVERRIDE;
	return who;
}

static int32_t find_home(const struct home_source *source, struct text *ret, bool *unknown)
{
	(void)source;
	*ret = (struct text){.value = SV("/")};
	*unknown = true;
	return OCIENV_OK;
}

/* The value of PATH that the runtime makes of the row's environment. */
static int32_t path_of(struct row *row, const struct column *column, const struct diag *diag,
		       struct sv *ret)
{
	static const struct home_source home = {find_home};
	struct json_object *strings = member(row->json, "env");
	struct env_list env = {.present = true,
			       .count = (uint32_t)json_object_array_length(strings)};
	struct blame blame = {diag, NULL};
	struct runtime_input in = {column->runtime, true, &home, &blame, NULL, row->arena,
				   row->arena};
	int32_t status;

	*ret = member_bytes(row, "path");
	if (column->runtime == OCIENV_RUNTIME_EXECVP)
		return OCIENV_OK;
	env.items = ARENA_ARRAY(row->arena, env.count + 1U, struct env_entry);
	for (uint32_t i = 0; i < env.count; i++)
		env_entry_set(&env.items[i], bytes_of(row, json_object_array_get_idx(strings, i)),
			      ORIGIN_DEFAULT);
	status = runtime_env(&in, &env);
	if (!status)
		*ret = env_get(&env, SV("PATH"));
	return status;
}

static enum verdict check_column(struct row *row, const struct rootfs *rootfs,
				 const struct column *column, struct json_object *outcome)
{
	struct identity who = identity_of(row);
	struct lookup_request request = {.profile = column->profile,
					 .name = member_bytes(row, "argv0"),
					 .cwd = member_bytes(row, "cwd"),
					 .who = &who,
					 .architecture = SV("amd64")}; /* as recorded */
	int32_t expected = enters_proc(row) ? OCIENV_ERR_UNSAFE : status_of(row, outcome, column);
	struct ocienv_error error = {0};
	struct diag diag = {.error = &error};
	struct lookup_result got = {0};
	int before = open_descriptors();
	enum verdict verdict = ROW_PASSES;
	int32_t status = path_of(row, column, &diag, &request.path);

	if (status || sv_eq(text_of(row, outcome, "stage"), SV("validate")))
		return status == OCIENV_ERR_VALUE &&
				       sv_eq(text_of(row, outcome, "stage"), SV("validate"))
			       ? ROW_PASSES
			       : row_fails(row, "%s: environment: status %d", column->name, status);
	status = rootfs_lookup(rootfs, &request, row->arena, &diag, (struct mark){1, 1}, &got);
	if (status != expected)
		verdict = row_fails(row, "%s: got %d (%s), expected %d", column->name, status,
				    error.message, expected);
	else if (!status)
		verdict = compare(row, column, &got, outcome);
	if (!status)
		(void)close(got.file.fd);
	if (open_descriptors() != before)
		return row_fails(row, "%s: a descriptor is left open", column->name);
	if (verdict == ROW_PASSES && enters_proc(row)) {
		row->reason = "a path through /proc";
		verdict = ROW_STRICTER;
	}
	return verdict;
}

static enum verdict check_columns(struct row *row, const struct lookpath_tree *tree)
{
	struct rootfs rootfs = {.fd = tree->root.fd};
	enum verdict verdict = ROW_PASSES;
	size_t checked = 0;

	if (!walker_of(&rootfs.walker))
		return row_fails(row, "expected a known walker in OCIENV_WALKER");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		struct json_object *outcome = outcome_of_column(row, &columns[i]);
		enum verdict one;

		if (columns[i].runtime == OCIENV_RUNTIME_CRUN && !lookpath_tree_for_crun(tree, row))
			return ROW_FAILS;
		if (!outcome)
			continue;
		checked++;
		one = check_column(row, &rootfs, &columns[i], outcome);
		if (one == ROW_FAILS)
			return one;
		if (one == ROW_STRICTER)
			verdict = one;
	}
	return checked >= 5 ? verdict : row_fails(row, "expected five columns, found %zu", checked);
}

enum verdict check_lookpath(struct row *row)
{
	struct lookpath_tree tree;
	enum verdict verdict = ROW_FAILS;

	if (lookpath_tree_make(&tree, row))
		verdict = check_columns(row, &tree);
	lookpath_tree_remove(&tree);
	return verdict;
}

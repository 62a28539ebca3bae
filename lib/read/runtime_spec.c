/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OCI runtime spec (config.json): `process` is what the CRI plugin decided, `mounts` what
 * covers the rootfs. The rest of the document is checked as text and otherwise left alone.
 */
#include "read/read.h"

#include "base/capability.h"
#include "read/mounts.h"
#include "read/shape.h"
#include "text/text.h"

struct spec {
	const struct node *process, *mounts;
};

static const struct field spec_fields[] = {
	FIELD("process", MAP, struct spec, process),
	FIELD("mounts", LIST, struct spec, mounts),
	FIELD_IGNORED("ociVersion"),
	FIELD_IGNORED("root"),
	FIELD_IGNORED("hostname"),
	FIELD_IGNORED("domainname"),
	FIELD_IGNORED("hooks"),
	FIELD_IGNORED("annotations"),
	FIELD_IGNORED("linux"),
	FIELD_IGNORED("solaris"),
	FIELD_IGNORED("windows"),
	FIELD_IGNORED("vm"),
	FIELD_IGNORED("zos"),
	FIELD_IGNORED("freebsd"),
};

struct process {
	struct text_list args, env;
	struct text cwd;
	struct number terminal;
	const struct node *user, *capabilities;
};

static const struct field process_fields[] = {
	FIELD("args", STRINGS, struct process, args),
	FIELD("env", STRINGS, struct process, env),
	FIELD("cwd", STRING, struct process, cwd),
	FIELD("terminal", BOOL, struct process, terminal),
	FIELD("user", MAP, struct process, user),
	FIELD("capabilities", MAP, struct process, capabilities),
	FIELD_IGNORED("commandLine"),
	FIELD_IGNORED("consoleSize"),
	FIELD_IGNORED("rlimits"),
	FIELD_IGNORED("apparmorProfile"),
	FIELD_IGNORED("oomScoreAdj"),
	FIELD_IGNORED("scheduler"),
	FIELD_IGNORED("selinuxLabel"),
	FIELD_IGNORED("ioPriority"),
	FIELD_IGNORED("execCPUAffinity"),
	FIELD_IGNORED("noNewPrivileges"),
};

struct user {
	struct number uid, gid, umask;
	struct number_list groups;
};

static const struct field user_fields[] = {
	FIELD("uid", UINT32, struct user, uid),
	FIELD("gid", UINT32, struct user, gid),
	FIELD("umask", UINT32, struct user, umask),
	FIELD("additionalGids", UINT32S, struct user, groups),
	FIELD_IGNORED("username"),
};

struct capabilities {
	struct text_list effective;
};

static const struct field capability_fields[] = {
	FIELD("effective", STRINGS, struct capabilities, effective),
	FIELD_IGNORED("bounding"),
	FIELD_IGNORED("inheritable"),
	FIELD_IGNORED("permitted"),
	FIELD_IGNORED("ambient"),
};

static int32_t read_user(const struct reader *reader, const struct node *node,
			 const struct path *process, struct ocienv_layer *layer)
{
	struct path path = path_key(process, SV("user"));
	struct user_request *request = &layer->user;
	struct user user = {0};
	int32_t status = bind_members(reader, node, &path, user_fields, FIELD_COUNT(user_fields), &user);

	if (status)
		return status;
	request->uid = user.uid;
	request->gid = user.gid;
	request->umask = user.umask;
	request->group_count = user.groups.count;
	request->groups = ARENA_ARRAY(&layer->arena, user.groups.count, struct number);
	if (request->groups && user.groups.count)
		memcpy(request->groups, user.groups.items,
		       user.groups.count * sizeof(*request->groups));
	return OCIENV_OK;
}

/* A name that the kernel does not have grants nothing; runtimes only warn about it. */
static int32_t read_capabilities(const struct reader *reader, const struct node *node,
				 const struct path *process, struct ocienv_layer *layer)
{
	struct path path = path_key(process, SV("capabilities"));
	struct capabilities capabilities = {0};
	int32_t status = bind_members(reader, node, &path, capability_fields,
			      FIELD_COUNT(capability_fields), &capabilities);

	for (uint32_t i = 0; !status && i < capabilities.effective.count; i++)
		layer->user.capabilities |= capability_bit(capabilities.effective.items[i].value);
	return status;
}

/* Runtimes part ways over a null element: runc reads "", crun skips it or crashes. */
static int32_t refuse_null_elements(const struct reader *reader, const struct node *process,
				    const struct path *path)
{
	static const struct sv lists[] = {{"args", 4}, {"env", 3}};

	for (uint32_t i = 0; i < 2 * node_size(process); i++) {
		uint32_t member = i / 2;
		const struct node *list = node_value(process, member);
		struct path list_path = path_key(path, lists[i % 2]);

		if (!sv_eq(node_sv(node_key(process, member)), lists[i % 2]))
			continue;
		for (uint32_t k = 0; list->kind == NODE_LIST && k < list->count; k++) {
			struct path here = path_index(&list_path, k);

			if (list->children[k].kind == NODE_NULL)
				return bind_fail(reader, OCIENV_ERR_AMBIGUOUS,
						 &list->children[k], &here,
						 "expected a string, found null: runtimes "
						 "disagree about it");
		}
	}
	return OCIENV_OK;
}

static int32_t read_process(const struct read_input *in, const struct reader *reader,
			    const struct node *node, struct ocienv_layer *layer)
{
	struct path root = {NULL, {NULL, 0}, 0};
	struct path path = path_key(&root, SV("process"));
	struct process process = {0};
	int32_t status = bind_members(reader, node, &path, process_fields, FIELD_COUNT(process_fields),
			      &process);

	if (!status)
		status = refuse_null_elements(reader, node, &path);
	if (!status)
		status = check_args(in, &path, SV("args"), &process.args);
	if (!status)
		status = check_env(in, &path, SV("env"), &process.env);
	if (!status && process.user)
		status = read_user(reader, process.user, &path, layer);
	if (!status && process.capabilities)
		status = read_capabilities(reader, process.capabilities, &path, layer);
	if (status)
		return status;
	layer->user.capabilities_present = true; /* without the member there are none */
	layer->args = text_list_keep(&layer->arena, process.args);
	layer->env = env_list_keep(&layer->arena, process.env);
	layer->cwd = text_keep(&layer->arena, process.cwd);
	layer->tty = process.terminal.value != 0;
	return warn_repeats(in, layer);
}

int32_t read_runtime_spec(const struct read_input *in, struct ocienv_layer *layer)
{
	struct text_input text = {in->bytes, in->diag, in->limits, in->scratch, true, NULL};
	struct reader reader = {.diag = in->diag,
				.limits = in->limits,
				.scratch = in->scratch,
				.source = OCIENV_SOURCE_RUNTIME,
				.document = document_ref(layer->kind, 0),
				.any_case = true,
				.strict = in->options->flags & OCIENV_STRICT};
	struct path root = {NULL, {NULL, 0}, 0}, path = path_key(&root, SV("mounts"));
	const struct node *document;
	struct text_list mounts = {0};
	struct spec spec = {0};
	int32_t status = json_parse(&text, &document);

	if (!status)
		status = shape_check(&reader, document, &shape_runtime_spec);
	if (!status)
		status = bind_members(&reader, document, &root, spec_fields, FIELD_COUNT(spec_fields),
			      &spec);
	if (status)
		return status;
	if (!spec.process)
		return bind_fail(&reader, OCIENV_ERR_VALUE, bind_first(document), &root,
				 "expected the member \"process\", found none");
	status = read_mounts(&reader, spec.mounts, &path, &mounts);
	if (status)
		return status;
	layer->mounts = text_list_keep(&layer->arena, mounts);
	return read_process(in, &reader, spec.process, layer);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The members that decide what a process of the image gets, and who may change it. */
#include "read/occlum_json.h"

#include "read/read.h"
#include "text/text.h"

struct occlum {
	const struct node *process, *env, *mounts;
};

static const struct field occlum_fields[] = {
	FIELD("process", MAP, struct occlum, process),
	FIELD("env", MAP, struct occlum, env),
	FIELD("mount", LIST, struct occlum, mounts),
	FIELD_IGNORED("resource_limits"),
	FIELD_IGNORED("entry_points"),
	FIELD_IGNORED("metadata"),
	FIELD_IGNORED("feature"),
	FIELD_IGNORED("untrusted_unix_socks"),
};

struct process {
	struct text stack_size;
};

static const struct field process_fields[] = {
	FIELD("default_stack_size", STRING, struct process, stack_size),
	FIELD_IGNORED("default_heap_size"),
	FIELD_IGNORED("default_mmap_size"),
};

static const struct field env_fields[] = {
	FIELD("default", STRINGS, struct occlum_json, defaults),
	FIELD("untrusted", STRINGS, struct occlum_json, untrusted),
};

struct mount {
	struct text target, type;
};

static const struct field mount_fields[] = {
	FIELD("target", STRING, struct mount, target),
	FIELD("type", STRING, struct mount, type),
	FIELD_IGNORED("source"),
	FIELD_IGNORED("options"),
};

static struct sv trim(struct sv text)
{
	while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
		text = sv_skip(text, 1);
	while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
		text.len--;
	return text;
}

/* Occlum parse_memory_size: a number and one of its units, "4MB". */
static bool parse_size(struct sv text, uint64_t *ret)
{
	static const struct {
		struct sv name;
		unsigned int shift;
	} units[] = {{{"KB", 2}, 10}, {{"MB", 2}, 20}, {{"GB", 2}, 30}, {{"TB", 2}, 40},
		     {{"B", 1}, 0}};

	text = trim(text);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct sv unit = units[i].name, number;

		if (text.len < unit.len || !sv_eq(sv_skip(text, text.len - unit.len), unit))
			continue;
		number = trim(sv_from(text.ptr, text.len - unit.len));
		if (!sv_to_u64(number, UINT64_MAX >> units[i].shift, ret))
			return false;
		*ret <<= units[i].shift;
		return true;
	}
	return false;
}

static int32_t read_process(const struct reader *reader, const struct node *node,
			    struct occlum_json *ret)
{
	struct path root = {NULL, {NULL, 0}, 0}, path = path_key(&root, SV("process"));
	struct path size = path_key(&path, SV("default_stack_size"));
	struct process process = {0};
	int32_t status = bind_members(reader, node, &path, process_fields,
				      FIELD_COUNT(process_fields), &process);

	if (status || !process.stack_size.value.ptr)
		return status;
	if (parse_size(process.stack_size.value, &ret->stack_size) && ret->stack_size)
		return OCIENV_OK;
	return diag_fail(reader->diag, OCIENV_ERR_VALUE, process.stack_size.from.mark, &size,
			 "expected a number with B, KB, MB, GB or TB behind it, found another text");
}

/* What is mounted from the host is the host's, whatever the path says. */
static int32_t read_host_targets(const struct reader *reader, const struct node *mounts,
				 struct text_list *ret)
{
	struct path root = {NULL, {NULL, 0}, 0}, list = path_key(&root, SV("mount"));
	uint32_t count = mounts ? mounts->count : 0;

	ret->items = ARENA_ARRAY(reader->scratch, count, struct text);
	if (!ret->items)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; i < count; i++) {
		struct path path = path_index(&list, i);
		struct mount mount = {0};
		int32_t status = bind_members(reader, &mounts->children[i], &path, mount_fields,
					      FIELD_COUNT(mount_fields), &mount);

		if (status)
			return status;
		if (mount.target.value.ptr && sv_eq(mount.type.value, SV("hostfs")))
			ret->items[ret->count++] = mount.target;
	}
	return OCIENV_OK;
}

int32_t read_occlum_json(const struct read_input *in, struct occlum_json *ret)
{
	struct text_input text = {in->bytes, in->diag, in->limits, in->scratch, false, NULL};
	struct reader reader = {.diag = in->diag,
				.limits = in->limits,
				.scratch = in->scratch,
				.source = OCIENV_SOURCE_LIBOS,
				.document = document_ref(DOCUMENTS_OF_LIBOS, 0),
				.strict = in->options->flags & OCIENV_STRICT};
	struct path root = {NULL, {NULL, 0}, 0}, env = path_key(&root, SV("env"));
	struct occlum occlum = {0};
	const struct node *node;
	int32_t status = json_parse(&text, &node);

	*ret = (struct occlum_json){
		.document = sv_of(in->diag->document ? in->diag->document : "")};
	if (!status)
		status = bind_members(&reader, node, &root, occlum_fields,
				      FIELD_COUNT(occlum_fields), &occlum);
	if (!status && occlum.process)
		status = read_process(&reader, occlum.process, ret);
	if (!status && occlum.env)
		status = bind_members(&reader, occlum.env, &env, env_fields,
				      FIELD_COUNT(env_fields), ret);
	if (!status)
		status = read_host_targets(&reader, occlum.mounts, &ret->host_targets);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "read/workload.h"

#include "text/text.h"

#include <stdio.h>

static const struct workload_kind kinds[] = {
	{{"v1", 2}, {"Pod", 3}, {{NULL, 0}}},
	{{"v1", 2}, {"PodTemplate", 11}, {{"template", 8}}},
	{{"v1", 2}, {"ReplicationController", 21}, {{"spec", 4}, {"template", 8}}},
	{{"apps/", 5}, {"ReplicaSet", 10}, {{"spec", 4}, {"template", 8}}},
	{{"apps/", 5}, {"Deployment", 10}, {{"spec", 4}, {"template", 8}}},
	{{"apps/", 5}, {"StatefulSet", 11}, {{"spec", 4}, {"template", 8}}},
	{{"apps/", 5}, {"DaemonSet", 9}, {{"spec", 4}, {"template", 8}}},
	/* What three of them were before apps/; client-go still reads it. */
	{{"extensions/", 11}, {"ReplicaSet", 10}, {{"spec", 4}, {"template", 8}}},
	{{"extensions/", 11}, {"Deployment", 10}, {{"spec", 4}, {"template", 8}}},
	{{"extensions/", 11}, {"DaemonSet", 9}, {{"spec", 4}, {"template", 8}}},
	{{"batch/", 6}, {"Job", 3}, {{"spec", 4}, {"template", 8}}},
	{{"batch/", 6},
	 {"CronJob", 7},
	 {{"spec", 4}, {"jobTemplate", 11}, {"spec", 4}, {"template", 8}}},
};

static const struct field type_fields[] = {
	FIELD("apiVersion", STRING, struct type_meta, api_version),
	FIELD("kind", STRING, struct type_meta, kind),
};

struct list {
	const struct node *items;
};

static const struct field list_fields[] = {
	FIELD("items", LIST, struct list, items),
};

struct head {
	const struct node *metadata;
};

static const struct field head_fields[] = {
	FIELD("metadata", MAP, struct head, metadata),
};

struct names {
	struct text name, namespace;
};

static const struct field name_fields[] = {
	FIELD("name", STRING, struct names, name),
	FIELD("namespace", STRING, struct names, namespace),
};

const struct path *path_new(struct arena *scratch, struct path step)
{
	struct path *path = ARENA_NEW(scratch, struct path);

	if (path)
		*path = step;
	return path;
}

/* "apps/" stands for all its versions, "v1" for itself. */
static bool is_of_group(struct sv api_version, struct sv group)
{
	return group.ptr[group.len - 1] == '/' ? sv_has_prefix(api_version, group)
					       : sv_eq(api_version, group);
}

static const struct workload_kind *kind_of(const struct type_meta *type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sv_eq(type->kind.value, kinds[i].kind) &&
		    is_of_group(type->api_version.value, kinds[i].group))
			return &kinds[i];
	return NULL;
}

/* What is still to be looked at: a node and its place. */
struct pending {
	const struct node *node;
	const struct path *path;
};

static int32_t push(const struct reader *reader, struct vec *pending,
		    const struct node *node, const struct path *path)
{
	struct pending *item = VEC_PUSH(pending, reader->scratch, struct pending);

	if (!item || !path)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	*item = (struct pending){node, path};
	return OCIENV_OK;
}

/* `List` and any `...List`: its items count as if they stood alone, in their order. */
static int32_t push_items(const struct reader *reader, struct vec *pending,
			  const struct pending *of)
{
	const struct path *up;
	struct list list = {0};
	int32_t status = bind_members(reader, of->node, of->path, list_fields, FIELD_COUNT(list_fields),
			      &list);

	if (status || !list.items)
		return status;
	up = path_new(reader->scratch, path_key(of->path, SV("items")));
	for (uint32_t i = list.items->count; !status && up && i > 0; i--)
		status = push(reader, pending, &list.items->children[i - 1],
			      path_new(reader->scratch, path_index(up, i - 1)));
	return up ? status : diag_memory(reader->diag, arena_status(reader->scratch));
}

static int32_t add_workload(const struct reader *reader, const struct pending *of,
			    const struct workload_kind *kind, struct vec *workloads)
{
	struct path metadata = path_key(of->path, SV("metadata"));
	struct workload *workload;
	struct names names = {0};
	struct head head = {0};
	int32_t status = bind_members(reader, of->node, of->path, head_fields, FIELD_COUNT(head_fields),
			      &head);

	if (!status && head.metadata)
		status = bind_members(reader, head.metadata, &metadata, name_fields,
			      FIELD_COUNT(name_fields), &names);
	if (status)
		return status;
	workload = VEC_PUSH(workloads, reader->scratch, struct workload);
	if (!workload)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	*workload = (struct workload){of->node, of->path, kind, names.name, names.namespace};
	return OCIENV_OK;
}

static bool is_list(struct sv kind)
{
	return kind.len >= 4 && sv_eq(sv_skip(kind, kind.len - 4), SV("List"));
}

static int32_t fail_kindless(const struct reader *reader, const struct pending *of,
			     const struct text *kind)
{
	struct path path = path_key(of->path, SV("kind"));
	bool empty = kind->value.ptr != NULL;

	return diag_fail(reader->diag, OCIENV_ERR_VALUE,
			 empty ? kind->from.mark : bind_first(of->node)->mark,
			 empty ? &path : of->path,
			 "expected the kind of the object, found none");
}

static int32_t read_object(const struct reader *reader, const struct pending *of,
			   struct objects *objects, struct vec *workloads,
			   struct vec *pending)
{
	const struct workload_kind *kind;
	struct type_meta type = {0};
	bool taken;
	int32_t status = bind_members(reader, of->node, of->path, type_fields, FIELD_COUNT(type_fields),
			      &type);

	if (status)
		return status;
	if (!type.kind.value.len)
		return fail_kindless(reader, of, &type.kind);
	if (is_list(type.kind.value))
		return push_items(reader, pending, of);
	kind = kind_of(&type);
	if (kind)
		return workloads ? add_workload(reader, of, kind, workloads) : OCIENV_OK;
	return objects_add(objects, reader, &type, of->node, of->path, &taken);
}

/* A document may be a list of lists of objects: a stack instead of recursion. */
static int32_t read_document(const struct reader *reader, const struct node *root,
			     struct objects *objects, struct vec *workloads)
{
	const struct path *path = path_new(reader->scratch, (struct path){NULL, {NULL, 0}, 0});
	struct vec pending = {0};
	int32_t status = push(reader, &pending, root, path);

	while (!status && pending.count) {
		struct pending next = ((struct pending *)pending.items)[--pending.count];

		if (next.node->kind == NODE_NULL)
			continue;
		status = read_object(reader, &next, objects, workloads, &pending);
	}
	return status;
}

/* No PodSpec and no container has a member of these names, and every object has both. */
static bool is_object(const struct node *root)
{
	for (uint32_t i = 0; root->kind == NODE_MAP && i < node_size(root); i++)
		for (size_t k = 0; k < FIELD_COUNT(type_fields); k++)
			if (sv_eq(node_sv(node_key(root, i)), type_fields[k].name))
				return true;
	return false;
}

static int32_t add_part(const struct reader *reader, const struct node *root,
			struct vec *workloads)
{
	const struct path *path = path_new(reader->scratch, (struct path){NULL, {NULL, 0}, 0});
	struct workload *part;

	if (root->kind == NODE_NULL)
		return OCIENV_OK;
	part = VEC_PUSH(workloads, reader->scratch, struct workload);
	if (!path || !part)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	*part = (struct workload){.node = root, .path = path};
	return OCIENV_OK;
}

/* Where parts are looked for, workloads are passed over. */
static int32_t read_root(const struct read_input *in, const struct reader *reader,
			 const struct node *root, struct objects *objects,
			 struct vec *workloads)
{
	if (!workloads || in->options->pod_kind == OCIENV_POD_OBJECT)
		return read_document(reader, root, objects, workloads);
	return is_object(root) ? read_document(reader, root, objects, NULL)
			       : add_part(reader, root, workloads);
}

int32_t read_file(const struct read_input *in, const struct reader *reader, struct arena *nodes,
		  struct objects *objects, struct vec *workloads)
{
	struct text_input text = {in->bytes, in->diag, in->limits, in->scratch, false, nodes};
	/* Only the readers of the parts know what belongs into them. */
	struct reader quiet = *reader;
	const struct node *root;
	struct yaml_stream stream = {0, 0, 0};
	int32_t status;

	quiet.strict = false;
	quiet.warnings = NULL;
	if (text_is_json(in->bytes)) {
		status = json_parse(&text, &root);
		return status ? status : read_root(in, &quiet, root, objects, workloads);
	}
	for (;;) {
		struct arena_mark before = arena_mark(in->scratch);

		status = yaml_next(&text, &stream, &root);
		if (!status && root)
			status = read_root(in, &quiet, root, objects, workloads);
		if (status || !root)
			return status;
		if (!workloads) /* objects are copies, and nothing else is left of a document */
			arena_rewind(in->scratch, &before);
	}
}

static bool equal_any_case(struct sv a, struct sv b)
{
	for (size_t i = 0; a.len == b.len && i < a.len; i++)
		if ((a.ptr[i] | 0x20) != (b.ptr[i] | 0x20))
			return false;
	return a.len == b.len;
}

/* "KIND/NAME", the kind in any letter case as kubectl takes it. */
static bool matches(const struct workload *workload, const char *selector)
{
	struct sv name = sv_of(selector), kind;

	if (!selector)
		return true;
	if (!sv_cut(&name, '/', &kind) || !name.ptr)
		return false;
	return equal_any_case(kind, workload->kind->kind) && sv_eq(name, workload->name.value);
}

static void list_workloads(const struct vec *workloads, char *out, size_t size)
{
	const struct workload *items = workloads->items;
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < workloads->count && used + 1 < size; i++) {
		char quoted[DIAG_QUOTE_SIZE];
		int n = snprintf(out + used, size - used, "%s%s/%s", i ? ", " : "",
				 items[i].kind->kind.ptr,
				 diag_quote(quoted, items[i].name.value));

		used += n > 0 ? (size_t)n : 0;
	}
}

static int32_t choose_part(const struct read_input *in, const struct vec *parts,
			   const struct workload **ret)
{
	const char *what = in->options->pod_kind == OCIENV_POD_SPEC ? "PodSpec" : "container";
	const struct workload *items = parts->items;

	if (!parts->count)
		return diag_fail(in->diag, OCIENV_ERR_VALUE, (struct mark){1, 1}, NULL,
				 "expected a bare %s, found none", what);
	if (parts->count > 1)
		return diag_fail(in->diag, OCIENV_ERR_VALUE, items[1].node->mark, NULL,
				 "expected one bare %s in the file, found a second one", what);
	*ret = items;
	return OCIENV_OK;
}

int32_t workload_choose(const struct read_input *in, const struct vec *workloads,
			const struct workload **ret)
{
	const struct workload *items = workloads->items;
	uint32_t found = 0;
	char names[160];

	if (in->options->pod_kind != OCIENV_POD_OBJECT)
		return choose_part(in, workloads, ret);
	for (uint32_t i = 0; i < workloads->count; i++) {
		if (!matches(&items[i], in->options->workload))
			continue;
		found++;
		*ret = &items[i];
	}
	if (found == 1)
		return OCIENV_OK;
	list_workloads(workloads, names, sizeof(names));
	if (!workloads->count)
		return diag_fail(in->diag, OCIENV_ERR_VALUE, (struct mark){1, 1}, NULL,
				 "expected a Pod or a workload that makes pods, found none");
	if (!found)
		return diag_fail(in->diag, OCIENV_ERR_REFERENCE, (struct mark){1, 1}, NULL,
				 "expected the workload that was asked for, found only %s",
				 names);
	return diag_fail(in->diag, OCIENV_ERR_VALUE, (*ret)->node->mark, (*ret)->path,
			 "expected one workload, found %u: choose one of %s", found, names);
}

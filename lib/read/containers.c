/* SPDX-License-Identifier: Apache-2.0 */
/* Which of a pod's containers is meant. */
#include "read/container.h"
#include "read/workload.h"

#include <stdio.h>
#include <string.h>

/* Which container is wanted: by name, by annotation, or the first regular one. */
struct wanted {
	struct sv name; /* ptr NULL: the first */
	bool by_caller;
	struct mark mark; /* of the annotation */
};

static const struct sv default_container = {"kubectl.kubernetes.io/default-container", 39};

/* kubectl: the annotation of the pod names the container that is meant by default. */
static int32_t find_wanted(const struct read_input *in, const struct reader *reader,
			   const struct pod *pod, struct wanted *ret)
{
	const struct node *annotations = pod->metadata.annotations;

	*ret = (struct wanted){sv_of(in->options->container), in->options->container != NULL,
			       {0, 0}};
	for (uint32_t i = 0; !ret->by_caller && annotations && i < node_size(annotations); i++) {
		struct text value = {.value = SV_NONE};
		int32_t status;

		if (!sv_eq(node_sv(node_key(annotations, i)), default_container))
			continue;
		status = bind_text(reader, node_value(annotations, i), NULL, &value);
		if (status)
			return status;
		if (value.value.len) /* kubectl: an empty one says nothing */
			ret->name = value.value;
		ret->mark = value.from.mark;
	}
	return OCIENV_OK;
}

static bool is_wanted(const struct wanted *wanted, size_t list, uint32_t index,
		      const struct pod *candidate)
{
	if (wanted->name.ptr)
		return sv_eq(candidate->container_name.value, wanted->name);
	return list == 1 && index == 0;
}

static void take_container(struct pod *pod, const struct pod *from)
{
	pod->security = from->security;
	pod->container_path = from->container_path;
	pod->container_name = from->container_name;
	pod->command = from->command;
	pod->args = from->args;
	pod->mounts = from->mounts;
	pod->working_dir = from->working_dir;
	pod->tty = from->tty;
	pod->own_resources = from->own_resources;
	pod->env_count = from->env_count;
	pod->env_from_count = from->env_from_count;
	pod->env = from->env;
	pod->env_from = from->env_from;
}

/* The API server: names are unique over all three lists. */
static int32_t fail_second(const struct reader *reader, const struct pod *candidate)
{
	struct path name = path_key(candidate->container_path, SV("name"));
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(reader->diag, OCIENV_ERR_VALUE, candidate->container_name.from.mark,
			 &name, "expected one container \"%s\", found a second one",
			 diag_quote(quoted, candidate->container_name.value));
}

/* Variables may ask for the resources of any container. */
static int32_t keep_resources(const struct reader *reader, struct pod *candidate, size_t list,
			      struct pod *pod)
{
	struct pod_resources *slot = VEC_PUSH(&pod->resources, reader->scratch,
					      struct pod_resources);

	candidate->own_resources.list = (uint8_t)list;
	if (!slot)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	*slot = candidate->own_resources;
	return OCIENV_OK;
}

static const struct sv list_names[] = {
	{"initContainers", 14}, {"containers", 10}, {"ephemeralContainers", 19}};

/* All are read, since a pod with a broken container does not start; one is kept. */
static int32_t read_list(const struct reader *reader, const struct node *nodes, size_t list,
			 const struct path *up, const struct wanted *wanted, struct pod *pod)
{
	const struct path *path = path_new(reader->scratch, path_key(up, list_names[list]));
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && path && nodes && i < nodes->count; i++) {
		struct pod candidate = {0};

		candidate.container_path = path_new(reader->scratch, path_index(path, i));
		if (!candidate.container_path)
			break;
		status = read_container(reader, &nodes->children[i], candidate.container_path,
					&candidate);
		if (!status)
			status = keep_resources(reader, &candidate, list, pod);
		if (status || !is_wanted(wanted, list, i, &candidate))
			continue;
		if (pod->container_path)
			status = fail_second(reader, &candidate);
		else
			take_container(pod, &candidate);
	}
	if (!status && arena_failed(reader->scratch))
		return diag_memory(reader->diag, arena_status(reader->scratch));
	return status;
}

/* "app", "proxy": as many names as there is room for. */
static void list_containers(const struct pod *pod, char *ret, size_t size)
{
	const struct pod_resources *items = pod->resources.items;
	size_t used = 0;

	ret[0] = '\0';
	for (size_t i = 0; i < pod->resources.count; i++) {
		char quoted[DIAG_QUOTE_SIZE];
		const char *name = diag_quote(quoted, items[i].name);

		if (used + strlen(name) + sizeof(", \"\", ...") > size) {
			(void)snprintf(ret + used, size - used, "%s...", i ? ", " : "");
			return;
		}
		used += (size_t)snprintf(ret + used, size - used, "%s\"%s\"", i ? ", " : "", name);
	}
}

/* By the caller's word the pod is to blame, else the annotation that names it. */
static int32_t fail_container(const struct reader *reader, const struct node *spec_node,
			      const struct path *path, const struct wanted *wanted,
			      const struct pod *pod)
{
	struct path metadata = path_key(path->up, SV("metadata"));
	struct path annotations = path_key(&metadata, SV("annotations"));
	struct path annotation = path_key(&annotations, default_container);
	char quoted[DIAG_QUOTE_SIZE], names[128];

	list_containers(pod, names, sizeof(names));
	return diag_fail(reader->diag, OCIENV_ERR_REFERENCE,
			 wanted->by_caller ? spec_node->mark : wanted->mark,
			 wanted->by_caller ? path : &annotation,
			 "expected a container \"%s\", found %s",
			 diag_quote(quoted, wanted->name), names[0] ? names : "none");
}

/* The API server: a pod has a regular container, whatever else it has. */
static int32_t check_regular(const struct reader *reader, const struct node *list,
			     const struct node *node, const struct path *path)
{
	struct path here = path_key(path, SV("containers"));

	if (list && list->count)
		return OCIENV_OK;
	return bind_fail(reader, OCIENV_ERR_VALUE, list ? list : bind_first(node),
			 list ? &here : path, "expected at least one container, found none");
}

int32_t read_containers(const struct read_input *in, const struct reader *reader,
			const struct node *const lists[3], const struct node *node,
			const struct path *path, struct pod *pod)
{
	struct wanted wanted;
	int32_t status = find_wanted(in, reader, pod, &wanted);

	/* The kubelet does not ask for a regular one where another is named. */
	if (!status && !(reader->lenient && wanted.name.ptr))
		status = check_regular(reader, lists[1], node, path);
	for (size_t list = 0; !status && list < 3; list++)
		status = read_list(reader, lists[list], list, path, &wanted, pod);
	if (!status && !pod->container_path)
		status = fail_container(reader, node, path, &wanted, pod);
	return status;
}

int32_t read_only_container(const struct read_input *in, const struct reader *reader,
			    const struct node *node, const struct path *path, struct pod *pod)
{
	struct wanted wanted = {sv_of(in->options->container), true, {0, 0}};
	int32_t status;

	pod->container_path = path;
	status = read_container(reader, node, path, pod);
	if (!status)
		status = keep_resources(reader, pod, 1, pod);
	if (!status && wanted.name.ptr && !sv_eq(pod->container_name.value, wanted.name))
		status = fail_container(reader, node, path, &wanted, pod);
	return status;
}

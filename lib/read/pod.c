/* SPDX-License-Identifier: Apache-2.0 */
/* From the objects of a file to the one container that is asked for. */
#include "read/pod.h"

#include "read/container.h"
#include "read/workload.h"

struct template {
	const struct node *metadata, *spec;
};

static const struct field template_fields[] = {
	FIELD("metadata", MAP, struct template, metadata),
	FIELD("spec", MAP, struct template, spec),
	FIELD_IGNORED("apiVersion"),
	FIELD_IGNORED("kind"),
	FIELD_IGNORED("status"),
};

static const struct field metadata_fields[] = {
	FIELD("name", STRING, struct pod_metadata, name),
	FIELD("namespace", STRING, struct pod_metadata, namespace),
	FIELD("uid", STRING, struct pod_metadata, uid),
	FIELD("labels", MAP, struct pod_metadata, labels),
	FIELD("annotations", MAP, struct pod_metadata, annotations),
	FIELD_IGNORED("creationTimestamp"),
	FIELD_IGNORED("deletionGracePeriodSeconds"),
	FIELD_IGNORED("deletionTimestamp"),
	FIELD_IGNORED("finalizers"),
	FIELD_IGNORED("generateName"),
	FIELD_IGNORED("generation"),
	FIELD_IGNORED("managedFields"),
	FIELD_IGNORED("ownerReferences"),
	FIELD_IGNORED("resourceVersion"),
	FIELD_IGNORED("selfLink"),
};

struct spec {
	const struct node *lists[3]; /* in the order in which they are searched */
	const struct node *security;
	struct text hostname, hostname_override, subdomain, node_name;
	struct text service_account, service_account_old;
	struct number service_links, host_network, fqdn;
};

static const struct field spec_fields[] = {
	FIELD("initContainers", LIST, struct spec, lists[0]),
	FIELD("containers", LIST, struct spec, lists[1]),
	FIELD("ephemeralContainers", LIST, struct spec, lists[2]),
	FIELD("securityContext", MAP, struct spec, security),
	FIELD("hostname", STRING, struct spec, hostname),
	FIELD("hostnameOverride", STRING, struct spec, hostname_override),
	FIELD("subdomain", STRING, struct spec, subdomain),
	FIELD("nodeName", STRING, struct spec, node_name),
	FIELD("serviceAccountName", STRING, struct spec, service_account),
	FIELD("serviceAccount", STRING, struct spec, service_account_old),
	FIELD("enableServiceLinks", BOOL, struct spec, service_links),
	FIELD("hostNetwork", BOOL, struct spec, host_network),
	FIELD("setHostnameAsFQDN", BOOL, struct spec, fqdn),
	FIELD_IGNORED("activeDeadlineSeconds"),
	FIELD_IGNORED("affinity"),
	FIELD_IGNORED("automountServiceAccountToken"),
	FIELD_IGNORED("dnsConfig"),
	FIELD_IGNORED("dnsPolicy"),
	FIELD_IGNORED("hostAliases"),
	FIELD_IGNORED("hostIPC"),
	FIELD_IGNORED("hostPID"),
	FIELD_IGNORED("hostUsers"),
	FIELD_IGNORED("imagePullSecrets"),
	FIELD_IGNORED("nodeSelector"),
	FIELD_IGNORED("os"),
	FIELD_IGNORED("overhead"),
	FIELD_IGNORED("preemptionPolicy"),
	FIELD_IGNORED("priority"),
	FIELD_IGNORED("priorityClassName"),
	FIELD_IGNORED("readinessGates"),
	FIELD_IGNORED("resourceClaims"),
	FIELD_IGNORED("resources"),
	FIELD_IGNORED("restartPolicy"),
	FIELD_IGNORED("runtimeClassName"),
	FIELD_IGNORED("schedulerName"),
	FIELD_IGNORED("schedulingGates"),
	FIELD_IGNORED("shareProcessNamespace"),
	FIELD_IGNORED("terminationGracePeriodSeconds"),
	FIELD_IGNORED("tolerations"),
	FIELD_IGNORED("topologySpreadConstraints"),
	FIELD_IGNORED("volumes"),
	FIELD_IGNORED("workloadRef"),
};

/* Go: labels and annotations are maps of strings. */
static int32_t check_strings(const struct reader *reader, const struct node *map,
			     const struct path *path)
{
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && map && i < node_size(map); i++) {
		struct path here = path_key(path, node_sv(node_key(map, i)));
		struct text text;

		status = bind_text(reader, node_value(map, i), &here, &text);
	}
	return status;
}

static int32_t read_metadata(const struct reader *reader, const struct node *node,
			     const struct path *up, struct pod_metadata *ret)
{
	struct path path = path_key(up, SV("metadata"));
	struct path labels = path_key(&path, SV("labels"));
	struct path annotations = path_key(&path, SV("annotations"));
	int32_t status = bind_members(reader, node, &path, metadata_fields, FIELD_COUNT(metadata_fields),
			      ret);

	if (!status)
		status = check_strings(reader, ret->labels, &labels);
	if (!status)
		status = check_strings(reader, ret->annotations, &annotations);
	return status;
}

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

/* All are read, since a pod with a broken container does not start; one is kept. */
static int32_t read_list(const struct reader *reader, const struct spec *spec, size_t list,
			 const struct path *up, const struct wanted *wanted, struct pod *pod)
{
	const struct node *nodes = spec->lists[list];
	const struct path *path = path_new(reader->scratch, path_key(up, spec_fields[list].name));
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

/* By the caller's word the pod is to blame, else the annotation that names it. */
static int32_t fail_container(const struct reader *reader, const struct node *spec_node,
			      const struct path *path, const struct wanted *wanted)
{
	struct path metadata = path_key(path->up, SV("metadata"));
	struct path annotations = path_key(&metadata, SV("annotations"));
	struct path annotation = path_key(&annotations, default_container);
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(reader->diag, OCIENV_ERR_REFERENCE,
			 wanted->by_caller ? spec_node->mark : wanted->mark,
			 wanted->by_caller ? path : &annotation,
			 "expected a container \"%s\", found none of that name",
			 diag_quote(quoted, wanted->name));
}

/* The API server: a pod has a regular container, whatever else it has. */
static int32_t check_regular(const struct reader *reader, const struct spec *spec,
			     const struct node *node, const struct path *path)
{
	struct path here = path_key(path, SV("containers"));
	const struct node *list = spec->lists[1];

	if (reader->lenient || (list && list->count))
		return OCIENV_OK;
	return bind_fail(reader, OCIENV_ERR_VALUE, list ? list : bind_first(node),
			 list ? &here : path, "expected at least one container, found none");
}

static int32_t read_containers(const struct read_input *in, const struct reader *reader,
			       const struct spec *spec, const struct node *node,
			       const struct path *path, struct pod *pod)
{
	struct wanted wanted;
	int32_t status = find_wanted(in, reader, pod, &wanted);

	if (!status)
		status = check_regular(reader, spec, node, path);
	for (size_t list = 0; !status && list < 3; list++)
		status = read_list(reader, spec, list, path, &wanted, pod);
	if (!status && !pod->container_path)
		status = fail_container(reader, node, path, &wanted);
	return status;
}

static int32_t read_spec(const struct read_input *in, const struct reader *reader,
			 const struct node *node, const struct path *path, struct pod *pod)
{
	struct path security = path_key(path, SV("securityContext"));
	struct spec spec = {.security = NULL};
	int32_t status = bind_members(reader, node, path, spec_fields, FIELD_COUNT(spec_fields), &spec);

	if (!status && spec.security)
		status = read_security(reader, spec.security, &security, true,
				       &pod->pod_security);
	if (status)
		return status;
	pod->hostname = spec.hostname;
	pod->hostname_override = spec.hostname_override;
	pod->subdomain = spec.subdomain;
	pod->node_name = spec.node_name;
	pod->service_account = spec.service_account;
	pod->service_account_old = spec.service_account_old;
	pod->service_links = spec.service_links;
	pod->host_network = spec.host_network;
	pod->fqdn = spec.fqdn;
	return read_containers(in, reader, &spec, node, path, pod);
}

/* To a member that must be there. */
static int32_t step_down(const struct reader *reader, struct sv member,
			 const struct node **node, const struct path **path)
{
	const struct node *next = NULL;
	int32_t status = bind_expect(reader, *node, *path, NODE_MAP);

	for (uint32_t i = 0; !status && i < node_size(*node); i++)
		if (sv_eq(node_sv(node_key(*node, i)), member) &&
		    node_value(*node, i)->kind != NODE_NULL)
			next = node_value(*node, i);
	if (!status && !next)
		status = bind_fail(reader, OCIENV_ERR_VALUE, bind_first(*node), *path,
				   "expected the member \"%s\", found none", member.ptr);
	if (status)
		return status;
	*node = next;
	*path = path_new(reader->scratch, path_key(*path, member));
	return *path ? OCIENV_OK : diag_memory(reader->diag, arena_status(reader->scratch));
}

/* Goes down to the template, then to its metadata and spec. */
static int32_t read_workload(const struct read_input *in, const struct reader *reader,
			     const struct workload *workload, struct pod *pod)
{
	const struct node *node = workload->node;
	const struct path *path = workload->path;
	struct template template = {0};
	int32_t status;

	for (size_t i = 0; i < 4 && workload->kind->way[i].len; i++) {
		status = step_down(reader, workload->kind->way[i], &node, &path);
		if (status)
			return status;
		pod->from_template = true;
	}
	status = bind_members(reader, node, path, template_fields, FIELD_COUNT(template_fields),
		      &template);
	if (!status && template.metadata)
		status = read_metadata(reader, template.metadata, path, &pod->metadata);
	if (status)
		return status;
	if (!template.spec)
		return bind_fail(reader, OCIENV_ERR_VALUE, bind_first(node), path,
				 "expected the member \"spec\", found none");
	/* A template's pods live in the workload's namespace, under generated names. */
	if (pod->from_template) {
		pod->metadata.namespace = workload->namespace;
		pod->metadata.name = pod->metadata.uid = (struct text){.value = SV_NONE};
	}
	path = path_new(reader->scratch, path_key(path, SV("spec")));
	if (!path)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	return read_spec(in, reader, template.spec, path, pod);
}

int32_t read_pod(const struct read_input *in, struct ocienv_layer *layer,
		 struct objects *objects, struct pod *ret)
{
	struct reader reader = {.diag = in->diag,
				.limits = in->limits,
				.scratch = in->scratch,
				.source = OCIENV_SOURCE_POD,
				.document = document_ref(layer->kind, 0),
				.strict = in->options->flags & OCIENV_STRICT,
				.lenient = in->options->flags & OCIENV_LENIENT,
				.warnings = &layer->warnings,
				.keep = &layer->arena};
	const struct workload *workload = NULL;
	struct vec workloads = {0};
	int32_t status = read_file(in, &reader, objects, &workloads);

	if (!status)
		status = workload_choose(in, &workloads, &workload);
	if (status)
		return status;
	status = objects_index(objects, in->scratch);
	if (status)
		return diag_memory(in->diag, status);
	return read_workload(in, &reader, workload, ret);
}

int32_t read_objects(const struct read_input *in, struct objects *objects)
{
	struct reader reader = {.diag = in->diag,
				.limits = in->limits,
				.scratch = in->scratch,
				.source = OCIENV_SOURCE_POD};
	int32_t status = read_file(in, &reader, objects, NULL);

	if (!status) {
		status = objects_index(objects, in->scratch);
		if (status)
			diag_memory(in->diag, status);
	}
	if (status)
		objects_recover(objects);
	return status;
}

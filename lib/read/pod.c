/* SPDX-License-Identifier: Apache-2.0 */
/* From the objects of a file to the spec of the one pod that is asked for. */
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
	const struct node *lists[3]; /* in the order of read_containers() */
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
	if (!status)
		status = bind_keep(reader, &ret->labels);
	return status ? status : bind_keep(reader, &ret->annotations);
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
	return read_containers(in, reader, spec.lists, node, path, pod);
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

/* Of a document that is only a part of a pod, the rest is unknown. */
static int32_t read_found(const struct read_input *in, const struct reader *reader,
			  const struct workload *found, struct pod *pod)
{
	switch ((enum ocienv_pod_kind)pod->kind) {
	case OCIENV_POD_OBJECT:
		return read_workload(in, reader, found, pod);
	case OCIENV_POD_SPEC:
		return read_spec(in, reader, found->node, found->path, pod);
	case OCIENV_POD_CONTAINER:
		break;
	}
	return read_only_container(in, reader, found->node, found->path, pod);
}

/* Quarters of the document, as measured. */
enum { NODES_SHARE = 9 };

static int32_t read_tree(const struct read_input *in, const struct reader *reader,
			 struct arena *nodes, struct objects *objects, struct pod *ret)
{
	const struct workload *workload = NULL;
	struct vec workloads = {0};
	int32_t status = read_file(in, reader, nodes, objects, &workloads);

	if (!status)
		status = workload_choose(in, &workloads, &workload);
	if (status)
		return status;
	status = objects_index(objects, in->scratch);
	if (status)
		return diag_memory(in->diag, status);
	ret->kind = (uint8_t)in->options->pod_kind;
	return read_found(in, reader, workload, ret);
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
	struct arena nodes;
	int32_t status;

	/* Nothing takes as much memory, and the kubelet step has no use for it. */
	arena_init(&nodes, &in->scratch->allocator, in->scratch->limit);
	arena_expect_quarters(&nodes, in->bytes.len, NODES_SHARE);
	status = read_tree(in, &reader, &nodes, objects, ret);
	arena_free(&nodes);
	return status;
}

int32_t read_objects(const struct read_input *in, struct objects *objects)
{
	struct reader reader = {.diag = in->diag,
				.limits = in->limits,
				.scratch = in->scratch,
				.source = OCIENV_SOURCE_POD};
	int32_t status = read_file(in, &reader, NULL, objects, NULL);

	if (!status) {
		status = objects_index(objects, in->scratch);
		if (status)
			diag_memory(in->diag, status);
	}
	if (status)
		objects_recover(objects);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "promise.h"

#include <string.h>

#define LAYER_ERRORS                                                                     \
	(MAY(NOMEM) | MAY(LIMIT) | MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS) |        \
	 MAY(TYPE) | MAY(VALUE))

const char *const subject_names[SUBJECT_KINDS] = {
	"json", "yaml", "image_config", "runtime_spec", "pod", "policy",
};

typedef int32_t layer_reader(struct ocienv_layer **ret, const struct ocienv_document *document,
			     const struct ocienv_options *options,
			     struct ocienv_error *reterr);

static void run_json_document(struct run *run, layer_reader *read, uint32_t kind)
{
	struct ocienv_layer *layer = UNTOUCHED(struct ocienv_layer);
	struct ocienv_error error;
	int32_t status;

	error_prepare(&error);
	status = read(&layer, run->documents[0], run->options, &error);
	if (!call_succeeded(run, status, LAYER_ERRORS, &error)) {
		PROMISE(layer == UNTOUCHED(struct ocienv_layer));
		return;
	}
	PROMISE(ocienv_layer_kind(layer) == kind);
	run_layer(run, layer);
	ocienv_layer_free(layer);
}

static void run_image_config(struct run *run)
{
	run_json_document(run, ocienv_layer_from_image_config, OCIENV_LAYER_IMAGE);
}

static void run_runtime_spec(struct run *run)
{
	run_json_document(run, ocienv_layer_from_runtime_spec, OCIENV_LAYER_RUNTIME);
}

/* "On failure the cluster is as it was": so what failed for want of memory may be done
 * again, and then gives what it would have given at once. */
static bool add_objects(struct run *run, struct ocienv_cluster *cluster)
{
	struct ocienv_error error;
	int32_t status;

	if (!run->documents[1])
		return true;
	error_prepare(&error);
	status = ocienv_cluster_add_objects(cluster, run->documents[1], &error);
	if (call_succeeded(run, status, LAYER_ERRORS, &error))
		return true;
	if (status != OCIENV_ERR_NOMEM)
		return false;
	run->outcome->retried = true;
	error_prepare(&error);
	status = ocienv_cluster_add_objects(cluster, run->documents[1], &error);
	if (!call_succeeded(run, status, LAYER_ERRORS, &error))
		return false;
	run->outcome->status = OCIENV_OK;
	return true;
}

static bool add_facts(struct run *run, struct ocienv_cluster *cluster)
{
	static const struct {
		const char *key, *value;
	} facts[] = {
		{"status.podIP", "10.0.0.7"},
		{"spec.nodeName", "node-1"},
		{"metadata.uid", "6f1c"},
		{"status.podIP", "10.0.0.8"},
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct ocienv_error error;
		int32_t status;

		error_prepare(&error);
		status = ocienv_cluster_add_fact(cluster, facts[i].key, facts[i].value, &error);
		if (!call_succeeded(run, status, MAY(NOMEM) | MAY(LIMIT), &error))
			return false;
	}
	return true;
}

static struct ocienv_layer *read_pod(struct run *run, const struct ocienv_cluster *cluster)
{
	struct ocienv_layer *layer = UNTOUCHED(struct ocienv_layer);
	struct ocienv_error error;
	int32_t status;

	error_prepare(&error);
	status = ocienv_layer_from_pod(&layer, run->documents[0], cluster, run->options, &error);
	if (!call_succeeded(run, status, LAYER_ERRORS | MAY(REFERENCE) | MAY(UNSUPPORTED), &error)) {
		PROMISE(layer == UNTOUCHED(struct ocienv_layer));
		return NULL;
	}
	PROMISE(ocienv_layer_kind(layer) == OCIENV_LAYER_POD);
	return layer;
}

static void run_pod(struct run *run)
{
	struct ocienv_cluster *cluster = UNTOUCHED(struct ocienv_cluster);
	struct ocienv_layer *layer = NULL;
	struct ocienv_error error;
	int32_t status;

	error_prepare(&error);
	status = ocienv_cluster_new(&cluster, run->options, &error);
	if (!call_succeeded(run, status, MAY(NOMEM) | MAY(LIMIT), &error)) {
		PROMISE(cluster == UNTOUCHED(struct ocienv_cluster));
		return;
	}
	if (add_objects(run, cluster) && add_facts(run, cluster))
		layer = read_pod(run, cluster);
	ocienv_cluster_free(cluster); /* the layer stays valid without it */
	if (layer)
		run_layer(run, layer);
	ocienv_layer_free(layer);
}

static void run_json_text(struct run *run)
{
	run_json(run, run->documents[0]);
}

static void run_yaml_text(struct run *run)
{
	run_yaml(run, run->documents[0]);
}

/* The objects of a pod's cluster, and a policy's runtime spec, stand behind a line of their
 * own. */
static void split(const struct subject *subject, struct ocienv_document *pod,
		  struct ocienv_document *objects)
{
	static const char line[] = "\n%%%%\n";
	const size_t length = sizeof(line) - 1;

	for (size_t i = 0; subject->kind >= SUBJECT_POD && i + length <= subject->size; i++) {
		if (memcmp(subject->data + i, line, length) != 0)
			continue;
		pod->size = i + 1;
		*objects = (struct ocienv_document){"objects", subject->data + i + length,
						    subject->size - i - length};
		return;
	}
}

void subject_run(const struct subject *subject, const struct ocienv_options *options,
		 struct outcome *ret)
{
	static void (*const runners[SUBJECT_KINDS])(struct run *run) = {
		run_json_text, run_yaml_text, run_image_config, run_runtime_spec, run_pod,
		run_policy,
	};
	struct ocienv_document document = {subject_names[subject->kind], subject->data,
					   subject->size};
	struct ocienv_document objects = {NULL, NULL, 0};
	struct run run = {.options = options, .documents = {&document}, .outcome = ret};

	*ret = (struct outcome){.status = OCIENV_OK};
	split(subject, &document, &objects);
	if (objects.name)
		run.documents[1] = &objects;
	runners[subject->kind](&run);
}

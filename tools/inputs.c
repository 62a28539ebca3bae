/* SPDX-License-Identifier: Apache-2.0 */
/* From file names to layers. */
#define _POSIX_C_SOURCE 200809L

#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What counts for the first stack where nobody gives the enclave's own file. */
static const struct ocienv_document *occlum_json_of(const struct flags *flags,
						    const struct inputs *inputs)
{
	static const char text[] = "{\"process\": {\"default_stack_size\": \"4MB\"}}";
	static const struct ocienv_document usual = {"Occlum.json", text, sizeof(text) - 1};

	if (inputs->occlum_json.data)
		return &inputs->occlum_json;
	return flags->output == OUTPUT_OCCLUM && !flags->libos ? &usual : NULL;
}

struct ocienv_options options_of(const struct flags *flags, const struct inputs *inputs)
{
	/* A manifest has the stack's size whether or not the rest is checked. */
	bool later = flags->output == OUTPUT_GRAMINE && !flags->libos;

	return (struct ocienv_options){
		.size = sizeof(struct ocienv_options),
		.runtime = flags->runtime,
		.cri = flags->cri,
		.flags = flags->options,
		.user = flags->user,
		.workload = flags->workload,
		.container = flags->container,
		.hostname = flags->hostname,
		.pod_kind = flags->pod_kind,
		.libos = flags->libos,
		.stack_size = later ? 0 : flags->stack_size,
		.library_path = flags->library_path,
		.library_path_count = flags->library_count,
		.occlum_json = occlum_json_of(flags, inputs),
		.policy = inputs->policy,
	};
}

static int read_facts(struct inputs *inputs, const struct flags *flags)
{
	struct ocienv_error error;

	for (size_t i = 0; i < flags->fact_count; i++) {
		const char *equals = strchr(flags->facts[i], '=');
		size_t length = equals ? (size_t)(equals - flags->facts[i]) : 0;
		char key[256];

		if (!equals || length >= sizeof(key))
			return say_usage("expected KEY=VALUE behind --fact, found another text");
		memcpy(key, flags->facts[i], length);
		key[length] = '\0';
		if (ocienv_cluster_add_fact(inputs->cluster, key, equals + 1, &error))
			return say_error(&error);
	}
	return EXIT_ANSWER;
}

static int read_objects(struct inputs *inputs, const struct flags *flags)
{
	for (size_t i = 0; i < flags->object_count; i++) {
		struct ocienv_document document;
		struct ocienv_error error;
		int status = input_read(flags->objects[i], &document);

		if (!status && ocienv_cluster_add_objects(inputs->cluster, &document, &error))
			status = say_error(&error);
		free((void *)(uintptr_t)document.data);
		if (status)
			return status;
	}
	return EXIT_ANSWER;
}

enum document_kind { IMAGE, SPEC, POD, BLOB };

static int32_t make_layer(struct inputs *inputs, enum document_kind kind,
			  const struct ocienv_document *document,
			  const struct ocienv_options *options, struct ocienv_error *error)
{
	struct ocienv_layer **slot = &inputs->layers[inputs->count];

	switch (kind) {
	case IMAGE:
		return ocienv_layer_from_image_config(slot, document, options, error);
	case SPEC:
		return ocienv_layer_from_runtime_spec(slot, document, options, error);
	case POD:
		return ocienv_layer_from_pod(slot, document, inputs->cluster, options, error);
	case BLOB:
		break;
	}
	return ocienv_layer_decode(slot, document, options, error);
}

static int take_layer(struct inputs *inputs, const struct flags *flags,
		      const struct ocienv_document *document, enum document_kind kind)
{
	struct ocienv_options options = options_of(flags, inputs);
	struct ocienv_error error;

	if (flags->policy) /* it may ask for the image's */
		options.flags |= OCIENV_KEEP_DIGEST;
	if (make_layer(inputs, kind, document, &options, &error))
		return say_error(&error);
	inputs->count++;
	return EXIT_ANSWER;
}

static int read_layer(struct inputs *inputs, const struct flags *flags, const char *name,
		      enum document_kind kind)
{
	struct ocienv_document document;
	int status;

	if (!name)
		return EXIT_ANSWER;
	status = input_read(name, &document);
	if (!status)
		status = take_layer(inputs, flags, &document, kind);
	free((void *)(uintptr_t)document.data);
	return status;
}

static int read_image(struct inputs *inputs, const struct flags *flags)
{
	struct oci_image image;
	int status;

	if (!flags->oci_layout)
		return read_layer(inputs, flags, flags->image, IMAGE);
	status = oci_image_read(&image, flags);
	if (!status)
		status = take_layer(inputs, flags, &image.document, IMAGE);
	free((void *)(uintptr_t)image.document.data);
	return status;
}

/* A bundle brings its rootfs. */
static int read_spec(struct inputs *inputs, const struct flags *flags)
{
	struct bundle bundle;
	int status;

	if (!flags->bundle)
		return read_layer(inputs, flags, flags->spec, SPEC);
	status = bundle_read(&bundle, flags->bundle);
	inputs->rootfs = bundle.rootfs;
	if (!status)
		status = take_layer(inputs, flags, &bundle.spec, SPEC);
	free((void *)(uintptr_t)bundle.spec.data);
	free((void *)(uintptr_t)bundle.spec.name);
	return status;
}

static int open_rootfs(const char *name, int *ret)
{
	*ret = OCIENV_NO_ROOTFS;
	if (!name)
		return EXIT_ANSWER;
	*ret = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret >= 0)
		return EXIT_ANSWER;
	return say_system(name, "cannot open", errno);
}

/* A built-in one by its name; a file of that name has a "./" in front. */
static int read_policy(struct inputs *inputs, const struct flags *flags)
{
	struct ocienv_options options = options_of(flags, inputs);
	struct ocienv_document document;
	struct ocienv_error error;
	int status;

	if (!flags->policy ||
	    !ocienv_policy_builtin(&inputs->policy, flags->policy, NULL, NULL))
		return EXIT_ANSWER;
	status = input_read(flags->policy, &document);
	if (!status && ocienv_policy_from_json(&inputs->policy, &document, &options, &error))
		status = say_error(&error);
	free((void *)(uintptr_t)document.data);
	return status;
}

int inputs_read(struct inputs *inputs, const struct flags *flags)
{
	struct ocienv_error error;
	int status;

	*inputs = (struct inputs){.count = 0};
	status = open_rootfs(flags->rootfs, &inputs->rootfs);
	if (status)
		return status;
	if (ocienv_cluster_new(&inputs->cluster, NULL, &error))
		return say_error(&error);
	status = read_policy(inputs, flags);
	if (!status)
		status = read_facts(inputs, flags);
	if (!status)
		status = read_objects(inputs, flags);
	if (!status)
		status = read_image(inputs, flags);
	if (!status)
		status = read_spec(inputs, flags);
	if (!status)
		status = read_layer(inputs, flags, flags->pod, POD);
	for (size_t i = 0; !status && i < flags->layer_count; i++)
		status = read_layer(inputs, flags, flags->layers[i], BLOB);
	if (!status && flags->occlum_json)
		status = input_read(flags->occlum_json, &inputs->occlum_json);
	if (!status && !inputs->count)
		status = say_usage("expected --image, --oci-layout, --pod, --spec, --bundle or --layer, "
				   "found none");
	return status;
}

void inputs_free(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		ocienv_layer_free(inputs->layers[i]);
	ocienv_cluster_free(inputs->cluster);
	free((void *)(uintptr_t)inputs->occlum_json.data);
	ocienv_policy_free(inputs->policy);
	if (inputs->rootfs >= 0)
		(void)close(inputs->rootfs);
}

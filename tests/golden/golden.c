/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool load_file(struct golden_file *file, const char *directory, const char *name,
		      const char *suffix)
{
	const char *end = *suffix ? strrchr(name, '.') : name + strlen(name);
	char path[768];
	FILE *stream;
	long size;
	bool good = false;

	snprintf(path, sizeof(path), "%s/%.*s%s", directory, (int)(end - name), name, suffix);
	stream = fopen(path, "rb");
	if (!stream)
		return false;
	if (!fseek(stream, 0, SEEK_END) && (size = ftell(stream)) >= 0) {
		rewind(stream);
		file->size = (size_t)size;
		file->data = calloc(file->size + 1, 1);
		good = file->data && fread(file->data, 1, file->size, stream) == file->size;
	}
	fclose(stream);
	return good;
}

/* Limits by their names in struct ocienv_limits. */
static bool set_limit(struct ocienv_limits *limits, const char *key, const char *value)
{
	struct {
		const char *key;
		uint32_t *member;
	} rows[] = {
		{"max_document", &limits->max_document}, {"max_depth", &limits->max_depth},
		{"max_nodes", &limits->max_nodes},	 {"max_string", &limits->max_string},
		{"max_args", &limits->max_args},	 {"max_env", &limits->max_env},
		{"max_result", &limits->max_result},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].key, key))
			continue;
		*rows[i].member = (uint32_t)strtoul(value, NULL, 10);
		return true;
	}
	return false;
}

/* Lines "KEY VALUE" of the .options file; the values stay in its memory. */
static bool set_options(struct golden *g)
{
	char *rest = g->settings.data, *line;

	for (line = rest ? strsep(&rest, "\n") : NULL; line && *line;
	     line = strsep(&rest, "\n")) {
		const char *key = strsep(&line, " "), *value = line ? line : "";

		if (!strcmp(key, "strict"))
			g->options.flags |= OCIENV_STRICT;
		else if (!strcmp(key, "workload"))
			g->options.workload = value;
		else if (!strcmp(key, "container"))
			g->options.container = value;
		else if (!strcmp(key, "hostname"))
			g->options.hostname = value;
		else if (!strcmp(key, "podspec"))
			g->options.pod_kind = OCIENV_POD_SPEC;
		else if (!strcmp(key, "bare-container"))
			g->options.pod_kind = OCIENV_POD_CONTAINER;
		else if (!set_limit(&g->limits, key, value))
			return false;
	}
	return true;
}

static bool set_reader(struct golden *g)
{
	static const char *const names[] = {
		[GOLDEN_IMAGE] = "image-",
		[GOLDEN_SPEC] = "spec-",
		[GOLDEN_POD] = "pod-",
		[GOLDEN_OBJECTS] = "objects-",
		[GOLDEN_OCCLUM] = "occlum-",
		[GOLDEN_POLICY] = "policy-",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(g->name, names[i], strlen(names[i])))
			continue;
		g->reader = (enum golden_reader)i;
		return true;
	}
	return false;
}

bool golden_load(struct golden *g, const char *directory, const char *name)
{
	*g = (struct golden){.name = name};
	g->limits.size = sizeof(g->limits);
	g->options.size = sizeof(g->options);
	g->options.limits = &g->limits;
	(void)load_file(&g->settings, directory, name, ".options");
	return set_reader(g) && set_options(g) &&
	       load_file(&g->document, directory, name, "") &&
	       load_file(&g->expect, directory, name, ".expect");
}

void golden_free(struct golden *g)
{
	free(g->document.data);
	free(g->expect.data);
	free(g->settings.data);
}

static int32_t read_objects(const struct golden *g, const struct ocienv_document *document,
			    struct ocienv_error *reterr)
{
	struct ocienv_cluster *cluster;
	int32_t status = ocienv_cluster_new(&cluster, &g->options, NULL);

	if (status)
		return status;
	status = ocienv_cluster_add_objects(cluster, document, reterr);
	ocienv_cluster_free(cluster);
	return status;
}

/* It is read where an answer is made. */
static int32_t read_occlum_json(const struct golden *g, const struct ocienv_document *document,
				struct ocienv_error *reterr)
{
	static const char text[] = "{\"process\": {\"args\": [\"/a\"], \"cwd\": \"/\"}}";
	const struct ocienv_document spec = {"config.json", text, sizeof(text) - 1};
	struct ocienv_options options = g->options;
	struct ocienv_config *config = NULL;
	struct ocienv_layer *layer;
	int32_t status = ocienv_layer_from_runtime_spec(&layer, &spec, NULL, reterr);

	if (status)
		return status;
	options.occlum_json = document;
	status = ocienv_resolve(&config, (const struct ocienv_layer *[]){layer}, 1,
				OCIENV_NO_ROOTFS, &options, reterr);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
	return status;
}

static int32_t read_policy(const struct golden *g, const struct ocienv_document *document,
			   struct ocienv_error *reterr)
{
	struct ocienv_policy *policy;
	int32_t status = ocienv_policy_from_json(&policy, document, &g->options, reterr);

	if (!status)
		ocienv_policy_free(policy);
	return status;
}

static int32_t read_document(const struct golden *g, struct ocienv_layer **ret,
			     struct ocienv_error *reterr)
{
	struct ocienv_document document = {g->name, g->document.data, g->document.size};

	switch (g->reader) {
	case GOLDEN_IMAGE:
		return ocienv_layer_from_image_config(ret, &document, &g->options, reterr);
	case GOLDEN_SPEC:
		return ocienv_layer_from_runtime_spec(ret, &document, &g->options, reterr);
	case GOLDEN_POD:
		return ocienv_layer_from_pod(ret, &document, NULL, &g->options, reterr);
	case GOLDEN_OCCLUM:
		return read_occlum_json(g, &document, reterr);
	case GOLDEN_POLICY:
		return read_policy(g, &document, reterr);
	case GOLDEN_OBJECTS:
		break;
	}
	return read_objects(g, &document, reterr);
}

static char *report_of(const struct golden *g, const struct ocienv_layer *layer)
{
	struct ocienv_buffer buffer = {NULL, 0, {NULL, NULL, NULL}};
	char *copy = NULL;

	if (g->reader >= GOLDEN_OBJECTS)
		return strdup("accepted\n");
	if (ocienv_layer_report(&buffer, layer, NULL, NULL))
		return NULL;
	copy = strndup(buffer.data, buffer.size);
	ocienv_buffer_free(&buffer);
	return copy;
}

void golden_read(const struct golden *g, unsigned char fill, struct golden_run *run)
{
	static char no_layer;
	struct ocienv_layer *untouched = (struct ocienv_layer *)(void *)&no_layer;
	struct ocienv_layer *layer = untouched;
	struct ocienv_error before;

	*run = (struct golden_run){.report = NULL};
	memset(&before, fill, sizeof(before));
	run->error = before;
	run->status = read_document(g, &layer, &run->error);
	run->ret_touched = layer != untouched;
	run->error_touched = memcmp(&before, &run->error, sizeof(before)) != 0;
	if (run->status)
		return;
	run->report = report_of(g, layer);
	if (layer != untouched)
		ocienv_layer_free(layer);
}

int32_t golden_status(const struct golden *g)
{
	struct ocienv_layer *layer = NULL;
	int32_t status = read_document(g, &layer, NULL);

	ocienv_layer_free(layer);
	return status;
}

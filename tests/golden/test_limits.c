/* SPDX-License-Identifier: Apache-2.0 */
/* Every default of struct ocienv_limits: a document at the limit is read, the next is not. */
#include "ocienv/ocienv.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A document that is being written. */
struct text {
	char *bytes;
	size_t size, room;
};

static void put(struct text *text, const char *part, size_t times)
{
	size_t size = strlen(part);

	if (text->room - text->size < size * times) {
		text->room = 2 * (text->room + size * times);
		text->bytes = realloc(text->bytes, text->room);
		if (!text->bytes)
			abort();
	}
	for (size_t i = 0; i < times; i++, text->size += size)
		memcpy(text->bytes + text->size, part, size);
}

typedef int32_t reader(struct ocienv_layer **ret, const struct ocienv_document *document,
		       const struct ocienv_options *options, struct ocienv_error *reterr);

static int32_t from_pod(struct ocienv_layer **ret, const struct ocienv_document *document,
			const struct ocienv_options *options, struct ocienv_error *reterr)
{
	return ocienv_layer_from_pod(ret, document, NULL, options, reterr);
}

#define POD "kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n"

/* A document of a head, a part that is repeated, and a tail. */
struct row {
	const char *what;
	reader *reader;
	const char *head, *part, *tail;
	size_t at_limit; /* times the part */
};

static const struct row rows[] = {
	{"max_document, JSON", ocienv_layer_from_image_config, "{}", " ", "", (4 << 20) - 2},
	{"max_document, YAML", from_pod, POD, "#\n", "", ((4 << 20) - sizeof(POD) + 1) / 2},
	{"max_depth, JSON", ocienv_layer_from_image_config, "{\"x\":", "[", NULL, 63},
	{"max_depth, YAML", from_pod, POD "    x: ", "[", NULL, 60},
	/* 6: both maps and keys, the list, and its first element */
	{"max_nodes, JSON", ocienv_layer_from_image_config, "{\"config\":{},\"x\":[0", ",0", "]}",
	 65536 - 6},
	/* 21: all up to the first alias; each alias is worth the two values of its anchor */
	{"max_nodes, YAML aliases", from_pod, "a: &a [0]\n" POD "    x: [", "*a,", "]\n",
	 (65536 - 21) / 2},
	{"max_string, JSON", ocienv_layer_from_image_config, "{\"config\":{\"User\":\"", "\\u00e9",
	 "\"}}", 131072 / 2},
	{"max_string, YAML", from_pod, POD "    workingDir: ", "a", "\n", 131072},
	{"max_args, image", ocienv_layer_from_image_config, "{\"config\":{\"Cmd\":[\"\"", ",\"\"",
	 "]}}", 4095},
	{"max_args, spec", ocienv_layer_from_runtime_spec, "{\"process\":{\"args\":[\"\"", ",\"\"",
	 "]}}", 4095},
	{"max_args, pod", from_pod, POD "    command: [a]\n    args: [", "a,", "]\n", 4095},
	{"max_env, image", ocienv_layer_from_image_config, "{\"config\":{\"Env\":[\"A=\"",
	 ",\"A=\"", "]}}", 4095},
	{"max_env, spec", ocienv_layer_from_runtime_spec, "{\"process\":{\"env\":[\"A=\"",
	 ",\"A=\"", "]}}", 4095},
	{"max_env, pod", from_pod, POD "    env: [", "{name: A},", "]\n", 4096},
};

static int32_t read_row(const struct row *row, size_t times)
{
	struct ocienv_document document = {row->what, NULL, 0};
	struct ocienv_layer *layer = NULL;
	struct text text = {NULL, 0, 0};
	struct ocienv_error error = {.status = 0};
	int32_t status;

	put(&text, row->head, 1);
	put(&text, row->part, times);
	if (row->tail)
		put(&text, row->tail, 1);
	else
		put(&text, "]", times); /* what is opened must be closed */
	if (!row->tail && row->head[0] == '{')
		put(&text, "}", 1);
	document.data = text.bytes;
	document.size = text.size;
	status = row->reader(&layer, &document, NULL, &error);
	if (status)
		printf("# %s: %s\n", row->what, error.message);
	ocienv_layer_free(layer);
	free(text.bytes);
	return status;
}

/* Each argument is a reference to one long text: the document is small, the layer is not. */
static int32_t read_references(size_t times)
{
	struct ocienv_layer *layer = NULL;
	struct text text = {NULL, 0, 0};
	struct ocienv_document document = {"max_result", NULL, 0};
	int32_t status;

	put(&text, POD "    env: [{name: A, value: ", 1);
	put(&text, "x", 131072);
	put(&text, "}]\n    command: [", 1);
	put(&text, "$(A),", times);
	put(&text, "]\n", 1);
	document.data = text.bytes;
	document.size = text.size;
	status = from_pod(&layer, &document, NULL, NULL);
	ocienv_layer_free(layer);
	free(text.bytes);
	return status;
}

/* Variables from so many files that a list of them copied for each would pass max_result. */
static int32_t read_many_documents(unsigned int files)
{
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_layer *layer = NULL;
	struct text text = {NULL, 0, 0};
	struct ocienv_document pod = {"pod.yaml", NULL, 0};
	int32_t status = ocienv_cluster_new(&cluster, NULL, NULL);

	put(&text, POD "    envFrom:\n", 1);
	for (unsigned int i = 0; !status && i < files; i++) {
		char name[32], object[128];
		struct ocienv_document file = {name, object, 0};

		snprintf(name, sizeof(name), "file-%u.yaml", i);
		snprintf(object, sizeof(object),
			 "kind: ConfigMap\napiVersion: v1\nmetadata: {name: m%u}\ndata: {V%u: x}\n",
			 i, i);
		file.size = strlen(object);
		status = ocienv_cluster_add_objects(cluster, &file, NULL);
		snprintf(object, sizeof(object), "    - configMapRef: {name: m%u}\n", i);
		put(&text, object, 1);
	}
	pod.data = text.bytes;
	pod.size = text.size;
	if (!status)
		status = ocienv_layer_from_pod(&layer, &pod, cluster, NULL, NULL);
	ocienv_layer_free(layer);
	ocienv_cluster_free(cluster);
	free(text.bytes);
	return status;
}

static unsigned int passed, failed;

static void expect(const char *what, int32_t status, int32_t found)
{
	if (status == found) {
		passed++;
		return;
	}
	failed++;
	printf("%s: expected %s, found %s\n", what, ocienv_status_name(status),
	       ocienv_status_name(found));
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect(rows[i].what, OCIENV_OK, read_row(&rows[i], rows[i].at_limit));
		expect(rows[i].what, OCIENV_ERR_LIMIT, read_row(&rows[i], rows[i].at_limit + 1));
	}
	expect("max_result", OCIENV_OK, read_references(120));
	expect("max_result", OCIENV_ERR_LIMIT, read_references(128));
	expect("many documents", OCIENV_OK, read_many_documents(3000));
	printf("%u passed, %u failed\n", passed, failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

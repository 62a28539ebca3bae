/* SPDX-License-Identifier: Apache-2.0 */
/* struct ocienv_error: its form, what is in it, and what never is. */
#include "api.h"

_Static_assert(sizeof(struct ocienv_error) == 512, "the size is part of the interface");
_Static_assert(offsetof(struct ocienv_error, document) == 24, "and so is each place");
_Static_assert(offsetof(struct ocienv_error, pointer) == 96, "");
_Static_assert(offsetof(struct ocienv_error, message) == 256, "");

typedef int32_t reader(struct ocienv_layer **ret, const struct ocienv_document *document,
		       const struct ocienv_options *options, struct ocienv_error *reterr);

static int32_t from_pod(struct ocienv_layer **ret, const struct ocienv_document *document,
			const struct ocienv_options *options, struct ocienv_error *reterr)
{
	return ocienv_layer_from_pod(ret, document, NULL, options, reterr);
}

struct row {
	reader *read;
	const char *text;
	int32_t status;
	uint32_t line, column;
	const char *pointer, *at; /* the text from the offending value on */
};

#define POD "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"

static const struct row rows[] = {
	{ocienv_layer_from_image_config, "{\"config\":\n {\"Cmd\": 7}}", OCIENV_ERR_TYPE, 2, 10,
	 "/config/Cmd", "7}}"},
	{ocienv_layer_from_image_config, "{\"config\":\r\n\r{\"Cmd\": \"x\"}}", OCIENV_ERR_TYPE, 3,
	 9, "/config/Cmd", "\"x\"}}"},
	{ocienv_layer_from_image_config, "{\"config\": {\"\xc3\xa9\": 1, \"Env\": 7}}",
	 OCIENV_ERR_TYPE, 1, 28, "/config/Env", "7}}"},
	{ocienv_layer_from_image_config, "[1,", OCIENV_ERR_SYNTAX, 1, 4, "/1", ""},
	{ocienv_layer_from_image_config, "{\"a\": \"\xff\"}", OCIENV_ERR_ENCODING, 1, 8, "/a",
	 "\xff\"}"},
	{ocienv_layer_from_image_config, "{\"a\": 1, \"a\": 2}", OCIENV_ERR_AMBIGUOUS, 1, 10, "/a",
	 "\"a\": 2}"},
	{ocienv_layer_from_image_config,
	 "{\"config\": {\"Env\": [\"A=" MARKER "\", \"" MARKER "\", 7]}}", OCIENV_ERR_TYPE, 1, 53,
	 "/config/Env/2", "7]}}"},
	{ocienv_layer_from_runtime_spec, "{}", OCIENV_ERR_VALUE, 1, 1, "", "{}"},
	{from_pod, POD "  - name: c\n    env: [{name: A, value: 7}]\n", OCIENV_ERR_TYPE, 7, 28,
	 "/spec/containers/0/env/0/value", "7}]\n"},
	{from_pod, POD "  - name: c\n    env:\n    - {name: A, valueFrom: {secretKeyRef: "
		       "{name: s, key: k}}}\n",
	 OCIENV_ERR_REFERENCE, 8, 50, "/spec/containers/0/env/0/valueFrom/secretKeyRef/name",
	 "s, key: k}}}\n"},
	{from_pod, POD "  - name: c\n    env: [{name: 'A B=', value: " MARKER "}]\n",
	 OCIENV_ERR_VALUE, 7, 18, "/spec/containers/0/env/0/name", "'A B=', value: " MARKER "}]\n"},
	{from_pod, "kind: [\n", OCIENV_ERR_SYNTAX, 2, 1, "/kind/0", ""},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct ocienv_document document = {"the file", row->text, strlen(row->text)};
		struct ocienv_layer *layer = NULL;
		struct ocienv_error error;

		error_fill(&error);
		assert_int_equal(row->read(&layer, &document, NULL, &error), row->status);
		assert_null(layer);
		check_error(row->status, &error);
		assert_string_equal(error.document, "the file");
		assert_string_equal(error.pointer, row->pointer);
		assert_int_equal(error.line, row->line);
		assert_int_equal(error.column, row->column);
		assert_string_equal(row->text + error.offset, row->at);
		/* Without an error the answer is the same. */
		assert_int_equal(row->read(&layer, &document, NULL, NULL), row->status);
	}
}

/* Names are cut, not run over; a document without a name has the empty one. */
static void test_names(void **state)
{
	char name[200];
	struct ocienv_document document = {name, "[", 1};
	struct ocienv_layer *layer = NULL;
	struct ocienv_error error;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(ocienv_layer_from_image_config(&layer, &document, NULL, &error),
			 OCIENV_ERR_SYNTAX);
	check_error(OCIENV_ERR_SYNTAX, &error);
	assert_int_equal(strlen(error.document), sizeof(error.document) - 1);
	document.name = NULL;
	assert_int_equal(ocienv_layer_from_image_config(&layer, &document, NULL, &error),
			 OCIENV_ERR_SYNTAX);
	assert_string_equal(error.document, "");
}

/* Documents without a name are as good as others, all the way. */
static void test_no_names(void **state)
{
	struct ocienv_document image = image_document, pod = pod_document, set = objects_document;
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_layer *layers[2] = {NULL, NULL};
	struct ocienv_config *config = NULL;
	struct ocienv_buffer report = {0};
	struct ocienv_origin origin;

	(void)state;
	image.name = pod.name = set.name = NULL;
	assert_int_equal(ocienv_cluster_new(&cluster, NULL, NULL), 0);
	assert_int_equal(ocienv_cluster_add_objects(cluster, &set, NULL), 0);
	assert_int_equal(ocienv_cluster_add_fact(cluster, "spec.nodeName", "n", NULL), 0);
	assert_int_equal(ocienv_layer_from_image_config(&layers[0], &image, NULL, NULL), 0);
	assert_int_equal(ocienv_layer_from_pod(&layers[1], &pod, cluster, NULL, NULL), 0);
	assert_int_equal(ocienv_resolve(&config, (const struct ocienv_layer *const *)layers, 2,
					OCIENV_NO_ROOTFS, NULL, NULL),
			 0);
	assert_int_equal(ocienv_config_report(&report, config, NULL, NULL), 0);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ARGV, 0, 0, &origin), 0);
	assert_true(!origin.document || !origin.document[0]);
	ocienv_buffer_free(&report);
	ocienv_config_free(config);
	ocienv_layer_free(layers[0]);
	ocienv_layer_free(layers[1]);
	ocienv_cluster_free(cluster);
}

static void test_system_error(void **state)
{
	struct ocienv_layer *layer = make_image(NULL);
	const struct ocienv_layer *layers[] = {layer};
	struct ocienv_config *config = NULL;
	struct ocienv_error error;
	int32_t status;

	(void)state;
	error_fill(&error);
	status = ocienv_resolve(&config, layers, 1, 1000000, NULL, &error);
	assert_int_equal(status, OCIENV_ERR_SYSTEM);
	check_error(status, &error);
	assert_null(config);
	ocienv_layer_free(layer);
}

/* Cut the documents at every byte, and change every byte: whatever is said about them, it is
 * one line, of a known status, at a place inside the text, and no value is in it. */
static void test_damaged_documents(void **state)
{
	const struct ocienv_document *documents[] = {&image_document, &spec_document,
						     &pod_document};
	reader *const readers[] = {ocienv_layer_from_image_config,
				   ocienv_layer_from_runtime_spec, from_pod};
	static const char bytes[] = "\"{}[]:,#&*!|\n\x80 \t0";
	static char text[1024];

	(void)state;
	for (size_t d = 0; d < 3; d++) {
		size_t size = documents[d]->size;
		struct ocienv_document document = {"d", text, size};

		for (size_t i = 0; i < size * sizeof(bytes); i++) {
			struct ocienv_layer *layer = NULL;
			struct ocienv_error error;
			int32_t status;

			memcpy(text, documents[d]->data, size);
			document.size = i < size ? i : size;
			if (i >= size)
				text[i % size] = bytes[i / size - 1];
			error_fill(&error);
			status = readers[d](&layer, &document, NULL, &error);
			if (!status) {
				assert_true(error_is_filled(&error));
			} else {
				check_error(status, &error);
				assert_string_equal(error.document, "d");
				assert_true(error.offset <= document.size);
			}
			ocienv_layer_free(layer);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	     cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_names),     cmocka_unit_test(test_system_error),
		cmocka_unit_test(test_damaged_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

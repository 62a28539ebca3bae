/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups: what is found, what was passed over, and what is left where nothing is found. */
#include "api.h"

static const char at_slash[] = "{\"process\": {\"args\": [\"/bin/nope\"], \"cwd\": \"/\"}}";
static const char bad_interp[] =
	"{\"process\": {\"args\": [\"nope\"], \"cwd\": \"/data\",\n"
	"\"env\": [\"PATH=/sbin:/bin/:.:/bin/script\"]}}";

static struct ocienv_lookup *look_up(const char *text, int root,
				     const struct ocienv_options *options)
{
	struct ocienv_document document = {"config.json", text, strlen(text)};
	const struct ocienv_layer *layers[1];
	struct ocienv_layer *spec = NULL;
	struct ocienv_lookup *lookup = NULL;

	assert_int_equal(ocienv_layer_from_runtime_spec(&spec, &document, options, NULL), 0);
	layers[0] = spec;
	assert_int_equal(ocienv_lookup_new(&lookup, layers, 1, root, options, NULL), 0);
	ocienv_layer_free(spec);
	return lookup;
}

static void assert_candidate(const struct ocienv_lookup *lookup, size_t index, const char *path,
			     int32_t status, const char *reason)
{
	struct ocienv_candidate one;

	assert_int_equal(ocienv_lookup_candidate(lookup, index, &one), 0);
	assert_string_equal(one.path, path);
	assert_int_equal(one.status, status);
	if (reason)
		assert_string_equal(one.reason, reason);
	else
		assert_null(one.reason);
}

static void test_what_is_found(void **state)
{
	struct ocienv_layer *image = make_image(NULL);
	const struct ocienv_layer *layers[] = {image};
	struct ocienv_lookup *lookup = NULL;
	struct ocienv_candidate one;
	struct ocienv_exec exec;
	int root = tree_begin();

	(void)state;
	assert_int_equal(ocienv_lookup_new(&lookup, layers, 1, root, NULL, NULL), 0);
	ocienv_layer_free(image); /* it is not needed any more */
	assert_int_equal(ocienv_lookup_status(lookup, NULL), 0);
	assert_int_equal(ocienv_config_exec(ocienv_lookup_config(lookup), &exec), 0);
	assert_string_equal(exec.path, "/bin/sh");
	assert_candidate(lookup, 0, "/bin/sh", OCIENV_OK, NULL);
	assert_int_equal(ocienv_lookup_candidate(lookup, 0, &one), 0);
	assert_int_equal(one.path_index, 0);
	assert_int_equal(one.secret, 0);
	assert_int_equal(ocienv_lookup_candidate(lookup, 1, &one), OCIENV_ERR_ARGUMENT);
	ocienv_lookup_free(lookup);
	tree_end();
}

/* Twice searched where root or an exact search comes in between, once told. */
static void test_what_is_passed_over(void **state)
{
	static const uint32_t runtimes[] = {OCIENV_RUNTIME_RUNC, OCIENV_RUNTIME_CRUN,
					    OCIENV_RUNTIME_EXECVP};
	int root = tree_begin();

	(void)state;
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(runtimes[0]); i++) {
		struct ocienv_lookup *lookup =
			look_up(bad_interp, root, OPTIONS(.runtime = runtimes[i]));
		struct ocienv_candidate one;
		struct ocienv_error error;

		assert_null(ocienv_lookup_config(lookup));
		error_fill(&error);
		assert_int_equal(ocienv_lookup_status(lookup, &error), OCIENV_ERR_NOTFOUND);
		check_error(OCIENV_ERR_NOTFOUND, &error);
		assert_string_equal(error.document, "config.json");
		assert_int_equal(error.line, 1);
		assert_candidate(lookup, 0, "/sbin/nope", OCIENV_ERR_NOTFOUND, "does not exist");
		assert_candidate(lookup, 1, "/bin/nope", OCIENV_ERR_NOTFOUND, "does not exist");
		assert_candidate(lookup, 2, "/data/nope", OCIENV_ERR_NOTFOUND, "does not exist");
		assert_candidate(lookup, 3, "/bin/script/nope", OCIENV_ERR_NOTFOUND,
				 "needs a directory where there is none");
		assert_int_equal(ocienv_lookup_candidate(lookup, 4, &one), OCIENV_ERR_ARGUMENT);
		ocienv_lookup_free(lookup);
	}
	tree_end();
}

static void test_a_name_with_a_slash(void **state)
{
	int root = tree_begin();
	struct ocienv_lookup *lookup = look_up(at_slash, root, NULL);
	struct ocienv_candidate one;

	(void)state;
	assert_candidate(lookup, 0, "/bin/nope", OCIENV_ERR_NOTFOUND, "does not exist");
	assert_int_equal(ocienv_lookup_candidate(lookup, 0, &one), 0);
	assert_int_equal(one.path_index, -1);
	assert_int_equal(ocienv_lookup_status(lookup, NULL), OCIENV_ERR_NOTFOUND);
	ocienv_lookup_free(lookup);
	tree_end();
}

/* What the documents refuse is no lookup. */
static void test_documents_come_first(void **state)
{
	static const char text[] = "{\"process\": {\"args\": [\"x\"], \"cwd\": \"relative\"}}";
	struct ocienv_document document = DOCUMENT("config.json", text);
	struct ocienv_layer *spec = NULL;
	struct ocienv_lookup *lookup = NULL;
	const struct ocienv_layer *layers[1];
	struct ocienv_error error;
	int root = tree_begin();

	(void)state;
	assert_int_equal(ocienv_layer_from_runtime_spec(&spec, &document, NULL, NULL), 0);
	layers[0] = spec;
	error_fill(&error);
	assert_int_equal(ocienv_lookup_new(&lookup, layers, 1, root, NULL, &error),
			 OCIENV_ERR_VALUE);
	check_error(OCIENV_ERR_VALUE, &error);
	assert_null(lookup);
	ocienv_layer_free(spec);
	tree_end();
}

/* As many candidates as PATH has entries, but no more memory than a result may take. */
static void test_the_limit_of_candidates(void **state)
{
	enum { ENTRIES = 50000 };
	static char text[2 * ENTRIES + 256];
	struct ocienv_layer *spec = NULL;
	struct ocienv_lookup *lookup = NULL;
	const struct ocienv_layer *layers[1];
	struct ocienv_document document = {"config.json", text, 0};
	struct ocienv_error error;
	int root = tree_begin();
	size_t n;

	(void)state;
	n = (size_t)sprintf(text, "{\"process\": {\"args\": [\"nope\"], \"cwd\": \"/\", \"env\": "
				  "[\"PATH=a");
	for (int i = 0; i < ENTRIES; i++)
		n += (size_t)sprintf(text + n, ":a");
	n += (size_t)sprintf(text + n, "\"]}}");
	document.size = n;
	assert_int_equal(ocienv_layer_from_runtime_spec(&spec, &document, NULL, NULL), 0);
	layers[0] = spec;
	assert_int_equal(ocienv_lookup_new(&lookup, layers, 1, root, NULL, NULL), 0);
	assert_candidate(lookup, ENTRIES, "/a/nope", OCIENV_ERR_NOTFOUND, "does not exist");
	ocienv_lookup_free(lookup);
	lookup = NULL;
	error_fill(&error);
	assert_int_equal(ocienv_lookup_new(&lookup, layers, 1, root,
					   OPTIONS(.limits = LIMITS(.max_result = 1 << 20)),
					   &error),
			 OCIENV_ERR_LIMIT);
	check_error(OCIENV_ERR_LIMIT, &error);
	assert_null(lookup);
	ocienv_layer_free(spec);
	tree_end();
}

/* Each allocation of a look-up that finds nothing fails once. */
static void test_no_memory(void **state)
{
	struct ocienv_document document = DOCUMENT("config.json", bad_interp);
	struct ocienv_layer *spec = NULL;
	const struct ocienv_layer *layers[1];
	int root = tree_begin();
	size_t descriptors, k = 0;
	int32_t status;

	(void)state;
	assert_int_equal(ocienv_layer_from_runtime_spec(&spec, &document, NULL, NULL), 0);
	layers[0] = spec;
	descriptors = open_descriptors();
	do {
		struct ocienv_lookup *lookup = NULL;
		struct ocienv_error error;
		struct heap heap;

		heap_begin(&heap);
		heap.fail_at = ++k;
		error_fill(&error);
		status = ocienv_lookup_new(&lookup, layers, 1, root,
					   OPTIONS(.allocator = &heap.allocator), &error);
		if (status) {
			assert_int_equal(status, OCIENV_ERR_NOMEM);
			check_error(status, &error);
			assert_null(lookup);
		} else {
			assert_int_equal(ocienv_lookup_status(lookup, NULL), OCIENV_ERR_NOTFOUND);
			assert_candidate(lookup, 2, "/data/nope", OCIENV_ERR_NOTFOUND,
					 "does not exist");
		}
		ocienv_lookup_free(lookup);
		assert_int_equal(open_descriptors(), descriptors);
		status = heap.calls >= k;
		heap_end(&heap);
	} while (status);
	assert_true(k > 4);
	ocienv_layer_free(spec);
	tree_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_found),
		cmocka_unit_test(test_what_is_passed_over),
		cmocka_unit_test(test_a_name_with_a_slash),
		cmocka_unit_test(test_documents_come_first),
		cmocka_unit_test(test_the_limit_of_candidates),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

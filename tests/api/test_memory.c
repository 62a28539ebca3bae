/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation of a whole use of the library fails, once and from then on: the answer is
 * NOMEM or the right one, nothing is leaked, no descriptor stays open.
 *
 * malloc itself is replaced here, so that json-c and libyaml run short as well; a second
 * round goes through the allocator of the options, which also sees to it that nothing is
 * left in what it gets back.
 */
#define _GNU_SOURCE
#include "api.h"

#include <errno.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define REPLACED 0 /* the sanitizer replaces it already */
#else
#define REPLACED 1
#endif

static struct {
	bool counting;
	size_t calls, fail_at;
	bool for_ever;
	long live;
} process;

#if REPLACED
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);
extern void __libc_free(void *ptr);

static bool runs_short(void)
{
	if (!process.counting)
		return false;
	process.calls++;
	if (!process.fail_at || process.calls < process.fail_at ||
	    (process.calls > process.fail_at && !process.for_ever))
		return false;
	errno = ENOMEM;
	return true;
}

static void *got(void *ptr)
{
	if (process.counting && ptr)
		process.live++;
	return ptr;
}

void *malloc(size_t size)
{
	return runs_short() ? NULL : got(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return runs_short() ? NULL : got(__libc_calloc(count, size));
}

void *realloc(void *ptr, size_t size)
{
	void *moved = runs_short() ? NULL : __libc_realloc(ptr, size);

	return ptr ? moved : got(moved);
}

void free(void *ptr)
{
	if (process.counting && ptr)
		process.live--;
	__libc_free(ptr);
}
#endif

/* All that a whole use makes. */
struct use {
	const struct ocienv_options *options;
	struct ocienv_cluster *cluster;
	struct ocienv_layer *image, *pod, *spec, *copy;
	struct ocienv_config *config, *again;
	struct ocienv_verdict *verdict;
	struct ocienv_lookup *lookup;
	struct ocienv_policy *policy;
	struct ocienv_config *judged;
	struct ocienv_buffer verdict_report, lookup_report, pin;
	struct ocienv_buffer blob, report, manifest, layer_blob, layer_report, second, form;
	uint8_t digest[OCIENV_DIGEST_SIZE];
	struct ocienv_error error;
};

static struct ocienv_document document_of(const struct ocienv_buffer *buffer)
{
	return (struct ocienv_document){"blob", buffer->data, buffer->size};
}

static int32_t make_layers(struct use *use)
{
	const struct ocienv_options *options = use->options;
	struct ocienv_error *error = &use->error;
	int32_t status = ocienv_cluster_new(&use->cluster, options, error);

	if (!status)
		status = ocienv_cluster_add_objects(use->cluster, &objects_document, error);
	if (!status)
		status = ocienv_cluster_add_fact(use->cluster, "spec.nodeName", "node-1", error);
	if (!status)
		status = ocienv_layer_from_image_config(&use->image, &image_document, options,
							error);
	if (!status)
		status = ocienv_layer_from_pod(&use->pod, &pod_document, use->cluster, options,
					       error);
	if (!status)
		status = ocienv_layer_encode(&use->layer_blob, use->pod, options, error);
	if (!status) {
		struct ocienv_document document = document_of(&use->layer_blob);

		status = ocienv_layer_decode(&use->copy, &document, options, error);
	}
	if (!status)
		status = ocienv_layer_report(&use->layer_report, use->copy, options, error);
	return status;
}

static int32_t make_answer(struct use *use, int root)
{
	const struct ocienv_layer *layers[] = {use->image, use->pod};
	const struct ocienv_options *options = use->options;
	struct ocienv_error *error = &use->error;
	int32_t status = ocienv_resolve(&use->config, layers, 2, root, options, error);

	if (!status)
		status = ocienv_config_encode(&use->blob, use->config, options, error);
	if (!status) {
		struct ocienv_document document = document_of(&use->blob);

		status = ocienv_config_decode(&use->again, &document, options, error);
	}
	if (!status)
		status = ocienv_config_encode(&use->second, use->again, options, error);
	if (!status)
		status = ocienv_config_encode_public(&use->form, use->config, public_key,
						     sizeof(public_key), options, error);
	if (!status)
		status = ocienv_config_digest(use->digest, use->config, error);
	if (!status)
		status = ocienv_config_report(&use->report, use->config, options, error);
	if (!status)
		status = ocienv_config_gramine(&use->manifest, use->config, options, error);
	return status;
}

static int32_t make_pin(struct use *use, int root)
{
	const struct ocienv_layer *layers[] = {use->image, use->pod};
	struct ocienv_options options = {.size = sizeof(options)};
	struct ocienv_error *error = &use->error;
	int32_t status = ocienv_policy_builtin(&use->policy, "observe", use->options, error);

	options.allocator = use->options ? use->options->allocator : NULL;
	options.policy = use->policy;
	if (!status)
		status = ocienv_resolve(&use->judged, layers, 2, root, &options, error);
	if (!status)
		status = ocienv_policy_pin(&use->pin, use->judged, use->options, error);
	return status;
}

static int32_t make_verdict(struct use *use, int root)
{
	const struct ocienv_options *options = use->options;
	struct ocienv_error *error = &use->error;
	int32_t status = ocienv_layer_from_runtime_spec(&use->spec, &spec_document, options, error);
	const struct ocienv_layer *layers[] = {use->image, use->pod, use->spec};

	if (!status)
		status = ocienv_verify(&use->verdict, layers, 3, root, options, error);
	if (!status)
		status = ocienv_verdict_report(&use->verdict_report, use->verdict, options, error);
	return status;
}

static int32_t make_lookup(struct use *use, int root)
{
	const struct ocienv_layer *layers[] = {use->image, use->pod};
	const struct ocienv_options *options = use->options;
	struct ocienv_error *error = &use->error;
	int32_t status = ocienv_lookup_new(&use->lookup, layers, 2, root, options, error);

	if (!status)
		status = ocienv_lookup_status(use->lookup, error);
	if (!status)
		status = ocienv_lookup_report(&use->lookup_report, use->lookup, 1, options, error);
	return status;
}

static int32_t use_all(struct use *use, int root)
{
	int32_t status = make_layers(use);

	if (!status)
		status = make_answer(use, root);
	if (!status)
		status = make_lookup(use, root);
	if (!status)
		status = make_pin(use, root);
	return status ? status : make_verdict(use, root);
}

static void use_end(struct use *use)
{
	ocienv_buffer_free(&use->blob);
	ocienv_buffer_free(&use->report);
	ocienv_buffer_free(&use->manifest);
	ocienv_buffer_free(&use->layer_blob);
	ocienv_buffer_free(&use->layer_report);
	ocienv_buffer_free(&use->second);
	ocienv_buffer_free(&use->form);
	ocienv_buffer_free(&use->verdict_report);
	ocienv_verdict_free(use->verdict);
	ocienv_buffer_free(&use->pin);
	ocienv_config_free(use->judged);
	ocienv_policy_free(use->policy);
	ocienv_buffer_free(&use->lookup_report);
	ocienv_lookup_free(use->lookup);
	ocienv_layer_free(use->spec);
	ocienv_config_free(use->config);
	ocienv_config_free(use->again);
	ocienv_layer_free(use->image);
	ocienv_layer_free(use->pod);
	ocienv_layer_free(use->copy);
	ocienv_cluster_free(use->cluster);
}

static void assert_same(const struct ocienv_buffer *one, const struct ocienv_buffer *other)
{
	assert_int_equal(one->size, other->size);
	assert_memory_equal(one->data, other->data, other->size);
}

static void check(int32_t status, const struct use *use, const struct use *right)
{
	if (status) {
		assert_int_equal(status, OCIENV_ERR_NOMEM);
		check_error(status, &use->error);
		return;
	}
	assert_same(&use->blob, &right->blob);
	assert_same(&use->second, &right->blob);
	assert_same(&use->form, &right->form);
	assert_same(&use->report, &right->report);
	assert_same(&use->manifest, &right->manifest);
	assert_same(&use->verdict_report, &right->verdict_report);
	assert_same(&use->lookup_report, &right->lookup_report);
	assert_same(&use->pin, &right->pin);
	assert_same(&use->layer_blob, &right->layer_blob);
	assert_same(&use->layer_report, &right->layer_report);
	assert_memory_equal(use->digest, right->digest, sizeof(right->digest));
}

static void fail_each(bool for_ever)
{
	struct use right = {0};
	size_t descriptors, k = 0;
	int root;

	if (!REPLACED)
		return;
	root = tree_begin();
	assert_int_equal(use_all(&right, root), 0);
	descriptors = open_descriptors();
	do {
		struct use use = {0};
		int32_t status;

		error_fill(&use.error);
		process.calls = 0;
		process.live = 0;
		process.fail_at = ++k;
		process.for_ever = for_ever;
		process.counting = true;
		status = use_all(&use, root);
		process.fail_at = 0;
		process.counting = false;
		check(status, &use, &right);
		process.counting = true;
		use_end(&use);
		process.counting = false;
		assert_int_equal(process.live, 0);
		assert_int_equal(open_descriptors(), descriptors);
	} while (process.calls >= k);
	assert_true(k > 50); /* or nothing was replaced */
	print_message("%zu allocations\n", k - 1);
	use_end(&right);
	tree_end();
}

static void test_malloc_fails_once(void **state)
{
	(void)state;
	fail_each(false);
}

static void test_malloc_fails_for_ever(void **state)
{
	(void)state;
	fail_each(true);
}

/* Or the heap looks for nothing: where the value of the Secret must be for a while. */
static void assert_secret_was_held(const struct use *use)
{
	const struct ocienv_buffer *const holders[] = {&use->blob, &use->report, &use->layer_blob};

	for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++)
		assert_non_null(memmem(holders[i]->data, holders[i]->size, "x://" MARKER,
				       strlen("x://" MARKER)));
	assert_null(memmem(use->pin.data, use->pin.size, "x://" MARKER, strlen("x://" MARKER)));
}

static void fail_each_of_allocator(bool for_ever)
{
	struct use right = {0};
	struct heap heap;
	size_t descriptors, k = 0, calls;
	int root = tree_begin();

	assert_int_equal(use_all(&right, root), 0);
	assert_secret_was_held(&right);
	descriptors = open_descriptors();
	do {
		struct use use = {0};
		int32_t status;

		heap_begin(&heap);
		use.options = OPTIONS(.allocator = &heap.allocator);
		error_fill(&use.error);
		heap.fail_at = ++k;
		heap.for_ever = for_ever;
		status = use_all(&use, root);
		calls = heap.calls;
		heap.fail_at = 0;
		check(status, &use, &right);
		use_end(&use);
		heap_end(&heap);
		assert_int_equal(open_descriptors(), descriptors);
	} while (calls >= k);
	assert_true(k > 10);
	use_end(&right);
	tree_end();
}

static void test_allocator_fails_once(void **state)
{
	(void)state;
	fail_each_of_allocator(false);
}

static void test_allocator_fails_for_ever(void **state)
{
	(void)state;
	fail_each_of_allocator(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_malloc_fails_once),
		cmocka_unit_test(test_malloc_fails_for_ever),
		cmocka_unit_test(test_allocator_fails_once),
		cmocka_unit_test(test_allocator_fails_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of each function: what is wrong is ARGUMENT, and who fails writes nothing. */
#include "api.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define UNTOUCHED ((void *)(uintptr_t)0x5a5a5a50)

static const struct ocienv_buffer pattern = {UNTOUCHED, 0x5a5a, {NULL, NULL, UNTOUCHED}};

/* A call that must be refused: with an error, and without one. */
#define REFUSED(call_with)                                                                \
	do {                                                                             \
		struct ocienv_error error_, *reterr = &error_;                           \
		int32_t status_;                                                         \
		error_fill(&error_);                                                     \
		status_ = (call_with);                                                   \
		assert_int_equal(status_, OCIENV_ERR_ARGUMENT);                          \
		check_error(status_, &error_);                                           \
		reterr = NULL;                                                           \
		assert_int_equal((call_with), OCIENV_ERR_ARGUMENT);                      \
	} while (0)

static void test_null_documents(void **state)
{
	const struct ocienv_document none = {"x", NULL, 1};
	struct ocienv_config *config = UNTOUCHED;
	struct ocienv_layer *layer = UNTOUCHED;
	struct ocienv_policy *policy = UNTOUCHED;

	(void)state;
	REFUSED(ocienv_layer_from_image_config(&layer, NULL, NULL, reterr));
	REFUSED(ocienv_layer_from_runtime_spec(&layer, NULL, NULL, reterr));
	REFUSED(ocienv_layer_from_pod(&layer, NULL, NULL, NULL, reterr));
	REFUSED(ocienv_layer_decode(&layer, NULL, NULL, reterr));
	REFUSED(ocienv_config_decode(&config, NULL, NULL, reterr));
	REFUSED(ocienv_layer_from_image_config(&layer, &none, NULL, reterr));
	REFUSED(ocienv_layer_from_runtime_spec(&layer, &none, NULL, reterr));
	REFUSED(ocienv_layer_from_pod(&layer, &none, NULL, NULL, reterr));
	REFUSED(ocienv_layer_decode(&layer, &none, NULL, reterr));
	REFUSED(ocienv_config_decode(&config, &none, NULL, reterr));
	REFUSED(ocienv_policy_from_json(&policy, NULL, NULL, reterr));
	REFUSED(ocienv_policy_from_json(&policy, &none, NULL, reterr));
	REFUSED(ocienv_policy_builtin(&policy, NULL, NULL, reterr));
	REFUSED(ocienv_policy_builtin(&policy, "", NULL, reterr));
	REFUSED(ocienv_policy_builtin(&policy, "Image-only", NULL, reterr));
	assert_ptr_equal(policy, UNTOUCHED);
	assert_ptr_equal(layer, UNTOUCHED);
	assert_ptr_equal(config, UNTOUCHED);
}

/* Standard input is a descriptor like any other: asked whether it is a directory. */
static void test_rootfs_zero(void **state)
{
	struct ocienv_layer *layer = make_spec(NULL);
	const struct ocienv_layer *layers[] = {layer};
	struct ocienv_config *config = UNTOUCHED;
	int null = open("/dev/null", O_RDONLY), kept = dup(0);

	(void)state;
	assert_true(null >= 0 && dup2(null, 0) == 0);
	REFUSED(ocienv_resolve(&config, layers, 1, 0, NULL, reterr));
	assert_ptr_equal(config, UNTOUCHED);
	close(0);
	if (kept >= 0) {
		assert_int_equal(dup2(kept, 0), 0);
		close(kept);
	}
	if (null)
		close(null);
	ocienv_layer_free(layer);
}

static void test_null_results(void **state)
{
	struct ocienv_layer *layer = make_spec(NULL);
	const struct ocienv_layer *layers[] = {layer};
	struct ocienv_config *config = make_spec_config(NULL);

	(void)state;
	REFUSED(ocienv_cluster_new(NULL, NULL, reterr));
	REFUSED(ocienv_layer_from_image_config(NULL, &image_document, NULL, reterr));
	REFUSED(ocienv_layer_from_runtime_spec(NULL, &spec_document, NULL, reterr));
	REFUSED(ocienv_layer_from_pod(NULL, &pod_document, NULL, NULL, reterr));
	REFUSED(ocienv_layer_decode(NULL, &image_document, NULL, reterr));
	REFUSED(ocienv_config_decode(NULL, &image_document, NULL, reterr));
	REFUSED(ocienv_resolve(NULL, layers, 1, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_verify(NULL, layers, 1, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_layer_encode(NULL, layer, NULL, reterr));
	REFUSED(ocienv_layer_report(NULL, layer, NULL, reterr));
	REFUSED(ocienv_config_encode(NULL, config, NULL, reterr));
	REFUSED(ocienv_config_encode_public(NULL, config, public_key, sizeof(public_key), NULL, reterr));
	REFUSED(ocienv_config_report(NULL, config, NULL, reterr));
	REFUSED(ocienv_config_gramine(NULL, config, NULL, reterr));
	REFUSED(ocienv_config_digest(NULL, config, reterr));
	REFUSED(ocienv_policy_from_json(NULL, &image_document, NULL, reterr));
	REFUSED(ocienv_policy_builtin(NULL, "observe", NULL, reterr));
	REFUSED(ocienv_policy_pin(NULL, config, NULL, reterr));
	assert_int_equal(ocienv_config_ruling(config, 0, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_exec(config, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_user(config, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_warning(config, 0, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_CWD, 0, 0, NULL),
			 OCIENV_ERR_ARGUMENT);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
}

/* A file, and a number that no file has: the tree is not to blame for either. */
static void test_roots_that_are_none(void **state)
{
	struct ocienv_layer *layer = make_spec(NULL);
	const struct ocienv_layer *layers[] = {layer};
	struct ocienv_config *config = UNTOUCHED;
	struct ocienv_lookup *lookup = UNTOUCHED;
	struct ocienv_error error;
	int file = open("/dev/null", O_RDONLY);

	(void)state;
	REFUSED(ocienv_resolve(&config, layers, 1, file, NULL, reterr));
	REFUSED(ocienv_lookup_new(&lookup, layers, 1, file, NULL, reterr));
	(void)close(file);
	assert_int_equal(ocienv_resolve(&config, layers, 1, file, NULL, &error), OCIENV_ERR_SYSTEM);
	assert_int_equal(error.sys_errno, EBADF);
	assert_ptr_equal(config, UNTOUCHED);
	assert_ptr_equal(lookup, UNTOUCHED);
	ocienv_layer_free(layer);
}

static void test_keys(void **state)
{
	struct ocienv_config *config = make_spec_config(NULL);
	struct ocienv_buffer buffer = pattern;
	uint8_t long_key[129] = {0};

	(void)state;
	REFUSED(ocienv_config_encode_public(&buffer, config, NULL, 32, NULL, reterr));
	REFUSED(ocienv_config_encode_public(&buffer, config, long_key, 0, NULL, reterr));
	REFUSED(ocienv_config_encode_public(&buffer, config, long_key, 31, NULL, reterr));
	REFUSED(ocienv_config_encode_public(&buffer, config, long_key, 129, NULL, reterr));
	assert_memory_equal(&buffer, &pattern, sizeof(buffer));
	assert_int_equal(ocienv_config_encode_public(&buffer, config, long_key, 128, NULL, NULL), 0);
	ocienv_buffer_free(&buffer);
	ocienv_config_free(config);
}

static void test_null_objects(void **state)
{
	struct ocienv_buffer buffer = pattern;
	uint8_t digest[OCIENV_DIGEST_SIZE], filled[OCIENV_DIGEST_SIZE];
	struct ocienv_warning warning, warning_before;
	struct ocienv_origin origin, origin_before;
	struct ocienv_exec exec, exec_before;
	struct ocienv_user user, user_before;
	size_t count = 77;

	(void)state;
	memset(filled, 0x5a, sizeof(filled));
	memset(digest, 0x5a, sizeof(digest));
	REFUSED(ocienv_layer_encode(&buffer, NULL, NULL, reterr));
	REFUSED(ocienv_layer_report(&buffer, NULL, NULL, reterr));
	REFUSED(ocienv_config_encode(&buffer, NULL, NULL, reterr));
	REFUSED(ocienv_config_encode_public(&buffer, NULL, public_key, sizeof(public_key), NULL, reterr));
	REFUSED(ocienv_config_report(&buffer, NULL, NULL, reterr));
	REFUSED(ocienv_config_gramine(&buffer, NULL, NULL, reterr));
	REFUSED(ocienv_config_digest(digest, NULL, reterr));
	REFUSED(ocienv_verdict_report(&buffer, NULL, NULL, reterr));
	REFUSED(ocienv_policy_pin(&buffer, NULL, NULL, reterr));
	REFUSED(ocienv_verdict_status(NULL, reterr));
	REFUSED(ocienv_lookup_report(&buffer, NULL, 0, NULL, reterr));
	REFUSED(ocienv_lookup_status(NULL, reterr));
	assert_null(ocienv_lookup_config(NULL));
	assert_memory_equal(&buffer, &pattern, sizeof(buffer));
	assert_memory_equal(digest, filled, sizeof(digest));
	REFUSED(ocienv_cluster_add_objects(NULL, &objects_document, reterr));
	REFUSED(ocienv_cluster_add_fact(NULL, "spec.nodeName", "x", reterr));

	assert_null(ocienv_config_argv(NULL, &count));
	assert_null(ocienv_config_envp(NULL, &count));
	assert_null(ocienv_config_argv(NULL, NULL));
	assert_null(ocienv_config_envp(NULL, NULL));
	assert_null(ocienv_config_cwd(NULL));
	assert_int_equal(count, 77);
	assert_int_equal(ocienv_layer_kind(NULL), 0);
	memset(&exec_before, 0x5a, sizeof(exec));
	memset(&user_before, 0x5a, sizeof(user));
	memset(&origin_before, 0x5a, sizeof(origin));
	memset(&warning_before, 0x5a, sizeof(warning));
	memcpy(&exec, &exec_before, sizeof(exec));
	memcpy(&user, &user_before, sizeof(user));
	memcpy(&origin, &origin_before, sizeof(origin));
	memcpy(&warning, &warning_before, sizeof(warning));
	assert_int_equal(ocienv_config_exec(NULL, &exec), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_user(NULL, &user), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_origin(NULL, OCIENV_ITEM_CWD, 0, 0, &origin),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_warning(NULL, 0, &warning), OCIENV_ERR_ARGUMENT);
	assert_memory_equal(&exec, &exec_before, sizeof(exec));
	assert_memory_equal(&user, &user_before, sizeof(user));
	assert_memory_equal(&origin, &origin_before, sizeof(origin));
	assert_memory_equal(&warning, &warning_before, sizeof(warning));
}

static void test_free_null(void **state)
{
	struct ocienv_buffer buffer = {NULL, 0, {NULL, NULL, NULL}};

	(void)state;
	ocienv_buffer_free(NULL);
	ocienv_buffer_free(&buffer);
	ocienv_cluster_free(NULL);
	ocienv_layer_free(NULL);
	ocienv_config_free(NULL);
	ocienv_verdict_free(NULL);
	ocienv_lookup_free(NULL);
	ocienv_policy_free(NULL);
}

static void test_buffer_twice(void **state)
{
	struct ocienv_config *config = make_spec_config(NULL);
	struct ocienv_buffer buffer = pattern, empty = {NULL, 0, {NULL, NULL, NULL}};

	(void)state;
	assert_int_equal(ocienv_config_encode(&buffer, config, NULL, NULL), 0);
	ocienv_buffer_free(&buffer);
	assert_memory_equal(&buffer, &empty, sizeof(empty));
	ocienv_buffer_free(&buffer);
	ocienv_config_free(config);
}

static void test_facts(void **state)
{
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_error error;

	(void)state;
	assert_int_equal(ocienv_cluster_new(&cluster, NULL, NULL), 0);
	REFUSED(ocienv_cluster_add_fact(cluster, NULL, "x", reterr));
	REFUSED(ocienv_cluster_add_fact(cluster, "spec.nodeName", NULL, reterr));
	REFUSED(ocienv_cluster_add_fact(cluster, "no.such", MARKER, reterr));
	REFUSED(ocienv_cluster_add_fact(cluster, "", "x", reterr));
	REFUSED(ocienv_cluster_add_fact(cluster, "allocatable.", "x", reterr));
	REFUSED(ocienv_cluster_add_objects(cluster, NULL, reterr));
	assert_int_equal(ocienv_cluster_add_fact(cluster, "spec.nodeName", "\xff" MARKER, &error),
			 OCIENV_ERR_ENCODING);
	check_error(OCIENV_ERR_ENCODING, &error);
	assert_int_equal(ocienv_cluster_add_fact(cluster, "allocatable.cpu", "4", NULL), 0);
	ocienv_cluster_free(cluster);
}

static void test_layers(void **state)
{
	struct ocienv_layer *image = make_image(NULL), *spec = make_spec(NULL);
	struct ocienv_layer *pod = make_pod(NULL), *other = make_image(NULL);
	const struct ocienv_layer *twice[] = {image, other}, *same[] = {spec, spec};
	const struct ocienv_layer *both[] = {spec, pod}, *hole[] = {image, NULL};
	const struct ocienv_layer *four[] = {image, spec, other, pod};
	struct ocienv_config *config = UNTOUCHED;

	(void)state;
	REFUSED(ocienv_resolve(&config, NULL, 1, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_resolve(&config, twice, 0, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_resolve(&config, twice, 2, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_resolve(&config, same, 2, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_resolve(&config, both, 2, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_resolve(&config, hole, 2, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_resolve(&config, four, 4, OCIENV_NO_ROOTFS, NULL, reterr));
	/* What an open() that failed answers is no wish to do without a rootfs. */
	REFUSED(ocienv_resolve(&config, twice, 1, -1, NULL, reterr));
	REFUSED(ocienv_resolve(&config, twice, 1, -3, NULL, reterr));
	assert_ptr_equal(config, UNTOUCHED);
	assert_int_equal(ocienv_layer_kind(image), OCIENV_LAYER_IMAGE);
	assert_int_equal(ocienv_layer_kind(spec), OCIENV_LAYER_RUNTIME);
	assert_int_equal(ocienv_layer_kind(pod), OCIENV_LAYER_POD);
	ocienv_layer_free(image);
	ocienv_layer_free(spec);
	ocienv_layer_free(pod);
	ocienv_layer_free(other);
}

static void test_verdicts(void **state)
{
	struct ocienv_layer *image = make_image(NULL), *spec = make_spec(NULL);
	struct ocienv_layer *pod = make_pod(NULL);
	const struct ocienv_layer *alone[] = {spec, NULL}, *guest[] = {image, pod};
	const struct ocienv_layer *all[] = {spec, pod, image}, *same[] = {spec, image, spec};
	struct ocienv_difference difference, before;
	struct ocienv_verdict *verdict = UNTOUCHED;

	(void)state;
	REFUSED(ocienv_verify(&verdict, NULL, 2, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_verify(&verdict, all, 0, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_verify(&verdict, alone, 1, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_verify(&verdict, alone, 2, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_verify(&verdict, guest, 2, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_verify(&verdict, same, 3, OCIENV_NO_ROOTFS, NULL, reterr));
	REFUSED(ocienv_verify(&verdict, all, 3, -1, NULL, reterr));
	assert_ptr_equal(verdict, UNTOUCHED);
	assert_int_equal(ocienv_verify(&verdict, all, 3, OCIENV_NO_ROOTFS, NULL, NULL), 0);
	memset(&before, 0x5a, sizeof(before));
	memcpy(&difference, &before, sizeof(before));
	assert_int_equal(ocienv_verdict_difference(NULL, 0, &difference), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_verdict_difference(verdict, 1000, &difference),
			 OCIENV_ERR_ARGUMENT);
	assert_memory_equal(&difference, &before, sizeof(before));
	assert_int_equal(ocienv_verdict_difference(verdict, 0, NULL), OCIENV_ERR_ARGUMENT);
	ocienv_verdict_free(verdict);
	ocienv_layer_free(image);
	ocienv_layer_free(spec);
	ocienv_layer_free(pod);
}

static void test_lookups(void **state)
{
	struct ocienv_layer *spec = make_spec(NULL), *pod = make_pod(NULL);
	const struct ocienv_layer *both[] = {spec, pod}, *none[] = {NULL};
	struct ocienv_candidate candidate, before;
	struct ocienv_library library;
	struct ocienv_lookup *lookup = UNTOUCHED;
	int root = tree_begin();

	(void)state;
	REFUSED(ocienv_lookup_new(NULL, both, 1, root, NULL, reterr));
	REFUSED(ocienv_lookup_new(&lookup, NULL, 1, root, NULL, reterr));
	REFUSED(ocienv_lookup_new(&lookup, both, 0, root, NULL, reterr));
	REFUSED(ocienv_lookup_new(&lookup, both, 2, root, NULL, reterr));
	REFUSED(ocienv_lookup_new(&lookup, none, 1, root, NULL, reterr));
	REFUSED(ocienv_lookup_new(&lookup, both, 1, -1, NULL, reterr));
	REFUSED(ocienv_lookup_new(&lookup, both, 1, OCIENV_NO_ROOTFS, NULL, reterr));
	assert_ptr_equal(lookup, UNTOUCHED);
	assert_int_equal(ocienv_lookup_new(&lookup, both, 1, root, NULL, NULL), 0);
	memset(&before, 0x5a, sizeof(before));
	memcpy(&candidate, &before, sizeof(before));
	assert_int_equal(ocienv_lookup_candidate(NULL, 0, &candidate), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_lookup_library(NULL, 0, &library), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_lookup_library(lookup, 0, NULL), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_lookup_library(lookup, 0, &library), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_lookup_candidate(lookup, 1, &candidate), OCIENV_ERR_ARGUMENT);
	assert_memory_equal(&candidate, &before, sizeof(before));
	assert_int_equal(ocienv_lookup_candidate(lookup, 0, NULL), OCIENV_ERR_ARGUMENT);
	REFUSED(ocienv_lookup_report(NULL, lookup, 0, NULL, reterr));
	ocienv_lookup_free(lookup);
	ocienv_layer_free(spec);
	ocienv_layer_free(pod);
	tree_end();
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(ocienv_version(), "0.1.0");
	assert_string_equal(ocienv_status_name(0), "ok");
	assert_string_equal(ocienv_status_name(OCIENV_ERR_SYNTAX), "syntax");
	assert_string_equal(ocienv_status_name(OCIENV_ERR_SYSTEM), "system");
	assert_string_equal(ocienv_status_name(OCIENV_ERR_SYSTEM - 1), "unknown");
	assert_string_equal(ocienv_status_name(1), "unknown");
	assert_string_equal(ocienv_status_name(INT32_MIN), "unknown");
	assert_string_equal(ocienv_source_name(OCIENV_SOURCE_IMAGE), "image");
	assert_string_equal(ocienv_source_name(OCIENV_SOURCE_CALLER), "caller");
	assert_string_equal(ocienv_source_name(OCIENV_SOURCE_CALLER + 1), "unknown");
	assert_string_equal(ocienv_source_name(UINT32_MAX), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rootfs_zero),
		cmocka_unit_test(test_null_documents), cmocka_unit_test(test_null_results),
		cmocka_unit_test(test_roots_that_are_none),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_null_objects),   cmocka_unit_test(test_free_null),
		cmocka_unit_test(test_buffer_twice),   cmocka_unit_test(test_facts),
		cmocka_unit_test(test_layers),	       cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_lookups),	       cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

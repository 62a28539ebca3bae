/* SPDX-License-Identifier: Apache-2.0 */
/* Who owns what: balance of the allocator, and objects that outlive what they came from. */
#define _GNU_SOURCE
#include "api.h"

#include <fcntl.h>
#include <unistd.h>

static char *config_json(const struct ocienv_config *config)
{
	struct ocienv_buffer buffer = {0};
	char *copy;

	assert_int_equal(ocienv_config_report(&buffer, config, NULL, NULL), 0);
	assert_int_equal(((char *)buffer.data)[buffer.size - 1], '\n');
	copy = malloc(buffer.size + 1);
	assert_non_null(copy);
	memcpy(copy, buffer.data, buffer.size);
	copy[buffer.size] = '\0';
	ocienv_buffer_free(&buffer);
	return copy;
}

/* A document whose memory is overwritten as soon as it was read. */
static struct ocienv_layer *read_and_overwrite(
	int32_t (*read)(struct ocienv_layer **, const struct ocienv_document *,
			const struct ocienv_options *, struct ocienv_error *),
	const struct ocienv_document *from, const struct ocienv_options *options)
{
	char *text = malloc(from->size), name[32];
	struct ocienv_document document = {name, text, from->size};
	struct ocienv_layer *layer = NULL;

	assert_non_null(text);
	memcpy(text, from->data, from->size);
	snprintf(name, sizeof(name), "%s", from->name);
	assert_int_equal(read(&layer, &document, options, NULL), 0);
	memset(text, 0xdd, from->size);
	memset(name, 0xdd, sizeof(name));
	free(text);
	return layer;
}

static struct ocienv_layer *pod_and_overwrite(const struct ocienv_options *options)
{
	char text[1024], objects[1024], name[] = "pod.yaml", other[] = "objects.yaml";
	char key[] = "spec.nodeName", value[] = "node-1";
	struct ocienv_document pod = {name, text, pod_document.size};
	struct ocienv_document set = {other, objects, objects_document.size};
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_layer *layer = NULL;

	memcpy(text, pod_document.data, pod_document.size);
	memcpy(objects, objects_document.data, objects_document.size);
	assert_int_equal(ocienv_cluster_new(&cluster, options, NULL), 0);
	assert_int_equal(ocienv_cluster_add_objects(cluster, &set, NULL), 0);
	memset(objects, 0xdd, sizeof(objects));
	memset(other, 0xdd, sizeof(other));
	assert_int_equal(ocienv_cluster_add_fact(cluster, key, value, NULL), 0);
	memset(key, 0xdd, sizeof(key));
	memset(value, 0xdd, sizeof(value));
	assert_int_equal(ocienv_layer_from_pod(&layer, &pod, cluster, options, NULL), 0);
	memset(text, 0xdd, sizeof(text));
	memset(name, 0xdd, sizeof(name));
	ocienv_cluster_free(cluster);
	return layer;
}

static void test_config_outlives_its_layers(void **state)
{
	struct ocienv_config *reference, *config = NULL;
	struct ocienv_layer *image, *pod;
	const struct ocienv_layer *layers[2];
	char *expected, *found;
	struct heap heap;
	int root = tree_begin();

	(void)state;
	reference = make_config(NULL, root);
	heap_begin(&heap);
	image = read_and_overwrite(ocienv_layer_from_image_config, &image_document,
				   OPTIONS(.allocator = &heap.allocator));
	pod = pod_and_overwrite(OPTIONS(.allocator = &heap.allocator));
	layers[0] = image;
	layers[1] = pod;
	assert_int_equal(ocienv_resolve(&config, layers, 2, root,
					OPTIONS(.allocator = &heap.allocator), NULL),
			 0);
	ocienv_layer_free(image);
	ocienv_layer_free(pod);
	expected = config_json(reference);
	found = config_json(config);
	assert_string_equal(expected, found);
	free(expected);
	free(found);
	ocienv_config_free(reference);
	ocienv_config_free(config);
	heap_end(&heap);
	tree_end();
}

static void test_spec_config_outlives_its_layer(void **state)
{
	struct ocienv_config *reference = make_spec_config(NULL), *config = NULL;
	const struct ocienv_layer *layers[1];
	struct ocienv_layer *spec;
	char *expected, *found;
	struct heap heap;

	(void)state;
	heap_begin(&heap);
	spec = read_and_overwrite(ocienv_layer_from_runtime_spec, &spec_document,
				  OPTIONS(.allocator = &heap.allocator));
	layers[0] = spec;
	assert_int_equal(ocienv_resolve(&config, layers, 1, OCIENV_NO_ROOTFS,
					OPTIONS(.allocator = &heap.allocator), NULL),
			 0);
	ocienv_layer_free(spec);
	expected = config_json(reference);
	found = config_json(config);
	assert_string_equal(expected, found);
	free(expected);
	free(found);
	ocienv_config_free(reference);
	ocienv_config_free(config);
	heap_end(&heap);
}

static void test_decoded_objects_outlive_their_blob(void **state)
{
	struct ocienv_config *config = make_spec_config(NULL), *again = NULL;
	struct ocienv_layer *layer = make_spec(NULL), *copy = NULL;
	struct ocienv_buffer blob = {0}, second = {0}, third = {0};
	struct ocienv_document document = {.name = "b"};

	(void)state;
	assert_int_equal(ocienv_config_encode(&blob, config, NULL, NULL), 0);
	document.data = blob.data;
	document.size = blob.size;
	assert_int_equal(ocienv_config_decode(&again, &document, NULL, NULL), 0);
	assert_int_equal(ocienv_config_encode(&third, config, NULL, NULL), 0);
	memset(blob.data, 0xdd, blob.size);
	assert_int_equal(ocienv_config_encode(&second, again, NULL, NULL), 0);
	assert_int_equal(second.size, third.size);
	assert_memory_equal(second.data, third.data, third.size);
	ocienv_buffer_free(&blob);
	ocienv_buffer_free(&second);
	ocienv_buffer_free(&third);

	assert_int_equal(ocienv_layer_encode(&blob, layer, NULL, NULL), 0);
	document.data = blob.data;
	document.size = blob.size;
	assert_int_equal(ocienv_layer_decode(&copy, &document, NULL, NULL), 0);
	assert_int_equal(ocienv_layer_encode(&third, layer, NULL, NULL), 0);
	memset(blob.data, 0xdd, blob.size);
	assert_int_equal(ocienv_layer_encode(&second, copy, NULL, NULL), 0);
	assert_int_equal(second.size, third.size);
	assert_memory_equal(second.data, third.data, third.size);
	ocienv_buffer_free(&blob);
	ocienv_buffer_free(&second);
	ocienv_buffer_free(&third);
	ocienv_layer_free(layer);
	ocienv_layer_free(copy);
	ocienv_config_free(config);
	ocienv_config_free(again);
}

/* A later file that is refused leaves the cluster as it was, and able to take the next. */
static void test_cluster_after_a_failure(void **state)
{
	const struct ocienv_document broken = DOCUMENT(
		"bad.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {token: x}\n"
			    "---\napiVersion: v1\nkind: Secret\nmetadata: {name: t}\ndata: {k: '?'}\n");
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_layer *layer = NULL;
	struct ocienv_buffer report = {0};
	static char large[8192];
	struct ocienv_document map = {"map.yaml", large, 0};
	struct heap heap;

	(void)state;
	map.size = (size_t)snprintf(large, sizeof(large),
				    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n"
				    "data: {k: '%06000d'}\n", 0);
	heap_begin(&heap);
	assert_int_equal(ocienv_cluster_new(&cluster, OPTIONS(.allocator = &heap.allocator), NULL),
			 0);
	assert_int_equal(ocienv_cluster_add_objects(cluster, &objects_document, NULL), 0);
	assert_int_equal(ocienv_cluster_add_objects(cluster, &broken, NULL), OCIENV_ERR_VALUE);
	for (size_t k = 1; k < 64; k++) { /* memory that was short once is not short for ever */
		heap.calls = 0;
		heap.fail_at = k;
		if (!ocienv_cluster_add_objects(cluster, &map, NULL))
			break;
	}
	assert_true(heap.calls < heap.fail_at);
	heap.fail_at = 0;
	assert_int_equal(ocienv_cluster_add_objects(cluster, &objects_document, NULL), 0);
	assert_int_equal(ocienv_cluster_add_fact(cluster, "spec.nodeName", "node-1", NULL), 0);
	assert_int_equal(ocienv_layer_from_pod(&layer, &pod_document, cluster, NULL, NULL), 0);
	assert_int_equal(ocienv_layer_report(&report, layer, NULL, NULL), 0);
	assert_non_null(memmem(report.data, report.size, "\"" MARKER "\"", sizeof(MARKER) + 1));
	ocienv_buffer_free(&report);
	ocienv_layer_free(layer);
	ocienv_cluster_free(cluster);
	heap_end(&heap);
}

/* Every block comes from the allocator of the call, and goes back to it. */
static void test_balance(void **state)
{
	struct heap layers, results, buffers;
	struct ocienv_layer *image, *pod, *copy = NULL;
	const struct ocienv_layer *list[2];
	struct ocienv_config *config = NULL, *again = NULL;
	struct ocienv_buffer blob = {0}, report = {0};
	struct ocienv_document document = {.name = "b"};
	int root = tree_begin();
	uint8_t digest[OCIENV_DIGEST_SIZE];

	(void)state;
	heap_begin(&layers);
	heap_begin(&results);
	heap_begin(&buffers);
	image = make_image(OPTIONS(.allocator = &layers.allocator));
	pod = make_pod(OPTIONS(.allocator = &layers.allocator));
	assert_true(layers.live >= 2);
	list[0] = image;
	list[1] = pod;
	assert_int_equal(ocienv_resolve(&config, list, 2, root,
					OPTIONS(.allocator = &results.allocator), NULL),
			 0);
	assert_true(results.live >= 1);
	assert_int_equal(ocienv_config_encode(&blob, config,
					      OPTIONS(.allocator = &buffers.allocator), NULL),
			 0);
	assert_int_equal(ocienv_config_report(&report, config,
					      OPTIONS(.allocator = &buffers.allocator), NULL),
			 0);
	assert_int_equal(buffers.live, 2);
	assert_int_equal(ocienv_config_digest(digest, config, NULL), 0);
	document.data = blob.data;
	document.size = blob.size;
	assert_int_equal(ocienv_config_decode(&again, &document,
					      OPTIONS(.allocator = &results.allocator), NULL),
			 0);
	ocienv_buffer_free(&blob);
	ocienv_buffer_free(&report);
	heap_end(&buffers);
	heap_begin(&buffers);
	assert_int_equal(ocienv_layer_encode(&blob, pod, OPTIONS(.allocator = &buffers.allocator),
					     NULL),
			 0);
	assert_int_equal(ocienv_layer_report(&report, pod,
					     OPTIONS(.allocator = &buffers.allocator), NULL),
			 0);
	document.data = blob.data;
	document.size = blob.size;
	assert_int_equal(ocienv_layer_decode(&copy, &document,
					     OPTIONS(.allocator = &layers.allocator), NULL),
			 0);
	ocienv_buffer_free(&blob);
	ocienv_buffer_free(&report);
	heap_end(&buffers);
	ocienv_layer_free(image);
	ocienv_layer_free(pod);
	ocienv_layer_free(copy);
	heap_end(&layers);
	ocienv_config_free(config);
	ocienv_config_free(again);
	heap_end(&results);
	tree_end();
}

/* The descriptor of the executable belongs to the config, the rootfs to the caller. */
static void test_descriptors(void **state)
{
	size_t before;
	struct ocienv_config *config;
	struct ocienv_exec exec;
	int root = tree_begin(), flags;

	(void)state;
	before = open_descriptors();
	config = make_config(NULL, root);
	assert_int_equal(ocienv_config_exec(config, &exec), 0);
	assert_int_equal(open_descriptors(), before + 1);
	flags = fcntl(exec.fd, F_GETFD);
	assert_true(flags >= 0 && flags & FD_CLOEXEC);
	ocienv_config_free(config);
	assert_int_equal(open_descriptors(), before);
	assert_true(fcntl(root, F_GETFD) >= 0);
	tree_end();
}

/* Whoever was let in by a policy does not need it any more. */
static void test_config_outlives_its_policy(void **state)
{
	static const char rules[] =
		"{\"ocienv_policy\": 1, \"id\": \"mine\", \"argv\": {\"match\": \"any\"},\n"
		"\"cwd\": {\"match\": \"any\"}, \"user\": {\"uid\": 7}, \"env\": {\"rules\": [\n"
		"{\"name\": \"A\", \"from\": [\"runtime\"]},\n"
		"{\"name\": \"G\", \"from\": [\"policy\"], \"value\": \"given\"}]}}";
	struct heap heap;
	struct ocienv_options options = {.size = sizeof(options), .allocator = &heap.allocator};
	char text[sizeof(rules)], name[] = "policy.json";
	struct ocienv_document document = {name, text, sizeof(rules) - 1};
	struct ocienv_policy *policy = NULL;
	struct ocienv_layer *layer;
	struct ocienv_config *config = NULL;
	struct ocienv_buffer pin = {0};
	struct ocienv_ruling ruling;
	char *report;

	(void)state;
	heap_begin(&heap);
	memcpy(text, rules, sizeof(rules));
	assert_int_equal(ocienv_policy_from_json(&policy, &document, &options, NULL), 0);
	memset(text, 0xdd, sizeof(text));
	memset(name, 0xdd, sizeof(name));
	layer = make_spec(&options);
	options.policy = policy;
	assert_int_equal(ocienv_resolve(&config, (const struct ocienv_layer *[]){layer}, 1,
					OCIENV_NO_ROOTFS, &options, NULL),
			 0);
	ocienv_policy_free(policy);
	ocienv_layer_free(layer);
	assert_int_equal(ocienv_config_ruling(config, 0, &ruling), 0);
	assert_string_equal(ruling.name, "A");
	assert_string_equal(ruling.verdict, "allowed");
	assert_int_equal(ruling.source, OCIENV_SOURCE_RUNTIME);
	assert_int_equal(ruling.rule, 0);
	assert_int_equal(ruling.line, 3);
	assert_int_equal(ocienv_config_ruling(config, 1, &ruling), 0);
	assert_string_equal(ruling.name, "G");
	assert_int_equal(ruling.source, OCIENV_SOURCE_POLICY);
	assert_int_equal(ocienv_config_ruling(config, 2, &ruling), 0);
	assert_string_equal(ruling.name, "B");
	assert_string_equal(ruling.verdict, "dropped");
	assert_int_equal(ruling.rule, UINT32_MAX);
	assert_int_equal(ruling.line, 0);
	assert_int_equal(ocienv_config_ruling(config, 3, &ruling), OCIENV_ERR_ARGUMENT);
	assert_int_equal(ocienv_config_ruling(NULL, 0, &ruling), OCIENV_ERR_ARGUMENT);
	report = config_json(config);
	assert_non_null(strstr(report, "\"policy\":{\"id\":\"mine\",\"entries\":["));
	free(report);
	assert_int_equal(ocienv_policy_pin(&pin, config, NULL, NULL), 0);
	ocienv_buffer_free(&pin);
	ocienv_config_free(config);
	heap_end(&heap);
}

static void test_what_cannot_be_pinned(void **state)
{
	const struct ocienv_document document =
		DOCUMENT("i.json", "{\"config\": {\"Cmd\": [\"a\"], \"User\": \"redis\"}}");
	struct ocienv_config *config = make_spec_config(NULL);
	struct ocienv_buffer buffer = {0};
	struct ocienv_policy *policy = NULL;
	struct ocienv_layer *layer = NULL;
	struct ocienv_error error;
	struct ocienv_ruling ruling;

	(void)state;
	assert_int_equal(ocienv_policy_pin(&buffer, config, NULL, &error), OCIENV_ERR_ARGUMENT);
	check_error(OCIENV_ERR_ARGUMENT, &error);
	assert_int_equal(ocienv_config_ruling(config, 0, &ruling), OCIENV_ERR_ARGUMENT);
	ocienv_config_free(config);
	assert_int_equal(ocienv_policy_builtin(&policy, "observe", NULL, NULL), 0);
	assert_int_equal(ocienv_layer_from_image_config(&layer, &document, NULL, NULL), 0);
	assert_int_equal(ocienv_resolve(&config, (const struct ocienv_layer *[]){layer}, 1,
					OCIENV_NO_ROOTFS, OPTIONS(.policy = policy), NULL),
			 0);
	assert_int_equal(ocienv_policy_pin(&buffer, config, NULL, &error),
			 OCIENV_ERR_UNSUPPORTED);
	check_error(OCIENV_ERR_UNSUPPORTED, &error);
	assert_null(buffer.data);
	ocienv_config_free(config);
	ocienv_layer_free(layer);
	ocienv_policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config_outlives_its_layers),
		cmocka_unit_test(test_spec_config_outlives_its_layer),
		cmocka_unit_test(test_decoded_objects_outlive_their_blob),
		cmocka_unit_test(test_cluster_after_a_failure),
		cmocka_unit_test(test_config_outlives_its_policy),
		cmocka_unit_test(test_what_cannot_be_pinned),
		cmocka_unit_test(test_balance),
		cmocka_unit_test(test_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

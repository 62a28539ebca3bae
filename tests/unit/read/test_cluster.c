/* SPDX-License-Identifier: Apache-2.0 */
/* A cluster only grows: facts, files one by one, and failures that leave it as it was. */
#include "unit/read/given.h"

#include "read/cluster.h"

#include <time.h>

static int32_t fact(const char *key, const char *value)
{
	if (!given.cluster)
		assert_int_equal(ocienv_cluster_new(&given.cluster, &given.options, NULL), 0);
	memset(&given.error, 0, sizeof(given.error));
	return ocienv_cluster_add_fact(given.cluster, key, value, &given.error);
}

static void facts_are_the_fields_that_no_document_holds(void **state)
{
	static const char *const known[] = {
		"metadata.name",	   "metadata.namespace", "metadata.uid",
		"spec.nodeName",	   "spec.serviceAccountName", "status.hostIP",
		"status.hostIPs",	   "status.podIP",	 "status.podIPs",
		"allocatable.cpu",	   "allocatable.hugepages-2Mi",
		"metadata.labels['a.io/b']", "metadata.annotations['A.io/b']",
	};
	static const char *const unknown[] = {
		"", "spec.host", "metadata.labels", "metadata.names", "allocatable.",
		"status.podIP ", "STATUS.podIP", "metadata.labels['']",
		"metadata.labels['a b']", "metadata.labels['A.io/b']", "metadata.labels[a]",
		"metadata.names['a']",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(fact(known[i], "x"), OCIENV_OK);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_int_equal(fact(unknown[i], "x"), OCIENV_ERR_ARGUMENT);
	assert_int_equal(fact(NULL, "x"), OCIENV_ERR_ARGUMENT);
	assert_int_equal(fact("status.podIP", NULL), OCIENV_ERR_ARGUMENT);
}

static void a_later_fact_replaces_an_earlier_one(void **state)
{
	(void)state;
	assert_int_equal(fact("status.podIP", "10.0.0.1"), OCIENV_OK);
	assert_int_equal(fact("status.hostIP", "10.0.0.2"), OCIENV_OK);
	assert_int_equal(fact("status.podIP", ""), OCIENV_OK);
	assert_sv_equal(cluster_fact(given.cluster, SV("status.podIP")), "");
	assert_sv_equal(cluster_fact(given.cluster, SV("status.hostIP")), "10.0.0.2");
	assert_null(cluster_fact(given.cluster, SV("spec.nodeName")).ptr);
	assert_null(cluster_fact(NULL, SV("status.podIP")).ptr);
}

static void a_fact_that_is_refused_changes_nothing(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_string = 3};

	(void)state;
	given.options.limits = &limits;
	assert_int_equal(fact("status.podIP", "abc"), OCIENV_OK);
	assert_int_equal(fact("status.podIP", "abcd"), OCIENV_ERR_LIMIT);
	assert_int_equal(fact("status.podIP", "\xc3"), OCIENV_ERR_ENCODING);
	assert_null(strstr(given.error.message, "\xc3"));
	assert_sv_equal(cluster_fact(given.cluster, SV("status.podIP")), "abc");
}

#define CONFIGMAP                                                                        \
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\ndata: {A: '1'}\n"
#define USES_IT POD("    envFrom: [{configMapRef: {name: m}}]\n")

static void a_file_that_is_refused_changes_nothing(void **state)
{
	static const char broken[] =
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
		"data: {A: '2'}\n---\nkind: [\n";
	struct ocienv_document document = {"broken.yaml", broken, sizeof(broken) - 1};

	(void)state;
	cluster_has(CONFIGMAP);
	assert_int_equal(ocienv_cluster_add_objects(given.cluster, &document, &given.error),
			 OCIENV_ERR_SYNTAX);
	assert_layer_env(pod_of(USES_IT), "A=1", NULL);
}

/* An allocator that has nothing to give while it is told so. */
static bool exhausted;

static void *stingy_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return exhausted ? NULL : malloc(size);
}

static void stingy_free(void *ctx, void *ptr)
{
	(void)ctx;
	free(ptr);
}

static void after_a_failure_smaller_requests_are_met(void **state)
{
	static const struct ocienv_allocator allocator = {stingy_alloc, stingy_free, NULL};
	struct ocienv_limits limits = {.size = sizeof(limits), .max_result = 16384};
	static char big[20000];
	struct ocienv_document document = {"big", big, 0};

	(void)state;
	given.options.allocator = &allocator;
	given.options.limits = &limits;
	exhausted = false;
	cluster_has(CONFIGMAP);
	(void)snprintf(big, sizeof(big),
		       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
		       "data: {A: '%015000d'}\n",
		       0);
	document.size = strlen(big);
	assert_int_equal(ocienv_cluster_add_objects(given.cluster, &document, &given.error),
			 OCIENV_ERR_LIMIT);
	assert_layer_env(pod_of(USES_IT), "A=1", NULL);
	cluster_has(CONFIGMAP);
	exhausted = true;
	assert_int_equal(ocienv_cluster_add_objects(given.cluster, &document, &given.error),
			 OCIENV_ERR_NOMEM);
	exhausted = false;
	cluster_has(CONFIGMAP);
	cluster_knows("status.podIP", "10.0.0.1");
	assert_layer_env(pod_of(USES_IT), "A=1", NULL);
}

static void many_files_take_no_more_room_than_one(void **state)
{
	char text[256];

	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		(void)snprintf(text, sizeof(text),
			       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m%u}\n", i);
		cluster_has(text);
	}
	assert_true(given.cluster->arena.taken < 2 << 20); /* each index kept: 250 MiB */
}

static void many_objects_of_one_name_take_linear_time(void **state)
{
	enum { COUNT = 9000 };
	static const char item[] = "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": "
				   "{\"name\": \"kubernetes\"}, \"spec\": {\"clusterIP\": \"::1\", "
				   "\"ports\": [{\"port\": 1}]}}";
	size_t length = sizeof(item) - 1;
	struct ocienv_limits limits = {.size = sizeof(limits), .max_nodes = 1 << 20};
	char *text = malloc(COUNT * (length + 1) + 64), *end = text;
	clock_t start = clock();

	(void)state;
	given.options.limits = &limits;
	assert_non_null(text);
	end += sprintf(end, "{\"kind\": \"List\", \"items\": [");
	for (size_t i = 0; i < COUNT; i++)
		end += sprintf(end, "%s%s", i ? "," : "", item);
	(void)strcpy(end, "]}");
	cluster_has(text);
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(pod_of(POD(""))->env.count, 7);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(facts_are_the_fields_that_no_document_holds),
		TEST(a_later_fact_replaces_an_earlier_one),
		TEST(a_fact_that_is_refused_changes_nothing),
		TEST(a_file_that_is_refused_changes_nothing),
		TEST(after_a_failure_smaller_requests_are_met),
		TEST(many_files_take_no_more_room_than_one),
		TEST(many_objects_of_one_name_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

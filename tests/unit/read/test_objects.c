/* SPDX-License-Identifier: Apache-2.0 */
/* ConfigMaps, Secrets and Services, as `kubectl apply` would take them. */
#include "unit/read/given.h"

#include "base/limits.h"
#include "read/pod.h"

#define CONFIGMAP(name, members)                                                         \
	"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " name                   \
	", namespace: ns}\n" members "\n"
#define SECRET(name, members)                                                            \
	"---\napiVersion: v1\nkind: Secret\nmetadata: {name: " name                      \
	", namespace: ns}\n" members "\n"
#define SERVICE(members)                                                                 \
	"apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: ns}\n" members "\n"
#define ALL_OF(kind, name) POD("    envFrom: [{" kind ": {name: " name "}}]\n")

static void the_data_of_a_configmap_is_text(void **state)
{
	(void)state;
	cluster_has(CONFIGMAP("m", "data: {B: '2', A: \"1\\n\", C: null}\n"
				   "binaryData: {Z: AAAA}\nimmutable: true"));
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m")), "A=1\n", "B=2", "C=", NULL);
}

static void the_data_of_a_secret_is_base64(void **state)
{
	(void)state;
	cluster_has(SECRET("s", "data:\n  A: aGk=\n  B: ''\n  C: |\n    aGVs\n    bG8=\n"
				"  D: null\n  E: \"YQ\\r\\n==\""));
	assert_layer_env(pod_of(ALL_OF("secretRef", "s")), "A=hi", "B=", "C=hello", "D=",
			 "E=a", NULL);
}

static void string_data_goes_over_data(void **state)
{
	(void)state;
	cluster_has(SECRET("s", "stringData: {A: plain, C: 'x=y'}\ndata: {A: aGk=, B: aGk=}"));
	assert_layer_env(pod_of(ALL_OF("secretRef", "s")), "A=plain", "B=hi", "C=x=y", NULL);
	/* ... of a Secret only. */
	cluster_has(CONFIGMAP("m", "stringData: {A: plain}\ndata: {B: b}"));
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m")), "B=b", NULL);
}

static void what_is_no_base64_is_refused(void **state)
{
	static const char *const bad[] = {"aGk", "aGk==", "a", "=", "aG k=", "aGk=x", "a-_=",
					  "aGk=aGk=", "aG=k"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[256];
		struct refusal row = {text, OCIENV_ERR_VALUE, 5, 11, "/data/K", "base64"};

		(void)snprintf(text, sizeof(text),
			       "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n"
			       "    K:    '%s'\n",
			       bad[i]);
		assert_refused(GIVEN_OBJECTS, &row);
	}
}

static void broken_objects_are_refused_with_their_place(void **state)
{
#define BEGIN(kind) "apiVersion: v1\nkind: " kind "\n"
	static const struct refusal rows[] = {
		{BEGIN("ConfigMap"), OCIENV_ERR_VALUE, 1, 1, "", "a name for the ConfigMap"},
		{BEGIN("Secret") "metadata: {namespace: x}\n", OCIENV_ERR_VALUE, 3, 12,
		 "/metadata", "a name for the Secret"},
		{BEGIN("Service") "metadata: {name: ''}\n", OCIENV_ERR_VALUE, 3, 18,
		 "/metadata/name", "a name for the Service"},
		{BEGIN("Secret") "metadata: {name: 5}\n", OCIENV_ERR_TYPE, 3, 18,
		 "/metadata/name", NULL},
		{BEGIN("ConfigMap") "metadata: {name: m}\ndata: [x]\n", OCIENV_ERR_TYPE, 4, 7,
		 "/data", NULL},
		{BEGIN("ConfigMap") "metadata: {name: m}\ndata: {A: 5}\n", OCIENV_ERR_TYPE, 4,
		 11, "/data/A", "in quotes"},
		{BEGIN("ConfigMap") "metadata: {name: m}\ndata: {A=B: x}\n", OCIENV_ERR_VALUE, 4,
		 8, "/data/A=", "A=..."},
		{BEGIN("ConfigMap") "metadata: {name: m}\ndata: {'': x}\n", OCIENV_ERR_VALUE, 4,
		 8, "/data/", "a key"},
		{BEGIN("Secret") "metadata: {name: m}\nstringData: {..: x}\n", OCIENV_ERR_VALUE,
		 4, 14, "/stringData/..", "a key"},
		{"metadata: {name: m}\n", OCIENV_ERR_VALUE, 1, 1, "", "the kind"},
		{"kind: ''\n", OCIENV_ERR_VALUE, 1, 7, "/kind", "the kind"},
		{"- a\n", OCIENV_ERR_TYPE, 1, 1, "", "a map"},
		{"{\"kind\": \"List\", \"items\": [5]}", OCIENV_ERR_TYPE, 1, 28, "/items/0",
		 NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_OBJECTS, rows);
}

/* Their texts become names of variables: nothing may slip a "=" in. */
static void broken_services_are_refused_with_their_place(void **state)
{
	static const struct refusal rows[] = {
		{BEGIN("Service") "metadata: {name: LD_PRELOAD=/x}\n", OCIENV_ERR_VALUE, 3, 18,
		 "/metadata/name", "a name"},
		{SERVICE("spec: {ports: [{name: a=b, port: 1}]}"), OCIENV_ERR_VALUE, 4, 23,
		 "/spec/ports/0/name", "a port name"},
		{SERVICE("spec: {ports: [{port: 1}, {protocol: A=, port: 1}]}"),
		 OCIENV_ERR_VALUE, 4, 38, "/spec/ports/1/protocol", "TCP"},
		{SERVICE("spec: {ports: [{protocol: tcp, port: 1}]}"), OCIENV_ERR_VALUE, 4, 27,
		 "/spec/ports/0/protocol", "TCP"},
		{SERVICE("spec: {ports: [{name: a}]}"), OCIENV_ERR_VALUE, 4, 17,
		 "/spec/ports/0", "a port number"},
		{SERVICE("spec: {ports: [{port: 0}]}"), OCIENV_ERR_VALUE, 4, 23,
		 "/spec/ports/0/port", "1 to 65535"},
		{SERVICE("spec: {ports: [{port: 65536}]}"), OCIENV_ERR_VALUE, 4, 23,
		 "/spec/ports/0/port", "1 to 65535"},
		{SERVICE("spec: {ports: [{port: '80'}]}"), OCIENV_ERR_TYPE, 4, 23,
		 "/spec/ports/0/port", "an integer"},
		{SERVICE("spec: {clusterIP: 10}"), OCIENV_ERR_TYPE, 4, 19, "/spec/clusterIP",
		 NULL},
		{SERVICE("spec: {ports: {}}"), OCIENV_ERR_TYPE, 4, 15, "/spec/ports", NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_OBJECTS, rows);
}

static void objects_of_other_kinds_are_passed_over(void **state)
{
	(void)state;
	cluster_has("apiVersion: apps/v1\nkind: Deployment\nspec: 5\n"
		    "---\napiVersion: example.com/v1\nkind: ConfigMap\ndata: 5\n"
		    "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"
		    "---\n# nothing\n---\nkind: Anything\n");
	assert_layer_env(pod_of(POD("")), NULL);
}

static void the_object_that_was_applied_last_counts(void **state)
{
	(void)state;
	cluster_has(CONFIGMAP("m", "data: {A: '1', B: b}") CONFIGMAP("m", "data: {A: '2'}"));
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m")), "A=2", NULL);
	cluster_has(CONFIGMAP("m", "data: {A: '3'}"));
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m")), "A=3", NULL);
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m") CONFIGMAP("m", "data: {A: '4'}")),
			 "A=4", NULL);
}

static void kind_namespace_and_name_together_tell_objects_apart(void **state)
{
	(void)state;
	cluster_has(CONFIGMAP("m", "data: {A: config}") SECRET("m", "stringData: {A: secret}")
		    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n"
		    "data: {A: default}\n"
		    "---\napiVersion: v1\nkind: ConfigMap\n"
		    "metadata: {name: b, namespace: ns/a}\ndata: {A: slash}\n");
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m")), "A=config", NULL);
	assert_layer_env(pod_of(ALL_OF("secretRef", "m")), "A=secret", NULL);
	cluster_knows("metadata.namespace", "default");
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m")), "A=default", NULL);
	cluster_knows("metadata.namespace", "ns");
	assert_layer_env(pod_of(POD("    envFrom: [{configMapRef: {name: a/b, optional: true}}]"
				    "\n")),
			 NULL);
}

static void a_list_counts_like_its_items(void **state)
{
	(void)state;
	cluster_has("apiVersion: v1\nkind: List\nitems:\n"
		    "- {apiVersion: v1, kind: ConfigMapList, items: [{apiVersion: v1,"
		    " kind: ConfigMap, metadata: {name: m, namespace: ns}, data: {A: in}}]}\n"
		    "- {apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: ns},"
		    " data: {A: out}}\n- null\n---\nkind: List\nitems: null\n");
	assert_layer_env(pod_of(ALL_OF("configMapRef", "m")), "A=out", NULL);
}

static void json_is_taken_as_well(void **state)
{
	(void)state;
	cluster_has(" {\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\":"
		    " \"s\", \"namespace\": \"ns\"}, \"data\": {\"A\": \"aGk\\u003d\"}}");
	assert_layer_env(pod_of(ALL_OF("secretRef", "s")), "A=hi", NULL);
}

/* Working memory is for one document, however many a file holds. */
static void a_file_of_many_objects_takes_the_memory_of_one(void **state)
{
	enum { COUNT = 300, SIZE = 120 };
	static const char document[] = "---\napiVersion: v1\nkind: ConfigMap\n"
				       "metadata: {name: m-%03d}\ndata: {A: a-%03d, B: b}\n";
	struct ocienv_options options = {.size = sizeof(options)};
	struct ocienv_limits limits = limits_of(NULL);
	struct ocienv_error error;
	struct arena texts, scratch, kept;
	struct objects objects = {.arena = &kept};
	struct diag diag = {.error = &error, .document = "objects.yaml"};
	struct read_input in = {.diag = &diag, .options = &options, .limits = &limits,
				.scratch = &scratch};
	const struct object *last;
	char *text;
	size_t len = 0;

	(void)state;
	arena_init(&texts, NULL, SIZE_MAX);
	arena_init(&scratch, NULL, SIZE_MAX);
	arena_init(&kept, NULL, SIZE_MAX);
	text = arena_chars(&texts, (size_t)COUNT * SIZE);
	for (int i = 0; i < COUNT; i++)
		len += (size_t)snprintf(text + len, SIZE, document, i, i);
	in.bytes = diag.text = sv_from(text, len);
	assert_int_equal(read_objects(&in, &objects), OCIENV_OK);
	assert_int_equal(objects.items.count, COUNT);
	last = (const struct object *)objects.items.items + COUNT - 1;
	assert_sv_equal(last->name, "m-299");
	assert_sv_equal(last->entries[0].value, "a-299");
	/* The index is sorted there, too: 24 bytes for each. */
	assert_true(scratch.taken < (size_t)COUNT * 24 + 16384);
	arena_free(&texts);
	arena_free(&scratch);
	arena_free(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_of_many_objects_takes_the_memory_of_one),
		TEST(the_data_of_a_configmap_is_text),
		TEST(the_data_of_a_secret_is_base64),
		TEST(string_data_goes_over_data),
		TEST(what_is_no_base64_is_refused),
		TEST(broken_objects_are_refused_with_their_place),
		TEST(broken_services_are_refused_with_their_place),
		TEST(objects_of_other_kinds_are_passed_over),
		TEST(the_object_that_was_applied_last_counts),
		TEST(kind_namespace_and_name_together_tell_objects_apart),
		TEST(a_list_counts_like_its_items),
		TEST(json_is_taken_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

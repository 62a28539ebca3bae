/* SPDX-License-Identifier: Apache-2.0 */
/* Malformed entries are errors in every profile, unless the caller asks for the way of the
 * runtime, of the CRI plugin or of the kubelet (rules 4.15, 5 and 6). */
#include "unit/read/given.h"

#define SPEC(env)                                                                        \
	"{\"process\": {\"args\": [\"x\"], \"cwd\": \"/\", \"env\":\n " env "}}"

static const uint32_t all[] = {OCIENV_RUNTIME_RUNC, OCIENV_RUNTIME_RUNC_1_2,
			       OCIENV_RUNTIME_RUNC_1_3, OCIENV_RUNTIME_CRUN,
			       OCIENV_RUNTIME_KATA, OCIENV_RUNTIME_EXECVP};

/* A list, the column of the entry that is wrong, and what is left of the list with leniency:
 * variables with a "|" between them; NULL: it is refused then, too. */
static const struct row {
	const char *env;
	uint32_t column;
	const char *crun, *kata;
} rows[] = {
	{"[\"A=1\", \"B\", \"C=3\"]", 10, "A=1|C=3", "A=1|C=3"},
	{"[\"A=1\", \"A\", \"C=3\"]", 10, "C=3", "A=1|C=3"}, /* crun: putenv() removes it */
	{"[\"A\", \"A=1\", \"C=3\"]", 3, "A=1|C=3", "A=1|C=3"},
	{"[\"A=1\", \"\", \"C=3\"]", 10, "A=1|C=3", "A=1|C=3"},
	{"[\"A=1\", \"=x\", \"C=3\"]", 10, "A=1|=x|C=3", "A=1|C=3"},
	{"[\"A=1\", \"=\"]", 10, "A=1|=", "A=1"},
	{"[\" \"]", 3, "", ""},
};

static const char *answer_of(const struct row *row, uint32_t runtime)
{
	if (runtime == OCIENV_RUNTIME_CRUN)
		return row->crun;
	return runtime == OCIENV_RUNTIME_KATA ? row->kata : NULL;
}

static void assert_joined(const struct ocienv_config *config, const char *expected)
{
	size_t count = 0;
	const char *const *envp = ocienv_config_envp(config, &count);
	char text[256] = "";

	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(text);

		(void)snprintf(text + used, sizeof(text) - used, "%s%s", i ? "|" : "", envp[i]);
	}
	assert_string_equal(text, expected);
}

static void assert_refused_at(const struct ocienv_layer *spec, uint32_t column)
{
	assert_no_config(NULL, spec, OCIENV_ERR_VALUE);
	assert_non_null(strstr(given.error.message, "expected NAME=VALUE"));
	assert_string_equal(given.error.document, "config.json");
	assert_int_equal(given.error.line, 2);
	assert_int_equal(given.error.column, column);
}

static void without_leniency_every_runtime_refuses_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[128];

		(void)snprintf(text, sizeof(text), SPEC("%s"), rows[i].env);
		for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
			given.options.runtime = all[k];
			given.options.flags = 0;
			assert_refused_at(spec_of(text), rows[i].column);
			given.options.flags = OCIENV_STRICT;
			assert_refused_at(spec_of(text), rows[i].column);
		}
		(void)given_teardown(NULL);
	}
}

static void with_leniency_each_goes_its_own_way(void **state)
{
	(void)state;
	given.options.flags = OCIENV_LENIENT;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[128];

		(void)snprintf(text, sizeof(text), SPEC("%s"), rows[i].env);
		for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
			const char *answer = answer_of(&rows[i], all[k]);

			given.options.runtime = all[k];
			if (answer)
				assert_joined(config_of(NULL, spec_of(text)), answer);
			else
				assert_refused_at(spec_of(text), rows[i].column);
		}
		(void)given_teardown(NULL);
	}
}

/* What would be another answer, or a crash, is never let in. */
static void some_things_no_leniency_helps(void **state)
{
	(void)state;
	for (uint32_t lenient = 0; lenient < 2; lenient++) {
		given.options.flags = lenient ? OCIENV_LENIENT : 0;
		given.options.runtime = OCIENV_RUNTIME_KATA; /* the agent panics */
		assert_no_config(NULL, spec_of(SPEC("[\" =x\"]")), OCIENV_ERR_VALUE);
		given.options.cri = OCIENV_CRI_CRIO; /* and so does CRI-O */
		assert_no_config(image_of("{\"config\": {\"Cmd\": [\"x\"], \"Env\": [\"A\"]}}"),
				 NULL, OCIENV_ERR_VALUE);
	}
}

/* A pod that never saw the API server: its members, what refuses it, what the kubelet does. */
static const struct {
	const char *members;
	const char *message;
	const char *answer; /* the layer's variables, with a "|" between them */
} pods[] = {
	{"env: [{name: '', value: x}, {name: B, value: $()}]", "a name for the variable", "=x|B=x"},
	{"env: [{value: x}]", "a name for the variable", "=x"},
	{"env: [{name: A=B, value: x}, {name: C, value: $(A=B)}]", "printable ASCII", "A=B=x|C=x"},
	{"env: [{name: \"A\\t\", value: x}]", "printable ASCII", "A\t=x"},
	{"env: [{name: A, value: x, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
	 "either value or valueFrom", "A=x"},
	{"env: [{name: A, valueFrom: {}}]", "a source in valueFrom", "A="},
	{"env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}, fieldRef: {fieldPath: "
	 "metadata.name}}}]", "one source in valueFrom", "A=p"},
	{"env: [{name: A, valueFrom: {configMapKeyRef: {key: k, optional: true}}}]",
	 "the name of an object", ""},
	{"env: [{name: A, valueFrom: {configMapKeyRef: {name: m, key: a/b, optional: true}}}]",
	 "a key of letters", ""},
	{"envFrom: [{prefix: 'X='}]", "either configMapRef or secretRef", ""},
	{"envFrom: [{prefix: 'X=', configMapRef: {name: m}}]", "a prefix of printable", "X=k=v"},
	{"envFrom: [{secretRef: {name: gone}, configMapRef: {name: m}}]", "found both", "k=v"},
	{"envFrom: [{configMapRef: {optional: true}}]", "the name of an object", ""},
};

static void what_the_api_server_rejects_needs_leniency(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pods) / sizeof(pods[0]); i++) {
		struct ocienv_document document = {"pod.yaml", NULL, 0};
		struct ocienv_layer *layer = NULL;
		char text[512], joined[256] = "";

		cluster_has("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n"
			    "data: {k: v}\n");
		document.size = (size_t)snprintf(text, sizeof(text), POD("    %s\n"),
						 pods[i].members);
		document.data = text;
		given.options.flags = 0;
		assert_int_equal(ocienv_layer_from_pod(&layer, &document, given.cluster,
						       &given.options, &given.error),
				 OCIENV_ERR_VALUE);
		assert_non_null(strstr(given.error.message, pods[i].message));
		given.error.status = 0;
		given.options.flags = OCIENV_LENIENT;
		layer = pod_of(text);
		for (uint32_t k = 0; k < layer->env.count; k++) {
			size_t used = strlen(joined);

			(void)snprintf(joined + used, sizeof(joined) - used, "%s%s", k ? "|" : "",
				       layer->env.items[k].text.ptr);
		}
		assert_string_equal(joined, pods[i].answer);
		(void)given_teardown(NULL);
	}
}

/* Leniency is about what the API server checks: the kubelet itself refuses these. */
static void what_the_kubelet_refuses_stays_refused(void **state)
{
	static const struct refusal refused[] = {
		{POD("    env: [{name: A, valueFrom: {configMapKeyRef: {name: m}}}]\n"),
		 OCIENV_ERR_REFERENCE, 7, 57, "/spec/containers/0/env/0/valueFrom/configMapKeyRef/name",
		 "the ConfigMap \"m\""},
		{POD("    env: [{name: A, valueFrom: {fieldRef: {apiVersion: v2, fieldPath: "
		     "metadata.name}}}]\n"),
		 OCIENV_ERR_VALUE, 7, 56, "/spec/containers/0/env/0/valueFrom/fieldRef/apiVersion",
		 "apiVersion v1"},
		{POD("    env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: 5}}}]\n"),
		 OCIENV_ERR_TYPE, 7, 65, "/spec/containers/0/env/0/valueFrom/fieldRef/fieldPath",
		 "a string"},
		/* Without a name the first regular container is meant. */
		{"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
		 "spec: {initContainers: [{name: i}]}\n",
		 OCIENV_ERR_VALUE, 4, 8, "/spec", "at least one container"},
	};

	(void)state;
	given.options.flags = OCIENV_LENIENT;
	ASSERT_ALL_REFUSED(GIVEN_POD, refused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_leniency_every_runtime_refuses_them),
		TEST(with_leniency_each_goes_its_own_way),
		TEST(some_things_no_leniency_helps),
		TEST(what_the_api_server_rejects_needs_leniency),
		TEST(what_the_kubelet_refuses_stays_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the API server refuses in a container (rule 4.15), each with its place. */
#include "unit/read/given.h"

/* Line 7 of the pod, behind eight characters. */
#define ENV(entry)  POD("    env:\n    - " entry "\n")
#define FROM(entry) POD("    envFrom:\n    - " entry "\n")
#define AT	    "/spec/containers/0/env/0"
#define FROM_AT	    "/spec/containers/0/envFrom/0"

static void variables_without_a_good_name_are_refused(void **state)
{
	static const struct refusal rows[] = {
		{ENV("{value: x}"), OCIENV_ERR_VALUE, 8, 8, AT, "a name for the variable"},
		{ENV("{}"), OCIENV_ERR_VALUE, 8, 7, AT, "a name for the variable"},
		{ENV("{value: x, name: null}"), OCIENV_ERR_VALUE, 8, 8, AT, "found none"},
		{ENV("{name: '', value: x}"), OCIENV_ERR_VALUE, 8, 14, AT "/name", "empty"},
		{ENV("{name: A=B}"), OCIENV_ERR_VALUE, 8, 14, AT "/name", "without \"=\""},
		{ENV("{name: \"\\xe9\"}"), OCIENV_ERR_VALUE, 8, 14, AT "/name", "printable"},
		{ENV("{name: \"A\\n\"}"), OCIENV_ERR_VALUE, 8, 14, AT "/name", "\"A\\x0a\""},
		{ENV("{name: \"A\\x7f\"}"), OCIENV_ERR_VALUE, 8, 14, AT "/name", "printable"},
		{ENV("{name: y}"), OCIENV_ERR_TYPE, 8, 14, AT "/name", "found a boolean"},
		{ENV("null"), OCIENV_ERR_TYPE, 8, 7, AT, "found null"},
		{ENV("A"), OCIENV_ERR_TYPE, 8, 7, AT, "expected a map"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

static void relaxed_names_are_taken(void **state)
{
	(void)state;
	assert_layer_env(pod_of(ENV("{name: 1bad}") "    - {name: a b}\n"
			        "    - {name: '$(A)'}\n    - {name: ..}\n"),
			 "1bad=", "a b=", "$(A)=", "..=", NULL);
}

static void values_must_be_strings_and_null_is_empty(void **state)
{
	static const struct refusal rows[] = {
		{ENV("{name: A, value: 5}"), OCIENV_ERR_TYPE, 8, 24, AT "/value", "in quotes"},
		{ENV("{name: A, value: no}"), OCIENV_ERR_TYPE, 8, 24, AT "/value", "boolean"},
		{ENV("{name: A, value: [x]}"), OCIENV_ERR_TYPE, 8, 24, AT "/value", "a list"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
	assert_layer_env(pod_of(ENV("{name: A, value: null}")), "A=", NULL);
	assert_layer_env(pod_of(ENV("{name: A, valueFrom: null}")), "A=", NULL);
}

static void a_value_from_needs_exactly_one_source(void **state)
{
	static const struct refusal rows[] = {
		{ENV("{name: A, valueFrom: {}}"), OCIENV_ERR_VALUE, 8, 28, AT "/valueFrom",
		 "a source"},
		{ENV("{name: A, valueFrom: {secretKeyRef: null}}"), OCIENV_ERR_VALUE, 8, 29,
		 AT "/valueFrom", "found none"},
		{ENV("{name: A, valueFrom: {secretKeyRef: {}, fieldRef: {}}}"), OCIENV_ERR_VALUE,
		 8, 47, AT "/valueFrom/fieldRef", "found several"},
		{ENV("{name: A, valueFrom: {fieldRef: {}, fileKeyRef: null, secretKeyRef: {}}}"),
		 OCIENV_ERR_VALUE, 8, 61, AT "/valueFrom/secretKeyRef", "found several"},
		{ENV("{name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}"),
		 OCIENV_ERR_VALUE, 8, 27, AT "/valueFrom", "found both"},
		{ENV("{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}, value: x}"),
		 OCIENV_ERR_VALUE, 8, 68, AT "/value", "found both"},
		{ENV("{name: A, valueFrom: x}"), OCIENV_ERR_TYPE, 8, 28, AT "/valueFrom", NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
	assert_layer_env(pod_of(ENV("{name: A, value: '', valueFrom: {fieldRef: {fieldPath: "
				    "metadata.name}}}")),
			 "A=p", NULL);
}

static void key_references_need_a_name_and_a_key(void **state)
{
#define SECRET(ref) ENV("{name: A, valueFrom: {secretKeyRef: " ref "}}")
#define CONFIG(ref) ENV("{name: A, valueFrom: {configMapKeyRef: " ref "}}")
	static const struct refusal rows[] = {
		{SECRET("{key: k, optional: true}"), OCIENV_ERR_VALUE, 8, 44,
		 AT "/valueFrom/secretKeyRef", "name of an object"},
		{SECRET("{key: k, name: ''}"), OCIENV_ERR_VALUE, 8, 58,
		 AT "/valueFrom/secretKeyRef/name", "empty"},
		{CONFIG("{name: m}"), OCIENV_ERR_VALUE, 8, 47, AT "/valueFrom/configMapKeyRef",
		 "a key"},
		{CONFIG("{name: m, key: ''}"), OCIENV_ERR_VALUE, 8, 61,
		 AT "/valueFrom/configMapKeyRef/key", "empty"},
		{CONFIG("{name: m, key: a/b}"), OCIENV_ERR_VALUE, 8, 61,
		 AT "/valueFrom/configMapKeyRef/key", "letters, digits"},
		{CONFIG("{name: m, key: .}"), OCIENV_ERR_VALUE, 8, 61,
		 AT "/valueFrom/configMapKeyRef/key", NULL},
		{SECRET("{name: m, key: ..a}"), OCIENV_ERR_VALUE, 8, 58,
		 AT "/valueFrom/secretKeyRef/key", NULL},
		{SECRET("{name: m, key: k, optional: 'yes'}"), OCIENV_ERR_TYPE, 8, 71,
		 AT "/valueFrom/secretKeyRef/optional", "a boolean"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
	assert_layer_env(pod_of(CONFIG("{name: m, key: -._aZ9, optional: true}")), NULL);
}

static void field_references_need_a_path_of_version_one(void **state)
{
#define FIELD_REF(ref) ENV("{name: A, valueFrom: {fieldRef: " ref "}}")
	static const struct refusal rows[] = {
		{FIELD_REF("{}"), OCIENV_ERR_VALUE, 8, 39, AT "/valueFrom/fieldRef",
		 "a fieldPath"},
		{FIELD_REF("{apiVersion: v1}"), OCIENV_ERR_VALUE, 8, 40,
		 AT "/valueFrom/fieldRef", "a fieldPath"},
		{FIELD_REF("{fieldPath: ''}"), OCIENV_ERR_VALUE, 8, 51,
		 AT "/valueFrom/fieldRef/fieldPath", "empty"},
		{FIELD_REF("{fieldPath: metadata.name, apiVersion: v2}"), OCIENV_ERR_VALUE, 8, 78,
		 AT "/valueFrom/fieldRef/apiVersion", "v1"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
	assert_layer_env(pod_of(FIELD_REF("{apiVersion: '', fieldPath: metadata.name}")), "A=p",
			 NULL);
}

static void an_env_from_needs_exactly_one_named_source(void **state)
{
	static const struct refusal rows[] = {
		{FROM("{prefix: X_}"), OCIENV_ERR_VALUE, 8, 8, FROM_AT, "found neither"},
		{FROM("{}"), OCIENV_ERR_VALUE, 8, 7, FROM_AT, "found neither"},
		{FROM("{secretRef: {name: s}, configMapRef: {name: m}}"), OCIENV_ERR_VALUE, 8,
		 30, FROM_AT "/configMapRef", "found both"},
		{FROM("{configMapRef: {optional: true}}"), OCIENV_ERR_VALUE, 8, 23,
		 FROM_AT "/configMapRef", "name of an object"},
		{FROM("{secretRef: {name: ''}}"), OCIENV_ERR_VALUE, 8, 26,
		 FROM_AT "/secretRef/name", "empty"},
		{FROM("{prefix: A=, secretRef: {name: s}}"), OCIENV_ERR_VALUE, 8, 16,
		 FROM_AT "/prefix", "a prefix"},
		{FROM("{prefix: \"\\t\", secretRef: {name: s}}"), OCIENV_ERR_VALUE, 8, 16,
		 FROM_AT "/prefix", "a prefix"},
		{FROM("null"), OCIENV_ERR_TYPE, 8, 7, FROM_AT, NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

static void the_other_containers_are_checked_too(void **state)
{
	static const struct refusal rows[] = {
		{POD("  - name: d\n    env: [{name: ''}]\n"), OCIENV_ERR_VALUE, 8, 18,
		 "/spec/containers/1/env/0/name", NULL},
		{POD("  initContainers: [{name: i, command: x}]\n"), OCIENV_ERR_TYPE, 7, 39,
		 "/spec/initContainers/0/command", NULL},
		{POD("  ephemeralContainers: [{name: e, tty: 1}]\n"), OCIENV_ERR_TYPE, 7, 40,
		 "/spec/ephemeralContainers/0/tty", NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

static void lists_over_their_limit_are_refused(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_env = 2, .max_args = 2};
	static const struct refusal rows[] = {
		{POD("    env: [{name: A}, {name: B}, {name: C}]\n"), OCIENV_ERR_LIMIT, 7, 10,
		 "/spec/containers/0/env", "at most 2"},
		{POD("    command: [a, b]\n    args: [c]\n"), OCIENV_ERR_LIMIT, 8, 11,
		 "/spec/containers/0/args", "at most 2"},
	};

	(void)state;
	given.options.limits = &limits;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
	assert_int_equal(pod_of(POD("    env: [{name: A}, {name: B}]\n"))->env.count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(variables_without_a_good_name_are_refused),
		TEST(relaxed_names_are_taken),
		TEST(values_must_be_strings_and_null_is_empty),
		TEST(a_value_from_needs_exactly_one_source),
		TEST(key_references_need_a_name_and_a_key),
		TEST(field_references_need_a_path_of_version_one),
		TEST(an_env_from_needs_exactly_one_named_source),
		TEST(the_other_containers_are_checked_too),
		TEST(lists_over_their_limit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

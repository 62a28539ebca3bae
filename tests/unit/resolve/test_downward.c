/* SPDX-License-Identifier: Apache-2.0 */
/* The downward API (rule 4.12) and the host name of the sandbox (rule 5.1). */
#include "unit/read/given.h"

#define META                                                                             \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns, uid: u-1,\n"      \
	"  labels: {app: web, b.io/x: why, none: null},\n"                                 \
	"  annotations: {a.io/Note: \"$(A)\"}}\nspec:\n"
#define FIELD_OF(spec, path)                                                             \
	META spec "  containers:\n  - {name: c, env: [{name: A, valueFrom: {fieldRef: "  \
		  "{fieldPath: \"" path "\"}}}]}\n"

static void assert_field(const char *pod, const char *value)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "A=%s", value);
	assert_layer_env(pod_of(pod), text, NULL);
}

static void the_document_answers_what_it_can(void **state)
{
	(void)state;
	assert_field(FIELD_OF("", "metadata.name"), "p");
	assert_field(FIELD_OF("", "metadata.namespace"), "ns");
	assert_field(FIELD_OF("", "metadata.uid"), "u-1");
	assert_field(FIELD_OF("", "metadata.labels['app']"), "web");
	assert_field(FIELD_OF("", "metadata.labels['b.io/x']"), "why");
	assert_field(FIELD_OF("", "metadata.labels['none']"), "");
	assert_field(FIELD_OF("", "metadata.labels['missing']"), "");
	assert_field(FIELD_OF("", "metadata.annotations['a.io/Note']"), "$(A)"); /* verbatim */
	assert_field(FIELD_OF("", "metadata.annotations['A.io/Note']"), "");
	assert_field(FIELD_OF("  nodeName: n-1\n", "spec.nodeName"), "n-1");
	assert_field(FIELD_OF("  nodeName: n-1\n", "spec.host"), "n-1");
	assert_field(FIELD_OF("", "spec.serviceAccountName"), "default");
	assert_field(FIELD_OF("  serviceAccount: old\n", "spec.serviceAccountName"), "old");
	assert_field(FIELD_OF("  serviceAccount: old\n  serviceAccountName: sa\n",
			      "spec.serviceAccountName"),
		     "sa");
}

static void facts_answer_the_rest_and_go_first(void **state)
{
	(void)state;
	cluster_knows("status.podIPs", "10.0.0.5,fd00::5");
	cluster_knows("status.hostIP", "192.168.1.2");
	cluster_knows("metadata.uid", "u-2");
	assert_field(FIELD_OF("", "status.podIP"), "10.0.0.5");
	assert_field(FIELD_OF("", "status.podIPs"), "10.0.0.5,fd00::5");
	assert_field(FIELD_OF("", "status.hostIP"), "192.168.1.2");
	assert_field(FIELD_OF("", "status.hostIPs"), "192.168.1.2");
	assert_field(FIELD_OF("", "metadata.uid"), "u-2");
	cluster_knows("metadata.labels['app']", "fact"); /* controllers add some */
	cluster_knows("metadata.annotations['n']", "7");
	assert_field(FIELD_OF("", "metadata.labels['app']"), "fact");
	assert_field(FIELD_OF("", "metadata.annotations['n']"), "7");
	assert_field(FIELD_OF("", "metadata.annotations['app']"), "");
	cluster_knows("metadata.namespace", "");
	assert_field(FIELD_OF("", "metadata.namespace"), "default");
}

static void what_nobody_knows_and_what_is_no_field_are_refused(void **state)
{
#define PLACE "/spec/containers/0/env/0/valueFrom/fieldRef/fieldPath"
#define ROW(path, status, message)                                                       \
	{FIELD_OF("", path), status, 8, 65, PLACE, message}
	static const struct refusal rows[] = {
		ROW("status.podIP", OCIENV_ERR_REFERENCE, "the fact status.podIP"),
		ROW("status.hostIPs", OCIENV_ERR_REFERENCE, "the fact status.hostIPs"),
		ROW("spec.nodeName", OCIENV_ERR_REFERENCE, "the fact spec.nodeName"),
		ROW("spec.host", OCIENV_ERR_REFERENCE, "the fact spec.nodeName"),
		ROW("metadata.labels", OCIENV_ERR_VALUE, "downward API"),
		ROW("metadata.annotations", OCIENV_ERR_VALUE, "downward API"),
		ROW("metadata.labels[app]", OCIENV_ERR_VALUE, "downward API"),
		ROW("metadata.labels['app'", OCIENV_ERR_VALUE, "downward API"),
		ROW("metadata.labels['']", OCIENV_ERR_VALUE, NULL),
		ROW("metadata.labels['app']x", OCIENV_ERR_VALUE, NULL),
		ROW("metadata.labels['a b']", OCIENV_ERR_VALUE, "in brackets"),
		ROW("metadata.labels['A.io/x']", OCIENV_ERR_VALUE, "in brackets"),
		ROW("metadata.labels['a']['b']", OCIENV_ERR_VALUE, "in brackets"),
		ROW("metadata.annotations['a.io/']", OCIENV_ERR_VALUE, "in brackets"),
		ROW("metadata.name['x']", OCIENV_ERR_VALUE, "downward API"),
		ROW("metadata.generateName", OCIENV_ERR_VALUE, "downward API"),
		ROW(" metadata.name", OCIENV_ERR_VALUE, "downward API"),
		ROW("allocatable.cpu", OCIENV_ERR_VALUE, "downward API"),
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

#define NAMED(name, spec)                                                                \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: " name "}\nspec:\n"                 \
	"  containers: [{name: c}]\n" spec "\n"
#define TEN   "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void assert_hostname(const char *pod, const char *expected)
{
	assert_string_equal(pod_of(pod)->hostname.value.ptr, expected);
}

static void the_host_name_is_that_of_the_pod_unless_it_says_so(void **state)
{
	(void)state;
	assert_hostname(NAMED("p.q", ""), "p.q");
	assert_hostname(NAMED("p", "  hostname: h"), "h");
	assert_hostname(NAMED("p", "  hostname: ''\n  subdomain: s"), "p");
	assert_hostname(NAMED("p", "  hostname: h\n  hostnameOverride: o.example"), "o.example");
	assert_hostname(NAMED("p", "  setHostnameAsFQDN: true"), "p"); /* no subdomain */
	assert_hostname(NAMED("p", "  hostNetwork: true\n  nodeName: n-1"), "n-1");
	given.options.hostname = "given";
	assert_hostname(NAMED("p", "  hostname: Bad_one"), "given");
}

static void a_long_name_is_cut_to_63_bytes(void **state)
{
	(void)state;
	assert_hostname(NAMED(SIXTY "klm", ""), SIXTY "klm");
	assert_hostname(NAMED(SIXTY "klmn", ""), SIXTY "klm");
	assert_hostname(NAMED(SIXTY "k-.n", ""), SIXTY "k");
	assert_hostname(NAMED("p", "  hostnameOverride: " SIXTY "kl.n"), SIXTY "kl");
}

static void names_that_are_no_host_names_are_refused(void **state)
{
	static const struct refusal rows[] = {
		{NAMED("p", "  hostname: foo.com"), OCIENV_ERR_VALUE, 6, 13, "/spec/hostname",
		 "a DNS label"},
		{NAMED("p", "  hostname: Foo"), OCIENV_ERR_VALUE, 6, 13, "/spec/hostname", NULL},
		{NAMED("p", "  hostname: " SIXTY "klmn"), OCIENV_ERR_VALUE, 6, 13,
		 "/spec/hostname", NULL},
		{NAMED("p", "  subdomain: a.b"), OCIENV_ERR_VALUE, 6, 14, "/spec/subdomain",
		 "a DNS label"},
		{NAMED("p", "  hostnameOverride: \"a\\nb\""), OCIENV_ERR_VALUE, 6, 21,
		 "/spec/hostnameOverride", "a DNS subdomain"},
		{NAMED("p", "  subdomain: s\n  setHostnameAsFQDN: true"), OCIENV_ERR_REFERENCE,
		 7, 22, "/spec/setHostnameAsFQDN", "from the caller"},
		{NAMED("p", "  hostNetwork: true"), OCIENV_ERR_REFERENCE, 0, 0, "",
		 "the fact spec.nodeName"},
		{"apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c}]}\n",
		 OCIENV_ERR_REFERENCE, 0, 0, "", "the fact metadata.name"},
		/* 63 bytes end in the middle of a character */
		{NAMED(SIXTY "kl\xc3\xa9", ""), OCIENV_ERR_VALUE, 3, 18, "", NULL},
		{NAMED("'-------------------------------------------------------------------'",
		       ""), OCIENV_ERR_VALUE, 3, 18, "", NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_document_answers_what_it_can),
		TEST(facts_answer_the_rest_and_go_first),
		TEST(what_nobody_knows_and_what_is_no_field_are_refused),
		TEST(the_host_name_is_that_of_the_pod_unless_it_says_so),
		TEST(a_long_name_is_cut_to_63_bytes),
		TEST(names_that_are_no_host_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

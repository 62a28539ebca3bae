/* SPDX-License-Identifier: Apache-2.0 */
/* Which workload of a file, and which container of it (rule 9). */
#include "unit/read/given.h"

#define SPEC(name) "{containers: [{name: c, command: [" name "]}]}"
#define TEMPLATE(name)                                                                   \
	"{metadata: {name: ignored, namespace: ignored, labels: {l: x}}, spec: " SPEC(name) "}"

static void assert_runs(const char *text, const char *command)
{
	const struct ocienv_layer *layer = pod_of(text);

	assert_int_equal(layer->entrypoint.count, 1);
	assert_string_equal(layer->entrypoint.items[0].value.ptr, command);
}

static void every_workload_kind_leads_to_its_pod(void **state)
{
	static const struct {
		const char *version, *kind, *members;
	} rows[] = {
		{"v1", "Pod", "spec: " SPEC("x")},
		{"v1", "PodTemplate", "template: " TEMPLATE("x")},
		{"v1", "ReplicationController", "spec: {template: " TEMPLATE("x") "}"},
		{"apps/v1", "ReplicaSet", "spec: {template: " TEMPLATE("x") "}"},
		{"apps/v1", "Deployment", "spec: {template: " TEMPLATE("x") "}"},
		{"apps/v1", "StatefulSet", "spec: {template: " TEMPLATE("x") "}"},
		{"apps/v1beta2", "DaemonSet", "spec: {template: " TEMPLATE("x") "}"},
		{"extensions/v1beta1", "ReplicaSet", "spec: {template: " TEMPLATE("x") "}"},
		{"extensions/v1beta1", "Deployment", "spec: {template: " TEMPLATE("x") "}"},
		{"extensions/v1beta1", "DaemonSet", "spec: {template: " TEMPLATE("x") "}"},
		{"batch/v1", "Job", "spec: {template: " TEMPLATE("x") "}"},
		{"batch/v1", "CronJob",
		 "spec: {jobTemplate: {spec: {template: " TEMPLATE("x") "}}}"},
	};

	(void)state;
	given.options.hostname = "h";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[512];

		(void)snprintf(text, sizeof(text), "apiVersion: %s\nkind: %s\n%s\n",
			       rows[i].version, rows[i].kind, rows[i].members);
		assert_runs(text, "x");
	}
}

static void kinds_of_other_groups_are_no_workloads(void **state)
{
	static const struct refusal rows[] = {
		{"apiVersion: v1beta1\nkind: Pod\nspec: " SPEC("x"), OCIENV_ERR_VALUE, 1, 1, "",
		 "found none"},
		{"apiVersion: v12\nkind: Pod\nspec: " SPEC("x"), OCIENV_ERR_VALUE, 1, 1, "",
		 "found none"},
		{"apiVersion: x.apps/v1\nkind: Deployment\nspec: 1", OCIENV_ERR_VALUE, 1, 1, "",
		 "found none"},
		{"apiVersion: v1\nkind: Deployment\nspec: 1", OCIENV_ERR_VALUE, 1, 1, "", NULL},
		{"kind: Pod\nspec: " SPEC("x"), OCIENV_ERR_VALUE, 1, 1, "", NULL},
		{"# nothing\n", OCIENV_ERR_VALUE, 1, 1, "", "a Pod or a workload"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

static void a_workload_without_its_parts_is_refused_there(void **state)
{
#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\n"
	static const struct refusal rows[] = {
		{DEPLOYMENT, OCIENV_ERR_VALUE, 1, 1, "", "the member \"spec\""},
		{DEPLOYMENT "spec: null\n", OCIENV_ERR_VALUE, 1, 1, "", "the member \"spec\""},
		{DEPLOYMENT "spec: 5\n", OCIENV_ERR_TYPE, 3, 7, "/spec", "a map"},
		{DEPLOYMENT "spec: {replicas: 1}\n", OCIENV_ERR_VALUE, 3, 8, "/spec",
		 "the member \"template\""},
		{DEPLOYMENT "spec: {template: []}\n", OCIENV_ERR_TYPE, 3, 18, "/spec/template",
		 "a map"},
		{DEPLOYMENT "spec: {template: {metadata: {}}}\n", OCIENV_ERR_VALUE, 3, 19,
		 "/spec/template", "the member \"spec\""},
		{"apiVersion: v1\nkind: Pod\nspec: {}\n", OCIENV_ERR_VALUE, 3, 7, "/spec",
		 "at least one container"},
		{"apiVersion: v1\nkind: Pod\nspec: {containers: []}\n", OCIENV_ERR_VALUE, 3, 20,
		 "/spec/containers", "at least one container"},
		{"apiVersion: v1\nkind: Pod\nspec: {initContainers: [{name: i}]}\n",
		 OCIENV_ERR_VALUE, 3, 8, "/spec", "at least one container"},
		{"apiVersion: v1\nkind: Pod\nspec: {containers: [null]}\n", OCIENV_ERR_TYPE, 3,
		 21, "/spec/containers/0", NULL},
		{"apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: 1}}\nspec: " SPEC("x"),
		 OCIENV_ERR_TYPE, 3, 24, "/metadata/labels/a", NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

/* The template's name, namespace and uid are not those of the pods made from it. */
static void pods_of_a_template_have_generated_names(void **state)
{
#define MADE(field)                                                                      \
	DEPLOYMENT "metadata: {name: d, namespace: ns}\nspec: {template: {metadata: {"   \
		   "name: t, namespace: other, uid: u, labels: {l: x}}, spec: "          \
		   "{containers: [{name: c, env: [{name: A, valueFrom: {fieldRef: "      \
		   "{fieldPath: \"" field "\"}}}]}]}}}\n"
	static const struct refusal no_host = {DEPLOYMENT "spec: {template: " TEMPLATE("x") "}",
					       OCIENV_ERR_REFERENCE, 0, 0, "", "metadata.name"};

	(void)state;
	assert_refused(GIVEN_POD, &no_host);
	given.options.hostname = "h";
	assert_layer_env(pod_of(MADE("metadata.namespace")), "A=ns", NULL);
	assert_layer_env(pod_of(MADE("metadata.labels['l']")), "A=x", NULL);
	for (size_t i = 0; i < 2; i++) {
		struct refusal row = {i ? MADE("metadata.uid") : MADE("metadata.name"),
				      OCIENV_ERR_REFERENCE, 4, 162,
				      "/spec/template/spec/containers/0/env/0/valueFrom/"
				      "fieldRef/fieldPath",
				      "the fact metadata."};

		assert_refused(GIVEN_POD, &row);
	}
}

#define OBJECT(kind, name)                                                               \
	"{apiVersion: v1, kind: " kind ", metadata: {name: " name "}, spec: " SPEC(name) "}"

static void several_workloads_need_a_choice(void **state)
{
	static const char text[] = "---\n" OBJECT("Pod", "a") "\n---\n" OBJECT("Pod", "b") "\n"
		"---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\n"
		"spec: {template: " TEMPLATE("job") "}\n";
	static const struct refusal unclear = {text, OCIENV_ERR_VALUE, 6, 1, "",
					       "found 3: choose one of Pod/a, Pod/b, Job/a"};
	static const struct refusal unknown = {text, OCIENV_ERR_REFERENCE, 1, 1, "",
					       "found only Pod/a, Pod/b, Job/a"};
	static const char *const bad[] = {"Pod/c", "Job/b", "Pod", "/a", "Pod/", "Pod/A", "a"};

	(void)state;
	given.options.hostname = "h";
	assert_refused(GIVEN_POD, &unclear);
	given.options.workload = "pod/b";
	assert_runs(text, "b");
	given.options.workload = "JOB/a";
	assert_runs(text, "job");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		given.options.workload = bad[i];
		assert_refused(GIVEN_POD, &unknown);
	}
}

static void lists_of_lists_are_looked_through(void **state)
{
	static const char text[] = "apiVersion: v1\nkind: List\nitems:\n"
		"- {apiVersion: v1, kind: PodList, items: [" OBJECT("Pod", "a") ", "
		OBJECT("Pod", "b") "]}\n- {kind: List, items: []}\n- " OBJECT("Pod", "d") "\n";
	static const struct refusal unclear = {text, OCIENV_ERR_VALUE, 6, 3, "/items/2",
					       "choose one of Pod/a, Pod/b, Pod/d"};

	(void)state;
	assert_refused(GIVEN_POD, &unclear);
	given.options.workload = "Pod/b";
	assert_runs(text, "b");
}

#define CONTAINERS                                                                       \
	"spec:\n  ephemeralContainers: [{name: e, command: [e]}]\n"                      \
	"  containers: [{name: c, command: [c]}, {name: d, command: [d]}]\n"             \
	"  initContainers: [{name: i, command: [i], restartPolicy: Always}]\n"
#define WITH(annotations)                                                                \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {" annotations      \
	"}}\n" CONTAINERS
#define DEFAULT "kubectl.kubernetes.io/default-container: "

static void a_container_is_chosen_by_name_annotation_or_place(void **state)
{
	static const char *const names[] = {"i", "c", "d", "e"};

	(void)state;
	assert_runs(WITH(""), "c");
	assert_runs(WITH(DEFAULT "d"), "d");
	assert_runs(WITH(DEFAULT "i"), "i");
	assert_runs(WITH(DEFAULT "''"), "c");
	assert_runs(WITH(DEFAULT "null"), "c");
	for (size_t i = 0; i < 4; i++) {
		given.options.container = names[i];
		assert_runs(WITH(DEFAULT "c"), names[i]);
	}
}

static void a_container_that_is_not_there_or_there_twice_is_refused(void **state)
{
	static const struct refusal annotated = {
		WITH(DEFAULT "x"), OCIENV_ERR_REFERENCE, 3, 76,
		"/metadata/annotations/kubectl.kubernetes.io~1default-container",
		"a container \"x\""};
	static const struct refusal asked = {WITH(DEFAULT "c"), OCIENV_ERR_REFERENCE, 5, 3,
					     "/spec", "a container \"z\""};
	static const struct refusal twice = {
		"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
		"  containers: [{name: c}]\n  initContainers: [{name: c}]\n",
		OCIENV_ERR_VALUE, 5, 23, "/spec/containers/0/name", "a second one"};

	(void)state;
	assert_refused(GIVEN_POD, &annotated);
	given.options.container = "z";
	assert_refused(GIVEN_POD, &asked);
	given.options.container = "c";
	assert_refused(GIVEN_POD, &twice);
}

static void names_of_fields_are_those_of_kubernetes_alone(void **state)
{
	static const struct refusal strict = {POD("    Env: []\n"), OCIENV_ERR_VALUE, 7, 5,
					      "/spec/containers/0/Env", "(\"env\"?)"};

	(void)state;
	assert_layer_env(pod_of(POD("    Env: [{name: A}]\n    workingdir: 5\n")), NULL);
	assert_true(has_warning(config_of(NULL, pod_of(POD("    command: [x]\n    Env: 1\n"))),
				"unknown-field", "Env"));
	given.options.flags = OCIENV_STRICT;
	assert_refused(GIVEN_POD, &strict);
	/* What only other readers of a pod need is known. */
	(void)pod_of("apiVersion: v1\nkind: Pod\nmetadata: {name: p, generateName: q}\n"
		     "spec: {containers: [{name: c, image: x, ports: [], volumeMounts: []}],"
		     " volumes: [], restartPolicy: Never}\nstatus: {}\n");
}

/* A part of a pod: the caller says which, and what stands around it is not known. */
static void a_spec_or_a_container_may_stand_alone(void **state)
{
	static const char spec[] = "initContainers: [{name: i, command: [i]}]\n"
				   "containers: [{name: c, command: [c]}, {name: d, command: [d]}]\n";
	static const char *const names[] = {"i", "c", "d"};

	(void)state;
	given.options.hostname = "h";
	given.options.pod_kind = OCIENV_POD_SPEC;
	assert_runs(spec, "c");
	for (size_t i = 0; i < 3; i++) {
		given.options.container = names[i];
		assert_runs(spec, names[i]);
	}
	given.options.container = NULL;
	assert_runs("{\"containers\": [{\"name\": \"c\", \"command\": [\"json\"]}]}", "json");
	given.options.pod_kind = OCIENV_POD_CONTAINER;
	assert_runs("name: c\ncommand: [x]\n", "x");
	given.options.container = "c";
	assert_runs("# c\n---\n---\nname: c\ncommand: [x]\n", "x"); /* an empty document before */
}

/* kubectl's annotation names a container: another type of value is no annotation. */
static void annotations_are_strings(void **state)
{
	static const struct refusal rows[] = {
		{"apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {"
		 "kubectl.kubernetes.io/default-container: 5}}\nspec: {containers: [{name: c}]}\n",
		 OCIENV_ERR_TYPE, 3, 76, "/metadata/annotations/kubectl.kubernetes.io~1default-container",
		 NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

/* An empty document among the parts is none of them. */
static void an_empty_document_is_no_part(void **state)
{
	(void)state;
	given.options.hostname = "h";
	given.options.pod_kind = OCIENV_POD_CONTAINER;
	assert_runs("~\n---\nname: c\ncommand: [x]\n---\nnull\n", "x");
}

static void a_part_may_stand_among_objects_but_not_among_parts(void **state)
{
#define CONFIG(value) "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {A: " value "}\n"
#define USES	      "name: c\nenvFrom: [{configMapRef: {name: m}}]\n"
	static const struct refusal rows[] = {
		{USES "---\nname: d\n", OCIENV_ERR_VALUE, 4, 1, "", "a second one"},
		{CONFIG("x"), OCIENV_ERR_VALUE, 1, 1, "", "a bare container, found none"},
		{"", OCIENV_ERR_VALUE, 1, 1, "", "a bare container, found none"},
		{"kind: Pod\nspec: {}\n", OCIENV_ERR_VALUE, 1, 1, "", "a bare container"},
		{"just text\n", OCIENV_ERR_TYPE, 1, 1, "", "a map"},
	};

	(void)state;
	given.options.hostname = "h";
	given.options.pod_kind = OCIENV_POD_CONTAINER;
	assert_layer_env(pod_of(CONFIG("x") "---\n" USES "---\n" OBJECT("Pod", "p") "\n---\n"
				CONFIG("z")),
			 "A=z", NULL);
	ASSERT_ALL_REFUSED(GIVEN_POD, rows);
}

static void what_stands_around_a_part_is_not_guessed(void **state)
{
	static const struct refusal label = {
		"containers:\n- name: c\n  env: [{name: A, valueFrom: {fieldRef: {fieldPath: "
		"\"metadata.labels['a']\"}}}]\n",
		OCIENV_ERR_REFERENCE, 3, 53, "/containers/0/env/0/valueFrom/fieldRef/fieldPath",
		"the fact metadata.labels['a']"};
	static const struct refusal account = {
		"name: c\nenv: [{name: A, valueFrom: {fieldRef: {fieldPath: "
		"spec.serviceAccountName}}}]\n",
		OCIENV_ERR_REFERENCE, 2, 51, "/env/0/valueFrom/fieldRef/fieldPath",
		"the fact spec.serviceAccountName"};
	static const struct refusal host = {"name: c\n", OCIENV_ERR_REFERENCE, 0, 0, "",
					    "the fact metadata.name"};

	(void)state;
	given.options.pod_kind = OCIENV_POD_CONTAINER;
	assert_refused(GIVEN_POD, &host);
	assert_refused(GIVEN_POD, &account);
	given.options.pod_kind = OCIENV_POD_SPEC;
	assert_refused(GIVEN_POD, &label);
	cluster_knows("metadata.name", "p-7");
	cluster_knows("metadata.labels['a']", "x");
	assert_layer_env(pod_of(label.text), "A=x", NULL);
	assert_string_equal(pod_of(label.text)->hostname.value.ptr, "p-7");
	/* A spec says whose account it is, or has the default one. */
	assert_layer_env(pod_of("containers:\n- name: c\n  env: [{name: A, valueFrom: {fieldRef: "
				"{fieldPath: spec.serviceAccountName}}}]\n"),
			 "A=default", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_workload_kind_leads_to_its_pod),
		TEST(kinds_of_other_groups_are_no_workloads),
		TEST(a_workload_without_its_parts_is_refused_there),
		TEST(pods_of_a_template_have_generated_names),
		TEST(several_workloads_need_a_choice),
		TEST(lists_of_lists_are_looked_through),
		TEST(a_container_is_chosen_by_name_annotation_or_place),
		TEST(a_container_that_is_not_there_or_there_twice_is_refused),
		TEST(names_of_fields_are_those_of_kubernetes_alone),
		TEST(annotations_are_strings),
		TEST(an_empty_document_is_no_part),
		TEST(a_spec_or_a_container_may_stand_alone),
		TEST(a_part_may_stand_among_objects_but_not_among_parts),
		TEST(what_stands_around_a_part_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

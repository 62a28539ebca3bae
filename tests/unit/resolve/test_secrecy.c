/* SPDX-License-Identifier: Apache-2.0 */
/* No value of a variable is ever part of a message: "@" stands for a marker in each. */
#define _GNU_SOURCE
#include "unit/read/given.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MARKER "hunter2"

static char *marked(const char *template)
{
	static char text[4096];
	size_t used = 0;

	for (; *template; template++) {
		assert_true(used + sizeof(MARKER) < sizeof(text));
		if (*template == '@') {
			memcpy(text + used, MARKER, sizeof(MARKER) - 1);
			used += sizeof(MARKER) - 1;
		} else {
			text[used++] = *template;
		}
	}
	text[used] = '\0';
	return text;
}

static void assert_silent(void)
{
	assert_true(given.error.message[0] != '\0');
	assert_null(strstr(given.error.message, MARKER));
	assert_null(strstr(given.error.message, "aHVudGVyM"));
	assert_null(strstr(given.error.pointer, MARKER));
}

static int32_t refused(struct ocienv_document document, enum given_kind kind)
{
	struct ocienv_layer *layer = NULL;

	memset(&given.error, 0, sizeof(given.error));
	if (kind == GIVEN_IMAGE)
		return ocienv_layer_from_image_config(&layer, &document, &given.options,
						      &given.error);
	if (kind == GIVEN_SPEC)
		return ocienv_layer_from_runtime_spec(&layer, &document, &given.options,
						      &given.error);
	if (kind == GIVEN_POD)
		return ocienv_layer_from_pod(&layer, &document, given.cluster, &given.options,
					     &given.error);
	return ocienv_cluster_add_objects(given.cluster, &document, &given.error);
}

static void assert_says_nothing(enum given_kind kind, const char *template)
{
	char *text = marked(template);
	struct ocienv_document document = {"document", text, strlen(text)};

	if (!refused(document, kind))
		fail_msg("not refused: %s", text);
	assert_silent();
}

static void documents_that_are_refused_keep_their_values(void **state)
{
	static const struct {
		enum given_kind kind;
		const char *text;
	} rows[] = {
		{GIVEN_IMAGE, "{\"config\": {\"Env\": \"A=@\"}}"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": [\"A=@\", 5]}}"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": [\"A=@\\u0000\"]}}"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": [\"A=@\\q\"]}}"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": [\"A=@\\ud800\"]}}"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": [\"A=@"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": [\"A=@\xff\"]}}"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": [A=@]}}"},
		{GIVEN_IMAGE, "{\"config\": {\"Env\": {\"A=@\", \"B=1\"]}}"},
		{GIVEN_SPEC, "{\"process\": {\"env\": {\"A=@\": 1, \"A=@\": 2}}}"},
		{GIVEN_SPEC, "{\"process\": {\"env\": {\"A\": \"@\"}}}"},
		{GIVEN_SPEC, "{\"process\": {\"env\": [\"A=@\", null]}}"},
		{GIVEN_POD, POD("    env: [{name: A, value: [@]}]\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: {@: x}}]\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: '@']\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: '@\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: \"@\\q\"}]\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: !!int '@'}]\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: !!binary '@-'}]\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: @, valueFrom: {fieldRef: {fieldPath: "
				"metadata.name}}}]\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: @}, {name: ''}]\n")},
		{GIVEN_POD, POD("    env: [{name: A, value: @}, {name: B, valueFrom: {secretKeyRef: "
				"{name: s, key: gone}}}]\n")},
		{GIVEN_POD, POD("    env: [{name: B, valueFrom: {secretKeyRef: "
				"{name: s, key: NUL}}}]\n")},
		{GIVEN_POD, POD("    envFrom: [{secretRef: {name: s}}]\n")},
		{GIVEN_OBJECTS, "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
				"data: {A: '@!'}\n"},
		{GIVEN_OBJECTS, "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
				"data: {A: [@]}\n"},
		{GIVEN_OBJECTS, "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
				"stringData: {A: @, A=B: @}\n"},
		{GIVEN_OBJECTS, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\n"
				"data: {A: @, A: @}\n"},
	};

	(void)state;
	/* "hunter2" and a NUL */
	cluster_has("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
		    "data: {NUL: aHVudGVyMgA=}\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_says_nothing(rows[i].kind, rows[i].text);
}

static void configs_that_are_refused_keep_their_values(void **state)
{
	static const char *const rows[] = {
		"{\"process\": {\"args\": [\"x\"], \"cwd\": \"/\", \"env\": [\"A=@\", \"@\"]}}",
		"{\"process\": {\"args\": [\"x\"], \"cwd\": \"/\", \"env\": [\"=@\"]}}",
		"{\"process\": {\"args\": [\"x\"], \"cwd\": \"w\", \"env\": [\"A=@\"]}}",
		"{\"process\": {\"args\": [], \"cwd\": \"/\", \"env\": [\"A=@\"]}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_no_config(NULL, spec_of(marked(rows[i])), OCIENV_ERR_VALUE);
		assert_silent();
	}
}

static void facts_that_are_refused_keep_their_values(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_string = 8};

	(void)state;
	given.options.limits = &limits;
	cluster_knows("status.podIP", "x");
	assert_int_equal(ocienv_cluster_add_fact(given.cluster, "status.podIP", MARKER "\xff",
						 &given.error),
			 OCIENV_ERR_ENCODING);
	assert_silent();
	assert_int_equal(ocienv_cluster_add_fact(given.cluster, "status.podIP", MARKER MARKER,
						 &given.error),
			 OCIENV_ERR_LIMIT);
	assert_silent();
}

static void warnings_keep_the_values(void **state)
{
	struct ocienv_warning warning;
	struct ocienv_config *config;
	struct ocienv_layer *image;
	size_t i = 0;

	(void)state;
	image = image_of(marked("{\"config\": {\"Env\": [\"A=@\", \"PATH\"], \"User\": \"u:g\"}}"));
	config = config_of(image, pod_of(marked(POD(
		"    command: [x, '$(NO)@']\n    Env: [{name: A, value: @}]\n"
		"    env: [{name: A, value: '@$(NO)@', Value: @}, {name: HOME, value: ''}]\n"))));
	for (; !ocienv_config_warning(config, i, &warning); i++) {
		assert_null(strstr(warning.message, MARKER));
		assert_null(strstr(warning.subject, MARKER));
	}
	assert_int_equal(i, 8); /* Env, Value, two references, user, group, HOME, PATH */
}

static void a_secret_that_is_no_program_is_not_quoted(void **state)
{
	static const char *const commands[] = {"$(T)", "/bin/$(T)", "./$(T)"};
	char top[] = "/tmp/ocienv-secrecy-XXXXXX";
	int fd;

	(void)state;
	assert_non_null(mkdtemp(top));
	fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	cluster_has("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
		    "stringData: {k: " MARKER "}\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct ocienv_config *config = NULL;
		const struct ocienv_layer *layer;
		char text[512];

		(void)snprintf(text, sizeof(text),
			       POD("    command: ['%s']\n    env: [{name: T, valueFrom: "
				   "{secretKeyRef: {name: s, key: k}}}]\n"),
			       commands[i]);
		layer = pod_of(text);
		assert_int_equal(ocienv_resolve(&config, &layer, 1, fd, &given.options,
						&given.error),
				 OCIENV_ERR_NOTFOUND);
		assert_null(config);
		assert_int_equal(given.error.line, 7);
		assert_silent();
	}
	(void)close(fd);
	(void)rmdir(top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(documents_that_are_refused_keep_their_values),
		TEST(configs_that_are_refused_keep_their_values),
		TEST(facts_that_are_refused_keep_their_values),
		TEST(warnings_keep_the_values),
		TEST(a_secret_that_is_no_program_is_not_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

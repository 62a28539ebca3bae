/* SPDX-License-Identifier: Apache-2.0 */
/* The steps together, without a rootfs: what is handed on, and what is not guessed. */
#include "unit/read/given.h"

#define SPEC(members) "{\"process\": {" members "}}"

static void a_runtime_spec_goes_through_the_last_step_alone(void **state)
{
	struct ocienv_layer *spec;
	struct ocienv_config *config;

	(void)state;
	spec = spec_of(SPEC("\"args\": [\"/s\", \"\"], \"cwd\": \"/w\", \"terminal\": true,"
			    " \"env\": [\"A=1\", \"B=2\", \"A=3\"]"));
	config = config_of(NULL, spec);
	assert_argv(config, "/s", "", NULL);
	assert_config_env(config, "B=2", "A=3", NULL);
	assert_string_equal(ocienv_config_cwd(config), "/w");
	given.options.runtime = OCIENV_RUNTIME_RUNC_1_2;
	assert_config_env(config_of(NULL, spec), "A=3", "B=2", NULL);
}

#define IMAGE                                                                                      \
	"{\"config\": {\"Env\": [\"IMAGE=1\", \"BOTH=image\"], \"Entrypoint\": [\"/i\"],"              \
	" \"Cmd\": [\"c\"], \"WorkingDir\": \"/i\", \"User\": \"7\"}}"
#define DEFAULT_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void a_spec_lies_above_its_image(void **state)
{
	struct ocienv_config *config;
	struct ocienv_origin origin;
	struct ocienv_user user;

	(void)state;
	config = config_of(image_of(IMAGE),
			   spec_of(SPEC("\"args\": [\"/s\"], \"cwd\": \"/w\","
					" \"env\": [\"BOTH=spec\", \"SPEC=1\"],"
					" \"user\": {\"uid\": 5, \"gid\": 6}")));
	assert_argv(config, "/s", NULL);
	assert_config_env(config, DEFAULT_PATH, "IMAGE=1", "BOTH=spec", "SPEC=1", NULL);
	assert_string_equal(ocienv_config_cwd(config), "/w");
	assert_int_equal(ocienv_config_user(config, &user), OCIENV_OK);
	assert_int_equal(user.uid, 5);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, 2, 0, &origin), OCIENV_OK);
	assert_int_equal(origin.source, OCIENV_SOURCE_RUNTIME);
	assert_int_equal(ocienv_config_origin(config, OCIENV_ITEM_ENV, 2, 1, &origin), OCIENV_OK);
	assert_int_equal(origin.source, OCIENV_SOURCE_IMAGE);
	assert_string_equal(origin.document, "image.json");
}

static void an_image_gives_what_the_spec_leaves_out(void **state)
{
	struct ocienv_config *config;
	struct ocienv_user user;

	(void)state;
	config = config_of(image_of(IMAGE), spec_of(SPEC("\"env\": [\"PATH=/p\"]")));
	assert_argv(config, "/i", "c", NULL);
	assert_config_env(config, "IMAGE=1", "BOTH=image", "PATH=/p", NULL);
	assert_string_equal(ocienv_config_cwd(config), "/i");
	assert_int_equal(ocienv_config_user(config, &user), OCIENV_OK);
	assert_string_equal(user.name, "7");
}

static void the_numbers_of_a_spec_are_the_user(void **state)
{
	struct ocienv_user user;
	struct ocienv_config *config;

	(void)state;
	config = config_of(NULL, spec_of(SPEC("\"args\": [\"/s\"], \"cwd\": \"/\", \"user\": "
					      "{\"uid\": 5, \"gid\": 6, \"umask\": 63,"
					      " \"additionalGids\": [9, 7, 9]}")));
	assert_int_equal(ocienv_config_user(config, &user), OCIENV_OK);
	assert_null(user.name);
	assert_int_equal(user.uid, 5);
	assert_int_equal(user.gid, 6);
	assert_int_equal(user.umask, 63);
	assert_int_equal(user.group_count, 2); /* the complete list: gid is not added */
	assert_int_equal(user.groups[0], 7);
	assert_int_equal(user.groups[1], 9);
	config = config_of(NULL, spec_of(SPEC("\"args\": [\"/s\"], \"cwd\": \"/\"")));
	assert_int_equal(ocienv_config_user(config, &user), OCIENV_OK);
	assert_int_equal(user.uid, 0);
	assert_int_equal(user.umask, 022);
	assert_int_equal(user.group_count, 0);
}

static void ids_above_the_range_of_a_spec_are_refused(void **state)
{
	static const char *const users[] = {
		"{\"uid\": 2147483648}", "{\"uid\": 4294967295}", "{\"gid\": 4294967295}",
		"{\"additionalGids\": [1, 4294967295]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		char text[160];

		(void)snprintf(text, sizeof(text),
			       SPEC("\"args\": [\"/s\"], \"cwd\": \"/\", \"user\": %s"), users[i]);
		assert_no_config(NULL, spec_of(text), OCIENV_ERR_VALUE);
		assert_int_equal(given.error.line, 1);
		assert_string_equal(given.error.document, "config.json");
	}
}

static void without_a_rootfs_nothing_is_guessed(void **state)
{
	struct ocienv_config *config;
	struct ocienv_exec exec;
	struct ocienv_user user;

	(void)state;
	config = config_of(image_of("{\"config\": {\"Cmd\": [\"sh\"], \"User\": \"1000\"}}"),
			   NULL);
	assert_int_equal(ocienv_config_exec(config, &exec), OCIENV_ERR_ARGUMENT);
	assert_config_env(config,
			  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			  NULL);
	assert_int_equal(ocienv_config_user(config, &user), OCIENV_OK);
	assert_string_equal(user.name, "1000");
	assert_true(has_warning(config, "user-unresolved", "1000"));
	assert_true(has_warning(config, "home-unresolved", "HOME"));
}

static void a_home_that_is_given_needs_no_warning(void **state)
{
	(void)state;
	assert_false(has_warning(config_of(image_of("{\"config\": {\"Cmd\": [\"x\"], \"Env\": "
						    "[\"HOME=/h\"]}}"), NULL),
				 "home-unresolved", "HOME"));
	assert_true(has_warning(config_of(image_of("{\"config\": {\"Cmd\": [\"x\"], \"Env\": "
						   "[\"HOME=\"]}}"), NULL),
				"home-unresolved", "HOME"));
}

static void what_runc_refuses_is_refused(void **state)
{
	static const char *const rows[] = {
		"\"args\": [\"x\"]", "\"args\": [\"x\"], \"cwd\": \"w\"",
		"\"args\": [\"x\"], \"cwd\": \"\"", "\"cwd\": \"/\"",
		"\"cwd\": \"/\", \"args\": []", "\"cwd\": \"/\", \"args\": null",
		"\"args\": [\"x\"], \"cwd\": \"/\", \"env\": [\"A\"]",
		"\"args\": [\"x\"], \"cwd\": \"/\", \"env\": [\"\"]",
		"\"args\": [\"x\"], \"cwd\": \"/\", \"env\": [\"=x\"]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[128];

		(void)snprintf(text, sizeof(text), SPEC("%s"), rows[i]);
		assert_no_config(NULL, spec_of(text), OCIENV_ERR_VALUE);
	}
}

static void arguments_of_image_and_pod_are_counted_together(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_args = 2};
	struct ocienv_layer *image;

	(void)state;
	given.options.limits = &limits;
	image = image_of("{\"config\":\n {\"Entrypoint\": [\"a\", \"b\"], \"Cmd\": [\"c\"]}}");
	assert_no_config(image, NULL, OCIENV_ERR_LIMIT);
	assert_int_equal(given.error.line, 2);
	assert_string_equal(given.error.document, "image.json");
	assert_argv(config_of(image, pod_of(POD("    command: [x, z]\n"))), "x", "z", NULL);
}

static void variables_of_image_and_pod_are_counted_together(void **state)
{
	struct ocienv_limits limits = {.size = sizeof(limits), .max_env = 4};
	struct ocienv_layer *image;

	(void)state;
	given.options.limits = &limits; /* with PATH and HOSTNAME there is room for two */
	image = image_of("{\"config\": {\"Cmd\": [\"x\"], \"Env\": [\"A=1\", \"B=2\"]}}");
	assert_no_config(image, pod_of(POD("    env:\n    - {name: C, value: c}\n")),
			 OCIENV_ERR_LIMIT);
	assert_string_equal(given.error.message,
			    "expected at most 4 environment entries, found 5");
	assert_string_equal(given.error.document, "pod.yaml");
	assert_int_equal(given.error.line, 8);
	/* Each name once: what the pod overrides does not count twice. */
	assert_config_env(config_of(image, pod_of(POD("    env:\n    - {name: B, value: c}\n"))),
			  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			  "HOSTNAME=p", "A=1", "B=c", NULL);
}

static void a_config_outlives_its_layers(void **state)
{
	struct ocienv_layer *pod, *copy = NULL;
	struct ocienv_config *config = NULL;
	struct ocienv_buffer blob;
	struct ocienv_document document;
	struct ocienv_warning warning;

	(void)state;
	pod = pod_of(POD("    command: [x]\n    whatIsThis: 1\n"));
	assert_int_equal(ocienv_layer_encode(&blob, pod, NULL, NULL), OCIENV_OK);
	document = (struct ocienv_document){"blob", blob.data, blob.size};
	assert_int_equal(ocienv_layer_decode(&copy, &document, NULL, NULL), OCIENV_OK);
	memset(blob.data, 0, blob.size);
	ocienv_buffer_free(&blob);
	assert_int_equal(ocienv_resolve(&config, (const struct ocienv_layer *const *)&copy, 1,
					OCIENV_NO_ROOTFS, NULL, NULL),
			 OCIENV_OK);
	ocienv_layer_free(copy);
	assert_true(has_warning(config, "unknown-field", "whatIsThis"));
	assert_int_equal(ocienv_config_warning(config, 0, &warning), OCIENV_OK);
	assert_true(strlen(warning.message) > 0);
	assert_argv(config, "x", NULL);
	ocienv_config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_runtime_spec_goes_through_the_last_step_alone),
		TEST(a_spec_lies_above_its_image),
		TEST(an_image_gives_what_the_spec_leaves_out),
		TEST(the_numbers_of_a_spec_are_the_user),
		TEST(ids_above_the_range_of_a_spec_are_refused),
		TEST(without_a_rootfs_nothing_is_guessed),
		TEST(a_home_that_is_given_needs_no_warning),
		TEST(what_runc_refuses_is_refused),
		TEST(arguments_of_image_and_pod_are_counted_together),
		TEST(variables_of_image_and_pod_are_counted_together),
		TEST(a_config_outlives_its_layers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

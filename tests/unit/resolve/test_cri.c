/* SPDX-License-Identifier: Apache-2.0 */
/* containerd's merge of image and pod (rules 1, 2, 5.1, 5.2), and where values came from. */
#include "unit/read/given.h"

#define IMAGE(members) "{\"config\": {" members "}}"
#define PATH_DEFAULT "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static struct ocienv_config *both(const char *image, const char *pod)
{
	return config_of(image_of(image), pod_of(pod));
}

/* Rule 1.2; an empty list is no list. */
static void command_and_args_against_entrypoint_and_cmd(void **state)
{
	static const char image[] = IMAGE("\"Entrypoint\": [\"E\", \"e\"], \"Cmd\": [\"M\"]");

	(void)state;
	assert_argv(both(image, POD("")), "E", "e", "M", NULL);
	assert_argv(both(image, POD("    args: [A]\n")), "E", "e", "A", NULL);
	assert_argv(both(image, POD("    command: [K]\n")), "K", NULL);
	assert_argv(both(image, POD("    command: [K]\n    args: [A]\n")), "K", "A", NULL);
	assert_argv(both(image, POD("    command: []\n    args: []\n")), "E", "e", "M", NULL);
	assert_argv(both(image, POD("    args: ['']\n")), "E", "e", "", NULL);
	assert_argv(both(IMAGE("\"Cmd\": [\"M\"]"), POD("")), "M", NULL);
	assert_argv(both(IMAGE("\"Cmd\": [\"M\"]"), POD("    args: [A]\n")), "A", NULL);
	assert_argv(config_of(image_of(image), NULL), "E", "e", "M", NULL);
	assert_argv(config_of(NULL, pod_of(POD("    command: ['']\n"))), "", NULL);
}

static void a_blank_entrypoint_is_none_unless_the_pod_has_a_command(void **state)
{
	static const char blank[] = IMAGE("\"Entrypoint\": [\"\"], \"Cmd\": [\"M\"]");
	struct ocienv_config *config;

	(void)state;
	config = both(blank, POD(""));
	assert_argv(config, "M", NULL);
	assert_true(has_warning(config, "blank-entrypoint", ""));
	assert_argv(both(blank, POD("    args: [A]\n")), "A", NULL);
	config = both(blank, POD("    command: [K]\n"));
	assert_argv(config, "K", NULL);
	assert_false(has_warning(config, "blank-entrypoint", ""));
	assert_argv(both(IMAGE("\"Entrypoint\": [\"\", \"\"]"), POD("")), "", "", NULL);
	assert_argv(both(IMAGE("\"Entrypoint\": [\"\", \"x\"], \"Cmd\": [\"M\"]"), POD("")), "",
		    "x", "M", NULL);
	assert_argv(both(IMAGE("\"Entrypoint\": [null], \"Cmd\": [\"M\"]"), POD("")), "M", NULL);
}

static void without_a_command_there_is_no_answer(void **state)
{
	(void)state;
	assert_no_config(image_of("{}"), NULL, OCIENV_ERR_VALUE);
	assert_no_config(image_of(IMAGE("\"Entrypoint\": [\"\"]")), pod_of(POD("")),
			 OCIENV_ERR_VALUE);
	assert_no_config(NULL, pod_of(POD("    command: []\n")), OCIENV_ERR_VALUE);
	assert_non_null(strstr(given.error.message, "a command"));
}

static void the_working_directory_is_the_first_that_is_not_empty(void **state)
{
	static const char image[] = IMAGE("\"Cmd\": [\"x\"], \"WorkingDir\": \"/i/../j\"");

	(void)state;
	assert_string_equal(ocienv_config_cwd(both(image, POD(""))), "/i/../j");
	assert_string_equal(ocienv_config_cwd(both(image, POD("    workingDir: ''\n"))),
			    "/i/../j");
	assert_string_equal(ocienv_config_cwd(both(image, POD("    workingDir: /p/\n"))), "/p/");
	assert_string_equal(ocienv_config_cwd(both(IMAGE("\"Cmd\": [\"x\"]"), POD(""))), "/");
	assert_no_config(image_of(image), pod_of(POD("    workingDir: p\n")), OCIENV_ERR_VALUE);
	assert_int_equal(given.error.line, 7);
	assert_int_equal(given.error.column, 17);
	assert_string_equal(given.error.document, "pod.yaml");
}

static void the_environment_has_this_order(void **state)
{
	(void)state;
	assert_config_env(both(IMAGE("\"Cmd\": [\"x\"]"), POD("")), PATH_DEFAULT, "HOSTNAME=p",
			  NULL);
	assert_config_env(both(IMAGE("\"Cmd\": [\"x\"], \"Env\": [\"I=1\", \"TERM=t\"]"),
			       POD("    tty: true\n    env: [{name: P, value: '2'}]\n")),
			  PATH_DEFAULT, "TERM=t", "HOSTNAME=p", "I=1", "P=2", NULL);
	assert_config_env(both(IMAGE("\"Cmd\": [\"x\"]"), POD("    tty: true\n")), PATH_DEFAULT,
			  "TERM=xterm", "HOSTNAME=p", NULL);
}

/* containerd leaves both entries of a name; runc takes the last. */
static void the_pod_goes_before_the_image(void **state)
{
	(void)state;
	assert_config_env(
		both(IMAGE("\"Cmd\": [\"x\"], \"Env\": [\"A=i\", \"B=i\", \"PATH=/i\", \"A=j\"]"),
		     POD("    env: [{name: HOSTNAME, value: h}, {name: A, value: p}]\n")),
		"PATH=/i", "HOSTNAME=h", "B=i", "A=p", NULL);
	assert_config_env(both(IMAGE("\"Cmd\": [\"x\"], \"Env\": [\"PATH=/i\"]"),
			       POD("    env: [{name: PATH, value: ''}]\n")),
			  "PATH=", "HOSTNAME=p", NULL);
}

static void a_bare_name_removes_what_containerd_had_set(void **state)
{
	struct ocienv_config *config;

	(void)state;
	config = both(IMAGE("\"Cmd\": [\"x\"], \"Env\": [\"PATH\", \"HOSTNAME\", \"X\", \"\"]"),
		      POD(""));
	assert_config_env(config, NULL);
	assert_true(has_warning(config, "path-removed", "PATH"));
	config = both(IMAGE("\"Cmd\": [\"x\"], \"Env\": [\"PATH\", \"PATH=/x\"]"), POD(""));
	assert_config_env(config, "PATH=/x", "HOSTNAME=p", NULL);
	assert_false(has_warning(config, "path-removed", "PATH"));
	/* A name that containerd did not set is not looked for. */
	assert_config_env(both(IMAGE("\"Cmd\": [\"x\"], \"Env\": [\"A=1\", \"A\"]"), POD("")),
			  PATH_DEFAULT, "HOSTNAME=p", "A=1", NULL);
	assert_no_config(image_of(IMAGE("\"Cmd\": [\"x\"], \"Env\": [\"=x\"]")), NULL,
			 OCIENV_ERR_VALUE);
}

static void a_value_knows_all_that_it_overrode(void **state)
{
	struct ocienv_config *config;

	(void)state;
	cluster_has("apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: ns}\n"
		    "spec: {clusterIP: 10.0.0.9, ports: [{port: 80}]}\n"
		    "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
		    "data:\n  A_PORT: aGk=\n  PATH: aGk=\n");
	config = both("{\"config\": {\"Cmd\": [\"x\"], \"Env\": [\n \"A_PORT=i\","
		      " \"PATH=/i\"]}}",
		      POD("    envFrom: [{secretRef: {name: s}}]\n    env:\n"
			  "    - {name: A_PORT, value: p}\n    - {name: PATH, value: $(PATH)}\n"
			  "    - {name: H, valueFrom: {fieldRef: {fieldPath: metadata.name}}}\n"));
	assert_chain(config, "A_PORT",
		     "pod:9:29 !secret:10:11 service:3:18 image:2:2");
	assert_chain(config, "PATH", "!pod:10:27 !secret:11:9 image:2:14 default");
	assert_chain(config, "A_SERVICE_HOST", "service:3:18");
	assert_chain(config, "HOSTNAME", "pod:3:18");
	assert_chain(config, "H", "downward:3:18");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(command_and_args_against_entrypoint_and_cmd),
		TEST(a_blank_entrypoint_is_none_unless_the_pod_has_a_command),
		TEST(without_a_command_there_is_no_answer),
		TEST(the_working_directory_is_the_first_that_is_not_empty),
		TEST(the_environment_has_this_order),
		TEST(the_pod_goes_before_the_image),
		TEST(a_bare_name_removes_what_containerd_had_set),
		TEST(a_value_knows_all_that_it_overrode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

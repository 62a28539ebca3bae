/* SPDX-License-Identifier: Apache-2.0 */
/* A host's document against image and pod: what agrees, and each kind of difference. */
#include "unit/read/given.h"

#define PATH_ENV "\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\""
#define IMAGE "{\"config\": {\"Env\": [\"A=image\", \"I=1\"], \"Cmd\": [\"/bin/x\", \"y\"]}}"
#define POD_ENV "    env:\n    - {name: A, value: pod}\n    - {name: B, value: two}\n"
#define HONEST PATH_ENV ", \"HOSTNAME=p\", \"A=image\", \"I=1\", \"A=pod\", \"B=two\""

/* A spec: the environment, and what else stands in its process. */
#define SPEC(env, rest)                                                                    \
	"{\"process\": {\"env\": [" env "], " rest "}}"
#define REST "\"args\": [\"/bin/x\", \"y\"], \"cwd\": \"/\", \"user\": {\"uid\": 0, \"gid\": 0}"

static struct ocienv_verdict *made;

static void forget(void)
{
	ocienv_verdict_free(made);
	made = NULL;
}

static const struct ocienv_verdict *verdict_of(const char *pod, const char *spec)
{
	const struct ocienv_layer *layers[] = {image_of(IMAGE), pod_of(pod), spec_of(spec)};

	forget();
	assert_int_equal(ocienv_verify(&made, layers, 3, OCIENV_NO_ROOTFS, &given.options,
				       &given.error),
			 OCIENV_OK);
	return made;
}

/* "changed A" for each difference, "(added HOSTNAME)" for one that is allowed; what nobody
 * can tell without a rootfs is left out. */
static void assert_differences(const char *spec, const char *expected)
{
	const struct ocienv_verdict *verdict = verdict_of(POD(POD_ENV), spec);
	struct ocienv_difference d;
	char text[512] = "";

	for (size_t i = 0; !ocienv_verdict_difference(verdict, i, &d); i++) {
		size_t used = strlen(text);

		if (strcmp(d.code, "cannot-tell") == 0)
			continue;
		(void)snprintf(text + used, sizeof(text) - used, d.allowed ? "%s(%s %s)" : "%s%s %s",
			       used ? ", " : "", d.code, d.subject);
	}
	assert_string_equal(text, expected);
}

static void an_honest_host_agrees(void **state)
{
	(void)state;
	assert_differences(SPEC(HONEST, REST), "");
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_OK);
	/* The order of different names means nothing, nor that a value which lost is gone. */
	assert_differences(SPEC("\"B=two\", \"A=pod\", \"I=1\", \"HOSTNAME=p\", " PATH_ENV, REST),
			   "");
	forget();
}

static void each_kind_of_difference_in_the_environment(void **state)
{
	(void)state;
	assert_differences(SPEC(PATH_ENV ", \"HOSTNAME=p\", \"A=image\", \"I=1\", \"A=pod\"", REST),
			   "dropped B");
	assert_differences(SPEC(HONEST ", \"B=three\"", REST), "changed B");
	assert_differences(SPEC(HONEST ", \"X=1\"", REST), "added X");
	/* The winner is right; a runtime that takes the first one would be misled. */
	assert_differences(SPEC("\"B=evil\", " HONEST, REST), "duplicated B");
	assert_differences(SPEC(HONEST ", \"B=two\"", REST), "duplicated B");
	assert_differences(SPEC(PATH_ENV ", \"HOSTNAME=p\", \"A=pod\", \"I=1\", \"A=image\", "
					 "\"B=two\"", REST),
			   "reordered A");
	assert_differences(SPEC(PATH_ENV ", \"HOSTNAME=q\", \"I=1\", \"A=pod\", \"B=\"", REST),
			   "changed HOSTNAME, changed B");
	forget();
}

static void what_a_host_may_add_is_told_apart(void **state)
{
	(void)state;
	assert_differences(SPEC(HONEST ", \"TERM=xterm\", \"DB_SERVICE_HOST=10.0.0.1\", \"X=\"",
				REST),
			   "(added TERM), (added DB_SERVICE_HOST), added X");
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_ERR_MISMATCH);
	(void)verdict_of(POD(POD_ENV), SPEC(HONEST ", \"DB_SERVICE_HOST=10.0.0.1\"", REST));
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_OK);
	(void)verdict_of(POD(POD_ENV "  enableServiceLinks: false\n"),
			 SPEC(HONEST ", \"DB_SERVICE_HOST=10.0.0.1\"", REST));
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_ERR_MISMATCH);
	forget();
}

static void a_service_that_is_known_is_compared(void **state)
{
	(void)state;
	cluster_has("apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: ns}\n"
		    "spec: {clusterIP: 10.0.0.1, ports: [{port: 5}]}\n");
	(void)verdict_of(POD(POD_ENV), SPEC(HONEST ", \"DB_SERVICE_HOST=10.0.0.9\","
					    " \"DB_SERVICE_PORT=5\"", REST));
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_ERR_MISMATCH);
	assert_non_null(strstr(given.error.message, "DB_SERVICE_HOST"));
	forget();
}

static void arguments_and_working_directory(void **state)
{
	(void)state;
	assert_differences(SPEC(HONEST, "\"args\": [\"/bin/x\"], \"cwd\": \"/\""),
			   "dropped argv[1]");
	assert_differences(SPEC(HONEST, "\"args\": [\"/bin/x\", \"z\", \"\"], \"cwd\": \"/\""),
			   "changed argv[1], added argv[2]");
	assert_differences(SPEC(HONEST, "\"args\": [\"/bin/x\", \"y\"], \"cwd\": \"/w\""),
			   "changed cwd");
	forget();
}

static void the_user_as_far_as_numbers_tell(void **state)
{
	(void)state;
	assert_differences(SPEC(HONEST, "\"args\": [\"/bin/x\", \"y\"], \"cwd\": \"/\","
				" \"user\": {\"uid\": 5, \"gid\": 0, \"umask\": 0}"),
			   "changed umask, changed uid");
	(void)verdict_of(POD(POD_ENV "    securityContext: {runAsUser: 7, runAsGroup: 8}\n"),
			 SPEC(HONEST, "\"args\": [\"/bin/x\", \"y\"], \"cwd\": \"/\","
			      " \"user\": {\"uid\": 7, \"gid\": 9}"));
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_ERR_MISMATCH);
	assert_non_null(strstr(given.error.message, "\"gid\""));
	forget();
}

static void the_place_is_the_hosts_or_that_of_what_it_dropped(void **state)
{
	struct ocienv_difference d;

	(void)state;
	(void)verdict_of(POD(POD_ENV), "{\"process\": {\n\"env\": [\n" HONEST ",\n\"B=evil\"],"
					"\n" REST "}}");
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_ERR_MISMATCH);
	assert_string_equal(given.error.document, "config.json");
	assert_int_equal(given.error.line, 4);
	assert_int_equal(given.error.column, 1);
	assert_null(strstr(given.error.message, "evil"));
	assert_int_equal(ocienv_verdict_difference(made, 0, &d), OCIENV_OK);
	assert_string_equal(d.expected.document, "pod.yaml");
	assert_int_equal(d.expected.line, 9);
	(void)verdict_of(POD(POD_ENV), SPEC(PATH_ENV ", \"HOSTNAME=p\", \"I=1\", \"A=pod\"", REST));
	assert_int_equal(ocienv_verdict_status(made, &given.error), OCIENV_ERR_MISMATCH);
	assert_string_equal(given.error.document, "pod.yaml");
	assert_int_equal(given.error.line, 9);
	forget();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_honest_host_agrees),
		TEST(each_kind_of_difference_in_the_environment),
		TEST(what_a_host_may_add_is_told_apart),
		TEST(a_service_that_is_known_is_compared),
		TEST(arguments_and_working_directory),
		TEST(the_user_as_far_as_numbers_tell),
		TEST(the_place_is_the_hosts_or_that_of_what_it_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

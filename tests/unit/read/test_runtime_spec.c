/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/read/given.h"

#include "base/capability.h"

#define SPEC(members) "{\"process\": {" members "}}"

static void the_process_is_read_and_the_rest_left_alone(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	layer = spec_of("{\"ociVersion\": \"1.0\", \"hooks\": {}, \"linux\": {\"x\": []},\n"
			"\"process\": {\"terminal\": true, \"args\": [\"/a\", \"\"],"
			" \"env\": [\"A=1\", \"A=2\", \"=\"], \"cwd\": \"/w\",\n"
			"\"user\": {\"uid\": 0, \"gid\": 4294967295, \"umask\": 63,"
			" \"additionalGids\": [5, 5], \"username\": \"x\"},\n"
			"\"capabilities\": {\"effective\": [\"CAP_CHOWN\", \"CAP_NO\", \"KILL\"],"
			" \"bounding\": [\"CAP_KILL\"]}}}");
	assert_int_equal(ocienv_layer_kind(layer), OCIENV_LAYER_RUNTIME);
	assert_true(layer->tty);
	assert_int_equal(layer->args.count, 2);
	assert_layer_env(layer, "A=1", "A=2", "=", NULL);
	assert_string_equal(layer->cwd.value.ptr, "/w");
	assert_true(layer->user.uid.present);
	assert_int_equal(layer->user.uid.value, 0);
	assert_int_equal(layer->user.gid.value, 4294967295);
	assert_int_equal(layer->user.umask.value, 63);
	assert_int_equal(layer->user.group_count, 2);
	assert_true(layer->user.capabilities_present);
	assert_int_equal(layer->user.capabilities, capability_bit(SV("CAP_CHOWN")));
}

static void absent_and_empty_lists_are_told_apart(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	layer = spec_of(SPEC(""));
	assert_false(layer->env.present || layer->args.present);
	assert_null(layer->cwd.value.ptr);
	assert_true(layer->user.capabilities_present);
	assert_int_equal(layer->user.capabilities, 0);
	assert_false(spec_of(SPEC("\"env\": null"))->env.present);
	/* Members of these names that are not those of the process mean nothing. */
	assert_true(spec_of("{\"args\": [null], \"process\": {\"env\": [\"A=b\"], \"args\": []}, "
			    "\"env\": [null]}")->env.present);
	assert_true(spec_of(SPEC("\"env\": []"))->env.present);
}

static void broken_specs_are_refused_with_their_place(void **state)
{
	static const struct refusal rows[] = {
		{"{\"process\": null}", OCIENV_ERR_VALUE, 1, 2, "", "the member \"process\""},
		{"{}", OCIENV_ERR_VALUE, 1, 1, "", "the member \"process\""},
		{"null", OCIENV_ERR_TYPE, 1, 1, "", "a map"},
		{SPEC("\"args\": [\"a\", null]"), OCIENV_ERR_AMBIGUOUS, 1, 28, "/process/args/1",
		 "null"},
		{SPEC("\"env\": [null]"), OCIENV_ERR_AMBIGUOUS, 1, 22, "/process/env/0", "null"},
		{SPEC("\"env\": \"A=1\""), OCIENV_ERR_TYPE, 1, 21, "/process/env", "a list"},
		{SPEC("\"env\": [1]"), OCIENV_ERR_TYPE, 1, 22, "/process/env/0", "in quotes"},
		{SPEC("\"Env\": []"), OCIENV_ERR_AMBIGUOUS, 1, 14, "/process/Env", "\"env\""},
		{SPEC("\"arg\xc5\xbf\": []"), OCIENV_ERR_AMBIGUOUS, 1, 14,
		 "/process/arg\xc5\xbf", "\"args\""},
		{SPEC("\"user\": {\"uid\": \"0\"}"), OCIENV_ERR_TYPE, 1, 30, "/process/user/uid",
		 "an integer"},
		{SPEC("\"user\": {\"uid\": -1}"), OCIENV_ERR_VALUE, 1, 30, "/process/user/uid",
		 "0 to 4294967295"},
		{SPEC("\"user\": {\"uid\": 4294967296}"), OCIENV_ERR_VALUE, 1, 30,
		 "/process/user/uid", "0 to 4294967295"},
		{SPEC("\"user\": {\"gid\": 1.0}"), OCIENV_ERR_TYPE, 1, 30, "/process/user/gid",
		 "an integer"},
		{SPEC("\"user\": {\"additionalGids\": [0, \"1\"]}"), OCIENV_ERR_TYPE, 1, 45,
		 "/process/user/additionalGids/1", "an integer"},
		{SPEC("\"user\": \"root\""), OCIENV_ERR_TYPE, 1, 22, "/process/user", "a map"},
		{SPEC("\"terminal\": 1"), OCIENV_ERR_TYPE, 1, 26, "/process/terminal",
		 "a boolean"},
		{SPEC("\"capabilities\": {\"effective\": \"ALL\"}"), OCIENV_ERR_TYPE, 1, 44,
		 "/process/capabilities/effective", "a list"},
		{SPEC("\"env\": [\"A=\\u0000\"]"), OCIENV_ERR_ENCODING, 1, 25, "/process/env/0",
		 NULL},
		{SPEC("") "x", OCIENV_ERR_AMBIGUOUS, 1, 16, "", NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_SPEC, rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_process_is_read_and_the_rest_left_alone),
		TEST(absent_and_empty_lists_are_told_apart),
		TEST(broken_specs_are_refused_with_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

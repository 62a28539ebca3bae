/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/limits.h"
#include "read/shape.h"
#include "text/text.h"

static struct ocienv_error error;

static int32_t check(const char *json, const struct shape *shape)
{
	struct ocienv_limits limits = limits_of(NULL);
	struct diag diag = {&error, "doc.json", sv_of(json)};
	struct arena arena;
	struct text_input in = {diag.text, &diag, &limits, &arena, false, NULL};
	struct reader reader = {.diag = &diag, .limits = &limits, .scratch = &arena};
	const struct node *root;
	int32_t status;

	memset(&error, 0, sizeof(error));
	arena_init(&arena, NULL, SIZE_MAX);
	status = json_parse(&in, &root);
	if (!status)
		status = shape_check(&reader, root, shape);
	arena_free(&arena);
	return status;
}

static void wrong_types_are_found_wherever_they_are(void **state)
{
	static const struct {
		const char *json, *pointer;
		uint32_t column;
		int32_t status;
	} rows[] = {
		{"[]", "", 1, OCIENV_ERR_TYPE},
		{"{\"hostname\":5}", "/hostname", 13, OCIENV_ERR_TYPE},
		{"{\"HOSTNAME\":5}", "/HOSTNAME", 2, OCIENV_ERR_AMBIGUOUS},
		{"{\"annotations\":{\"a\":null,\"b\":1}}", "/annotations/b", 30, OCIENV_ERR_TYPE},
		{"{\"mounts\":[null,{\"options\":[1]}]}", "/mounts/1/options/0", 29,
		 OCIENV_ERR_TYPE},
		{"{\"linux\":{\"seccomp\":{\"syscalls\":[{\"names\":\"x\"}]}}}",
		 "/linux/seccomp/syscalls/0/names", 43, OCIENV_ERR_TYPE},
		{"{\"linux\":{\"uidMappings\":[{\"hostID\":\"0\"}]}}",
		 "/linux/uidMappings/0/hostID", 36, OCIENV_ERR_TYPE},
		{"{\"linux\":{\"timeOffsets\":{\"m\":{\"secs\":1.5}}}}",
		 "/linux/timeOffsets/m/secs", 38, OCIENV_ERR_TYPE},
		{"{\"linux\":{\"resources\":{\"blockIO\":{\"weight\":65536}}}}",
		 "/linux/resources/blockIO/weight", 44, OCIENV_ERR_VALUE},
		{"{\"linux\":{\"resources\":{\"pids\":{\"limit\":9223372036854775808}}}}",
		 "/linux/resources/pids/limit", 40, OCIENV_ERR_VALUE},
		{"{\"process\":{\"rlimits\":[{\"hard\":-0}]}}", "/process/rlimits/0/hard", 32,
		 OCIENV_ERR_VALUE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(check(rows[i].json, &shape_runtime_spec), rows[i].status);
		assert_string_equal(error.pointer, rows[i].pointer);
		assert_int_equal(error.column, rows[i].column);
	}
}

static void what_go_takes_is_fine(void **state)
{
	static const char *const good[] = {
		"{}",
		"null",
		"{\"hostname\":null,\"mounts\":null,\"linux\":{\"seccomp\":null}}",
		"{\"foo\":[{\"bar\":1}],\"windows\":{\"x\":[]}}",
		"{\"process\":{\"rlimits\":[{\"hard\":18446744073709551615,\"soft\":0}]}}",
		"{\"linux\":{\"resources\":{\"memory\":{\"swap\":-1}}}}",
		"{\"linux\":{\"resources\":{\"cpu\":{\"quota\":-9223372036854775808}}}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(check(good[i], &shape_runtime_spec), OCIENV_OK);
	assert_int_equal(check("{\"config\":{\"Volumes\":{\"/v\":{}},\"Healthcheck\":5}}",
			       &shape_image_config),
			 OCIENV_OK);
	assert_int_equal(check("{\"config\":{\"Volumes\":{\"/v\":true}}}", &shape_image_config),
			 OCIENV_ERR_TYPE);
}

/* What time.Parse(time.RFC3339) takes. */
static void times_are_those_of_go(void **state)
{
	static const char *const good[] = {
		"2024-01-02T03:04:05Z",	     "2024-01-02T03:04:05.678Z",
		"2024-01-02T03:04:05,5Z",    "2024-01-02T3:04:05Z",
		"2024-01-02T03:04:05+24:00", "2024-02-29T00:00:00-07:00",
		"2000-02-29T23:59:59Z",	     "0000-01-01T00:00:00Z",
		"2024-01-02T03:04:05.123456789123Z",
		"2024-01-31T03:04:05.1Z",    "2023-02-28T03:04:05.0+07:00",
		"2024-03-31T09:09:09Z",	     "2024-04-30T03:04:05+00:59",
		"2024-05-31T03:04:05Z",	     "2024-06-30T03:04:05Z",
		"2024-07-31T03:04:05Z",	     "2024-08-31T03:04:05Z",
		"2024-09-30T03:04:05Z",	     "2024-10-31T03:04:05Z",
		"2024-11-30T03:04:05Z",	     "2024-12-31T03:04:05Z",
		"2024-12-01T03:04:05Z",	     "2023-03-29T03:04:05Z",
	};
	static const char *const bad[] = {
		"",
		"yesterday",
		"2024-01-02",
		"2024-01-02 03:04:05Z",
		"2024-01-02t03:04:05Z",
		"2024-01-02T03:04:05",
		"2024-01-02T03:04:05z",
		"2024-1-02T03:04:05Z",
		"2024-13-02T03:04:05Z",
		"2024-00-02T03:04:05Z",
		"2023-02-29T03:04:05Z",
		"1900-02-29T03:04:05Z",
		"2024-04-31T03:04:05Z",
		"2024-01-00T03:04:05Z",
		"2024-01-02T24:04:05Z",
		"2024-01-02T03:60:05Z",
		"2024-01-02T03:04:60Z",
		"2024-01-02T03:04:05.Z",
		"2024-01-02T03:04:05+25:00",
		"2024-01-02T03:04:05+07:60",
		"2024-01-02T03:04:05+0700",
		"2024-01-02T03:04:05Zx",
		"24-01-02T03:04:05Z",
		/* A digit too many, or one too few. */
		"20240-01-02T03:04:05Z",
		"2024-012-02T03:04:05Z",
		"2024-01-002T03:04:05Z",
		"2024-01-2T03:04:05Z",
		"2024-01-02T003:04:05Z",
		"2024-01-02T:04:05Z",
		"2024-01-02T03:004:05Z",
		"2024-01-02T03:4:05Z",
		"2024-01-02T03:04:005Z",
		"2024-01-02T03:04:5Z",
		"2024-01-02T03:04:05.",
		"2024-01-02T03:04:05+007:00",
		"2024-01-02T03:04:05+7:00",
		"2024-01-02T03:04:05+07:000",
		"2024-01-02T03:04:05+07:0",
		/* A day too many. */
		"2024-01-32T03:04:05Z",
		"2024-02-30T03:04:05Z",
		"2100-02-29T03:04:05Z",
		"2024-03-32T03:04:05Z",
		"2024-05-32T03:04:05Z",
		"2024-06-31T03:04:05Z",
		"2024-07-32T03:04:05Z",
		"2024-08-32T03:04:05Z",
		"2024-09-31T03:04:05Z",
		"2024-10-32T03:04:05Z",
		"2024-11-31T03:04:05Z",
		"2024-12-32T03:04:05Z",
		/* What is beside "0", "9" and the signs. */
		"2024/01-02T03:04:05Z",
		"2024-01/02T03:04:05Z",
		"2024-01-02T03-04:05Z",
		"2024-01-02T03:04-05Z",
		"2024-01-02T03:04:05:5Z",
		"2024-01-02T03:04:05+07-00",
		"2024-01-02T03:04:05 07:00",
		"2024-01-02T03:04:05Z+07:00",
		"202:-01-02T03:04:05Z",
		"2024-1/-02T03:04:05Z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(go_time_valid(sv_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(go_time_valid(sv_of(bad[i])));
	/* What stands behind the text is no part of it. */
	assert_false(go_time_valid(sv_from("2024-01-02T03:04:05+07:00", 24)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_types_are_found_wherever_they_are),
		cmocka_unit_test(what_go_takes_is_fine),
		cmocka_unit_test(times_are_those_of_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

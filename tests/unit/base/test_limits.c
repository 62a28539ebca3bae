/* SPDX-License-Identifier: Apache-2.0 */
/* What holds where a caller says nothing: the table of docs/limits.md. */
#include "unit/unit.h"

#include "base/limits.h"

static void check(const struct ocienv_limits *limits, const uint32_t expected[8])
{
	assert_int_equal(limits->size, sizeof(*limits));
	assert_int_equal(limits->max_document, expected[0]);
	assert_int_equal(limits->max_depth, expected[1]);
	assert_int_equal(limits->max_nodes, expected[2]);
	assert_int_equal(limits->max_string, expected[3]);
	assert_int_equal(limits->max_args, expected[4]);
	assert_int_equal(limits->max_env, expected[5]);
	assert_int_equal(limits->max_symlinks, expected[6]);
	assert_int_equal(limits->max_result, expected[7]);
}

static void zero_means_the_default(void **state)
{
	static const uint32_t standard[] = {4194304, 64, 65536, 131072, 4096, 4096, 40, 16777216};
	const struct ocienv_limits none = {.size = sizeof(none)};
	struct ocienv_limits limits = limits_of(NULL);

	(void)state;
	check(&limits, standard);
	limits = limits_of(&none);
	check(&limits, standard);
}

static void what_is_given_counts(void **state)
{
	const struct ocienv_limits given = {sizeof(given), 1, 2, 3, 4, 5, 6, 7, 8};
	const struct ocienv_limits limits = limits_of(&given);

	(void)state;
	check(&limits, (const uint32_t[]){1, 2, 3, 4, 5, 6, 7, 8});
}

/* A program that was compiled when there were fewer, or will be when there are more. */
static void only_what_the_caller_knows_is_read(void **state)
{
	struct {
		struct ocienv_limits limits;
		uint32_t later;
	} more = {{sizeof(more), 1, 2, 3, 4, 5, 6, 7, 8}, 9};
	struct ocienv_limits fewer = {offsetof(struct ocienv_limits, max_args), 1, 2, 3, 4, 5, 6, 7, 8};
	struct ocienv_limits limits = limits_of(&more.limits);

	(void)state;
	check(&limits, (const uint32_t[]){1, 2, 3, 4, 5, 6, 7, 8});
	limits = limits_of(&fewer);
	check(&limits, (const uint32_t[]){1, 2, 3, 4, 4096, 4096, 40, 16777216});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zero_means_the_default),
		cmocka_unit_test(what_is_given_counts),
		cmocka_unit_test(only_what_the_caller_knows_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

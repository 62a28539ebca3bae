/* SPDX-License-Identifier: Apache-2.0 */
/* $(VAR) by hand; test_vectors has the answers of the original for many more. */
#include "unit/unit.h"

#include "resolve/expand.h"

#include <time.h>

/* A is "1", "" is "empty", "B C" is "$(A)$$", E is empty. */
static bool find(void *ctx, struct sv name, struct sv *ret)
{
	static const struct sv rows[][2] = {
		{{"A", 1}, {"1", 1}},
		{{"", 0}, {"empty", 5}},
		{{"B C", 3}, {"$(A)$$", 6}},
		{{"E", 1}, {"", 0}},
	};

	++*(size_t *)ctx;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!sv_eq(rows[i][0], name))
			continue;
		*ret = rows[i][1];
		return true;
	}
	return false;
}

static void assert_expands(struct sv text, struct sv expected, struct sv unresolved)
{
	size_t asked = 0, size;
	struct expansion expansion = {find, &asked, 100, SV_NONE};
	char out[100];

	size = expand_size(&expansion, text);
	assert_int_equal(size, expected.len);
	expand_write(&expansion, text, out);
	assert_memory_equal(out, expected.ptr, expected.len);
	assert_true(sv_eq(expansion.unresolved, unresolved));
}

#define ASSERT_EXPANDS(text, expected) assert_expands(SV(text), SV(expected), SV_NONE)
#define ASSERT_LEAVES(text, name)      assert_expands(SV(text), SV(text), SV(name))

static void references_are_replaced_in_one_pass(void **state)
{
	(void)state;
	ASSERT_EXPANDS("", "");
	ASSERT_EXPANDS("plain", "plain");
	ASSERT_EXPANDS("x$(A)y", "x1y");
	ASSERT_EXPANDS("$(A)$(A)", "11");
	ASSERT_EXPANDS("$(E)", "");
	ASSERT_EXPANDS("$(B C)", "$(A)$$"); /* what is put in is not looked at again */
	ASSERT_EXPANDS("$$(B C)$(B C)", "$(B C)$(A)$$");
}

static void a_name_is_all_up_to_the_first_parenthesis(void **state)
{
	(void)state;
	ASSERT_EXPANDS("$()", "empty");
	ASSERT_LEAVES("$(A$(A))", "A$(A");
	ASSERT_LEAVES("$( A)", " A");
	ASSERT_LEAVES("$(a$$b)", "a$$b");
	ASSERT_LEAVES("$(A\n=(x)", "A\n=(x");
	assert_expands(SV("$(A\0)"), SV("$(A\0)"), SV("A\0"));
}

static void dollars_pair_up(void **state)
{
	(void)state;
	ASSERT_EXPANDS("$$(A)", "$(A)");
	ASSERT_EXPANDS("$$$(A)", "$1");
	ASSERT_EXPANDS("$$$$(A)", "$$(A)");
	assert_expands(SV("$$$(NO)"), SV("$$(NO)"), SV("NO"));
	ASSERT_EXPANDS("$", "$");
	ASSERT_EXPANDS("a$", "a$");
	ASSERT_EXPANDS("$$", "$");
	ASSERT_EXPANDS("$$$", "$$");
}

static void what_is_no_reference_stays(void **state)
{
	(void)state;
	ASSERT_EXPANDS("$A ${A} $ x", "$A ${A} $ x");
	ASSERT_EXPANDS("$(", "$(");
	ASSERT_EXPANDS("$(A", "$(A");
	ASSERT_EXPANDS("$(A$$", "$(A$");
	ASSERT_EXPANDS("$(A)$(", "1$(");
	ASSERT_EXPANDS("$\xc3\xa9", "$\xc3\xa9");
}

/* The fixed versions; older ones broke any character behind a "$". */
static void a_byte_that_is_no_utf8_is_replaced_behind_a_dollar_only(void **state)
{
	(void)state;
	ASSERT_EXPANDS("\xff$\xff\xff", "\xff$\xef\xbf\xbd\xff");
	ASSERT_EXPANDS("$\xe9", "$\xef\xbf\xbd");
}

static void a_result_over_the_limit_is_said_and_not_written(void **state)
{
	size_t asked = 0;
	struct expansion expansion = {find, &asked, 5, SV_NONE};

	(void)state;
	assert_int_equal(expand_size(&expansion, SV("$()")), 5);
	assert_int_equal(expand_size(&expansion, SV("$()$(E)")), 5);
	assert_int_equal(expand_size(&expansion, SV("$()x")), SIZE_MAX);
	assert_int_equal(expand_size(&expansion, SV("123456")), SIZE_MAX);
	asked = 0;
	assert_int_equal(expand_size(&expansion, SV("$()$()$()$()$()")), SIZE_MAX);
	assert_int_equal(asked, 2); /* and not on to the end */
}

static void many_references_that_never_close_take_linear_time(void **state)
{
	enum { SIZE = 8 << 20 };
	size_t asked = 0;
	struct expansion expansion = {find, &asked, SIZE, SV_NONE};
	char *text = malloc(SIZE);
	clock_t start = clock();

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < SIZE; i++)
		text[i] = "$("[i % 2];
	assert_int_equal(expand_size(&expansion, sv_from(text, SIZE)), SIZE);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 8); /* quadratic: minutes */
	assert_int_equal(asked, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_replaced_in_one_pass),
		cmocka_unit_test(a_name_is_all_up_to_the_first_parenthesis),
		cmocka_unit_test(dollars_pair_up),
		cmocka_unit_test(what_is_no_reference_stays),
		cmocka_unit_test(a_byte_that_is_no_utf8_is_replaced_behind_a_dollar_only),
		cmocka_unit_test(a_result_over_the_limit_is_said_and_not_written),
		cmocka_unit_test(many_references_that_never_close_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/sv.h"

static void cut_gives_every_part_even_empty_ones(void **state)
{
	struct sv rest = SV("a::b:"), part;

	(void)state;
	assert_true(sv_cut(&rest, ':', &part));
	assert_sv_equal(part, "a");
	assert_true(sv_cut(&rest, ':', &part));
	assert_sv_equal(part, "");
	assert_true(sv_cut(&rest, ':', &part));
	assert_sv_equal(part, "b");
	assert_true(sv_cut(&rest, ':', &part));
	assert_sv_equal(part, "");
	assert_false(sv_cut(&rest, ':', &part));
}

static void cut_of_empty_text_is_one_empty_part(void **state)
{
	struct sv rest = SV(""), part;

	(void)state;
	assert_true(sv_cut(&rest, ':', &part));
	assert_int_equal(part.len, 0);
	assert_false(sv_cut(&rest, ':', &part));
}

static void absent_is_not_empty(void **state)
{
	struct sv rest = SV_NONE, part;

	(void)state;
	assert_false(sv_cut(&rest, ':', &part));
	assert_true(sv_eq(SV(""), SV_NONE)); /* but the bytes are the same */
}

static void order_is_by_bytes_then_length(void **state)
{
	(void)state;
	assert_true(sv_cmp(SV("A"), SV("AB")) < 0);
	assert_true(sv_cmp(SV("B"), SV("AB")) > 0);
	assert_true(sv_cmp(SV("\xc3"), SV("z")) > 0);
	assert_true(sv_cmp(SV("a\0b"), SV("a\0c")) < 0);
	assert_int_equal(sv_cmp(SV("x"), SV("x")), 0);
}

static void numbers_are_digits_within_the_limit(void **state)
{
	static const struct {
		struct sv text;
		uint64_t max;
		bool ok;
		uint64_t value;
	} rows[] = {
		{{"0", 1}, 10, true, 0},
		{{"007", 3}, 10, true, 7},
		{{"10", 2}, 10, true, 10},
		{{"11", 2}, 10, false, 0},
		{{"5", 1}, 4, false, 0},
		{{"", 0}, 10, false, 0},
		{{"-1", 2}, 10, false, 0},
		{{"+1", 2}, 10, false, 0},
		{{" 1", 2}, 10, false, 0},
		{{"1a", 2}, 10, false, 0},
		{{"18446744073709551615", 20}, UINT64_MAX, true, UINT64_MAX},
		{{"18446744073709551616", 20}, UINT64_MAX, false, 0},
		{{"99999999999999999999", 20}, UINT64_MAX, false, 0},
		{{"4294967295", 10}, UINT32_MAX, true, UINT32_MAX},
		{{"4294967296", 10}, UINT32_MAX, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t value = 77;

		assert_int_equal(sv_to_u64(rows[i].text, rows[i].max, &value), rows[i].ok);
		assert_int_equal(value, rows[i].ok ? rows[i].value : 77);
	}
}

/* strconv.Atoi of Go 1.24. */
static void integers_are_those_of_go(void **state)
{
	static const struct {
		struct sv text;
		enum sv_number kind;
		int64_t value;
		bool plain;
	} rows[] = {
		{{"0", 1}, SV_NUMBER, 0, true},
		{{"1000", 4}, SV_NUMBER, 1000, true},
		{{"+5", 2}, SV_NUMBER, 5, false},
		{{"-0", 2}, SV_NUMBER, 0, false},
		{{"-5", 2}, SV_NUMBER, -5, false},
		{{"007", 3}, SV_NUMBER, 7, false},
		{{"9223372036854775807", 19}, SV_NUMBER, INT64_MAX, true},
		{{"9223372036854775808", 19}, SV_HUGE, INT64_MAX, true},
		{{"-9223372036854775808", 20}, SV_NUMBER, INT64_MIN, false},
		{{"-9223372036854775809", 20}, SV_HUGE, INT64_MIN, false},
		{{"18446744073709551616", 20}, SV_HUGE, INT64_MAX, true},
		{{"18446744073709551616x", 21}, SV_HUGE, INT64_MAX, false},
		{{"9223372036854775808x", 20}, SV_WORD, 0, false},
		{{"", 0}, SV_WORD, 0, false},
		{{NULL, 0}, SV_WORD, 0, false},
		{{"+", 1}, SV_WORD, 0, false},
		{{"--5", 3}, SV_WORD, 0, false},
		{{" 5", 2}, SV_WORD, 0, false},
		{{"5 ", 2}, SV_WORD, 0, false},
		{{"0x5", 3}, SV_WORD, 0, false},
		{{"1_0", 3}, SV_WORD, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t value = 77;

		assert_int_equal(sv_to_i64(rows[i].text, &value), rows[i].kind);
		assert_true(value == rows[i].value);
		assert_int_equal(sv_is_plain_number(rows[i].text), rows[i].plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_gives_every_part_even_empty_ones),
		cmocka_unit_test(cut_of_empty_text_is_one_empty_part),
		cmocka_unit_test(absent_is_not_empty),
		cmocka_unit_test(order_is_by_bytes_then_length),
		cmocka_unit_test(numbers_are_digits_within_the_limit),
		cmocka_unit_test(integers_are_those_of_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Quantities and their division, in exact arithmetic (rule 4.13). */
#include "unit/unit.h"

#include "resolve/quantity.h"

static int64_t divided(const char *amount, const char *divisor)
{
	struct quantity a, d;

	assert_true(quantity_parse(sv_of(amount), &a));
	assert_true(quantity_parse(sv_of(divisor), &d));
	assert_true(quantity_is_unit(&d));
	return quantity_divide(&a, &d);
}

static void what_is_left_over_rounds_up(void **state)
{
	static const struct {
		const char *amount, *divisor;
		int64_t result;
	} rows[] = {
		{"1", "1", 1},
		{"500m", "1", 1},
		{"500m", "1m", 500},
		{"1.0001", "1m", 1001},
		{"0", "1m", 0},
		{"0.000", "1", 0},
		{"1Gi", "1Mi", 1024},
		{"1Gi", "1M", 1074},
		{"1Gi", "1", 1073741824},
		{"0.5Ki", "1", 512},
		{"1.5Gi", "1Mi", 1536},
		{"1e3", "1k", 1},
		{"1E3", "1", 1000},
		{"1E", "1P", 1000},
		{"1Ei", "1Pi", 1024},
		{"1Ki", "1Ei", 1},
		{"+7", "1", 7},
		{"07.50", "1", 8},
		{".5", "1", 1},
		{"5.", "1", 5},
		{"1n", "1m", 1},
		{"1e-20", "1", 1},
		{"1000000000000000000e-2", "1", 10000000000000000},
		{"8Ei", "1", INT64_MAX},
		{"9223372036854775807", "1", INT64_MAX},
		{"9223372036854775806", "1", INT64_MAX - 1},
		{"1e400", "1", INT64_MAX},
		{"16Ei", "1Ei", 16},
		{"16Ei", "1", INT64_MAX},
		{"1e30", "1", INT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t found = divided(rows[i].amount, rows[i].divisor);
		if (found != rows[i].result)
			fail_msg("%s / %s is %lld, not %lld", rows[i].amount, rows[i].divisor,
				 (long long)found, (long long)rows[i].result);
	}
}

static void other_texts_are_no_quantities(void **state)
{
	static const char *const rows[] = {"",	  " 1", "1 ",	"-1",	"1K",	"1ki",	 "1KiB",
					   ".",	  "+",	"1.2.3", "1e",	"1e+",	"1e1.5", "0x10",
					   "1_0", "Ki", "m",	"1mm",	"1e999", "++1",
					   "99999999999999999999999",
					   /* beyond what is reckoned with, by a digit behind zeros */
					   "1844674407370955162.01"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct quantity q;

		if (quantity_parse(sv_of(rows[i]), &q))
			fail_msg("\"%s\" was read as a quantity", rows[i]);
	}
}

static void units_are_powers(void **state)
{
	static const char *const not_units[] = {"2", "10Ki", "0", "1.5", "3k"};

	(void)state;
	for (size_t i = 0; i < sizeof(not_units) / sizeof(not_units[0]); i++) {
		struct quantity q;

		assert_true(quantity_parse(sv_of(not_units[i]), &q));
		assert_false(quantity_is_unit(&q));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_over_rounds_up),
		cmocka_unit_test(other_texts_are_no_quantities),
		cmocka_unit_test(units_are_powers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the vectors do not hold: tags one by one, the ends of the ranges, keys. */
#include "unit/unit.h"

#include "text/scalar.h"

struct row {
	const char *text;
	enum scalar_tag tag;
	enum scalar_outcome outcome;
	enum node_kind kind;
	const char *value;
};

static void check_row(const struct row *row)
{
	struct scalar scalar;
	struct arena arena;

	arena_init(&arena, NULL, 1U << 20);
	if (scalar_resolve(sv_of(row->text), row->tag, &arena, &scalar) != row->outcome)
		fail_msg("%s: another outcome", row->text);
	if (row->outcome == SCALAR_OK) {
		if (scalar.kind != row->kind)
			fail_msg("%s: kind %d", row->text, (int)scalar.kind);
		if (!sv_eq(scalar.text, sv_of(row->value)))
			fail_msg("%s: %.*s", row->text, SV_ARG(scalar.text));
	}
	arena_free(&arena);
}

static void plain_scalars_are_typed_by_their_text(void **state)
{
	static const struct row rows[] = {
	    {"y", SCALAR_TAG_NONE, SCALAR_OK, NODE_BOOL, "true"},
	    {"yEs", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING, "yEs"},
	    {"~", SCALAR_TAG_NONE, SCALAR_OK, NODE_NULL, ""},
	    {"", SCALAR_TAG_NONE, SCALAR_OK, NODE_NULL, ""},
	    {"0755", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT, "493"},
	    {"08", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "8"},
	    {"0o17", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT, "15"},
	    {"-0", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT, "0"},
	    {"0b-1", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT, "-1"},
	    {"-0b-1", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING, "-0b-1"},
	    {"1_000", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT, "1000"},
	    {"9223372036854775807", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT,
	     "9223372036854775807"},
	    {"18446744073709551615", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT,
	     "18446744073709551615"},
	    {"-9223372036854775808", SCALAR_TAG_NONE, SCALAR_OK, NODE_INT,
	     "-9223372036854775808"},
	    {"-0x8000000000000001", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING,
	     "-0x8000000000000001"},
	    {"1.7976931348623157e308", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "1.7976931348623157e+308"},
	    {"1.7976931348623158e308", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "1.7976931348623157e+308"},
	    {"1.7976931348623159e308", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING,
	     "1.7976931348623159e308"},
	    {"1e-400", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "0"},
	    {"-1e-400", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "-0"},
	    {"1e99999999999999999999", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING,
	     "1e99999999999999999999"},
	    {".5_5", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "0.55"},
	    {"._5", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING, "._5"},
	    {"0.0001", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "0.0001"},
	    {"0.0000001", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "1e-7"},
	    {"0.00000099", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "9.9e-7"},
	    {"1e-6", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "0.000001"},
	    {"-1.23e-6", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "-0.00000123"},
	    {"1e20", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "100000000000000000000"},
	    {"100e19", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "1e+21"},
	    {"2001-01-01", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING, "2001-01-01"},
	    {"0B-0", SCALAR_TAG_NONE, SCALAR_OK, NODE_STRING, "0B-0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

/* What Go 1.19 printed. */
static void long_floats_become_the_shortest_that_mean_the_same(void **state)
{
	static const struct row rows[] = {
	    {"3.14159265358979323846", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "3.141592653589793"},
	    {"18446744073709551616", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "18446744073709552000"},
	    {"0.99999999999999999999", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT, "1"},
	    {"9.47581843445256918e+226", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "9.47581843445257e+226"},
	    {"-675709639584384.7", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "-675709639584384.8"},
	    /* A tie, and a little more than a tie. */
	    {"9007199254740993.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "9007199254740992"},
	    {"9007199254740993.00000000000000000001", SCALAR_TAG_NONE, SCALAR_OK,
	     NODE_FLOAT, "9007199254740994"},
	    /* Fewer digits are a tie with the next one: good enough for an even mantissa. */
	    {"18014398509482008.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "18014398509482010"},
	    {"36028797018964016.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "36028797018964020"},
	    {"18014398509482012.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "18014398509482012"},
	    {"18014398509482028.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "18014398509482028"},
	    {"36028797018964056.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "36028797018964056"},
	    /* Powers of two: the next double below is nearer than the one above. */
	    {"618970019642690137449562112.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "6.189700196426902e+26"},
	    {"5.684341886080801486968994140625e-14", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "5.684341886080802e-14"},
	    {"1152921504606846976.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "1152921504606847000"},
	    {"8.6736173798840354720596224069595336914062e-19", SCALAR_TAG_NONE, SCALAR_OK,
	     NODE_FLOAT, "8.673617379884035e-19"},
	    {"2361183241434822606848.0", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "2.3611832414348226e+21"},
	    {"8.9884656743115795386465259539451236680899e+307", SCALAR_TAG_NONE, SCALAR_OK,
	     NODE_FLOAT, "8.98846567431158e+307"},
	    {"-6.189700196426902e+26", SCALAR_TAG_NONE, SCALAR_OK, NODE_FLOAT,
	     "-6.189700196426902e+26"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

static void tags_ask_for_a_type(void **state)
{
	static const struct row rows[] = {
	    {"1", SCALAR_TAG_STR, SCALAR_OK, NODE_STRING, "1"},
	    {"", SCALAR_TAG_STR, SCALAR_OK, NODE_STRING, ""},
	    {"0x10", SCALAR_TAG_INT, SCALAR_OK, NODE_INT, "16"},
	    {"1.5", SCALAR_TAG_INT, SCALAR_MISFIT, NODE_NULL, ""},
	    {"", SCALAR_TAG_INT, SCALAR_MISFIT, NODE_NULL, ""},
	    {"3", SCALAR_TAG_FLOAT, SCALAR_OK, NODE_FLOAT, "3"},
	    {"18446744073709551615", SCALAR_TAG_FLOAT, SCALAR_MISFIT, NODE_NULL, ""},
	    {"no", SCALAR_TAG_BOOL, SCALAR_OK, NODE_BOOL, "false"},
	    {"null", SCALAR_TAG_NULL, SCALAR_OK, NODE_NULL, ""},
	    {"nil", SCALAR_TAG_NULL, SCALAR_MISFIT, NODE_NULL, ""},
	    {"aGVs\nbG8=", SCALAR_TAG_BINARY, SCALAR_OK, NODE_STRING, "hello"},
	    {"gB==", SCALAR_TAG_BINARY, SCALAR_OK, NODE_STRING, "\x80"},
	    {"a===", SCALAR_TAG_BINARY, SCALAR_BAD_BASE64, NODE_NULL, ""},
	    {"aG=s", SCALAR_TAG_BINARY, SCALAR_BAD_BASE64, NODE_NULL, ""},
	    {"aG==aG==", SCALAR_TAG_BINARY, SCALAR_BAD_BASE64, NODE_NULL, ""},
	    {"aGVs bG8=", SCALAR_TAG_BINARY, SCALAR_BAD_BASE64, NODE_NULL, ""},
	    {"2000-2-29", SCALAR_TAG_TIMESTAMP, SCALAR_OK, NODE_STRING, "2000-2-29"},
	    {"1900-2-29", SCALAR_TAG_TIMESTAMP, SCALAR_MISFIT, NODE_NULL, ""},
	    {"2001-1-1t1:2:3.5Z", SCALAR_TAG_TIMESTAMP, SCALAR_OK, NODE_STRING,
	     "2001-1-1t1:2:3.5Z"},
	    {"2001-1-1 1:2:3", SCALAR_TAG_TIMESTAMP, SCALAR_OK, NODE_STRING,
	     "2001-1-1 1:2:3"},
	    {"2001-1-1 1:2:3Z", SCALAR_TAG_TIMESTAMP, SCALAR_MISFIT, NODE_NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

static void only_the_tags_of_go_yaml_mean_something(void **state)
{
	(void)state;
	assert_int_equal(scalar_tag_of(SV("tag:yaml.org,2002:int")), SCALAR_TAG_INT);
	assert_int_equal(scalar_tag_of(SV("tag:yaml.org,2002:binary")),
			 SCALAR_TAG_BINARY);
	assert_int_equal(scalar_tag_of(SV("tag:yaml.org,2002:set")), SCALAR_TAG_STR);
	assert_int_equal(scalar_tag_of(SV("!int")), SCALAR_TAG_STR);
}

/* strconv.FormatFloat(f, 'g', -1, 32) of Go 1.19. */
static void float_keys_print_as_32_bit_floats(void **state)
{
	static const char *const rows[][2] = {
	    {"1.5", "1.5"},		{"1000000", "1e+06"}, {"999999", "999999"},
	    {"100000", "100000"},	{"12e5", "1.2e+06"},  {"0.0001", "0.0001"},
	    {"0.00012", "0.00012"},	{"0.00009", "9e-05"}, {"0.000012", "1.2e-05"},
	    {"12345600", "1.23456e+07"}, {"1e-37", "1e-37"},   {"9e37", "9e+37"},
	};
	/* Too many digits, or an exponent too near to an end of the range. */
	static const char *const refused[] = {"16777217.5", "123456.5", "1e-38", "1e38", "1e+39"};
	char buffer[32];
	struct sv key;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(scalar_float_key(sv_of(rows[i][0]), buffer, &key));
		if (!sv_eq(key, sv_of(rows[i][1])))
			fail_msg("%s: %.*s", rows[i][0], SV_ARG(key));
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_false(scalar_float_key(sv_of(refused[i]), buffer, &key));
}

/* Layouts 2006-1-2, 2006-1-2T15:4:5.999999999Z07:00 (and "t"), 2006-1-2 15:4:5.999999999 of Go's
 * time.Parse. */
static void timestamps_are_those_of_go_yaml(void **state)
{
	static const char *const good[] = {
	    "2001-12-14", "2001-1-1", "2000-02-29", "2004-2-29", "0000-01-31", "9999-12-31",
	    "2001-12-14T21:59:43Z", "2001-12-14t1:5:9.10-05:00", "2001-12-14T23:59:59+24:60",
	    "2001-12-14T1:1:1,5Z", "2001-12-14 21:59:43", "2001-12-14 21:59:43.1",
	    "2001-12-14   21:59:43", "2001-4-30", "2001-01-1", "2001-1-31", "2001-2-28",
	    "2001-3-31", "2001-5-31", "2001-6-30", "2001-7-31", "2001-8-31", "2001-9-30",
	    "2001-10-31", "2001-11-30", "2001-12-14T0:0:0Z", "2001-12-14 23:59:59,5",
	    "2001-12-14T21:59:43-00:00"};
	static const char *const bad[] = {
	    "", "2001", "201-1-1", "2001/1/1", "2001-1", "2001-1-", "2001-0-1", "2001-13-1",
	    "2001-1/1", "2001-1-0", "2001-1-32", "2001-4-31", "2001-02-29", "1900-02-29", "2001-a-1",
	    "2001-1-a", "2001-12-14x", "2001-12-14T", "2001-12-14T21:59:43", "2001-12-14T24:0:0Z",
	    "2001-12-14T23:60:0Z", "2001-12-14T23:59:60Z", "2001-12-14T23", "2001-12-14T23:5",
	    "2001-12-14T:5:5Z", "2001-12-14T5::5Z", "2001-12-14T5:5:Z", "2001-12-14T5:5:5.Z",
	    "2001-12-14T5:5:5.", "2001-12-14T5:5:5./Z", "2001-12-14T5:5:5.:Z",
	    "2001-12-14T5:5:5Zx", "2001-12-14T5:5:5+5:00", "2001-12-14T5:5:5+25:00",
	    "2001-12-14T5:5:5+05:61", "2001-12-14T5:5:5+05", "2001-12-14T5:5:5*05:00",
	    "2001-12-14T5:5:5+05:0", "2001-12-14 5:5:5Z", "2001-12-14 5:5", "2001-12-14 ",
	    "20011-1-1", "2001-011-1", "2001-1-011", "2004-2-30", "2100-02-29", "2001-3-32",
	    "2001-5-32", "2001-6-31", "2001-7-32", "2001-8-32", "2001-9-31", "2001-10-32",
	    "2001-11-31", "2001-12-32", "2001-12-14T021:59:43Z", "2001-12-14T21:059:43Z",
	    "2001-12-14T21:59:043Z", "2001-12-14T21:59:43+024:00", "2001-12-14T21:59:43+24:000",
	    "2001-12-14T21-59:43Z", "2001-12-14T21:59-43Z", "2001-12-14T21:59:43 Z",
	    "2001-12-14 T21:59:43Z", "2001-12-14 24:0:0", "2001-12-14 23:60:0",
	    "2001-12-14 23:59:60", "2001-12-14 23:59:59.", "2001-12-14t21:59:43z"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct row row = {good[i], SCALAR_TAG_TIMESTAMP, SCALAR_OK, NODE_STRING, good[i]};

		check_row(&row);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct row row = {bad[i], SCALAR_TAG_TIMESTAMP, SCALAR_MISFIT, NODE_STRING, ""};

		check_row(&row);
	}
}

static void text_that_is_typed_is_known(void **state)
{
	(void)state;
	assert_true(scalar_text_is_typed(SV("")));
	assert_true(scalar_text_is_typed(SV("true")));
	assert_true(scalar_text_is_typed(SV("~")));
	assert_true(scalar_text_is_typed(SV("0x1f")));
	assert_true(scalar_text_is_typed(SV("1.5")));
	assert_false(scalar_text_is_typed(SV("text")));
	assert_false(scalar_text_is_typed(SV("1.5.5")));
}

/* The fewest digits that the C library reads as the same double, of those that it rounds to;
 * above a power of two there may be others with fewer. */
static int fewest_digits(double value)
{
	char text[64];

	for (int digits = 1; digits < 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*e", digits - 1, value);
		if (strtod(text, NULL) == value)
			return digits;
	}
	return 17;
}

static int digits_of(struct sv text)
{
	int digits = 0, zeros = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != 'e'; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			continue;
		if (text.ptr[i] == '0') {
			zeros += digits > 0;
			continue;
		}
		digits += zeros + 1;
		zeros = 0;
	}
	return digits;
}

static void check_float(const char *text)
{
	char copy[2048];
	struct scalar scalar;
	struct arena arena;
	double value = strtod(text, NULL);

	arena_init(&arena, NULL, 1U << 20);
	assert_int_equal(scalar_resolve(sv_of(text), SCALAR_TAG_NONE, &arena, &scalar), SCALAR_OK);
	assert_int_equal(scalar.kind, NODE_FLOAT);
	assert_true(scalar.text.len < sizeof(copy));
	memcpy(copy, scalar.text.ptr, scalar.text.len);
	copy[scalar.text.len] = '\0';
	if (strtod(copy, NULL) != value || digits_of(scalar.text) > fewest_digits(value))
		fail_msg("%s became %s, which is %.17g or too long", text, copy, value);
	arena_free(&arena);
}

/* Against the C library: neighbours of powers of two, and digits by chance. */
static void long_floats_keep_their_double(void **state)
{
	uint32_t seed = 20261128;
	char text[1600];

	(void)state;
	for (int e = -1010; e < 1023; e += 3)
		for (int side = -1; side <= 1; side++) {
			uint64_t bits = ((uint64_t)(e + 1023) << 52) + (uint64_t)side;
			double value;

			memcpy(&value, &bits, sizeof(value));
			(void)snprintf(text, sizeof(text), "%.*e", 17 + (e & 63), value);
			check_float(text);
		}
	for (int i = 0; i < 3000; i++) {
		size_t length = 17 + (size_t)(i % 300 ? i % 40 : 1400);

		text[0] = (char)('1' + i % 9);
		text[1] = '.';
		for (size_t k = 2; k < length; k++) {
			seed = seed * 1664525 + 1013904223;
			text[k] = (char)('0' + (i % 5 ? (seed >> 24) % 10 : seed >> 31 ? 9 : 0));
		}
		(void)snprintf(text + length, sizeof(text) - length, "e%d", (int)(seed >> 8) % 600 - 300);
		check_float(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(timestamps_are_those_of_go_yaml),
	    cmocka_unit_test(text_that_is_typed_is_known),
	    cmocka_unit_test(long_floats_keep_their_double),
	    cmocka_unit_test(plain_scalars_are_typed_by_their_text),
	    cmocka_unit_test(long_floats_become_the_shortest_that_mean_the_same),
	    cmocka_unit_test(tags_ask_for_a_type),
	    cmocka_unit_test(only_the_tags_of_go_yaml_mean_something),
	    cmocka_unit_test(float_keys_print_as_32_bit_floats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

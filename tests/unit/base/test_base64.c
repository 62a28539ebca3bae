/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/base64.h"

/* RFC 4648 section 10. */
static void the_vectors_of_the_rfc_go_both_ways(void **state)
{
	static const struct {
		const char *text, *encoded;
	} rows[] = {
		{"", ""},	      {"f", "Zg=="},	    {"fo", "Zm8="},
		{"foo", "Zm9v"},      {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv text = sv_from("foobar", strlen(rows[i].text)); /* more stands behind */
		char encoded[16], decoded[16];
		size_t len = 99;

		assert_true(sv_eq(text, sv_of(rows[i].text)));
		assert_int_equal(base64_size(text.len), strlen(rows[i].encoded));
		base64_encode(text, encoded);
		assert_memory_equal(encoded, rows[i].encoded, strlen(rows[i].encoded));
		assert_true(base64_decode(sv_of(rows[i].encoded), decoded, &len));
		assert_int_equal(len, text.len);
		assert_memory_equal(decoded, text.ptr, len);
	}
}

static void every_byte_survives(void **state)
{
	char bytes[256], encoded[400], decoded[400];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		base64_encode(sv_from(bytes, n), encoded);
		assert_true(base64_decode(sv_from(encoded, base64_size(n)), decoded, &len));
		assert_int_equal(len, n);
		assert_memory_equal(decoded, bytes, n);
	}
}

/* Go encoding/base64: line ends may stand anywhere, padding must be whole. */
static void line_ends_are_passed_over_and_nothing_else(void **state)
{
	static const char *const bad[] = {
		"Zg",	 "Zg=",	   "Z",	    "Z===",  "=",   "Zg== ",  " Zg==",	"Zm9v=",
		"Zg==Zg", "Zg===", "Zm9vZ", "Zm-v",  "Zm_v", "Zm 9v", "Zm=9",	"Zg=a",
	};
	char decoded[32];
	size_t len = 7;

	(void)state;
	assert_true(base64_decode(SV("Z\r\nm9\nvYg=\n=\r"), decoded, &len));
	assert_int_equal(len, 4);
	assert_memory_equal(decoded, "foob", 4);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(base64_decode(sv_of(bad[i]), decoded, &len));
	assert_int_equal(len, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_go_both_ways),
		cmocka_unit_test(every_byte_survives),
		cmocka_unit_test(line_ends_are_passed_over_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

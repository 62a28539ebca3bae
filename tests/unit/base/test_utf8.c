/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/utf8.h"

static void every_code_point_round_trips(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char bytes[4];
		size_t n;

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		n = utf8_encode(code, bytes);
		assert_int_equal(utf8_sequence((unsigned char *)bytes, n), n);
		assert_int_equal(utf8_decode((unsigned char *)bytes, n), code);
		if (n > 1) /* cut short */
			assert_int_equal(utf8_sequence((unsigned char *)bytes, n - 1), 0);
	}
}

/* Unicode 15, table 3-7, read from the other side: what is not in it. */
static void malformed_sequences_are_found_where_they_start(void **state)
{
	static const struct sv bad[] = {
		{"\x80", 1},	     {"\xbf", 1},		 {"\xc0\x80", 2},
		{"\xc1\xbf", 2},     {"\xe0\x80\x80", 3},	 {"\xe0\x9f\xbf", 3},
		{"\xed\xa0\x80", 3}, {"\xed\xbf\xbf", 3},	 {"\xf0\x80\x80\x80", 4},
		{"\xf0\x8f\xbf\xbf", 4}, {"\xf4\x90\x80\x80", 4}, {"\xf5\x80\x80\x80", 4},
		{"\xff", 1},	     {"\xfe", 1},		 {"\xc3(", 2},
		{"\xe2\x82", 2},     {"\xf8\x88\x80\x80\x80", 5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (size_t before = 0; before < 20; before++) {
			char text[40];

			memset(text, 'a', sizeof(text));
			memcpy(text + before, bad[i].ptr, bad[i].len);
			assert_int_equal(
				utf8_valid_prefix(sv_from(text, before + bad[i].len)),
				before);
			assert_int_equal(utf8_valid_prefix(sv_from(text, sizeof(text))),
					 before);
		}
	}
}

static void good_text_is_good(void **state)
{
	(void)state;
	assert_true(utf8_valid(SV("")));
	assert_true(utf8_valid(SV("plain ascii, longer than eight bytes")));
	assert_true(utf8_valid(SV("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80")));
	assert_true(utf8_valid(SV("a\0b")));
}

static void a_sequence_is_not_looked_for_beyond_the_end(void **state)
{
	static const unsigned char text[] = "\xf0\x9f\x98\x80";

	(void)state;
	for (size_t left = 0; left < 4; left++)
		assert_int_equal(utf8_sequence(text, left), 0);
	assert_int_equal(utf8_sequence(text, 4), 4);
	assert_int_equal(utf8_sequence((const unsigned char *)"a", 1), 1);
}

static void white_space_is_that_of_unicode(void **state)
{
	(void)state;
	assert_true(sv_eq(utf8_trim(SV(" \t\r\n\v\f\xc2\x85\xc2\xa0\xe1\x9a\x80 a b \xe2\x80\xa8\xe3\x80\x80")),
			  SV("a b")));
	/* no-break, zero width, byte order mark, U+001C, Mongolian vowel separator: not */
	assert_int_equal(utf8_trim(SV("\xe2\x80\x8b")).len, 3);
	assert_int_equal(utf8_trim(SV("\xef\xbb\xbf")).len, 3);
	assert_int_equal(utf8_trim(SV("\x1c")).len, 1);
	assert_int_equal(utf8_trim(SV("\xe1\xa0\x8e")).len, 3);
	assert_int_equal(utf8_trim(SV("\x85 \xa0")).len, 3); /* no UTF-8 */
	assert_int_equal(utf8_trim(SV("\xe3\x80\x80\xe3\x80\x80")).len, 0);
	assert_int_equal(utf8_trim(SV("")).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_round_trips),
		cmocka_unit_test(malformed_sequences_are_found_where_they_start),
		cmocka_unit_test(good_text_is_good),
		cmocka_unit_test(a_sequence_is_not_looked_for_beyond_the_end),
		cmocka_unit_test(white_space_is_that_of_unicode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

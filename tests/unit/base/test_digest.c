/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/digest.h"

#include <stdio.h>

static void check(const uint8_t digest[DIGEST_SHA384], const char *expected)
{
	char text[2 * DIGEST_SHA384 + 1];

	for (size_t i = 0; i < DIGEST_SHA384; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, expected);
}

/* RFC 4231, sections 4.2 to 4.5: those with a key that is no longer than a block. */
static void the_vectors_of_the_rfc(void **state)
{
	char key[25], data[50];
	uint8_t digest[DIGEST_SHA384];

	(void)state;
	memset(key, 0x0b, 20);
	digest_hmac_sha384(sv_from(key, 20), SV(""), SV("Hi There"), digest);
	check(digest, "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
		      "faea9ea9076ede7f4af152e8b2fa9cb6");
	digest_hmac_sha384(SV("Jefe"), SV("what do ya want "), SV("for nothing?"), digest);
	check(digest, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
		      "8e2240ca5e69e2c78b3239ecfab21649");
	memset(key, 0xaa, 20);
	memset(data, 0xdd, 50);
	digest_hmac_sha384(sv_from(key, 20), sv_from(data, 7), sv_from(data, 43), digest);
	check(digest, "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b"
		      "2a5ab39dc13814b94e3ab6e101a34f27");
	for (size_t i = 0; i < 25; i++)
		key[i] = (char)(i + 1);
	memset(data, 0xcd, 50);
	digest_hmac_sha384(sv_from(key, 25), sv_from(data, 50), SV(""), digest);
	check(digest, "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e"
		      "6801dd23c4a7d679ccf8a386c674cffb");
}

/* RFC 2104: a key is filled up with zero bytes, to the block. */
static void a_key_of_a_block(void **state)
{
	char key[DIGEST_SHA384_BLOCK] = "a key";
	uint8_t of_short[DIGEST_SHA384], of_block[DIGEST_SHA384];

	(void)state;
	digest_hmac_sha384(sv_from(key, 5), SV(""), SV("text"), of_short);
	digest_hmac_sha384(sv_from(key, sizeof(key)), SV(""), SV("text"), of_block);
	assert_memory_equal(of_short, of_block, sizeof(of_block));
	key[sizeof(key) - 1] = 1;
	digest_hmac_sha384(sv_from(key, sizeof(key)), SV(""), SV("text"), of_block);
	assert_memory_not_equal(of_short, of_block, sizeof(of_block));
}

/* Both halves of a byte, the higher one first; nothing behind the last one. */
static void in_hexadecimal_digits(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x0f, 0xf0, 0x9a, 0xbc, 0xff};
	char text[] = "............!";

	(void)state;
	assert_ptr_equal(digest_hex(text, bytes, sizeof(bytes)), text + 2 * sizeof(bytes));
	assert_string_equal(text, "000ff09abcff!");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc),
		cmocka_unit_test(a_key_of_a_block),
		cmocka_unit_test(in_hexadecimal_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

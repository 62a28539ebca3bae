/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is put together in an arena: it grows, and says when it cannot. */
#include "unit/unit.h"

#include "emit/json_writer.h"

static void text_grows_in_pieces(void **state)
{
	struct out out;
	struct arena arena;
	struct sv text = SV_NONE;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	out = (struct out){.arena = &arena};
	for (int i = 0; i < 1000; i++) {
		out_cstr(&out, "abc");
		out_number(&out, -i);
	}
	assert_int_equal(out_finish(&out, &text), OCIENV_OK);
	assert_int_equal(text.len, 3000 + 1000 - 1 + 10 + 2 * 90 + 3 * 900);
	assert_memory_equal(text.ptr, "abc0abc-1abc-2", 14);
	assert_memory_equal(text.ptr + text.len - 7, "abc-999", 7);
	arena_free(&arena);
}

/* A length that no object has: nothing is read, and nothing written. */
static void what_is_too_long_is_a_limit(void **state)
{
	struct sv huge = {"x", SIZE_MAX / 2}, text = SV("untouched");
	struct out out;
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	out = (struct out){.arena = &arena};
	out_cstr(&out, "abc");
	out_bytes(&out, huge);
	out_cstr(&out, "def"); /* once failed, always failed */
	assert_int_equal(out_finish(&out, &text), OCIENV_ERR_LIMIT);
	assert_sv_equal(text, "untouched");
	arena_free(&arena);
}

static void a_full_arena_is_a_limit_too(void **state)
{
	static char bytes[9000];
	struct sv text = SV_NONE;
	struct out out;
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, 8192);
	out = (struct out){.arena = &arena};
	out_bytes(&out, sv_from(bytes, sizeof(bytes)));
	assert_int_equal(out_finish(&out, &text), OCIENV_ERR_LIMIT);
	assert_null(text.ptr);
	arena_free(&arena);
}

/* What JSON cannot hold as text is base64, and where there is no room for that, no text. */
static void bytes_without_room_for_base64_fail(void **state)
{
	static char bytes[4000] = "\xff";
	struct sv text = SV_NONE;
	struct json_writer w;
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, 4096);
	w = (struct json_writer){.out = {.arena = &arena}};
	json_open(&w, '{');
	json_member(&w, "value", sv_from(bytes, sizeof(bytes)));
	json_close(&w, '}');
	assert_int_equal(out_finish(&w.out, &text), OCIENV_ERR_LIMIT);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_grows_in_pieces),
		cmocka_unit_test(what_is_too_long_is_a_limit),
		cmocka_unit_test(a_full_arena_is_a_limit_too),
		cmocka_unit_test(bytes_without_room_for_base64_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

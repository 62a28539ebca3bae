/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "resolve/slots.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct sv name_of(const void *list, uint32_t i)
{
	const struct sv *names = list;

	return names[i];
}

static void each_different_name_has_a_number_by_first_appearance(void **state)
{
	static const char *const names[] = {"b", "a", "b", "", "abcdefghi", "abcdefghj",
					    "a", "c", "",  "b", "abcdefghi"};
	static const uint32_t expected[] = {0, 1, 0, 2, 3, 4, 1, 5, 2, 0, 3};
	struct sv list[11];
	struct slots slots;

	(void)state;
	for (uint32_t i = 0; i < 11; i++)
		list[i] = sv_of(names[i]);
	assert_int_equal(slots_build(&slots, &arena, name_of, list, 11), OCIENV_OK);
	assert_int_equal(slots.count, 6);
	for (uint32_t i = 0; i < 11; i++) {
		assert_int_equal(slots.of[i], expected[i]);
		assert_int_equal(slots_find(&slots, list[i]), expected[i]);
	}
	assert_int_equal(slots_find(&slots, SV("x")), SLOT_NONE);
	assert_int_equal(slots_find(&slots, SV("abcdefgh")), SLOT_NONE);
	assert_int_equal(slots_find(&slots, SV("a\0")), SLOT_NONE);
}

static void no_names_have_no_slots(void **state)
{
	struct slots slots;

	(void)state;
	assert_int_equal(slots_build(&slots, &arena, name_of, NULL, 0), OCIENV_OK);
	assert_int_equal(slots.count, 0);
	assert_int_equal(slots_find(&slots, SV("")), SLOT_NONE);
}

static void no_memory_is_said(void **state)
{
	struct sv names[20];
	struct slots slots;
	struct arena none;

	(void)state;
	for (size_t i = 0; i < 20; i++)
		names[i] = SV("x");
	arena_init(&none, NULL, 0);
	assert_int_equal(slots_build(&slots, &none, name_of, names, 20), OCIENV_ERR_LIMIT);
	assert_int_equal(slots_number(&slots, &none, name_of, names, 20), OCIENV_ERR_LIMIT);
}

static void numbers_alone_keep_no_names(void **state)
{
	enum { COUNT = 200 };
	static const char *const names[] = {"b", "a", "b", "c"};
	struct slots slots, with_names;
	struct sv list[COUNT];
	struct arena own;

	(void)state;
	arena_init(&own, NULL, SIZE_MAX);
	for (uint32_t i = 0; i < COUNT; i++)
		list[i] = sv_of(names[i % 4]);
	assert_int_equal(slots_number(&slots, &own, name_of, list, COUNT), OCIENV_OK);
	/* A list of names would take more. */
	assert_true(own.taken < COUNT * sizeof(struct sort_item));
	assert_int_equal(slots_build(&with_names, &arena, name_of, list, COUNT), OCIENV_OK);
	assert_int_equal(slots.count, 3);
	assert_memory_equal(slots.of, with_names.of, COUNT * sizeof(uint32_t));
	assert_int_equal(slots.of[3], 2);
	arena_free(&own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_different_name_has_a_number_by_first_appearance),
		cmocka_unit_test(no_names_have_no_slots),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(numbers_alone_keep_no_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/sort.h"

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

/* A small generator of our own: the same on every machine. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

static void any_names_come_out_in_order_and_stable(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t count = 0; count < 200; count++) {
		struct sort_item *items = ARENA_ARRAY(&arena, count, struct sort_item);

		for (size_t i = 0; i < count; i++) {
			size_t len = next_random(&seed) % 12;
			char *name = arena_chars(&arena, len);

			for (size_t k = 0; k < len; k++)
				name[k] = "\0a\xff"[next_random(&seed) % 3];
			items[i] = sort_item(sv_from(name, len), (uint32_t)i);
		}
		assert_true(sort_names(items, count, &arena));
		for (size_t i = 1; i < count; i++) {
			int order = sv_cmp(sort_name(&items[i - 1]), sort_name(&items[i]));

			assert_true(order <= 0);
			if (order == 0)
				assert_true(items[i - 1].index < items[i].index);
		}
	}
}

static void the_first_of_equal_names_is_found(void **state)
{
	static const char *const names[] = {"b", "a", "b", "abcdefghi", "abcdefgh", "b", ""};
	struct sort_item items[7];

	(void)state;
	for (uint32_t i = 0; i < 7; i++)
		items[i] = sort_item(sv_of(names[i]), i);
	assert_true(sort_names(items, 7, &arena));
	for (uint32_t i = 0; i < 7; i++) {
		size_t at = sort_find(items, 7, sv_of(names[i]));

		assert_true(at < 7);
		assert_string_equal(names[items[at].index], names[i]);
	}
	assert_int_equal(items[sort_find(items, 7, SV("b"))].index, 0);
	assert_int_equal(sort_find(items, 7, SV("c")), 7);
	assert_int_equal(sort_find(items, 7, SV("a\0")), 7); /* same prefix, other name */
	assert_int_equal(sort_find(items, 0, SV("")), 0);
}

static void no_memory_is_said(void **state)
{
	struct arena none;
	struct sort_item items[20];

	(void)state;
	arena_init(&none, NULL, 0);
	for (uint32_t i = 0; i < 20; i++)
		items[i] = sort_item(i == 19 ? SV("w") : SV("x"), i);
	assert_false(sort_names(items, 20, &none));
	assert_true(arena_failed(&none));
}

static void what_is_in_order_takes_no_memory(void **state)
{
	struct arena none;
	struct sort_item items[20];

	(void)state;
	arena_init(&none, NULL, 0);
	for (uint32_t i = 0; i < 20; i++)
		items[i] = sort_item(SV("x"), i);
	assert_true(sort_names(items, 20, &none));
	assert_false(arena_failed(&none));
	for (uint32_t i = 0; i < 20; i++)
		assert_int_equal(items[i].index, i);
}

static void what_sorting_took_is_back_afterwards(void **state)
{
	enum { COUNT = 1000 };
	struct sort_item *items;
	struct arena own;
	size_t taken, left;

	(void)state;
	arena_init(&own, NULL, SIZE_MAX);
	items = ARENA_ARRAY(&own, COUNT, struct sort_item);
	assert_non_null(arena_alloc(&own, 1));
	for (uint32_t i = 0; i < COUNT; i++)
		items[i] = sort_item(i % 2 ? SV("b") : SV("a"), i);
	taken = own.taken;
	left = own.left;
	assert_true(sort_names(items, COUNT, &own));
	assert_int_equal(items[COUNT - 1].index, COUNT - 1);
	assert_int_equal(own.taken, taken);
	assert_int_equal(own.left, left);
	arena_free(&own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_names_come_out_in_order_and_stable),
		cmocka_unit_test(the_first_of_equal_names_is_found),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(what_is_in_order_takes_no_memory),
		cmocka_unit_test(what_sorting_took_is_back_afterwards),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

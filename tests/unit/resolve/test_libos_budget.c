/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes to the byte. Occlum's are counted by hand along its layout, Gramine's were measured. */
#include "unit/unit.h"

#include "resolve/libos_budget.h"

static uint64_t occlum(uint64_t bytes, uint32_t argc, uint32_t envc)
{
	return occlum_stack_need(&(struct strings){bytes, argc, envc});
}

static void occlum_needs_what_its_layout_takes(void **state)
{
	(void)state;
	/* "x": strings 2+16 -> 24, word 8, auxv 240, envp 8, argv 16, argc 8: 304 */
	assert_int_equal(occlum(2, 1, 0), 304);
	assert_int_equal(occlum(8, 1, 0), 304);	 /* the strings end on a word */
	assert_int_equal(occlum(9, 1, 0), 320);	 /* 312, which is no multiple of 16 */
	assert_int_equal(occlum(16, 1, 0), 320); /* 312 as well */
	assert_int_equal(occlum(17, 1, 0), 320);
	assert_int_equal(occlum(25, 1, 0), 336);
	assert_int_equal(occlum(2, 2, 0), 320); /* one more pointer: 312 */
	assert_int_equal(occlum(2, 1, 1), 320);
	assert_int_equal(occlum(2, 2, 1), 320);
	assert_int_equal(occlum(2, 2, 2), 336);
}

static void occlum_has_a_256th_of_the_stack(void **state)
{
	(void)state;
	assert_int_equal(occlum_stack_room(OCCLUM_STACK_SIZE), 16384);
	assert_int_equal(occlum_stack_room(8 << 20), 32768);
	assert_int_equal(occlum_stack_room(64 << 20), 256 << 10);
	assert_int_equal(occlum_stack_room(1 << 20), 4096);
	assert_int_equal(occlum_stack_room((1 << 20) + 4096), 4112);
	assert_int_equal(occlum_stack_room(64 << 10), 4096);
	assert_int_equal(occlum_stack_room(4096), 4096);
	assert_int_equal(occlum_stack_room(2048), 2048);
	assert_int_equal(occlum_stack_room(0), 0);
	assert_int_equal(occlum_stack_room(UINT64_MAX), UINT64_MAX >> 8);
}

/* The stack that the library asks for is enough, and a page less is not. */
static void occlum_is_asked_for_the_smallest_stack(void **state)
{
	(void)state;
	for (uint64_t need = 304; need < 100000; need += 16) {
		uint64_t stack = occlum_stack_for(need);

		assert_true(occlum_stack_room(stack) >= need);
		if (stack > 4096)
			assert_true(occlum_stack_room(stack - 4096) < need);
	}
}

/* One argument "p" and one variable of `bytes` with its NUL, as it was measured. */
static uint64_t gramine(uint64_t bytes)
{
	return gramine_stack_need(&(struct strings){2 + bytes, 1, 1});
}

static void gramine_needs_what_was_measured(void **state)
{
	(void)state;
	assert_int_equal(gramine(261862), GRAMINE_STACK_SIZE); /* laid out */
	assert_true(gramine(261863) > GRAMINE_STACK_SIZE);     /* ENOMEM */
	assert_int_equal(gramine(65254), 64 << 10);
	assert_true(gramine(65255) > 64 << 10);
	assert_true(gramine(1048295) > 1 << 20);
	assert_true(gramine(1041622) < 1 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(occlum_needs_what_its_layout_takes),
		cmocka_unit_test(occlum_has_a_256th_of_the_stack),
		cmocka_unit_test(occlum_is_asked_for_the_smallest_stack),
		cmocka_unit_test(gramine_needs_what_was_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

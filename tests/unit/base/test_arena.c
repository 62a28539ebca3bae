/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/arena.h"

struct counter {
	size_t calls, live, fail_at;
};

static void *counting_alloc(void *ctx, size_t size)
{
	struct counter *counter = ctx;

	if (++counter->calls == counter->fail_at)
		return NULL;
	counter->live++;
	return malloc(size);
}

static void counting_free(void *ctx, void *ptr)
{
	struct counter *counter = ctx;

	assert_non_null(ptr);
	counter->live--;
	free(ptr);
}

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	struct arena arena;
	char *last = NULL;

	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	for (size_t size = 0; size < 3000; size += 7) {
		char *piece = arena_alloc(&arena, size);

		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(piece[i], 0);
		memset(piece, 0xff, size);
		assert_ptr_not_equal(piece, last);
		last = piece;
	}
	arena_free(&arena);
}

static void the_allocator_of_the_caller_is_used_and_balanced(void **state)
{
	struct counter counter = {0};
	struct ocienv_allocator hook = {counting_alloc, counting_free, &counter};
	struct arena arena;

	(void)state;
	arena_init(&arena, &hook, SIZE_MAX);
	for (int i = 0; i < 1000; i++)
		assert_non_null(arena_alloc(&arena, (size_t)i * 10));
	assert_true(counter.live > 1);
	arena_free(&arena);
	assert_int_equal(counter.live, 0);
	arena_free(&arena); /* an empty one too */
	assert_int_equal(counter.live, 0);
	assert_non_null(arena_alloc(&arena, 1)); /* and it may be used again */
	assert_int_equal(counter.live, 1);
	arena_free(&arena);
	assert_int_equal(counter.live, 0);
}

static void a_failed_allocation_is_told_from_a_limit(void **state)
{
	struct counter counter = {.fail_at = 1};
	struct ocienv_allocator hook = {counting_alloc, counting_free, &counter};
	struct arena arena;

	(void)state;
	arena_init(&arena, &hook, SIZE_MAX);
	assert_null(arena_alloc(&arena, 1));
	assert_int_equal(arena_status(&arena), OCIENV_ERR_NOMEM);
	arena_free(&arena);

	arena_init(&arena, &hook, 100000);
	assert_non_null(arena_alloc(&arena, 50000));
	assert_null(arena_alloc(&arena, 50000));
	assert_int_equal(arena_status(&arena), OCIENV_ERR_LIMIT);
	assert_non_null(arena_alloc(&arena, 5000)); /* what fits still fits */
	arena_free(&arena);
	assert_int_equal(counter.live, 0);
}

static void sizes_are_checked_before_arithmetic(void **state)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 40,
				       SIZE_MAX / 2 + 1};
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		volatile size_t size = sizes[i]; /* keeps the compiler from knowing */

		assert_null(arena_alloc(&arena, size));
		assert_null(arena_array(&arena, size, 2));
		assert_null(arena_array(&arena, size, size));
		assert_null(arena_chars(&arena, size));
		assert_int_equal(arena_status(&arena), OCIENV_ERR_LIMIT);
	}
	arena_free(&arena);
}

static void copies_end_in_nul_and_keep_inner_ones(void **state)
{
	struct arena arena;
	char *copy;

	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	copy = arena_strdup(&arena, SV("a\0b"));
	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_strdup(&arena, SV_NONE), "");
	arena_free(&arena);
}

static void a_vec_grows_and_keeps_its_elements(void **state)
{
	struct vec vec = {0};
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	for (uint32_t i = 0; i < 5000; i++) {
		uint32_t *item = VEC_PUSH(&vec, &arena, uint32_t);

		assert_int_equal(item ? *item : 1, 0);
		if (item)
			*item = i;
	}
	assert_int_equal(vec.count, 5000);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(((uint32_t *)vec.items)[i], i);
	arena_free(&arena);
}

/* One more would need a capacity that is no uint32_t. */
static void a_vec_is_bounded(void **state)
{
	struct vec vec = {.count = UINT32_C(1) << 31, .capacity = UINT32_C(1) << 31};
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	assert_null(vec_push(&vec, &arena, 1));
	assert_int_equal(arena_status(&arena), OCIENV_ERR_LIMIT);
	assert_int_equal(vec.count, UINT32_C(1) << 31);
	arena_free(&arena);
}

static void room_that_is_not_there_leaves_a_vec_alone(void **state)
{
	uint64_t item = 7;
	struct vec vec = {.items = &item, .count = 1, .capacity = 1};
	struct arena none;

	(void)state;
	arena_init(&none, NULL, 0);
	assert_false(vec_reserve(&vec, &none, sizeof(item), 5));
	assert_int_equal(arena_status(&none), OCIENV_ERR_LIMIT);
	assert_ptr_equal(vec.items, &item);
	assert_int_equal(vec.count, 1);
}

/* Over all ways in which blocks lie: small ones, and large ones behind the newest. */
static void rewinding_gives_back_what_came_later(void **state)
{
	static const size_t sizes[] = {0, 16, 3000, 70000, 300000};
	enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

	(void)state;
	for (size_t i = 0; i < SIZES * SIZES * SIZES; i++) {
		struct arena_mark mark;
		struct arena arena;
		char *kept, *large;

		arena_init(&arena, NULL, SIZE_MAX);
		kept = i % SIZES ? arena_strdup(&arena, SV("kept")) : NULL;
		large = i / SIZES % SIZES ? arena_alloc(&arena, sizes[i / SIZES % SIZES]) : NULL;
		mark = arena_mark(&arena);
		assert_non_null(arena_alloc(&arena, sizes[i % SIZES]));
		assert_non_null(arena_alloc(&arena, sizes[i / SIZES / SIZES]));
		assert_non_null(arena_alloc(&arena, sizes[i / SIZES % SIZES]));
		arena.limit = arena.taken;
		assert_null(arena_alloc(&arena, 400000));
		arena_rewind(&arena, &mark);
		assert_false(arena_failed(&arena));
		assert_memory_equal(&arena, &mark.arena, sizeof(arena));
		if (kept)
			assert_string_equal(kept, "kept");
		if (large)
			assert_int_equal(large[sizes[i / SIZES % SIZES] - 1], 0);
		assert_non_null(arena_alloc(&arena, 5000)); /* the old limit holds */
		arena_free(&arena);
	}
}

/* Blocks that were not cleared when they came back, or could not be looked at. */
struct watch {
	size_t sizes[64], unclear, freed;
	unsigned char *blocks[64];
};

static void *watched_alloc(void *ctx, size_t size)
{
	struct watch *watch = ctx;

	for (size_t i = 0; i < 64; i++) {
		if (watch->blocks[i])
			continue;
		watch->sizes[i] = size;
		watch->blocks[i] = malloc(size);
		assert_non_null(watch->blocks[i]);
		return memset(watch->blocks[i], 0xa5, size);
	}
	fail_msg("%s", "expected fewer blocks");
	return NULL;
}

static void watched_free(void *ctx, void *ptr)
{
	struct watch *watch = ctx;
	bool unclear = false;
	size_t i = 0;

	while (i < 63 && watch->blocks[i] != ptr)
		i++;
	assert_ptr_equal(watch->blocks[i], ptr);
	for (size_t k = 0; k < watch->sizes[i]; k++)
		unclear |= watch->blocks[i][k] && watch->blocks[i][k] != 0xa5;
	watch->unclear += unclear;
	watch->freed++;
	memset(ptr, 0xdd, watch->sizes[i]); /* whoever still uses it shall notice */
	watch->blocks[i] = NULL;
	free(ptr);
}

/* Small and large pieces in each order, before and behind a mark; all filled. */
static void what_is_given_back_is_cleared(void **state)
{
	static const size_t sizes[] = {1, 900, 3000, 70000};
	struct watch watch = {0};
	struct ocienv_allocator hook = {watched_alloc, watched_free, &watch};
	struct arena arena;

	(void)state;
	for (size_t i = 0; i < 256; i++) {
		struct arena_mark mark = {0};
		char *last = NULL;

		arena_init(&arena, &hook, SIZE_MAX);
		for (size_t k = 0; k < 8; k++) {
			size_t size = sizes[i >> k % 4 * 2 & 3];

			if (k == 3)
				mark = arena_mark(&arena);
			last = arena_alloc(&arena, size);
			assert_non_null(last);
			memset(last, 's', size);
		}
		arena_rewind(&arena, &mark);
		for (char *p = arena.next; p && p < arena.next + arena.left; p++)
			assert_true(*p == 0 || *p == (char)0xa5);
		arena_free(&arena);
	}
	assert_true(watch.freed >= 512);
	assert_int_equal(watch.unclear, 0);
}

struct wide {
	uint64_t number;
	char rest[1016];
};

/* A vec that moves is the first piece of a block, and others lie behind it. */
static void what_moves_takes_no_neighbour_along(void **state)
{
	struct watch watch = {0};
	struct ocienv_allocator hook = {watched_alloc, watched_free, &watch};
	struct vec first = {.moves = true}, second = {.moves = true};
	char *pieces[300];
	struct arena arena;

	(void)state;
	arena_init(&arena, &hook, SIZE_MAX);
	for (size_t i = 0; i < 300; i++) {
		uint64_t *one = VEC_PUSH(&first, &arena, uint64_t);
		struct wide *other = VEC_PUSH(&second, &arena, struct wide);

		assert_true(one && other);
		if (one && other) /* the compiler does not know what an assertion is */
			*one = other->number = i;
		pieces[i] = arena_alloc(&arena, 500);
		assert_non_null(pieces[i]);
		memset(pieces[i], (int)(i % 255) + 1, 500);
	}
	for (size_t i = 0; i < 300; i++) {
		assert_int_equal(((uint64_t *)first.items)[i], i);
		assert_int_equal(((struct wide *)second.items)[i].number, i);
		for (size_t k = 0; k < 500; k++)
			assert_int_equal((unsigned char)pieces[i][k], i % 255 + 1);
	}
	assert_true(watch.freed > 0); /* something did move */
	arena_free(&arena);
	assert_int_equal(watch.unclear, 0);
}

static void buffers_are_cleared(void **state)
{
	struct watch watch = {0};
	struct ocienv_allocator hook = {watched_alloc, watched_free, &watch};
	struct ocienv_buffer buffer;

	(void)state;
	assert_int_equal(buffer_export(&buffer, &hook, SV("secret")), 0);
	buffer_release(&buffer);
	assert_int_equal(watch.freed, 1);
	assert_int_equal(watch.unclear, 0);
	assert_null(buffer.data);
	buffer_release(&buffer);
	assert_int_equal(watch.freed, 1);
}

/* What an arena would like to have is no reason to fail while there is enough for the request. */
static void the_limit_can_be_used_up(void **state)
{
	enum { LARGE = 100000, HEADERS = 128 };
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, LARGE + 1024 + HEADERS);
	assert_non_null(arena_alloc(&arena, LARGE));
	for (int i = 0; i < 64; i++)
		assert_non_null(arena_alloc(&arena, 16));
	assert_null(arena_alloc(&arena, 1024));
	assert_int_equal(arena_status(&arena), OCIENV_ERR_LIMIT);
	arena_free(&arena);
}

static void texts_have_no_gap_and_what_follows_is_aligned(void **state)
{
	const char *first, *second;
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	first = arena_strdup(&arena, SV("abc"));
	for (size_t len = 0; len < 40; len++) {
		second = arena_strdup(&arena, sv_from("0123456789012345678901234567890123456789",
						      len));
		assert_ptr_equal(second, first + strlen(first) + 1);
		first = second;
	}
	for (size_t len = 0; len < 40; len++) {
		assert_non_null(arena_chars(&arena, len));
		assert_int_equal((uintptr_t)arena_alloc(&arena, 1) % 16, 0);
		assert_int_equal((uintptr_t)arena_raw(&arena, len, 1) % 16, 0);
	}
	arena_free(&arena);
}

/* An estimate that the limit cannot hold promises nothing. */
static void an_estimate_does_not_move_the_limit(void **state)
{
	struct arena arena;

	(void)state;
	for (size_t limit = 0; limit < 2048; limit += 16) {
		arena_init(&arena, NULL, limit);
		arena_expect(&arena, 5000);
		if (arena_alloc(&arena, 1000))
			assert_in_range(limit, 1000, 2048);
		else
			assert_int_equal(arena_status(&arena), OCIENV_ERR_LIMIT);
		(void)arena_alloc(&arena, 16);
		arena_free(&arena);
	}
}

/* The header of a block comes on top. */
static void a_share_of_a_document_is_one_block(void **state)
{
	enum { LARGEST = 16 * 1024 * 1024, HEADER = 64 };
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	arena_expect_quarters(&arena, 40000, 9);
	assert_non_null(arena_alloc(&arena, 1));
	assert_in_range(arena.taken, 90000, 90000 + HEADER);
	arena_free(&arena);
	arena_expect_quarters(&arena, LARGEST, 1);
	assert_non_null(arena_alloc(&arena, 1));
	assert_in_range(arena.taken, LARGEST / 4, LARGEST / 4 + HEADER);
	arena_free(&arena);
	arena_expect_quarters(&arena, LARGEST + 1, 1);
	assert_non_null(arena_alloc(&arena, 1));
	assert_true(arena.taken < 8192);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(the_allocator_of_the_caller_is_used_and_balanced),
		cmocka_unit_test(a_failed_allocation_is_told_from_a_limit),
		cmocka_unit_test(sizes_are_checked_before_arithmetic),
		cmocka_unit_test(copies_end_in_nul_and_keep_inner_ones),
		cmocka_unit_test(a_vec_grows_and_keeps_its_elements),
		cmocka_unit_test(a_vec_is_bounded),
		cmocka_unit_test(room_that_is_not_there_leaves_a_vec_alone),
		cmocka_unit_test(rewinding_gives_back_what_came_later),
		cmocka_unit_test(what_is_given_back_is_cleared),
		cmocka_unit_test(what_moves_takes_no_neighbour_along),
		cmocka_unit_test(buffers_are_cleared),
		cmocka_unit_test(the_limit_can_be_used_up),
		cmocka_unit_test(a_share_of_a_document_is_one_block),
		cmocka_unit_test(texts_have_no_gap_and_what_follows_is_aligned),
		cmocka_unit_test(an_estimate_does_not_move_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

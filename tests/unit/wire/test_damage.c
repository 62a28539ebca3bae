/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever one bit, byte or end of a blob becomes: it is refused, or it is the one
 * encoding of something else. Each damaged blob lies in memory of exactly its size.
 */
#include "unit/wire/fixtures.h"

enum { SUBJECTS = 104 };

struct subject {
	uint32_t kind;
	struct sv blob;
};

struct tally {
	size_t refused, accepted;
};

/* Takes parts away, which differ with the number; 0 and 1 leave all there is, and least. */
static void vary_config(struct ocienv_config *config, uint32_t number)
{
	if (number < 2) {
		(number ? config_small : config_full)(config);
		return;
	}
	config_full(config);
	config->has_exec = number & 1;
	config->argc = 1 + number / 2 % 4;
	config->env.count = number * 7 / 8 % 10;
	config->user.group_count = number / 3 % 4;
	config->inputs[OCIENV_LAYER_IMAGE].known = number & 4;
	config->inputs[OCIENV_LAYER_RUNTIME] = input_make((uint8_t)number);
	config->inputs[INPUT_POLICY].known = number & 8;
}

static void vary_layer(struct ocienv_layer *layer, uint32_t number)
{
	struct user_request *user;

	if (number < 2) {
		(number ? layer_small : layer_full)(layer);
		return;
	}
	layer_full(layer);
	user = &layer->user;
	layer->entrypoint.present = number & 1;
	layer->args.present = number & 2;
	layer->env.present = number & 4;
	layer->env.count = 1 + number % 7;
	layer->cwd.value.ptr = number & 8 ? layer->cwd.value.ptr : NULL;
	layer->hostname.value.ptr = number & 16 ? layer->hostname.value.ptr : NULL;
	user->uid.present = number & 32;
	user->gid.present = !(number & 1);
	user->umask.present = !(number & 2);
	user->non_root.present = !(number & 4);
	user->group_count = number / 5 % 3;
	layer->mounts.present = !(number & 8);
	layer->has_digest = !(number & 16);
	layer->warnings.count = number / 7 % 3;
}

static void write_subject(struct subject *subject, uint32_t kind, uint32_t number,
			  struct arena *arena)
{
	struct ocienv_config config;
	struct ocienv_layer layer;

	subject->kind = kind;
	if (kind == WIRE_CONFIG) {
		vary_config(&config, number);
		assert_int_equal(wire_encode_config(&config, arena, &fixture_silent,
						    &subject->blob),
				 0);
		arena_free(&config.arena);
	} else {
		vary_layer(&layer, number);
		assert_int_equal(
			wire_encode_layer(&layer, arena, &fixture_silent, &subject->blob),
			0);
		arena_free(&layer.arena);
	}
}

/* Decodes and encodes again. True if accepted; then `ret` is what was written. */
static bool again(uint32_t kind, struct sv blob, struct arena *arena, struct sv *ret)
{
	struct ocienv_config config;
	struct ocienv_layer layer;
	int32_t result;

	if (kind == WIRE_CONFIG) {
		config_open(&config);
		result = wire_decode_config(blob, &config, NULL, &fixture_silent);
		if (!result)
			assert_int_equal(
				wire_encode_config(&config, arena, &fixture_silent, ret),
				0);
		arena_free(&config.arena);
	} else {
		layer_open(&layer);
		result = wire_decode_layer(blob, &layer, NULL, &fixture_silent);
		if (!result)
			assert_int_equal(
				wire_encode_layer(&layer, arena, &fixture_silent, ret),
				0);
		arena_free(&layer.arena);
	}
	assert_true(result == OCIENV_OK || result == OCIENV_ERR_BLOB ||
		    result == OCIENV_ERR_LIMIT);
	return !result;
}

static void check(uint32_t kind, const uint8_t *bytes, size_t size, struct tally *tally)
{
	struct arena arena;
	struct sv back = SV_NONE;

	arena_init(&arena, NULL, FIXTURE_LIMIT);
	if (again(kind, sv_from((const char *)bytes, size), &arena, &back)) {
		tally->accepted++;
		assert_int_equal(back.len, size);
		assert_memory_equal(back.ptr, bytes, size);
	} else {
		tally->refused++;
	}
	arena_free(&arena);
}

static void flip_all(const struct subject *subject, struct tally *tally)
{
	size_t size = subject->blob.len;
	uint8_t *bytes = malloc(size);

	assert_non_null(bytes);
	memcpy(bytes, subject->blob.ptr, size);
	for (size_t bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		check(subject->kind, bytes, size, tally);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	free(bytes);
}

static void truncate_all(const struct subject *subject, struct tally *tally)
{
	for (size_t size = 0; size < subject->blob.len; size++) {
		uint8_t *bytes = malloc(size + !size);

		assert_non_null(bytes);
		memcpy(bytes, subject->blob.ptr, size);
		check(subject->kind, bytes, size, tally);
		free(bytes);
	}
}

static void insert_all(const struct subject *subject, struct tally *tally)
{
	size_t size = subject->blob.len;
	uint8_t *bytes = malloc(size + 1);

	assert_non_null(bytes);
	for (size_t at = 0; at <= size; at++) {
		memcpy(bytes, subject->blob.ptr, at);
		memcpy(bytes + at + 1, subject->blob.ptr + at, size - at);
		for (int byte = 0; byte < 256; byte++) {
			bytes[at] = (uint8_t)byte;
			check(subject->kind, bytes, size + 1, tally);
		}
	}
	free(bytes);
}

static void delete_all(const struct subject *subject, struct tally *tally)
{
	size_t size = subject->blob.len;
	uint8_t *bytes = malloc(size - 1);

	assert_non_null(bytes);
	for (size_t at = 0; at < size; at++) {
		memcpy(bytes, subject->blob.ptr, at);
		memcpy(bytes + at, subject->blob.ptr + at + 1, size - at - 1);
		check(subject->kind, bytes, size - 1, tally);
	}
	free(bytes);
}

static void for_all(void (*damage)(const struct subject *, struct tally *),
		    struct tally *tally)
{
	struct arena arena;

	arena_init(&arena, NULL, FIXTURE_LIMIT);
	for (uint32_t i = 0; i < SUBJECTS; i++) {
		struct subject subject;

		write_subject(&subject, i % 2 ? WIRE_LAYER : WIRE_CONFIG, i / 2, &arena);
		damage(&subject, tally);
	}
	arena_free(&arena);
	print_message("           %zu refused, %zu accepted as something else\n",
		      tally->refused, tally->accepted);
}

static void every_bit_flip(void **state)
{
	struct tally tally = {0, 0};

	(void)state;
	for_all(flip_all, &tally);
	assert_true(tally.accepted > 1000); /* letters of values */
}

static void every_truncation(void **state)
{
	struct tally tally = {0, 0};

	(void)state;
	for_all(truncate_all, &tally);
	assert_int_equal(tally.accepted, 0);
}

static void every_insertion(void **state)
{
	struct tally tally = {0, 0};

	(void)state;
	for_all(insert_all, &tally);
	assert_int_equal(tally.accepted, 0);
}

static void every_deletion(void **state)
{
	struct tally tally = {0, 0};

	(void)state;
	for_all(delete_all, &tally);
	assert_int_equal(tally.accepted, 0);
}

static void trailers(void **state)
{
	static const uint8_t trailer[] = "OCIENVT\0\30\0\0\0\0\0\0\0contents";
	struct arena arena;
	struct subject subject;
	struct sv back;
	uint8_t *bytes;
	size_t size, end;

	(void)state;
	arena_init(&arena, NULL, FIXTURE_LIMIT);
	for (uint32_t kind = 0; kind < 2; kind++) {
		write_subject(&subject, kind, 0, &arena);
		size = subject.blob.len;
		end = size + sizeof(trailer) - 1;
		bytes = (uint8_t *)arena_alloc(&arena, end + 8);
		memcpy(bytes, subject.blob.ptr, size);
		memcpy(bytes + size, trailer, sizeof(trailer) - 1);
		assert_true(again(kind, sv_from((char *)bytes, end), &arena, &back));
		assert_int_equal(back.len, size); /* a trailer is not content */
		assert_memory_equal(back.ptr, bytes, size);
		for (size_t cut = size + 1; cut < end + 8; cut++)
			assert_int_equal(
				again(kind, sv_from((char *)bytes, cut), &arena, &back),
				cut == end);
		for (size_t at = size; at < size + WIRE_TRAILER_SIZE; at++) {
			bytes[at] ^= 1;
			assert_false(
				again(kind, sv_from((char *)bytes, end), &arena, &back));
			bytes[at] ^= 1;
		}
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bit_flip),  cmocka_unit_test(every_truncation),
		cmocka_unit_test(every_insertion), cmocka_unit_test(every_deletion),
		cmocka_unit_test(trailers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

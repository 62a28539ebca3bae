/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation fails once, and each limit is met: a status, and nothing is lost. */
#include "unit/wire/fixtures.h"

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

	counter->live--;
	free(ptr);
}

enum work { ENCODE_CONFIG, ENCODE_LAYER, DECODE_CONFIG, DECODE_LAYER, WORK_COUNT };

struct fixture {
	struct ocienv_config config;
	struct ocienv_layer layer;
	struct sv config_blob, layer_blob;
};

/* Large, so that the work takes more than one block of an arena. */
static void fixture_open(struct fixture *fixture)
{
	enum { COUNT = 1000 };
	static const char *texts[COUNT];

	config_full(&fixture->config);
	layer_full(&fixture->layer);
	for (uint32_t i = 0; i < COUNT; i++) {
		char *text = arena_chars(&fixture->config.arena, 100);

		snprintf(text, 100, "VARIABLE_%u=%080u", i, i);
		texts[i] = text;
	}
	config_variables(&fixture->config, texts, COUNT);
	list_make(&fixture->layer, &fixture->layer.args, texts, COUNT);
	assert_int_equal(wire_encode_config(&fixture->config, &fixture->config.arena,
					    &fixture_silent, &fixture->config_blob),
			 0);
	assert_int_equal(wire_encode_layer(&fixture->layer, &fixture->layer.arena,
					   &fixture_silent, &fixture->layer_blob),
			 0);
}

static void fixture_close(struct fixture *fixture)
{
	arena_free(&fixture->config.arena);
	arena_free(&fixture->layer.arena);
}

static int32_t run(enum work work, const struct fixture *fixture,
		   const struct ocienv_allocator *hook, size_t limit,
		   struct ocienv_error *error)
{
	struct diag diag = {error, "blob", {NULL, 0}};
	struct ocienv_config config = {0};
	struct ocienv_layer layer = {0};
	struct arena arena;
	struct sv ret = {"untouched", 0};
	int32_t result = 0;

	arena_init(&arena, hook, limit);
	arena_init(&config.arena, hook, limit);
	arena_init(&layer.arena, hook, limit);
	if (work == ENCODE_CONFIG)
		result = wire_encode_config(&fixture->config, &arena, &diag, &ret);
	else if (work == ENCODE_LAYER)
		result = wire_encode_layer(&fixture->layer, &arena, &diag, &ret);
	else if (work == DECODE_CONFIG)
		result = wire_decode_config(fixture->config_blob, &config, NULL, &diag);
	else
		result = wire_decode_layer(fixture->layer_blob, &layer, NULL, &diag);
	if (result) {
		assert_string_equal(ret.ptr, "untouched");
		assert_int_equal(error->status, result);
	}
	arena_free(&arena);
	arena_free(&config.arena);
	arena_free(&layer.arena);
	return result;
}

static void each_allocation_may_fail(void **state)
{
	static struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	for (int work = 0; work < WORK_COUNT; work++) {
		struct counter counter = {0, 0, 0};
		struct ocienv_allocator hook = {counting_alloc, counting_free, &counter};
		struct ocienv_error error;
		int32_t result = OCIENV_ERR_NOMEM;
		size_t k = 0;

		while (result == OCIENV_ERR_NOMEM) {
			counter = (struct counter){0, 0, ++k};
			result = run((enum work)work, &fixture, &hook, FIXTURE_LIMIT,
				     &error);
			assert_int_equal(counter.live, 0);
		}
		assert_int_equal(result, OCIENV_OK);
		assert_true(k > 2); /* so something did fail */
	}
	fixture_close(&fixture);
}

static void the_limit_of_an_object_holds(void **state)
{
	static struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	for (int work = 0; work < WORK_COUNT; work++) {
		struct ocienv_error error;
		size_t limit = 0;
		int32_t result = OCIENV_ERR_LIMIT;

		for (; result == OCIENV_ERR_LIMIT; limit += 4096)
			result = run((enum work)work, &fixture, NULL, limit, &error);
		assert_int_equal(result, OCIENV_OK);
		assert_true(limit > 100000);
	}
	fixture_close(&fixture);
}

static int32_t decode_config(struct sv blob, struct ocienv_limits limits)
{
	struct ocienv_config config;
	int32_t result;

	config_open(&config);
	limits.size = sizeof(limits);
	result = wire_decode_config(blob, &config, &limits, &fixture_silent);
	arena_free(&config.arena);
	return result;
}

static int32_t decode_layer(struct sv blob, struct ocienv_limits limits)
{
	struct ocienv_layer layer;
	int32_t result;

	layer_open(&layer);
	limits.size = sizeof(limits);
	result = wire_decode_layer(blob, &layer, &limits, &fixture_silent);
	arena_free(&layer.arena);
	return result;
}

static void the_limits_of_the_caller_hold(void **state)
{
	static struct fixture fixture;
	struct sv config, layer;
	uint32_t size;

	(void)state;
	fixture_open(&fixture);
	config = fixture.config_blob;
	layer = fixture.layer_blob;
	size = (uint32_t)config.len;
	assert_int_equal(decode_config(config, (struct ocienv_limits){.max_args = 4}), 0);
	assert_int_equal(decode_config(config, (struct ocienv_limits){.max_args = 3}),
			 OCIENV_ERR_LIMIT);
	assert_int_equal(decode_config(config, (struct ocienv_limits){.max_env = 1000}),
			 0);
	assert_int_equal(decode_config(config, (struct ocienv_limits){.max_env = 999}),
			 OCIENV_ERR_LIMIT);
	assert_int_equal(
		decode_config(config, (struct ocienv_limits){.max_result = size}), 0);
	assert_int_equal(
		decode_config(config, (struct ocienv_limits){.max_result = size - 1}),
		OCIENV_ERR_LIMIT);
	assert_int_equal(decode_layer(layer, (struct ocienv_limits){.max_args = 1000}),
			 0);
	assert_int_equal(decode_layer(layer, (struct ocienv_limits){.max_args = 999}),
			 OCIENV_ERR_LIMIT);
	assert_int_equal(decode_layer(layer, (struct ocienv_limits){.max_args = 2}),
			 OCIENV_ERR_LIMIT);
	assert_int_equal(decode_layer(layer, (struct ocienv_limits){.max_env = 7}), 0);
	assert_int_equal(decode_layer(layer, (struct ocienv_limits){.max_env = 6}),
			 OCIENV_ERR_LIMIT);
	fixture_close(&fixture);
}

static int32_t encode_config(const struct ocienv_config *config)
{
	struct arena arena;
	struct sv blob;
	int32_t result;

	arena_init(&arena, NULL, FIXTURE_LIMIT);
	result = wire_encode_config(config, &arena, &fixture_silent, &blob);
	arena_free(&arena);
	return result;
}

/* What no reader would take is not written. */
static void impossible_configs_are_not_written(void **state)
{
	static const char *const twice[] = {"A=1", "B=2", "A=3"};
	struct ocienv_config config;

	(void)state;
	config_small(&config);
	assert_int_equal(encode_config(&config), 0);
	config.user.resolved = false;
	assert_int_equal(encode_config(&config), OCIENV_ERR_UNSUPPORTED);
	config.user.resolved = true;
	config.cwd.value = SV("data");
	assert_int_equal(encode_config(&config), OCIENV_ERR_UNSUPPORTED);
	config.cwd.value = SV_NONE;
	assert_int_equal(encode_config(&config), OCIENV_ERR_UNSUPPORTED);
	config.cwd.value = SV("/");
	config_variables(&config, twice, 3);
	assert_int_equal(encode_config(&config), OCIENV_ERR_UNSUPPORTED);
	config.env.count = 2;
	assert_int_equal(encode_config(&config), 0);
	config.user.umask = 01000;
	assert_int_equal(encode_config(&config), OCIENV_ERR_UNSUPPORTED);
	config.user.umask = 0777;
	config.argc = 0;
	assert_int_equal(encode_config(&config), OCIENV_ERR_UNSUPPORTED);
	arena_free(&config.arena);
}

static void a_blob_of_more_than_16_mib_is_not_written(void **state)
{
	enum { SIZE = 16 << 20 };
	static char text[SIZE + 1];
	const char *argv[] = {text};
	struct ocienv_config config;

	(void)state;
	memset(text, 'x', SIZE);
	config_small(&config);
	config_arguments(&config, argv, 1);
	assert_int_equal(encode_config(&config), OCIENV_ERR_LIMIT);
	text[SIZE - 512] = '\0';
	assert_int_equal(encode_config(&config), 0);
	arena_free(&config.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_may_fail),
		cmocka_unit_test(the_limit_of_an_object_holds),
		cmocka_unit_test(the_limits_of_the_caller_hold),
		cmocka_unit_test(impossible_configs_are_not_written),
		cmocka_unit_test(a_blob_of_more_than_16_mib_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

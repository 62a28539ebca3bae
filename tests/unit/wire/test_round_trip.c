/* SPDX-License-Identifier: Apache-2.0 */
/* What is written comes back, and what was read is written again byte for byte. */
#include "unit/wire/fixtures.h"

static void config_again(const struct ocienv_config *config, struct ocienv_config *ret)
{
	struct arena arena;
	struct sv blob, again;

	arena_init(&arena, NULL, FIXTURE_LIMIT);
	config_open(ret);
	assert_int_equal(wire_encode_config(config, &arena, &fixture_silent, &blob), 0);
	keep_blob(blob);
	assert_int_equal(wire_decode_config(blob, ret, NULL, &fixture_silent), 0);
	assert_int_equal(wire_encode_config(ret, &arena, &fixture_silent, &again), 0);
	assert_int_equal(blob.len, again.len);
	assert_memory_equal(blob.ptr, again.ptr, blob.len);
	arena_free(&arena); /* the config must not need the blob any more */
}

static void a_small_config_comes_back(void **state)
{
	struct ocienv_config config, back;

	(void)state;
	config_small(&config);
	config_again(&config, &back);
	assert_int_equal(back.argc, 1);
	assert_string_equal(back.argv[0], "sh");
	assert_null(back.argv[1]);
	assert_true(back.env.present);
	assert_int_equal(back.env.count, 0);
	assert_null(back.envp[0]);
	assert_sv_equal(back.cwd.value, "/");
	assert_false(back.has_exec);
	assert_false(back.inputs[OCIENV_LAYER_IMAGE].known);
	assert_null(back.exec.path);
	assert_true(back.user.resolved);
	assert_int_equal(back.user.group_count, 0);
	arena_free(&config.arena);
	arena_free(&back.arena);
}

static void a_full_config_comes_back_sorted(void **state)
{
	static const char *const sorted[] = {
		"A=",
		"A-B=minus sorts below =",
		"A.B=x=y=z",
		"HOME=/root",
		"KEY=sealed.abc.def.ghi",
		"KEYS=sealed",
		"LATIN=caf\xe9",
		"PASSWORD=hunter2",
		"PATH=/usr/local/bin:/usr/bin",
	};
	struct ocienv_config config, back;

	(void)state;
	config_full(&config);
	config_again(&config, &back);
	assert_int_equal(back.env.count, 9);
	for (uint32_t i = 0; i < 9; i++) {
		assert_string_equal(back.envp[i], sorted[i]);
		assert_ptr_equal(back.envp[i], back.env.items[i].text.ptr);
		assert_int_equal(back.env.items[i].from.document, DOCUMENT_NONE);
		assert_int_equal(back.env.items[i].from.mark.line, 0);
	}
	assert_null(back.envp[9]);
	assert_int_equal(back.env.items[7].from.source, 4); /* PASSWORD was entry 4 */
	assert_true(back.env.items[7].from.secret);
	assert_int_equal(back.env.items[7].name_length, 8);
	assert_string_equal(back.argv[3], "\xff\xfe");
	assert_int_equal(back.argv_from[1].source, 9);
	assert_true(back.argv_from[1].secret);
	assert_int_equal(back.cwd.from.source, OCIENV_SOURCE_POD);
	assert_int_equal(back.user.from.source, OCIENV_SOURCE_IMAGE);
	assert_string_equal(back.exec.path, "/usr/local/../bin/redis-server");
	assert_int_equal(back.exec.fd, -1);
	assert_int_equal(back.exec.path_index, -1);
	assert_null(back.exec.canonical);
	assert_int_equal(back.user.uid, 999);
	assert_int_equal(back.user.umask, 022);
	assert_int_equal(back.user.groups[2], 70000);
	assert_memory_equal(back.inputs, config.inputs, sizeof(back.inputs));
	arena_free(&config.arena);
	arena_free(&back.arena);
}

static void the_order_of_the_environment_does_not_matter(void **state)
{
	static const char *const one[] = {"A=1", "B=2", "C=3", "D=4", "E=5"};
	static const char *const two[] = {"E=5", "C=3", "A=1", "D=4", "B=2"};
	struct ocienv_config config;
	struct arena arena;
	struct sv a, b;

	(void)state;
	arena_init(&arena, NULL, FIXTURE_LIMIT);
	config_small(&config);
	config_variables(&config, one, 5);
	for (int i = 0; i < 5; i++)
		config.env.items[i].from = origin_make(1, false, 0, 0);
	assert_int_equal(wire_encode_config(&config, &arena, &fixture_silent, &a), 0);
	config_variables(&config, two, 5);
	for (uint32_t i = 0; i < 5; i++)
		config.env.items[i].from = origin_make(1, false, 3, i);
	assert_int_equal(wire_encode_config(&config, &arena, &fixture_silent, &b), 0);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.ptr, b.ptr, a.len);
	arena_free(&config.arena);
	arena_free(&arena);
}

static void thousands_of_variables_are_sorted(void **state)
{
	enum { COUNT = 4096 };
	static const char *texts[COUNT];
	struct ocienv_config config, back;

	(void)state;
	config_small(&config);
	for (uint32_t i = 0; i < COUNT; i++) {
		char *text = arena_chars(&config.arena, 16);

		snprintf(text, 16, "V%u=%u", i * 2654435761U % 1000003U, i);
		texts[i] = text;
	}
	config_variables(&config, texts, COUNT);
	config_again(&config, &back);
	for (uint32_t i = 1; i < COUNT; i++)
		assert_true(sv_cmp(env_name(&back.env.items[i - 1]),
				   env_name(&back.env.items[i])) < 0);
	arena_free(&config.arena);
	arena_free(&back.arena);
}

/* Nothing but NULs in the pool: the sums of the pass that counts them get as large as they
 * can. */
static void thousands_of_empty_arguments_come_back(void **state)
{
	enum { COUNT = 4096 };
	static const char *texts[COUNT];
	struct ocienv_config config, back;

	(void)state;
	config_small(&config);
	for (uint32_t i = 0; i < COUNT; i++)
		texts[i] = "";
	config_arguments(&config, texts, COUNT);
	config_again(&config, &back);
	assert_int_equal(back.argc, COUNT);
	arena_free(&config.arena);
	arena_free(&back.arena);
}

static void layer_again(const struct ocienv_layer *layer)
{
	struct ocienv_layer back;
	struct arena arena;
	struct sv blob, again;

	arena_init(&arena, NULL, FIXTURE_LIMIT);
	layer_open(&back);
	assert_int_equal(wire_encode_layer(layer, &arena, &fixture_silent, &blob), 0);
	keep_blob(blob);
	assert_int_equal(wire_decode_layer(blob, &back, NULL, &fixture_silent), 0);
	assert_int_equal(wire_encode_layer(&back, &arena, &fixture_silent, &again), 0);
	assert_int_equal(blob.len, again.len);
	assert_memory_equal(blob.ptr, again.ptr, blob.len);
	arena_free(&arena);
	same_layer(layer, &back);
	arena_free(&back.arena);
}

static bool holds(struct sv blob, const char *text)
{
	for (size_t i = 0; i + strlen(text) <= blob.len; i++)
		if (memcmp(blob.ptr + i, text, strlen(text)) == 0)
			return true;
	return false;
}

/* A layer that was read back may say so: then the directory is hidden, and the program, whose
 * path may lie below it. */
static void a_directory_that_is_a_secret_is_hidden(void **state)
{
	static const char *const argv[] = {"./run"};

	(void)state;
	for (int secret = 0; secret < 2; secret++) {
		struct ocienv_config config;
		struct sv blob;
		struct arena arena;

		arena_init(&arena, NULL, FIXTURE_LIMIT);
		config_open(&config);
		config_arguments(&config, argv, 1);
		config_variables(&config, NULL, 0);
		config.cwd.value = SV("/hidden-place");
		config.cwd.from.secret = secret;
		config.has_exec = true;
		config.exec.path = "/hidden-place/run";
		config.user.resolved = true;
		assert_int_equal(wire_encode_public(&config, SV("0123456789abcdef"), &arena,
						    &fixture_silent, &blob),
				 OCIENV_OK);
		assert_int_equal(holds(blob, "hidden-place"), !secret);
		assert_int_equal(holds(blob, "/hmac-sha384."), secret);
		arena_free(&config.arena);
		arena_free(&arena);
	}
}

/* What no reader would take is not written. */
static void a_layer_that_cannot_be_read_is_not_written(void **state)
{
	static struct sv names[WIRE_DOCUMENTS_MAX + 1];
	static const struct diag silent = {NULL, NULL, {NULL, 0}};
	struct ocienv_layer layer = {.kind = OCIENV_LAYER_IMAGE};
	struct sv blob = SV("untouched");
	struct arena arena;

	(void)state;
	arena_init(&arena, NULL, FIXTURE_LIMIT);
	for (size_t i = 0; i <= WIRE_DOCUMENTS_MAX; i++)
		names[i] = SV("d");
	layer.documents.names = names;
	layer.documents.count = WIRE_DOCUMENTS_MAX + 1;
	assert_int_equal(wire_encode_layer(&layer, &arena, &silent, &blob), OCIENV_ERR_UNSUPPORTED);
	assert_sv_equal(blob, "untouched");
	layer.documents.count = WIRE_DOCUMENTS_MAX;
	assert_int_equal(wire_encode_layer(&layer, &arena, &silent, &blob), OCIENV_OK);
	layer.kind = 9;
	assert_int_equal(wire_encode_layer(&layer, &arena, &silent, &blob), OCIENV_ERR_UNSUPPORTED);
	arena_free(&arena);
}

/* More documents than there are numbers for: values of the rest have no place. */
static void the_number_of_documents_is_bounded(void **state)
{
	static struct sv names[DOCUMENT_MAX];
	struct ocienv_layer layer = {.kind = OCIENV_LAYER_POD};

	(void)state;
	arena_init(&layer.arena, NULL, FIXTURE_LIMIT);
	for (size_t i = 0; i < DOCUMENT_MAX; i++)
		names[i] = SV("d");
	names[DOCUMENT_MAX - 2] = SV("last");
	layer.documents.names = names;
	layer.documents.count = layer.documents.room = DOCUMENT_MAX - 1;
	assert_int_not_equal(layer_document(&layer, SV("one more")), DOCUMENT_NONE);
	assert_int_equal(layer_document(&layer, SV("too many")), DOCUMENT_NONE);
	assert_int_equal(layer_document(&layer, SV("last")),
			 OCIENV_LAYER_POD << 14 | (DOCUMENT_MAX - 2));
	arena_free(&layer.arena);
}

static void layers_come_back(void **state)
{
	struct ocienv_layer layer;

	(void)state;
	layer_small(&layer);
	layer_again(&layer);
	arena_free(&layer.arena);
	layer_full(&layer);
	layer_again(&layer);
	arena_free(&layer.arena);
}

static void absent_empty_and_filled_are_three_things(void **state)
{
	static const char *const one[] = {""};
	struct ocienv_layer layer;

	(void)state;
	layer_small(&layer);
	layer.kind = OCIENV_LAYER_POD; /* what the fixture's origins belong to */
	list_make(&layer, &layer.entrypoint, NULL, 0);
	layer_again(&layer);
	list_make(&layer, &layer.entrypoint, one, 1);
	layer_again(&layer);
	layer.env.present = true;
	layer_again(&layer);
	layer.cwd.value = SV("");
	layer.cwd.from.document = document_ref(layer.kind, 0);
	layer_again(&layer);
	layer.documents.count = 0;
	layer.entrypoint = (struct text_list){0};
	layer.cwd.from.document = DOCUMENT_NONE;
	layer_again(&layer);
	arena_free(&layer.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_config_comes_back),
		cmocka_unit_test(a_full_config_comes_back_sorted),
		cmocka_unit_test(the_order_of_the_environment_does_not_matter),
		cmocka_unit_test(thousands_of_variables_are_sorted),
		cmocka_unit_test(thousands_of_empty_arguments_come_back),
		cmocka_unit_test(a_directory_that_is_a_secret_is_hidden),
		cmocka_unit_test(a_layer_that_cannot_be_read_is_not_written),
		cmocka_unit_test(the_number_of_documents_is_bounded),
		cmocka_unit_test(layers_come_back),
		cmocka_unit_test(absent_empty_and_filled_are_three_things),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The example blobs of docs/wire.md, read as they are printed there. */
#include "unit/wire/fixtures.h"

enum { EXAMPLE_MAX = 4096 };

/* A line of a dump is an offset of 8 digits, then up to 16 bytes of 2; reads the dump
 * that begins at the first such line. Returns the number of bytes. */
static size_t read_dump(FILE *file, uint8_t *ret)
{
	char line[256];
	size_t size = 0;

	while (fgets(line, sizeof(line), file)) {
		char *at = line + 8;

		if (strspn(line, "0123456789abcdef") != 8) {
			if (size)
				break;
			continue;
		}
		assert_int_equal(strtoul(line, NULL, 16), size);
		for (unsigned long byte; *at && *at != '\n' && *at != '|'; size++) {
			byte = strtoul(at, &at, 16);
			at += strspn(at, " ");
			assert_true(byte < 256 && size < EXAMPLE_MAX);
			ret[size] = (uint8_t)byte;
		}
	}
	return size;
}

static void the_examples_are_what_the_text_says(void **state)
{
	static uint8_t bytes[EXAMPLE_MAX];
	FILE *file = fopen(WIRE_DOCUMENT, "r");
	struct ocienv_config config;
	struct ocienv_layer layer;
	size_t size;

	(void)state;
	assert_non_null(file);
	size = read_dump(file, bytes);
	config_open(&config);
	assert_int_equal(wire_decode_config(sv_from((char *)bytes, size), &config, NULL,
					    &fixture_silent),
			 0);
	assert_string_equal(config.exec.path, "/usr/local/bin/redis-server");
	assert_int_equal(config.argc, 3);
	assert_string_equal(config.argv[2], "6379");
	assert_int_equal(config.argv_from[2].source, OCIENV_SOURCE_POD);
	assert_int_equal(config.env.count, 3);
	assert_string_equal(config.envp[1], "PASSWORD=sealed.e30.e30.e30");
	assert_true(config.env.items[1].from.secret);
	assert_sv_equal(config.cwd.value, "/data");
	assert_int_equal(config.user.groups[1], 2000);
	arena_free(&config.arena);

	size = read_dump(file, bytes);
	layer_open(&layer);
	assert_int_equal(wire_decode_layer(sv_from((char *)bytes, size), &layer, NULL,
					   &fixture_silent),
			 0);
	assert_int_equal(layer.kind, OCIENV_LAYER_POD);
	assert_int_equal(layer.entrypoint.items[0].from.mark.line, 9);
	assert_sv_equal(layer.env.items[0].text, "A=2");
	assert_int_equal(layer.env.items[0].overrode->from.source, OCIENV_SOURCE_CONFIGMAP);
	assert_null(layer.env.items[0].overrode->next);
	assert_true(layer.user.uid.value == 1000);
	assert_int_equal(layer.user.uid.from.mark.line, 14);
	arena_free(&layer.arena);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_are_what_the_text_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The last values on the right side of each rule: what must not be refused. */
#include "unit/wire/parts.h"

#include "wire/reader.h"

#define TEXT32 "a digest is of 32 bytes, as this"

static void accept(const struct parts *from, uint32_t kind, struct part_of_blob part)
{
	struct parts parts = *from;
	struct ocienv_boot boot;
	struct wire_view view;
	struct arena arena;
	uint8_t *bytes;
	struct sv blob;

	arena_init(&arena, NULL, 1 << 20);
	parts_set(&parts, part);
	blob = parts_blob(&parts, kind, &arena);
	bytes = malloc(blob.len); /* so that a byte too far shows */
	assert_non_null(bytes);
	memcpy(bytes, blob.ptr, blob.len);
	if (kind == WIRE_LAYER)
		assert_int_equal(wire_check_layer(bytes, blob.len, &view), 0);
	else
		assert_int_equal(wire_check_config(&boot, bytes, blob.len), 0);
	free(bytes);
	arena_free(&arena);
}

static void paths(void **state)
{
	static const struct part_of_blob cases[] = {
		{WIRE_EXEC, 1, BYTES("/a\0")},
		{WIRE_EXEC, 1, BYTES("/.a/b./.../..\0")},
		{WIRE_EXEC, 1, BYTES("/\xc2\x80\xdf\xbf\0")},
		{WIRE_EXEC, 1,
		 BYTES("/\xe0\xa0\x80\xe1\x80\x80\xed\x9f\xbf\xef\xbf\xbf\0")},
		{WIRE_EXEC, 1,
		 BYTES("/\xf0\x90\x80\x80\xf1\x80\x80\x80\xf4\x8f\xbf\xbf\0")},
		{WIRE_EXEC, 1, BYTES("/sixteen/letters/caf\xc3\xa9/and/some/more\0")},
		{WIRE_CWD, 1, BYTES("//a/./b/\0")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		accept(&parts_config, WIRE_CONFIG, cases[i]);
}

static void the_ends_of_ranges(void **state)
{
	static const struct part_of_blob configs[] = {
		{WIRE_USER, 1,
		 BYTES("\376\377\377\377\376\377\377\377\377\1\0\0\1\0\0\0\376\377\377"
		       "\377")},
		{WIRE_USER, 1, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
		{WIRE_ENVSRC, 0, BYTES("\112\12")},
		{WIRE_ARGSRC, 0, BYTES("\12\112\0\100")},
		{WIRE_INPUTS, 0, BYTES("\4\0\0\0\1\0\0\0" TEXT32)},
		{WIRE_INPUTS, 0,
		 BYTES("\1\0\0\0\1\0\0\0" TEXT32 "\3\0\0\0\1\0\0\0" TEXT32)},
		{WIRE_ENVP, 1, BYTES("\2\0\0\0\7\0\0\0\0\0\0\0\4\0\0\0A==\0B=\0")},
		{WIRE_ARGV, 1, BYTES("\2\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0\0\0")},
	};
	static const struct part_of_blob layers[] = {
		{WIRE_WARNINGS, 0,
		 BYTES("\3\0\0\0\10\0\0\0\0\0\0\0\6\0\0\0\7\0\0\0az-09\0\0\0")},
		{WIRE_UID + 1, 1, BYTES("\0\0\0\0\0\0\0\0\377\377\12\1")},
		{WIRE_DIGEST, 1, BYTES("\1\0\0\0" TEXT32)},
		{WIRE_UID, 1, BYTES("\377\377\377\377\0\0\0\0")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
		accept(&parts_config, WIRE_CONFIG, configs[i]);
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		accept(&parts_layer, WIRE_LAYER, layers[i]);
}

/* Upper, lower, filter, source, target. */
static void roots(void **state)
{
	static const struct part_of_blob cases[] = {
		{WIRE_ROOTFS, 1,
		 BYTES("\5\0\0\0\6\0\0\0\0\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0u\0\0\0\0"
		       "\0")},
		{WIRE_ROOTFS, 1,
		 BYTES("\5\0\0\0\6\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\5\0\0\0\0\0\0s\0"
		       "\0")},
		{WIRE_ROOTFS, 1,
		 BYTES("\5\0\0\0\7\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\5\0\0\0\6\0\0\0\0\0/"
		       "e\0\0\0")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		accept(&parts_config, WIRE_CONFIG, cases[i]);
}

/* One string of more than 255 steps of 16 bytes, which is one round of count_nuls(). */
static void long_pools(void **state)
{
	enum { HEAD = 12, SIZE = 16 * 600 + 5 };
	static char list[HEAD + SIZE] = {1, 0, 0, 0, (char)(SIZE & 0xff), SIZE >> 8};
	struct parts parts = parts_config;
	struct part_of_blob part = {WIRE_ARGV, 1, list, sizeof(list)};

	(void)state;
	memset(list + HEAD, 'x', SIZE - 1);
	parts_set(&parts, (struct part_of_blob){WIRE_ARGSRC, 0, BYTES("\1\2\3")});
	accept(&parts, WIRE_CONFIG, part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(the_ends_of_ranges),
		cmocka_unit_test(roots),
		cmocka_unit_test(long_pools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

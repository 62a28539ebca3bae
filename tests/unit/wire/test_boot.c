/* SPDX-License-Identifier: Apache-2.0 */
/* The enclave's functions, on blobs that are good, newer, unaligned, or changed under
 * them. */
#include "unit/wire/parts.h"

#include "ocienv/boot.h"

static void set_minor(struct sv blob, uint8_t minor)
{
	((uint8_t *)(uintptr_t)blob.ptr)[WIRE_AT_MINOR] = minor;
}

static void getters_give_what_is_in_the_blob(void **state)
{
	struct arena arena;
	struct ocienv_boot boot;
	struct ocienv_boot_user user;
	char *argv[3], *envp[3];
	struct sv blob;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	blob = parts_blob(&parts_config, WIRE_CONFIG, &arena);
	assert_int_equal(ocienv_boot_open(&boot, blob.ptr, blob.len), OCIENV_BOOT_OK);
	assert_int_equal(ocienv_boot_measured_size(&boot), blob.len);
	assert_string_equal(ocienv_boot_exec(&boot), "/bin/sh");
	assert_string_equal(ocienv_boot_cwd(&boot), "/");
	assert_int_equal(ocienv_boot_argc(&boot), 2);
	assert_int_equal(ocienv_boot_envc(&boot), 2);
	assert_int_equal(ocienv_boot_argv(&boot, argv, 3), OCIENV_BOOT_OK);
	assert_string_equal(argv[0], "sh");
	assert_string_equal(argv[1], "-c");
	assert_null(argv[2]);
	assert_int_equal(ocienv_boot_envp(&boot, envp, 3), OCIENV_BOOT_OK);
	assert_string_equal(envp[0], "A=1");
	assert_string_equal(envp[1], "B=2");
	assert_null(envp[2]);
	assert_int_equal(ocienv_boot_user(&boot, &user), OCIENV_BOOT_OK);
	assert_int_equal(user.uid, 1);
	assert_int_equal(user.gid, 2);
	assert_int_equal(user.umask, 022);
	assert_int_equal(user.group_count, 2);
	assert_int_equal(ocienv_boot_group(&user, 0), 3);
	assert_int_equal(ocienv_boot_group(&user, 1), 4);
	assert_int_equal(ocienv_boot_group(&user, 2), UINT32_MAX);
	arena_free(&arena);
}

static void misuse_is_an_argument_error(void **state)
{
	struct arena arena;
	struct ocienv_boot boot;
	struct ocienv_boot_user user;
	struct ocienv_occlum_rootfs_config occlum;
	char *vec[3];
	struct sv blob;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	blob = parts_blob(&parts_config, WIRE_CONFIG, &arena);
	assert_int_equal(ocienv_boot_open(NULL, blob.ptr, blob.len), -1);
	assert_int_equal(ocienv_boot_open(&boot, NULL, 0), -1);
	assert_int_equal(ocienv_boot_open(&boot, blob.ptr, blob.len), 0);
	assert_int_equal(ocienv_boot_argv(&boot, vec, 2), -1);
	assert_int_equal(ocienv_boot_argv(&boot, NULL, 3), -1);
	assert_int_equal(ocienv_boot_envp(NULL, vec, 3), -1);
	assert_int_equal(ocienv_boot_user(NULL, &user), -1);
	assert_int_equal(ocienv_boot_user(&boot, NULL), -1);
	assert_int_equal(ocienv_boot_group(NULL, 0), UINT32_MAX);
	assert_int_equal(ocienv_boot_occlum(&boot, NULL, vec, 3), -1);
	assert_int_equal(ocienv_boot_occlum(NULL, &occlum, vec, 3), -1);
	assert_int_equal(ocienv_boot_occlum(&boot, &occlum, NULL, 3), -1);
	assert_int_equal(ocienv_boot_measured_size(NULL), 0);
	assert_int_equal(ocienv_boot_argc(NULL), 0);
	assert_int_equal(ocienv_boot_envc(NULL), 0);
	assert_null(ocienv_boot_exec(NULL));
	assert_null(ocienv_boot_cwd(NULL));
	arena_free(&arena);
}

static void nothing_is_filled_on_failure(void **state)
{
	struct ocienv_boot boot, untouched;
	uint8_t junk[64] = {0};

	(void)state;
	memset(&boot, 0x5a, sizeof(boot));
	untouched = boot;
	assert_int_equal(ocienv_boot_open(&boot, junk, sizeof(junk)),
			 OCIENV_BOOT_ERR_BLOB);
	assert_int_equal(ocienv_boot_open(&boot, junk, 0), OCIENV_BOOT_ERR_BLOB);
	assert_memory_equal(&boot, &untouched, sizeof(boot));
}

static void any_alignment_and_any_trailer_will_do(void **state)
{
	struct arena arena;
	struct ocienv_boot boot;
	struct sv blob;
	uint8_t *buffer;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	blob = parts_blob(&parts_config, WIRE_CONFIG, &arena);
	buffer = malloc(blob.len + 16);
	assert_non_null(buffer);
	memset(buffer, 0xee, blob.len + 16);
	for (size_t shift = 0; shift < 9; shift++) {
		memcpy(buffer + shift, blob.ptr, blob.len);
		assert_int_equal(ocienv_boot_open(&boot, buffer + shift, blob.len + 7),
				 0);
		assert_int_equal(ocienv_boot_measured_size(&boot), blob.len);
		assert_string_equal(ocienv_boot_exec(&boot), "/bin/sh");
	}
	free(buffer);
	arena_free(&arena);
}

static int32_t open_with(struct part_of_blob part, uint8_t minor)
{
	struct parts parts = parts_config;
	struct ocienv_boot boot;
	struct arena arena;
	struct sv blob;
	int32_t result;

	arena_init(&arena, NULL, 1 << 20);
	parts_set(&parts, part);
	blob = parts_blob(&parts, WIRE_CONFIG, &arena);
	set_minor(blob, minor);
	result = ocienv_boot_open(&boot, blob.ptr, blob.len);
	if (!result)
		assert_string_equal(ocienv_boot_exec(&boot), "/bin/sh");
	arena_free(&arena);
	return result;
}

static void newer_minors_and_vendors_are_passed_over(void **state)
{
	const struct part_of_blob newer = {12, 0, BYTES("whatever")};
	const struct part_of_blob critical = {9, 1, BYTES("whatever")};
	const struct part_of_blob vendor = {0x8000, 0, BYTES("\0x")};

	(void)state;
	assert_int_equal(open_with(newer, 1), OCIENV_BOOT_OK);
	assert_int_equal(open_with(newer, 255), OCIENV_BOOT_OK);
	assert_int_equal(open_with(newer, 0), OCIENV_BOOT_ERR_BLOB);
	assert_int_equal(open_with(critical, 1), OCIENV_BOOT_ERR_BLOB);
	assert_int_equal(open_with(vendor, 0), OCIENV_BOOT_OK);
	assert_int_equal(open_with(vendor, 1), OCIENV_BOOT_ERR_BLOB);
	assert_int_equal(open_with((struct part_of_blob){64, 0, BYTES("")}, 1),
			 OCIENV_BOOT_OK);
}

static void occlum_gets_its_struct(void **state)
{
	struct ocienv_occlum_rootfs_config config;
	struct parts parts = parts_config;
	struct arena arena;
	struct ocienv_boot boot;
	char *vec[3];
	struct sv blob;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	blob = parts_blob(&parts, WIRE_CONFIG, &arena);
	assert_int_equal(ocienv_boot_open(&boot, blob.ptr, blob.len), 0);
	assert_int_equal(ocienv_boot_occlum(&boot, &config, vec, 3), 0);
	assert_int_equal(config.len, 7 * sizeof(void *)); /* 56 on x86-64 */
	assert_null(config.upper_layer_path);
	assert_string_equal(config.lower_layer_path, "lo");
	assert_string_equal(config.entry_point, "/bin"); /* the wider filter */
	assert_string_equal(config.hostfs_source, "h");
	assert_string_equal(config.hostfs_target, "/");
	assert_ptr_equal(config.envp, vec);
	assert_string_equal(config.envp[1], "B=2");
	assert_null(config.envp[2]);

	parts_set(&parts, (struct part_of_blob){WIRE_ROOTFS, 1, NULL, 0});
	blob = parts_blob(&parts, WIRE_CONFIG, &arena);
	assert_int_equal(ocienv_boot_open(&boot, blob.ptr, blob.len), 0);
	assert_int_equal(ocienv_boot_occlum(&boot, &config, vec, 3), 0);
	assert_string_equal(config.entry_point, "/bin/sh");
	assert_null(config.lower_layer_path);
	assert_null(config.hostfs_source);
	assert_null(config.hostfs_target);

	parts_set(&parts, (struct part_of_blob){WIRE_EXEC, 1, NULL, 0});
	blob = parts_blob(&parts, WIRE_CONFIG, &arena);
	assert_int_equal(ocienv_boot_open(&boot, blob.ptr, blob.len), 0);
	assert_null(ocienv_boot_exec(&boot));
	assert_int_equal(ocienv_boot_occlum(&boot, &config, vec, 3), 0);
	assert_null(config.entry_point);
	arena_free(&arena);
}

static int32_t occlum_with(struct part_of_blob part, size_t capacity)
{
	struct ocienv_occlum_rootfs_config config, untouched;
	struct parts parts = parts_config;
	struct arena arena;
	struct ocienv_boot boot;
	char *vec[3];
	struct sv blob;
	int32_t result;

	arena_init(&arena, NULL, 1 << 20);
	memset(&config, 0x5a, sizeof(config));
	untouched = config;
	parts_set(&parts, part);
	blob = parts_blob(&parts, WIRE_CONFIG, &arena);
	assert_int_equal(ocienv_boot_open(&boot, blob.ptr, blob.len), 0);
	result = ocienv_boot_occlum(&boot, &config, vec, capacity);
	if (result)
		assert_memory_equal(&config, &untouched, sizeof(config));
	arena_free(&arena);
	return result;
}

static void occlum_is_spared_what_it_cannot_take(void **state)
{
	const struct part_of_blob good = parts_config.items[0];
	const struct part_of_blob latin = {
		WIRE_ENVP, 1, BYTES("\2\0\0\0\10\0\0\0\0\0\0\0\4\0\0\0A=1\0B=\xe9\0")};
	const struct part_of_blob euro = {
		WIRE_ENVP, 1,
		BYTES("\2\0\0\0\12\0\0\0\0\0\0\0\4\0\0\0A=1\0B=\xe2\x82\xac\0")};

	(void)state;
	assert_int_equal(occlum_with(good, 3), OCIENV_BOOT_OK);
	assert_int_equal(occlum_with(good, 2), OCIENV_BOOT_ERR_ARGUMENT);
	assert_int_equal(occlum_with(latin, 3), OCIENV_BOOT_ERR_ENCODING);
	assert_int_equal(occlum_with(euro, 3), OCIENV_BOOT_OK);
	assert_int_equal(occlum_with((struct part_of_blob){WIRE_EXEC, 1,
							   BYTES("/usr/../bin/sh\0")},
				     3),
			 OCIENV_BOOT_ERR_UNSUPPORTED);
	assert_int_equal(
		occlum_with((struct part_of_blob){WIRE_EXEC, 1, BYTES("/bin/..\0")}, 3),
		OCIENV_BOOT_ERR_UNSUPPORTED);
	assert_int_equal(occlum_with((struct part_of_blob){WIRE_EXEC, 1,
							   BYTES("/..a/b../.../.b/a.\0")},
				     3),
			 OCIENV_BOOT_OK);
}

/* Somebody writes to an opened blob. The answers may be nonsense; all pointers stay
 * inside, and the sanitizers see every byte that is read: the blob ends where its memory
 * does. */
static void changed_bytes_lead_nowhere_outside(void **state)
{
	struct ocienv_occlum_rootfs_config config;
	struct arena arena;
	struct ocienv_boot boot;
	struct ocienv_boot_user user;
	static char *vec[512];
	struct sv blob;
	uint8_t *bytes;
	uint32_t seed = 1;

	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	blob = parts_blob(&parts_config, WIRE_CONFIG, &arena);
	bytes = malloc(blob.len);
	assert_non_null(bytes);
	for (int round = 0; round < 20000; round++) {
		memcpy(bytes, blob.ptr, blob.len);
		assert_int_equal(ocienv_boot_open(&boot, bytes, blob.len), 0);
		for (int k = 0; k < 1 + round % 7; k++) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 8) % blob.len] =
				(uint8_t)(seed >> (seed % 2 * 24));
		}
		assert_int_equal(ocienv_boot_user(&boot, &user), 0);
		(void)ocienv_boot_group(&user, 1);
		(void)ocienv_boot_occlum(&boot, &config, vec, 512);
		if (ocienv_boot_argv(&boot, vec, 512))
			continue;
		for (size_t i = 0; vec[i]; i++)
			assert_true((uint8_t *)vec[i] >= bytes &&
				    (uint8_t *)vec[i] < bytes + blob.len);
	}
	memset(bytes, 0xff, blob.len);
	assert_int_equal(ocienv_boot_argc(&boot), 0);
	assert_int_equal(ocienv_boot_envp(&boot, vec, 1), 0);
	assert_null(vec[0]);
	free(bytes);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(getters_give_what_is_in_the_blob),
		cmocka_unit_test(misuse_is_an_argument_error),
		cmocka_unit_test(nothing_is_filled_on_failure),
		cmocka_unit_test(any_alignment_and_any_trailer_will_do),
		cmocka_unit_test(newer_minors_and_vendors_are_passed_over),
		cmocka_unit_test(occlum_gets_its_struct),
		cmocka_unit_test(occlum_is_spared_what_it_cannot_take),
		cmocka_unit_test(changed_bytes_lead_nowhere_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

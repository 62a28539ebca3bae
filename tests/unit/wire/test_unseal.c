/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed values at the enclave's side: who may open them, and what is left if nobody can. */
#include "unit/wire/fixtures.h"

#include "ocienv/boot.h"

enum { VECTOR = 16, SCRATCH = 256, GUARD = 32 };

/* What the callback does, and what it was asked. */
struct opener {
	struct sv plain;
	int64_t answer;	 /* if it is not the length of that */
	bool answers;
	size_t fails_at; /* number of the call, from 1; 0: none */
	size_t calls, most;
	char name[32], value[64];
};

static int64_t open_one(void *ctx, const char *name, const char *value, size_t size, char *ret,
			size_t most)
{
	struct opener *opener = ctx;

	opener->calls++;
	opener->most = most;
	assert_true(strlen(name) < sizeof(opener->name) && size < sizeof(opener->value));
	assert_int_equal(strlen(value), size);
	strcpy(opener->name, name);
	strcpy(opener->value, value);
	memset(ret, 'x', most);
	if (opener->plain.len <= most)
		memcpy(ret, opener->plain.ptr, opener->plain.len);
	if (opener->fails_at && opener->calls == opener->fails_at)
		return -5;
	return opener->answers ? opener->answer : (int64_t)opener->plain.len;
}

/* A blob with these variables, opened; the memory around the scratch is watched. */
struct place {
	struct arena arena;
	struct ocienv_boot boot;
	char *vec[VECTOR];
	char memory[SCRATCH + 2 * GUARD];
	char *scratch;
	struct opener opener;
	struct ocienv_boot_unseal unseal;
};

static void place_open(struct place *p, const char *const *texts, uint32_t count)
{
	static const char *const argv[] = {"sh"};
	struct ocienv_config config;
	struct sv blob;

	memset(p, 0, sizeof(*p));
	arena_init(&p->arena, NULL, FIXTURE_LIMIT);
	config_open(&config);
	config_arguments(&config, argv, 1);
	config_variables(&config, texts, count);
	config.cwd.value = SV("/");
	config.user.resolved = true;
	assert_int_equal(wire_encode_config(&config, &p->arena, &fixture_silent, &blob), 0);
	arena_free(&config.arena);
	assert_int_equal(ocienv_boot_open(&p->boot, blob.ptr, blob.len), 0);
	memset(p->memory, 'g', sizeof(p->memory));
	p->scratch = p->memory + GUARD;
	p->unseal = (struct ocienv_boot_unseal){open_one, &p->opener};
	for (size_t i = 0; i < VECTOR; i++)
		p->vec[i] = p->memory;
}

static int32_t place_unseal(struct place *p, size_t size)
{
	int32_t status = ocienv_boot_envp_unsealed(&p->boot, p->vec, VECTOR, p->scratch, size,
						   &p->unseal);

	for (size_t i = 0; i < sizeof(p->memory); i++)
		if (i < GUARD || i >= GUARD + size)
			assert_int_equal(p->memory[i], 'g');
	return status;
}

static void assert_closed(const struct place *p, size_t size)
{
	assert_null(p->vec[0]);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(p->scratch[i], 0);
}

static const char *const variables[] = {
	"A=1", "EMPTY=", "KEY=sealed.abc.def.ghi", "LOOKS=xsealed.a", "NEARLY=sealed",
	"OTHER=sealed.$(A)$$(KEY).x", "REFERS=$(KEY)", "Z=sealed.",
};

static void sealed_values_are_opened_and_others_left(void **state)
{
	struct place p;

	(void)state;
	place_open(&p, variables, 8);
	p.opener.plain = SV("a = $(A)\n\xe2\x82\xac");
	assert_int_equal(place_unseal(&p, SCRATCH), 0);
	assert_int_equal(p.opener.calls, 3);
	assert_string_equal(p.vec[0], "A=1");
	assert_string_equal(p.vec[1], "EMPTY=");
	assert_string_equal(p.vec[2], "KEY=a = $(A)\n\xe2\x82\xac");
	assert_string_equal(p.vec[3], "LOOKS=xsealed.a");
	assert_string_equal(p.vec[4], "NEARLY=sealed");
	assert_string_equal(p.vec[5], "OTHER=a = $(A)\n\xe2\x82\xac");
	assert_string_equal(p.vec[6], "REFERS=$(KEY)");
	assert_string_equal(p.vec[7], "Z=a = $(A)\n\xe2\x82\xac");
	assert_null(p.vec[8]);
	assert_ptr_equal(p.vec[2], p.scratch);
	assert_string_equal(p.opener.name, "Z");
	assert_string_equal(p.opener.value, "sealed.");
	arena_free(&p.arena);
}

static void a_sealed_value_reaches_the_function_as_it_is(void **state)
{
	struct place p;

	(void)state;
	place_open(&p, variables, 8);
	p.opener.plain = SV("x");
	p.opener.fails_at = 2;
	assert_int_equal(place_unseal(&p, SCRATCH), OCIENV_BOOT_ERR_VALUE);
	assert_string_equal(p.opener.name, "OTHER");
	assert_string_equal(p.opener.value, "sealed.$(A)$$(KEY).x");
	assert_closed(&p, SCRATCH);
	arena_free(&p.arena);
}

static void each_wrong_answer_leaves_nothing(void **state)
{
	static const struct {
		int64_t answer;
		int32_t status;
	} rows[] = {
		{-1, OCIENV_BOOT_ERR_VALUE},
		{INT64_MIN, OCIENV_BOOT_ERR_VALUE},
		{-INT64_C(0x100000000), OCIENV_BOOT_ERR_VALUE},
		{0, OCIENV_BOOT_ERR_VALUE},
		{SCRATCH - 5 + 1, OCIENV_BOOT_ERR_ARGUMENT}, /* "KEY=" and a NUL */
		{SCRATCH, OCIENV_BOOT_ERR_ARGUMENT},
		{INT64_C(0x100000001), OCIENV_BOOT_ERR_ARGUMENT}, /* 1 in 32 bits */
		{INT64_MAX, OCIENV_BOOT_ERR_ARGUMENT},
	};
	struct place p;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		place_open(&p, variables, 8);
		p.opener.plain = SV("secret");
		p.opener.answers = true;
		p.opener.answer = rows[i].answer;
		assert_int_equal(place_unseal(&p, SCRATCH), rows[i].status);
		assert_int_equal(p.opener.calls, 1);
		assert_closed(&p, SCRATCH);
		arena_free(&p.arena);
	}
}

static void plain_text_is_utf8_without_nul(void **state)
{
	static const struct sv rows[] = {
		{"\0", 1}, {"a\0b", 3}, {"secret\0", 7}, {"\xff", 1}, {"caf\xe9", 4},
		{"\xc0\x80", 2}, {"\xed\xa0\x80", 3}, {"\xe2\x82", 2},
	};
	struct place p;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		place_open(&p, variables, 8);
		p.opener.plain = rows[i];
		assert_int_equal(place_unseal(&p, SCRATCH), OCIENV_BOOT_ERR_ENCODING);
		assert_closed(&p, SCRATCH);
		arena_free(&p.arena);
	}
}

/* "KEY=" + 6 + NUL, "OTHER=" + 6 + NUL, "Z=" + 6 + NUL */
enum { NEEDED = 11 + 13 + 9 };

static void scratch_of_each_size(void **state)
{
	struct place p;

	(void)state;
	for (size_t size = 0; size < NEEDED + 3; size++) {
		int32_t status;

		place_open(&p, variables, 8);
		p.opener.plain = SV("secret");
		status = place_unseal(&p, size);
		assert_int_equal(status, size < NEEDED ? OCIENV_BOOT_ERR_ARGUMENT : 0);
		if (status)
			assert_closed(&p, size);
		else
			assert_string_equal(p.vec[7], "Z=secret");
		arena_free(&p.arena);
	}
}

static void what_is_not_sealed_needs_nothing(void **state)
{
	struct place p;

	(void)state;
	place_open(&p, variables, 2);
	assert_int_equal(ocienv_boot_envp_unsealed(&p.boot, p.vec, 3, NULL, 0, &p.unseal), 0);
	assert_string_equal(p.vec[1], "EMPTY=");
	assert_null(p.vec[2]);
	assert_int_equal(p.opener.calls, 0);
	arena_free(&p.arena);
	place_open(&p, variables, 0);
	assert_int_equal(place_unseal(&p, 0), 0);
	assert_null(p.vec[0]);
	arena_free(&p.arena);
}

static int64_t open_short(void *ctx, const char *name, const char *value, size_t size, char *ret,
			  size_t most)
{
	(void)name;
	(void)value;
	(void)size;
	*(size_t *)ctx = most;
	ret[0] = 'x';
	return 1;
}

/* Whatever the caller says it has, one value is no longer than a blob may be. */
static void no_more_is_offered_than_a_blob_holds(void **state)
{
	size_t most = 0;
	struct place p;

	(void)state;
	place_open(&p, variables, 8);
	p.unseal = (struct ocienv_boot_unseal){open_short, &most};
	assert_int_equal(ocienv_boot_envp_unsealed(&p.boot, p.vec, VECTOR, p.scratch,
						   (size_t)OCIENV_BOOT_MAX_SIZE + 4096, &p.unseal),
			 0);
	assert_true(most > 0 && most <= OCIENV_BOOT_MAX_SIZE);
	assert_string_equal(p.vec[2], "KEY=x");
	arena_free(&p.arena);
}

/* Whoever can still write to the blob may take the "=" away that was there. */
static void a_blob_that_changes_is_refused(void **state)
{
	struct place p;
	char *entry;

	(void)state;
	place_open(&p, variables, 8);
	p.opener.plain = SV("x");
	assert_int_equal(ocienv_boot_envp(&p.boot, p.vec, VECTOR), 0);
	entry = p.vec[7];
	assert_string_equal(entry, "Z=sealed.");
	memset(strchr(entry, '='), '-', strlen(strchr(entry, '=')));
	assert_int_equal(place_unseal(&p, SCRATCH), OCIENV_BOOT_ERR_BLOB);
	assert_closed(&p, SCRATCH);
	arena_free(&p.arena);
}

static void misuse_leaves_nothing_either(void **state)
{
	struct ocienv_boot_unseal none = {NULL, NULL};
	struct place p;

	(void)state;
	place_open(&p, variables, 8);
	for (int i = 0; i < 5; i++) {
		const struct ocienv_boot_unseal *unseal = i == 0 ? NULL : i == 1 ? &none : &p.unseal;

		p.vec[0] = p.memory;
		memset(p.scratch, 's', SCRATCH);
		assert_int_equal(ocienv_boot_envp_unsealed(i == 2 ? NULL : &p.boot, p.vec,
							   i == 3 ? 8 : VECTOR,
							   i == 4 ? NULL : p.scratch, SCRATCH,
							   unseal),
				 OCIENV_BOOT_ERR_ARGUMENT);
		assert_null(p.vec[0]);
		for (size_t k = 0; k < SCRATCH; k++)
			assert_int_equal(p.scratch[k], i == 4 ? 's' : 0);
	}
	p.vec[0] = p.memory;
	assert_int_equal(ocienv_boot_envp_unsealed(&p.boot, p.vec, 0, p.scratch, SCRATCH,
						   &p.unseal),
			 OCIENV_BOOT_ERR_ARGUMENT);
	assert_ptr_equal(p.vec[0], p.memory); /* no element is the caller's */
	assert_int_equal(ocienv_boot_envp_unsealed(&p.boot, NULL, 9, p.scratch, SCRATCH,
						   &p.unseal),
			 OCIENV_BOOT_ERR_ARGUMENT);
	assert_int_equal(p.opener.calls, 0);
	arena_free(&p.arena);
}

static void occlum_gets_them_too(void **state)
{
	struct ocienv_occlum_rootfs_config occlum;
	struct place p;

	(void)state;
	place_open(&p, variables, 8);
	p.opener.plain = SV("plain");
	assert_int_equal(ocienv_boot_occlum(&p.boot, &occlum, p.vec, VECTOR), 0);
	assert_string_equal(occlum.envp[2], "KEY=sealed.abc.def.ghi");
	assert_int_equal(place_unseal(&p, SCRATCH), 0);
	assert_string_equal(occlum.envp[2], "KEY=plain");
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sealed_values_are_opened_and_others_left),
		cmocka_unit_test(a_sealed_value_reaches_the_function_as_it_is),
		cmocka_unit_test(each_wrong_answer_leaves_nothing),
		cmocka_unit_test(plain_text_is_utf8_without_nul),
		cmocka_unit_test(scratch_of_each_size),
		cmocka_unit_test(what_is_not_sealed_needs_nothing),
		cmocka_unit_test(no_more_is_offered_than_a_blob_holds),
		cmocka_unit_test(a_blob_that_changes_is_refused),
		cmocka_unit_test(misuse_leaves_nothing_either),
		cmocka_unit_test(occlum_gets_them_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

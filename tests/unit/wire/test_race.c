/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody writes to a blob while the enclave's reader works on it. The blob ends where a
 * page does, behind which nothing may be touched: a byte too far ends the program, and one
 * before the blob is a page of that kind as well. Answers do not matter.
 */
#include "unit/wire/fixtures.h"

#include "ocienv/boot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { VECTOR = 4096, SECONDS = 1, SCRATCH = 64 };

struct shared {
	uint8_t *bytes;
	size_t size;
	const struct sv *good; /* what it is now and then */
	char *scratch_end;
	atomic_bool stop;
};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One byte a time, most of them where lengths and offsets are small numbers. */
static void *damage(void *argument)
{
	static const uint8_t values[] = {0, 1, '=', '/', 0x7f, 0x80, 0xff};
	struct shared *shared = argument;
	volatile uint8_t *bytes = shared->bytes;
	uint32_t seed = 1;

	while (!atomic_load(&shared->stop)) {
		for (int i = 0; i < 64; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 8) % shared->size] = values[seed % sizeof(values)];
		}
		for (size_t i = 0; i < shared->size; i++)
			bytes[i] = (uint8_t)shared->good->ptr[i];
	}
	return NULL;
}

static void look(const struct shared *shared, const char *text)
{
	assert_true((const uint8_t *)text >= shared->bytes &&
		    (const uint8_t *)text < shared->bytes + shared->size);
}

/* Somebody who opens everything, and writes wherever he may. */
static int64_t open_any(void *ctx, const char *name, const char *value, size_t size, char *ret,
			size_t most)
{
	const struct shared *shared = ctx;

	assert_non_null(name);
	look(shared, value);
	assert_true(size < shared->size);
	memset(ret, 'p', most);
	return most < 5 ? (int64_t)most : 5;
}

/* The scratch ends where its page does: what is written behind it ends the program. */
static void unseal_once(const struct ocienv_boot *boot, struct shared *shared, char **vec)
{
	struct ocienv_boot_unseal unseal = {open_any, shared};

	for (size_t size = 0; size < SCRATCH; size += 7) {
		char *scratch = shared->scratch_end - size;
		int32_t status = ocienv_boot_envp_unsealed(boot, vec, VECTOR, scratch, size,
							   &unseal);

		assert_int_equal(scratch[-1], 'g');
		if (status)
			assert_null(vec[0]);
		for (size_t i = 0; !status && vec[i]; i++)
			if (vec[i] < scratch || vec[i] >= shared->scratch_end)
				look(shared, vec[i]);
		memset(scratch - 1, 'g', size + 1);
	}
}

/* Everything that can be asked. */
static bool boot_once(struct shared *shared)
{
	static char *vec[VECTOR];
	struct ocienv_occlum_rootfs_config config;
	struct ocienv_boot_user user;
	struct ocienv_boot boot;

	if (ocienv_boot_open(&boot, shared->bytes, shared->size))
		return false;
	look(shared, ocienv_boot_cwd(&boot));
	assert_int_equal(ocienv_boot_user(&boot, &user), 0);
	for (uint32_t i = 0; i < user.group_count; i++)
		(void)ocienv_boot_group(&user, i);
	if (!ocienv_boot_argv(&boot, vec, VECTOR))
		for (size_t i = 0; vec[i]; i++)
			look(shared, vec[i]);
	if (!ocienv_boot_envp(&boot, vec, VECTOR))
		for (size_t i = 0; vec[i]; i++)
			look(shared, vec[i]);
	(void)ocienv_boot_occlum(&boot, &config, vec, VECTOR);
	unseal_once(&boot, shared, vec);
	return true;
}

/* Pages with one that cannot be touched on either side; the blob lies at the end, or at the
 * beginning. */
static void race(const struct sv *good, bool at_end)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (good->len + page - 1) / page * page;
	size_t size = room + 4 * page; /* a page for the scratch, and one behind it */
	uint8_t *map = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct shared shared = {.size = good->len, .good = good};
	size_t opened = 0, rounds = 0;
	double end = now() + SECONDS;
	pthread_t thread;

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map + page, room, PROT_READ | PROT_WRITE), 0);
	shared.scratch_end = (char *)map + size - page;
	assert_int_equal(mprotect(shared.scratch_end - page, page, PROT_READ | PROT_WRITE), 0);
	memset(shared.scratch_end - page, 'g', page);
	shared.bytes = map + page + (at_end ? room - good->len : 0);
	memcpy(shared.bytes, good->ptr, good->len);
	assert_int_equal(pthread_create(&thread, NULL, damage, &shared), 0);
	for (; now() < end || !opened; rounds++)
		opened += boot_once(&shared);
	atomic_store(&shared.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(munmap(map, size), 0);
	print_message("           %zu rounds, %zu opened\n", rounds, opened);
}

static struct sv make(void (*fill)(struct ocienv_config *), struct arena *arena)
{
	struct ocienv_config config;
	struct sv blob;

	fill(&config);
	assert_int_equal(wire_encode_config(&config, arena, &fixture_silent, &blob), 0);
	arena_free(&config.arena);
	return blob;
}

static void nothing_outside_is_read(void **state)
{
	struct arena arena;
	struct sv blob;

	(void)state;
	arena_init(&arena, NULL, FIXTURE_LIMIT);
	blob = make(config_small, &arena);
	race(&blob, true);
	blob = make(config_full, &arena);
	race(&blob, true);
	race(&blob, false);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_outside_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

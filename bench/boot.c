/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot [--short] [--check]: how long libocienv-boot takes to open a blob and to fill argv and
 * envp, as a multiple of the time that memcpy takes for the same bytes in the same run. Medians of
 * rounds in which both take turns. With --check the status is 1 if the target is missed by more
 * than the noise of this very run: what half of the rounds differ by.
 */
#include "ocienv/boot.h"
#include "timing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 21, SHORT_ROUNDS = 5, SECTIONS = 7 };

static const double round_us = 4000, most = 3.0;

/* A blob as it grows; there is room for the largest. */
struct blob {
	uint8_t *bytes;
	size_t size;
};

static void put(struct blob *blob, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		blob->bytes[blob->size++] = (uint8_t)(value >> 8 * i);
}

static void put_at(struct blob *blob, size_t at, uint32_t value)
{
	struct blob field = {blob->bytes, at};

	put(&field, value, 4);
}

/* The content of a section is what is put in between. */
static void begin(struct blob *blob, uint32_t index, uint32_t type, uint32_t flags)
{
	size_t entry = 32 + 16 * (size_t)index;

	put_at(blob, entry, type | flags << 16);
	put_at(blob, entry + 4, (uint32_t)blob->size);
	put_at(blob, entry + 12, 0);
}

static void end(struct blob *blob, uint32_t index)
{
	size_t entry = 32 + 16 * (size_t)index;
	uint32_t from = 0;

	memcpy(&from, blob->bytes + entry + 4, 4); /* a bench need not run anywhere else */
	put_at(blob, entry + 8, (uint32_t)blob->size - from);
	put(blob, 0, -blob->size % 8);
}

static void put_text(struct blob *blob, const char *text)
{
	memcpy(blob->bytes + blob->size, text, strlen(text) + 1);
	blob->size += strlen(text) + 1;
}

/* `count` variables of `each` bytes with their NULs, named as those of Services are. */
static void put_variables(struct blob *blob, uint32_t count, uint32_t each)
{
	put(blob, count, 4);
	put(blob, (uint64_t)count * each, 4);
	for (uint32_t i = 0; i < count; i++)
		put(blob, (uint64_t)i * each, 4);
	for (uint32_t i = 0; i < count; i++) {
		char *text = (char *)blob->bytes + blob->size;
		int name = sprintf(text, "SVC_%06u_PORT=tcp://", i);

		memset(text + name, 'a' + (int)(i % 26), each - (size_t)name);
		blob->size += each - 1;
		put(blob, 0, 1);
	}
}

static void make(struct blob *blob, uint32_t count, uint32_t each)
{
	static const uint8_t magic[8] = "OCIENVB";

	memcpy(blob->bytes, magic, 8);
	blob->size = 8;
	put(blob, 1, 4); /* major, minor */
	put(blob, 32, 4);
	put(blob, 0, 4); /* total size: below */
	put(blob, SECTIONS, 4);
	put(blob, 0, 8);
	blob->size += 16 * SECTIONS;
	begin(blob, 0, 1, 1);
	put_text(blob, "/usr/bin/program");
	end(blob, 0);
	begin(blob, 1, 2, 1);
	put(blob, 1, 4);
	put(blob, 8, 4);
	put(blob, 0, 4);
	put_text(blob, "program");
	end(blob, 1);
	begin(blob, 2, 3, 1);
	put_variables(blob, count, each);
	end(blob, 2);
	begin(blob, 3, 4, 1);
	put_text(blob, "/");
	end(blob, 3);
	begin(blob, 4, 5, 1);
	put(blob, 0, 16);
	end(blob, 4);
	begin(blob, 5, 6, 0);
	memset(blob->bytes + blob->size, 3, count);
	blob->size += count;
	end(blob, 5);
	begin(blob, 6, 11, 0);
	put(blob, 0, 3);
	end(blob, 6);
	put_at(blob, 16, (uint32_t)blob->size);
}

struct work {
	const struct blob *blob;
	uint8_t *copy;
	char **vec;
	size_t room;
	bool failed;
};

static void copy(struct work *work)
{
	memcpy(work->copy, work->blob->bytes, work->blob->size);
	__asm__ volatile("" : : "r"(work->copy) : "memory");
}

static void boot(struct work *work)
{
	struct ocienv_boot boot;

	if (ocienv_boot_open(&boot, work->blob->bytes, work->blob->size) ||
	    ocienv_boot_argv(&boot, work->vec, work->room) ||
	    ocienv_boot_envp(&boot, work->vec, work->room))
		work->failed = true;
	__asm__ volatile("" : : "r"(work->vec) : "memory");
}

static double time_of(void (*what)(struct work *), struct work *work, size_t times)
{
	double start = timing_now();

	for (size_t i = 0; i < times; i++)
		what(work);
	return (timing_now() - start) / (double)times;
}

/* One line. True if the target is met but for noise. */
static bool measure(struct work *work, const char *title, uint32_t count, size_t rounds)
{
	double copies[ROUNDS], boots[ROUNDS], ratios[ROUNDS], boot_time, ratio, noise;
	size_t boot_times, copy_times;

	copy(work); /* the kernel hands the pages out now */
	boot(work);
	boot_times = 1 + (size_t)(round_us / time_of(boot, work, 1));
	copy_times = 1 + (size_t)(round_us / time_of(copy, work, 1));
	for (size_t i = 0; i < rounds; i++) {
		copies[i] = time_of(copy, work, copy_times);
		boots[i] = time_of(boot, work, boot_times);
		ratios[i] = boots[i] / copies[i];
	}
	boot_time = timing_quartile(boots, rounds, 2);
	ratio = timing_quartile(ratios, rounds, 2);
	noise = timing_quartile(ratios, rounds, 3) - timing_quartile(ratios, rounds, 1);
	(void)printf("%-10s %9zu bytes %7u entries  memcpy %11.0f ns  boot %11.0f ns  %5.1f "
		     "ns/entry  ratio %6.2f  noise %4.2f  target %4.2f%s\n",
		     title, work->blob->size, count, timing_quartile(copies, rounds, 2) * 1e3,
		     boot_time * 1e3, boot_time * 1e3 / count, ratio, noise, most,
		     ratio <= most ? "" : "  MISSED");
	return ratio <= most + noise;
}

int main(int argc, char **argv)
{
	static const uint32_t sizes[] = {4U << 10, 64U << 10, 1U << 20, 16U << 20};
	size_t rounds = ROUNDS;
	bool check = false, met = true;
	struct blob blob = {malloc(OCIENV_BOOT_MAX_SIZE + 64), 0};
	struct work work = {.blob = &blob,
			    .copy = malloc(OCIENV_BOOT_MAX_SIZE + 64),
			    .room = OCIENV_BOOT_MAX_SIZE / 40};

	for (int i = 1; i < argc; i++) {
		check |= !strcmp(argv[i], "--check");
		if (!strcmp(argv[i], "--short"))
			rounds = SHORT_ROUNDS;
	}
	work.vec = malloc(work.room * sizeof(*work.vec));
	if (!blob.bytes || !work.copy || !work.vec)
		return 2;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint32_t small = (sizes[i] - 256) / 45, large = (sizes[i] - 512) / 8;

		make(&blob, small, 40); /* 4 bytes of offset and 1 of ENVSRC for each */
		met = measure(&work, "40 bytes", small, rounds) && met;
		make(&blob, 8, large);
		met = measure(&work, "8 large", 8, rounds) && met;
	}
	free(work.vec);
	free(work.copy);
	free(blob.bytes);
	return work.failed || (check && !met) ? 1 : 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lookup [--check]: what a search of PATH takes, as a multiple of the bare fstatat() calls for
 * the same candidates, which follow links and are kept in no root. With --check the status is
 * 1 if a target is missed by more than the noise of this very run.
 *
 * Not checked is the file that is found by a link: its canonical name takes five calls more,
 * fstatfs, readlinkat, close, openat2 and fstat, which the bare loop has nothing to set
 * against. Its ratio stands beside the others, missed target or not.
 *
 * A look-up also foretells what execve makes of the file; that is measured apart and taken
 * off. Each round measures all of them one behind the other, so that whatever else the machine
 * does falls on all; medians of the rounds' ratios are compared.
 */
#define _GNU_SOURCE
#include "rootfs/execution.h"
#include "rootfs/rootfs.h"
#include "timing.h"
#include "tree.h"

#include <stdio.h>
#include <unistd.h>

enum { ROUNDS = 201, TIMES = 50, ENTRIES = 6 };

static const double most = 2.0;

static const char path[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; /* of the images */

static const struct identity root = {.known = true,
				     .capabilities = 1U << CAPABILITY_DAC_OVERRIDE};

static const struct {
	const char *what, *name;
	const char *candidates[ENTRIES]; /* up to the hit */
	bool unchecked;
} cases[] = {
	{"6 misses",
	 "nonesuch",
	 {"usr/local/sbin/nonesuch", "usr/local/bin/nonesuch", "usr/sbin/nonesuch",
	  "usr/bin/nonesuch", "sbin/nonesuch", "bin/nonesuch"},
	 false},
	{"hit in the 4th entry",
	 "dash",
	 {"usr/local/sbin/dash", "usr/local/bin/dash", "usr/sbin/dash", "usr/bin/dash"},
	 false},
	{"hit in the 4th entry, by a link",
	 "sh",
	 {"usr/local/sbin/sh", "usr/local/bin/sh", "usr/sbin/sh", "usr/bin/sh"},
	 true},
};

static double time_floor(int dir, size_t which)
{
	double start = timing_now();
	struct stat st;

	for (int n = 0; n < TIMES; n++)
		for (size_t i = 0; i < ENTRIES && cases[which].candidates[i]; i++)
			(void)fstatat(dir, cases[which].candidates[i], &st, 0);
	return (timing_now() - start) / TIMES;
}

static struct sv name_of(const char *text)
{
	return sv_from(text, strlen(text));
}

static double time_lookup(int dir, size_t which, struct found *keep)
{
	struct rootfs rootfs = {.fd = dir};
	struct lookup_request request = {.name = name_of(cases[which].name),
					 .path = sv_from(path, sizeof(path) - 1),
					 .cwd = SV("/"),
					 .who = &root};
	struct diag diag = {.error = NULL};
	double start = timing_now();

	for (int n = 0; n < TIMES; n++) {
		struct lookup_result result;
		struct arena arena;

		arena_init(&arena, NULL, 16 << 20);
		if (!rootfs_lookup(&rootfs, &request, &arena, &diag, (struct mark){0, 0},
				   &result)) {
			close(result.file.fd);
			keep->st = result.file.st;
		}
		arena_free(&arena);
	}
	return (timing_now() - start) / TIMES;
}

/* What execve would make of the file, without a search. */
static double time_execution(int dir, const struct found *file)
{
	struct rootfs rootfs = {.fd = dir};
	struct diag diag = {.error = NULL};
	double start = timing_now();

	for (int n = 0; n < TIMES; n++) {
		struct lookup_result result;
		struct arena arena;
		struct execution execution = {.rootfs = &rootfs,
					      .cwd = {SV("/"), SV("")},
					      .who = &root,
					      .arena = &arena,
					      .diag = &diag};

		arena_init(&arena, NULL, 16 << 20);
		(void)execution_foretell(&execution, file, SV("/usr/bin/dash"), SV_NONE, &result);
		arena_free(&arena);
	}
	return (timing_now() - start) / TIMES;
}

/* One line. True if the target is met. */
static bool measure(int dir, size_t which)
{
	struct found file = {.fd = -1, .canonical = SV("/usr/bin/dash")};
	static double base[ROUNDS], whole[ROUNDS], search[ROUNDS], ratio[ROUNDS];
	double middle, noise;
	bool hit, met;

	(void)time_lookup(dir, which, &file); /* warm, and is anything found? */
	hit = file.st.st_ino != 0;
	for (int i = 0; i < ROUNDS; i++) {
		base[i] = time_floor(dir, which);
		whole[i] = time_lookup(dir, which, &file);
		search[i] = whole[i] - (hit ? time_execution(dir, &file) : 0);
		ratio[i] = search[i] / base[i];
	}
	middle = timing_quartile(ratio, ROUNDS, 2);
	/* Half of the rounds lie in it. */
	noise = timing_quartile(ratio, ROUNDS, 3) - timing_quartile(ratio, ROUNDS, 1);
	met = middle - noise <= most;
	(void)printf("%-32s fstatat %6.2f us  look-up %6.2f us  search %6.2f us  ratio %.2f "
		     "+- %.2f  target %.1f%s%s\n",
		     cases[which].what, timing_quartile(base, ROUNDS, 2),
		     timing_quartile(whole, ROUNDS, 2), timing_quartile(search, ROUNDS, 2),
		     middle, noise, most, middle <= most ? "" : "  MISSED",
		     cases[which].unchecked ? "  (not checked)" : "");
	return met || cases[which].unchecked;
}

int main(int argc, char **argv)
{
	bool check = argc == 2 && strcmp(argv[1], "--check") == 0, met = true;
	int dir;

	if (argc > 1 && !check) {
		(void)fprintf(stderr, "usage: lookup [--check]\n");
		return 2;
	}
	dir = tree_make();
	if (dir < 0) {
		(void)fprintf(stderr, "lookup: cannot make a tree\n");
		tree_remove(dir);
		return 3;
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		met = measure(dir, i) && met;
	tree_remove(dir);
	return check && !met ? 1 : 0;
}

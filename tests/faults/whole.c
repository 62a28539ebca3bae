/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whole [--every N] LIST...: the public API over each situation of a list, while each request
 * for memory (malloc itself, so also those of json-c and libyaml) and each system call fails,
 * once and with all behind it. Each step gives what it gives without a failure, or an error
 * that fits; no memory and no descriptor is left. --every N takes each Nth failure only.
 */
#define _GNU_SOURCE
#include "faults.h"
#include "oom/malloc.h"
#include "use.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	int error;
	const char *name;
} errors[] = {
	{EINTR, "EINTR"},   {EMFILE, "EMFILE"}, {ENFILE, "ENFILE"}, {EACCES, "EACCES"},
	{ELOOP, "ELOOP"},   {ENOMEM, "ENOMEM"}, {EIO, "EIO"},	    {ESTALE, "ESTALE"},
	{EAGAIN, "EAGAIN"},
};

static struct {
	size_t situations, allocations, calls, absorbed, failed, went_on, wrong;
	size_t reached[STEPS]; /* situations that got there without a failure */
} tally;

/* A failure that is being tried; error 0: of memory. */
struct fault {
	int error;
	const char *name;
	size_t at;
	bool for_ever;
};

static int lowest_descriptor(void)
{
	int fd = open("/", O_PATH | O_CLOEXEC);

	(void)close(fd);
	return fd;
}

/* --- what may be answered -------------------------------------------------------------- */

static bool is_system(const struct fault *fault, const struct outcome_of_step *got)
{
	return got->status == OCIENV_ERR_SYSTEM && got->sys_errno == fault->error;
}

/* As tests/faults/resolve.c has it, for the steps that look into the rootfs. */
static bool fits(const struct fault *fault, const struct outcome_of_step *got)
{
	if (is_system(fault, got))
		return true;
	switch (fault->error) {
	case 0:
	case ENOMEM:
		return got->status == OCIENV_ERR_NOMEM;
	case EACCES: /* a LibOS reads what it executes */
		return got->status == OCIENV_ERR_ACCESS ||
		       got->status == OCIENV_ERR_UNSUPPORTED;
	case ELOOP:
		return got->status == OCIENV_ERR_UNSAFE || got->status == OCIENV_ERR_ACCESS;
	case EAGAIN:
		return got->status == OCIENV_ERR_UNSAFE;
	case EIO:
	case ESTALE: /* runc and crun go on behind a sick candidate */
		return got->status == OCIENV_ERR_NOTFOUND && got->in_path;
	default:
		return false;
	}
}

static bool looks(enum step step)
{
	return step == STEP_RESOLVE || step == STEP_OBSERVE || step == STEP_LOOKUP ||
	       step == STEP_LOOKUP_STATUS || step == STEP_VERIFY;
}

static bool equal(const struct outcome_of_step *a, const struct outcome_of_step *b)
{
	return a->ran == b->ran && a->status == b->status && a->hash == b->hash;
}

/* Another program, further behind in PATH, where one before could not be judged. */
static bool went_on(const struct fault *fault, const struct outcome_of_step *expected,
		    const struct outcome_of_step *got)
{
	return (fault->error == EIO || fault->error == ESTALE) && !got->status &&
	       (expected->status || got->at > expected->at);
}

/* A file that this process may not read: what it is for is not known, and is no reason to
 * refuse it then. Nor is a script taken apart for a LibOS; a warning says that nobody can
 * tell. */
static bool lacks_facts(const struct fault *fault, const struct outcome_of_step *expected,
			const struct outcome_of_step *got, enum step step)
{
	if (fault->error != EACCES || got->status)
		return false;
	if (expected->status == OCIENV_ERR_UNSUPPORTED)
		return got->lacks_facts || step == STEP_LOOKUP_STATUS;
	return got->lacks_facts && got->cannot_tell && !expected->cannot_tell;
}

/* What is made of an answer can be compared if the answer is the same one, with its facts. */
static bool is_comparable(const struct use *expected, const struct use *got, enum step step)
{
	enum step origin = step > STEP_RESOLVE && step < STEP_OBSERVE ? STEP_RESOLVE
			   : step == STEP_PIN ? STEP_OBSERVE
			   : step == STEP_LOOKUP_REPORT ? STEP_LOOKUP_STATUS
							: step;

	return origin == step ||
	       (equal(&expected->steps[origin], &got->steps[origin]) &&
		expected->steps[origin].lacks_facts == got->steps[origin].lacks_facts);
}

static bool was_hindered(const struct use *expected, const struct use *got, enum step step)
{
	for (enum step before = 0; before < step; before++)
		if (expected->steps[before].ran && got->steps[before].ran &&
		    expected->steps[before].status != got->steps[before].status)
			return true;
	return false;
}

static const char *judge_step(const struct fault *fault, const struct use *expected,
			      const struct use *got, enum step step)
{
	const struct outcome_of_step *want = &expected->steps[step], *have = &got->steps[step];

	if (equal(want, have))
		return NULL;
	if (!have->ran || !want->ran) /* more is done where the search went on */
		return was_hindered(expected, got, step) ? NULL : "was not done";
	if (fault->error && !looks(step) && !is_comparable(expected, got, step))
		return NULL;
	/* The list of what was looked at tells the failure, and so does the number of its
	 * libraries: a candidate that failed is told of. */
	if (fault->error && step == STEP_LOOKUP_REPORT && !have->status)
		return NULL;
	if (fault->error && !looks(step))
		return "asks no system, and gives another result";
	if (went_on(fault, want, have) || lacks_facts(fault, want, have, step))
		return NULL;
	return have->status && fits(fault, have) ? NULL : "another answer";
}

static const char *judge(const struct fault *fault, const struct use *expected,
			 const struct use *got, enum step *step)
{
	if (got->broken)
		return got->broken;
	for (*step = 0; *step < STEPS; ++*step) {
		const char *wrong = judge_step(fault, expected, got, *step);

		if (wrong)
			return wrong;
	}
	return NULL;
}

static void count(const struct fault *fault, const struct use *expected, const struct use *got)
{
	const struct outcome_of_step *want = &expected->steps[STEP_RESOLVE];
	const struct outcome_of_step *answer = &got->steps[STEP_RESOLVE];

	if (!memcmp(expected, got, sizeof(*got)))
		tally.absorbed++;
	else if (!equal(want, answer) && went_on(fault, want, answer))
		tally.went_on++;
	else
		tally.failed++;
}

/* --- the run --------------------------------------------------------------------------- */

/* False: there is no such request or call any more. */
static bool try_fault(const struct situation *situation, const struct fault *fault,
		      const struct use *expected)
{
	struct ledger ledger = {.fail_at = fault->error ? 0 : fault->at,
				.for_ever = fault->for_ever};
	int before = lowest_descriptor();
	enum step step = STEPS;
	const char *wrong;
	struct use got;

	faults = (struct faults){.armed = true, .error = fault->error,
				 .at = fault->error ? (unsigned int)fault->at : 0,
				 .for_ever = fault->for_ever, .closes = true};
	malloc_ledger = &ledger;
	use_run(situation, &got);
	malloc_ledger = NULL;
	faults.armed = false;
	if (!ledger.failed && !faults.failed)
		return false;
	wrong = judge(fault, expected, &got, &step);
	if (ledger.blocks)
		wrong = "memory is left";
	if (lowest_descriptor() != before)
		wrong = "a descriptor stays open";
	*(fault->error ? &tally.calls : &tally.allocations) += 1;
	count(fault, expected, &got);
	tally.wrong += !!wrong;
	if (wrong)
		(void)printf("%s: %s %zu%s (%s): %s: %s: expected %d, found %d errno %d\n",
			     situation->name, fault->name, fault->at,
			     fault->for_ever ? " and all behind it" : "",
			     faults.hit ? faults.hit : "malloc",
			     step < STEPS ? step_names[step] : "the end", wrong,
			     step < STEPS ? expected->steps[step].status : 0,
			     step < STEPS ? got.steps[step].status : 0,
			     step < STEPS ? got.steps[step].sys_errno : 0);
	return true;
}

static void try_all(const struct situation *situation, struct fault fault, size_t every,
		    const struct use *expected)
{
	/* Another first one for each, so that all places have their turn. */
	for (fault.at = 1 + tally.situations % every; try_fault(situation, &fault, expected);)
		fault.at += every;
	fault.for_ever = true;
	for (fault.at = 1 + tally.situations % every; try_fault(situation, &fault, expected);)
		fault.at += every;
}

static void run(const struct situation *situation, size_t every)
{
	struct ledger ledger = {0};
	struct use expected;

	use_run(situation, &expected); /* the C library's own first needs */
	malloc_ledger = &ledger;
	use_run(situation, &expected);
	malloc_ledger = NULL;
	if (expected.broken || ledger.blocks) {
		(void)printf("%s: without a failure: %s\n", situation->name,
			     expected.broken ? expected.broken : "memory is left");
		tally.wrong++;
	}
	for (enum step step = 0; step < STEPS; step++)
		tally.reached[step] += expected.steps[step].ran && !expected.steps[step].status;
	try_all(situation, (struct fault){.name = "allocation"}, every, &expected);
	for (size_t e = 0; e < sizeof(errors) / sizeof(errors[0]); e++)
		try_all(situation, (struct fault){errors[e].error, errors[e].name, 0, false}, every,
			&expected);
	tally.situations++;
}

static bool run_list(const char *path, size_t every)
{
	FILE *list = fopen(path, "r");
	struct situation situation;

	if (!list) {
		perror(path);
		return false;
	}
	while (situation_next(&situation, list)) {
		run(&situation, every);
		situation_free(&situation);
	}
	situation_free(&situation);
	(void)fclose(list);
	return true;
}

/* A function that no situation reaches is not tested. */
static bool all_reached(void)
{
	bool all = true;

	for (enum step step = 0; step < STEPS; step++)
		if (!tally.reached[step]) {
			(void)printf("no situation reaches %s\n", step_names[step]);
			all = false;
		}
	return all;
}

int main(int argc, char **argv)
{
	size_t every = 1;
	bool ok = argc > 1;

	for (int i = 1; ok && i < argc; i++) {
		if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
			every = (size_t)strtoul(argv[++i], NULL, 10);
		else
			ok = every && run_list(argv[i], every);
	}
	ok = all_reached() && ok;
	(void)printf("%zu situations; %zu allocations failed, %zu system calls failed: %zu absorbed, "
		     "%zu told, %zu went on in PATH, %zu wrong\n",
		     tally.situations, tally.allocations, tally.calls, tally.absorbed, tally.failed,
		     tally.went_on, tally.wrong);
	return ok && !tally.wrong && tally.allocations && tally.calls ? 0 : 1;
}

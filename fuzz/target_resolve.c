/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All inputs of one answer: a line of settings, and documents of which each stands behind a line
 * "%%%%" and a line with its kind: image, spec, pod, objects, policy, occlum. The settings are
 * letters with a number each, "r3 l1 s65536"; see settings[].
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include "answers.h"
#include "ledger.h"
#include "promise.h"
#include "small_root.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 64 * 1024 };

static const char *const kinds[QUESTION_DOCUMENTS] = {
	[QUESTION_IMAGE] = "image",   [QUESTION_SPEC] = "spec",	    [QUESTION_POD] = "pod",
	[QUESTION_OBJECTS] = "objects", [QUESTION_POLICY] = "policy", [QUESTION_OCCLUM] = "occlum",
};

/* Numbers are taken modulo `most`, so that each means something. */
static const struct {
	char letter;
	uint32_t most;
	size_t offset;
} settings[] = {
	{'r', OCIENV_RUNTIME_CRUN_1_8 + 1, offsetof(struct ocienv_options, runtime)},
	{'c', OCIENV_CRI_CRIO + 1, offsetof(struct ocienv_options, cri)},
	{'f', 2 * OCIENV_INSIDE_LIBOS, offsetof(struct ocienv_options, flags)},
	{'u', OCIENV_USER_DOCKER + 1, offsetof(struct ocienv_options, user)},
	{'p', OCIENV_POD_CONTAINER + 1, offsetof(struct ocienv_options, pod_kind)},
	{'l', OCIENV_LIBOS_GRAMINE + 1, offsetof(struct ocienv_options, libos)},
};

static const char *const library_path[] = {"/lib64", "/usr/lib", "/lib64"};

static void apply(struct question *question, char letter, uint64_t number)
{
	struct ocienv_options *options = &question->options;

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		uint32_t value = (uint32_t)(number % settings[i].most);

		if (settings[i].letter == letter)
			memcpy((char *)options + settings[i].offset, &value, sizeof(value));
	}
	if (letter == 's')
		options->stack_size = number;
	else if (letter == 'd')
		options->library_path_count = number % 4;
	else if (letter == 'h')
		options->hostname = number ? "sandbox" : NULL;
	else if (letter == 'n')
		question->has_root = !number;
	else if (letter == 'b')
		question->builtin = (uint32_t)(number % 3);
	else if (letter == 'm')
		question->fail_at = (uint32_t)number;
}

static void read_settings(struct question *question, struct sv line)
{
	question->has_root = true;
	question->options.size = sizeof(question->options);
	question->options.library_path = library_path;
	while (line.len) {
		char letter = line.ptr[0];
		uint64_t number = 0;

		for (line = sv_skip(line, 1); line.len && line.ptr[0] >= '0' && line.ptr[0] <= '9';
		     line = sv_skip(line, 1))
			number = number * 10 + (uint64_t)(line.ptr[0] - '0');
		apply(question, letter, number);
	}
	if (!question->options.library_path_count)
		question->options.library_path = NULL;
}

/* Takes the text up to the next line "%%%%" off. */
static struct sv take_section(struct sv *rest)
{
	static const char line[] = "\n%%%%\n";
	const char *end = rest->len ? memmem(rest->ptr, rest->len, line, sizeof(line) - 1) : NULL;
	struct sv section = end ? sv_from(rest->ptr, (size_t)(end - rest->ptr)) : *rest;

	*rest = sv_skip(*rest, section.len + (end ? sizeof(line) - 1 : 0));
	return section;
}

static void read_question(struct question *question, struct sv input)
{
	question->input = input;
	read_settings(question, take_section(&input));
	while (input.len) {
		struct sv section = take_section(&input), kind = SV("");

		(void)sv_cut(&section, '\n', &kind);
		for (size_t i = 0; i < QUESTION_DOCUMENTS; i++)
			if (sv_eq(kind, sv_of(kinds[i])) && section.ptr)
				question->documents[i] = (struct ocienv_document){
					kinds[i], section.ptr, section.len};
	}
}

static void run(struct question *question, size_t fail_at, struct outcome *ret)
{
	struct ledger ledger = {.fail_at = fail_at};
	struct ocienv_allocator allocator = ledger_allocator(&ledger);
	int before = dup(STDERR_FILENO), after;

	PROMISE(before >= 0 && !close(before));
	question->options.allocator = &allocator;
	question->rootfs_fd = question->has_root ? small_root() : OCIENV_NO_ROOTFS;
	question_run(question, ret);
	PROMISE(!ledger.blocks);
	after = dup(STDERR_FILENO); /* the lowest that is free: all others were closed */
	PROMISE(after == before && !close(after));
}

/* A second run costs as much as the first. Where no memory is to fail in it, an engine that makes
 * a thousand inputs a second sees with one in eight, too, that a run differs from the next one. */
static bool is_worth_two(const struct question *question)
{
	return fuzz_thorough || question->fail_at || question->input.len % 8 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct question question = {.builtin = 0};
	struct outcome first, second;

	if (size > MOST)
		return 0;
	(void)small_root(); /* its descriptor is no leak */
	read_question(&question, sv_from((const char *)data, size));
	run(&question, 0, &first);
	PROMISE(first.status != OCIENV_ERR_NOMEM);
	if (!is_worth_two(&question))
		return 0;
	run(&question, question.fail_at, &second);
	if (!question.fail_at || (second.status != OCIENV_ERR_NOMEM && !second.retried))
		PROMISE(outcome_equal(&first, &second));
	return 0;
}

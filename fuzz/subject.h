/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be done with one hostile input, from the bytes to the last getter, with the
 * promises of ocienv.h checked at each step. Shared by the fuzz targets and the tests that
 * let memory run out. Takes no memory of its own, so that those may fail any request.
 */
#ifndef OCIENV_FUZZ_SUBJECT_H
#define OCIENV_FUZZ_SUBJECT_H

#include "ocienv/ocienv.h"

#include <stdbool.h>

enum subject_kind {
	SUBJECT_JSON,	      /* json_parse() */
	SUBJECT_YAML,	      /* yaml_next() over the whole file */
	SUBJECT_IMAGE_CONFIG, /* layer, blob, config, blob */
	SUBJECT_RUNTIME_SPEC,
	SUBJECT_POD, /* the pod, a line "%%%%", the objects of its cluster */
	SUBJECT_POLICY, /* the policy, a line "%%%%", the runtime spec that it is used for */
	SUBJECT_KINDS,
};

/* As the targets and the directories of the corpus are called. */
extern const char *const subject_names[SUBJECT_KINDS];

struct subject {
	enum subject_kind kind;
	const char *data;
	size_t size;
};

/* What became of it: the first failure, and a digest of everything that came out before. */
struct outcome {
	int32_t status;
	struct ocienv_error error;
	uint64_t digest;
	bool retried; /* a call that found no memory was made again */
};

/* A broken promise ends the program with a message and abort(). */
void subject_run(const struct subject *subject, const struct ocienv_options *options,
		 struct outcome *ret);

bool outcome_equal(const struct outcome *a, const struct outcome *b);

/* Says what is wrong, and aborts: also for others that check promises. */
void promise_broken(const char *what) __attribute__((noreturn, cold));

#endif

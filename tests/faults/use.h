/* SPDX-License-Identifier: Apache-2.0 */
/* A whole use of the public API for a situation, and what each step of it gave. */
#ifndef OCIENV_TESTS_USE_H
#define OCIENV_TESTS_USE_H

#include "situation.h"

enum step {
	STEP_CLUSTER,
	STEP_FACTS,
	STEP_OBJECTS,
	STEP_IMAGE, /* and the copy of the layer through a blob */
	STEP_IMAGE_ENCODE,
	STEP_IMAGE_DECODE,
	STEP_IMAGE_REPORT,
	STEP_POD,
	STEP_POD_ENCODE,
	STEP_POD_DECODE,
	STEP_POD_REPORT,
	STEP_SPEC,
	STEP_SPEC_ENCODE,
	STEP_SPEC_DECODE,
	STEP_SPEC_REPORT,
	STEP_POLICY,
	STEP_RESOLVE,
	STEP_ENCODE, /* this and the next ones: what is made of the config */
	STEP_DECODE,
	STEP_PUBLIC,
	STEP_DIGEST,
	STEP_REPORT,
	STEP_GRAMINE,
	STEP_OBSERVE,
	STEP_PIN,
	STEP_LOOKUP,
	STEP_LOOKUP_STATUS,
	STEP_LOOKUP_REPORT,
	STEP_VERIFY,
	STEP_VERDICT,
	STEP_VERIFY_REPORT,
	STEPS,
};

struct outcome_of_step {
	bool ran; /* else what it takes was not there */
	int32_t status;
	int32_t sys_errno;
	uint64_t hash;	 /* of what came out */
	int32_t at;	 /* STEP_RESOLVE, STEP_OBSERVE: the entry of PATH */
	bool lacks_facts; /* the same: the program's file could not be read */
	bool cannot_tell; /* the same: a warning says so */
	bool in_path;	  /* the message says that PATH was searched */
};

struct use {
	struct outcome_of_step steps[STEPS];
	const char *broken; /* a promise of ocienv.h, NULL: none */
};

extern const char *const step_names[STEPS];

/* Everything is given back at its end. Takes no memory of its own. */
void use_run(const struct situation *situation, struct use *ret);

#endif

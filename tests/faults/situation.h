/* SPDX-License-Identifier: Apache-2.0 */
/* A whole situation: documents, a rootfs, options. */
#ifndef OCIENV_TESTS_SITUATION_H
#define OCIENV_TESTS_SITUATION_H

#include "ocienv/ocienv.h"

#include <stdbool.h>
#include <stdio.h>

enum input {
	INPUT_IMAGE,
	INPUT_SPEC,
	INPUT_POD,
	INPUT_OBJECTS,
	INPUT_POLICY,
	INPUT_OCCLUM_JSON,
	INPUTS,
};

enum { MOST_DIRECTORIES = 8, MOST_FACTS = 8 };

struct situation {
	char *name;
	struct ocienv_document inputs[INPUTS]; /* data NULL: not given */
	const char *builtin;		       /* a policy of the library, NULL: none */
	int rootfs;			       /* OCIENV_NO_ROOTFS: none */
	struct ocienv_options options;
	const char *directories[MOST_DIRECTORIES];
	struct {
		const char *key, *value;
	} facts[MOST_FACTS]; /* of the cluster */
	size_t fact_count;
	char *texts[3 + MOST_DIRECTORIES + MOST_FACTS]; /* what the others refer to */
	size_t text_count;
};

/* The next one of a list as prepare.py writes it: lines `KEY VALUE`, and `end`. False at its
 * end; what cannot be read ends the program. */
bool situation_next(struct situation *ret, FILE *list);

void situation_free(struct situation *situation);

#endif

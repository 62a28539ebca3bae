/* SPDX-License-Identifier: Apache-2.0 */
/* What libyaml complains about, in our words. */
#ifndef OCIENV_TEXT_YAML_PROBLEM_H
#define OCIENV_TEXT_YAML_PROBLEM_H

#include "ocienv/ocienv.h"

struct yaml_problem {
	const char *text;    /* libyaml's */
	const char *message; /* ours */
	int32_t status;
};

/* Never NULL. */
const struct yaml_problem *yaml_problem_find(const char *text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What libyaml complains about, in our words. */
#ifndef OCIENV_TEXT_YAML_PROBLEM_H
#define OCIENV_TEXT_YAML_PROBLEM_H

#include "ocienv/ocienv.h"

enum yaml_problem_place {
	YAML_PLACE_PROBLEM, /* libyaml's problem_mark */
	YAML_PLACE_CONTEXT, /* its context_mark, where what is wrong begins */
	YAML_PLACE_ESCAPE,  /* two characters before the problem_mark: the backslash */
};

struct yaml_problem {
	const char *text;    /* libyaml's problem */
	const char *message; /* ours */
	int32_t status;
	enum yaml_problem_place place;
};

/* Never NULL. */
const struct yaml_problem *yaml_problem_find(const char *text, const char *context);

/* What to say instead where the byte at the place is a tab. */
extern const char yaml_problem_tab[];

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a host's runtime spec makes of image and pod, difference by difference. */
#ifndef OCIENV_RESOLVE_VERIFY_H
#define OCIENV_RESOLVE_VERIFY_H

#include "resolve/resolve.h"

struct difference {
	const char *code;  /* static */
	struct sv subject; /* NUL-terminated in the arena */
	uint32_t item;	   /* enum ocienv_item */
	bool allowed;
	bool only_expected, only_found; /* the other side says nothing */
	struct origin expected, found;
};

struct ocienv_verdict {
	struct arena arena;
	struct ocienv_config *expected, *found; /* they keep the names of the documents */
	struct vec differences;			/* of struct difference */
};

/* Fills a verdict that has its arena and two fresh configs. `in` has a spec, and an image or
 * a pod. Errors: those of resolve_documents(). */
int32_t verify(const struct resolve_input *in, struct ocienv_verdict *verdict);

/* The first difference that is not allowed; NULL: the host is right. */
const struct difference *verdict_fault(const struct ocienv_verdict *verdict);

#endif

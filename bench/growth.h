/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that hold `count` of something. */
#ifndef OCIENV_BENCH_GROWTH_H
#define OCIENV_BENCH_GROWTH_H

#include <ocienv/ocienv.h>

struct grown {
	struct ocienv_document image, pod, objects, policy; /* size 0: there is none */
};

struct growth_kind {
	const char *name;
	struct grown (*make)(size_t count);
};

/* The last one has no name. */
extern const struct growth_kind growth_kinds[];

void growth_free(struct grown *grown);

#endif

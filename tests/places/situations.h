/* SPDX-License-Identifier: Apache-2.0 */
/* Whole situations: documents in, all that is made of them out. */
#ifndef OCIENV_TESTS_SITUATIONS_H
#define OCIENV_TESTS_SITUATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ocienv/ocienv.h"

struct situation {
	const char *name;
	/* NULL: there is none */
	const char *objects, *image, *spec, *pod, *policy, *occlum_json;
	uint32_t cri, runtime, user, libos, flags;
	uint32_t pod_kind;
	const char *library_path[3];
	bool no_rootfs;
	enum { RESOLVES, VERIFIES, LOOKS } asks;
};

extern const struct situation situations[];
extern const size_t situation_count;

/* The files that they are about, in the rootfs of libos_given.h. */
void situations_root(void);

#endif

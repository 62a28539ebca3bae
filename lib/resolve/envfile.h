/* SPDX-License-Identifier: Apache-2.0 */
/* Files of variables in a volume: env[].valueFrom.fileKeyRef. */
#ifndef OCIENV_RESOLVE_ENVFILE_H
#define OCIENV_RESOLVE_ENVFILE_H

#include "base/arena.h"

struct envfile_fault {
	uint32_t line; /* 1-based */
	const char *message;
};

/*
 * kubelet ParseEnv: the value of `key`, of the first line that defines it; lines behind that
 * are not looked at. Not there and empty are the same: ret->len is 0. false: a line on the
 * way is wrong, as `fault` says. A NULL pointer in *ret with true: no memory.
 */
bool envfile_find(struct sv file, struct sv key, struct arena *arena, struct sv *ret,
		  struct envfile_fault *fault);

#endif

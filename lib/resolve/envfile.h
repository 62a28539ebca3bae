/* SPDX-License-Identifier: Apache-2.0 */
/* Files of variables in a volume: env[].valueFrom.fileKeyRef. */
#ifndef OCIENV_RESOLVE_ENVFILE_H
#define OCIENV_RESOLVE_ENVFILE_H

#include "base/sort.h"

struct envfile_definition {
	struct sv name, value;
};

/* A file, read once however many variables ask for its keys. */
struct envfile {
	struct vec definitions; /* of struct envfile_definition, up to the fault */
	struct sort_item *names;
	const char *fault; /* what is wrong with the first line that is; NULL: none is */
	uint32_t fault_line; /* 1-based */
};

/* kubelet ParseEnv. Names are views into `bytes`, values lie in the arena. false: no memory. */
bool envfile_read(struct envfile *file, struct sv bytes, struct arena *arena);

/*
 * The value of `key`, of the first line that defines it: what stands behind that is not looked
 * at, faults included. Not there and empty are the same. false: a line on the way is wrong.
 */
bool envfile_find(const struct envfile *file, struct sv key, struct sv *ret);

#endif

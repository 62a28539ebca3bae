/* SPDX-License-Identifier: Apache-2.0 */
/* What the functions that take a list of layers have in common. */
#ifndef OCIENV_API_LAYERS_H
#define OCIENV_API_LAYERS_H

#include "api/call.h"
#include "resolve/resolve.h"

/* Sorts the layers by kind, at most one of each, and checks the descriptor. Errors:
 * ARGUMENT. */
int32_t call_resolve_input(struct call *call, const struct ocienv_layer *const *layers,
			   size_t count, int rootfs_fd, struct resolve_input *ret);

/* A pod and a runtime spec are two forms of one thing. Errors: ARGUMENT. */
int32_t call_one_side(struct call *call, const struct resolve_input *in);

#endif

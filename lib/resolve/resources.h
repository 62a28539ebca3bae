/* SPDX-License-Identifier: Apache-2.0 */
/* Resources of containers as values of variables. */
#ifndef OCIENV_RESOLVE_RESOURCES_H
#define OCIENV_RESOLVE_RESOURCES_H

#include "read/cluster.h"
#include "read/pod.h"

struct resource_request {
	const struct pod *pod;
	const struct ocienv_cluster *cluster; /* may be NULL: nothing is allocatable */
	const struct pod_env *env;	      /* the variable that asks */
	struct arena *scratch;
	const struct diag *diag;
};

/*
 * The value of a resourceFieldRef, whose place is `path`: a decimal number in scratch.
 * Errors: NOMEM, LIMIT, TYPE, VALUE, REFERENCE (the container, or the fact).
 */
int32_t resource_field(const struct resource_request *request, const struct path *path,
		       struct sv *ret, struct origin *ret_from);

#endif

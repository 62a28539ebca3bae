/* SPDX-License-Identifier: Apache-2.0 */
/* The variables that the kubelet makes from Services. */
#ifndef OCIENV_RESOLVE_SERVICES_H
#define OCIENV_RESOLVE_SERVICES_H

#include "read/cluster.h"

/* One variable; the text is NAME=VALUE. */
struct service_variable {
	struct sv text;
	const struct object *service;
};

/*
 * Appends the variables of the Services that a pod of `namespace` sees, to a vec of struct
 * service_variable. Names may repeat; the last one counts. `sets` are searched in order; a
 * later set hides an earlier one's Service of the same name.
 * Returns 0 or the arena's status.
 */
int32_t service_variables(const struct objects *const *sets, size_t set_count,
			  struct sv namespace, bool links, struct arena *arena,
			  struct vec *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One container of a pod spec. */
#ifndef OCIENV_READ_CONTAINER_H
#define OCIENV_READ_CONTAINER_H

#include "read/pod.h"

/* Fills the container's part of `pod` (zeroed for it) from its node. What the API server
 * would refuse is VALUE (kubernetes ValidateEnv, ValidateEnvFrom).
 * Errors: NOMEM, LIMIT, TYPE, VALUE. */
int32_t read_container(const struct reader *reader, const struct node *node,
		       const struct path *path, struct pod *pod);

/* securityContext, of a pod or of a container: some members exist in one of them only. */
int32_t read_security(const struct reader *reader, const struct node *node,
		      const struct path *path, bool of_pod, struct pod_security *ret);

#endif

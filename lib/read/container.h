/* SPDX-License-Identifier: Apache-2.0 */
/* The containers of a pod spec, and one of them. */
#ifndef OCIENV_READ_CONTAINER_H
#define OCIENV_READ_CONTAINER_H

#include "read/pod.h"

/* Fills the container's part of `pod` (zeroed for it) from its node. What the API server
 * would refuse is VALUE (kubernetes ValidateEnv, ValidateEnvFrom).
 * Errors: NOMEM, LIMIT, TYPE, VALUE. */
int32_t read_container(const struct reader *reader, const struct node *node,
		       const struct path *path, struct pod *pod);

/*
 * Reads all containers of the spec at `path`, whose lists are init, regular and ephemeral in
 * this order (NULL: there is none), and keeps the one that is asked for: by the caller, by the
 * annotation of the pod, else the first regular one.
 * Errors: NOMEM, LIMIT, TYPE, VALUE, REFERENCE.
 */
int32_t read_containers(const struct read_input *in, const struct reader *reader,
			const struct node *const lists[3], const struct node *node,
			const struct path *path, struct pod *pod);

/* Reads a container that stands alone. Errors: as read_containers(). */
int32_t read_only_container(const struct read_input *in, const struct reader *reader,
			    const struct node *node, const struct path *path, struct pod *pod);

/* securityContext, of a pod or of a container: some members exist in one of them only. */
int32_t read_security(const struct reader *reader, const struct node *node,
		      const struct path *path, bool of_pod, struct pod_security *ret);

#endif

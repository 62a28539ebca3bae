/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OCIENV_READ_VARIABLES_H
#define OCIENV_READ_VARIABLES_H

#include "read/pod.h"

/* Read the list env or envFrom of the container at `container` into `pod`.
 * Errors: NOMEM, LIMIT, TYPE, VALUE. */
int32_t read_env_list(const struct reader *reader, const struct node *list,
		      const struct path *container, struct pod *pod);
int32_t read_env_from_list(const struct reader *reader, const struct node *list,
			   const struct path *container, struct pod *pod);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Where something is mounted over the rootfs. */
#ifndef OCIENV_READ_MOUNTS_H
#define OCIENV_READ_MOUNTS_H

#include "read/bind.h"

/* The destinations of a runtime spec's `mounts`, and of a container's `volumeMounts`, as views;
 * entries without one are left out. `list` is NULL or a list, at `path`.
 * Errors: NOMEM, LIMIT, AMBIGUOUS, TYPE, VALUE. */
int32_t read_mounts(const struct reader *reader, const struct node *list,
		    const struct path *path, struct text_list *ret);
int32_t read_volume_mounts(const struct reader *reader, const struct node *list,
			   const struct path *path, struct text_list *ret);

#endif

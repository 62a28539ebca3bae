/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OCIENV_READ_OBJECT_H
#define OCIENV_READ_OBJECT_H

#include "read/objects.h"

/* Reads an object of the kind that stands in object->kind; what it keeps is copied into the
 * set's arena. Errors: NOMEM, LIMIT, TYPE, VALUE. */
int32_t object_read(struct objects *objects, const struct reader *reader,
		    const struct node *node, const struct path *path, struct object *object);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A directory that stands for a container's root, for one row. */
#ifndef OCIENV_TESTS_ROOT_H
#define OCIENV_TESTS_ROOT_H

#include "kinds.h"

struct root {
	char name[32];
	int fd; /* -1: there is none */
};

/* Makes an empty one; root_remove() must follow whatever this answers. */
bool root_make(struct root *root);
void root_remove(struct root *root);

/* Paths are relative to the root; parents are made. */
bool root_file(const struct root *root, const char *path, struct sv bytes, unsigned int mode);
bool root_node(const struct root *root, struct row *row, struct json_object *node);

/* The bytes of `name`, of "base64!..." or of the parts in `name`_parts, each of which is a
 * text and how often it stands there; ptr NULL: none of them. */
struct sv root_text(struct row *row, struct json_object *object, const char *name);

#endif

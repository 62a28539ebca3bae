/* SPDX-License-Identifier: Apache-2.0 */
/* Equal keys of a map. Private to text/. */
#ifndef OCIENV_TEXT_KEYS_H
#define OCIENV_TEXT_KEYS_H

#include "base/arena.h"
#include "text/node.h"

struct key_clash {
	const struct node *first, *second; /* NULL: all keys are different */
};

/* The first key, in the order of the document, that stood there before. n log n.
 * Returns 0 or the arena's status. */
int32_t keys_clash(const struct node *map, struct arena *arena, struct key_clash *ret);

#endif

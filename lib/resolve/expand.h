/* SPDX-License-Identifier: Apache-2.0 */
/* $(VAR) references, as the kubelet expands them. */
#ifndef OCIENV_RESOLVE_EXPAND_H
#define OCIENV_RESOLVE_EXPAND_H

#include "base/sv.h"

/* What the names mean. */
struct expansion {
	/* The value of a name; false: it is unknown. */
	bool (*find)(void *ctx, struct sv name, struct sv *ret_value);
	void *ctx;
	size_t limit;	      /* bytes of a result */
	struct sv unresolved; /* set: the last name that nobody knew */
};

/* Bytes of the expanded text; SIZE_MAX: more than the limit. */
size_t expand_size(struct expansion *expansion, struct sv text);

/* Writes them; `out` has room for expand_size() bytes. */
void expand_write(struct expansion *expansion, struct sv text, char *out);

#endif

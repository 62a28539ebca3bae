/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows in an arena. */
#ifndef OCIENV_EMIT_OUT_H
#define OCIENV_EMIT_OUT_H

#include "base/arena.h"

struct out {
	struct arena *arena;
	char *text;
	size_t size, capacity;
	bool failed; /* an allocation did; nothing more is written */
};

void out_bytes(struct out *out, struct sv bytes);
void out_cstr(struct out *out, const char *text);
void out_number(struct out *out, int64_t number);

/* Returns 0 or the arena's status. */
int32_t out_finish(const struct out *out, struct sv *ret);

#endif

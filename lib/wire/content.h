/* SPDX-License-Identifier: Apache-2.0 */
/* What of a config goes into a CONFIG blob, and in which order. */
#ifndef OCIENV_WIRE_CONTENT_H
#define OCIENV_WIRE_CONTENT_H

#include "wire/wire.h"

struct content {
	const struct ocienv_config *config;
	struct sv exec; /* SV_NONE: there is no rootfs */
	struct sv cwd;
	struct sv *arguments;
	struct sv *variables;     /* sorted by name */
	const uint8_t *sources;   /* of the variables */
	const struct input_digest *inputs; /* INPUT_COUNT of them; NULL: not to be told */
};

/* The bytes of SOURCES for an origin, without the bit for sealed values. */
uint8_t content_source(const struct origin *from);

/* Both answer as wire_encode_config() does; the content borrows from config and arena. */
int32_t content_collect(struct content *ret, const struct ocienv_config *config,
			struct arena *arena, const struct diag *diag);
int32_t content_write(const struct content *content, struct arena *arena,
		      const struct diag *diag, struct sv *ret);

#endif

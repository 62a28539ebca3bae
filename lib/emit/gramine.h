/* SPDX-License-Identifier: Apache-2.0 */
/* An answer as lines of a Gramine manifest. */
#ifndef OCIENV_EMIT_GRAMINE_H
#define OCIENV_EMIT_GRAMINE_H

#include "resolve/config.h"

struct gramine_input {
	const struct ocienv_config *config;
	const uint8_t *digest; /* SHA-384 of the blob; NULL: there is none */
	uint64_t stack_size;   /* bytes that were asked for; 0: as many as are needed */
	const struct diag *diag;
	struct arena *scratch;
};

/*
 * What the renderer of manifests and the loader both give back byte for byte. What they would
 * not is refused with a way out. Errors: UNSUPPORTED, NOMEM, LIMIT.
 */
int32_t emit_gramine(const struct gramine_input *in, struct sv *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Occlum.json: what was measured into an enclave before anybody knew the image. */
#ifndef OCIENV_READ_OCCLUM_JSON_H
#define OCIENV_READ_OCCLUM_JSON_H

#include "read/layer.h"

struct read_input;

struct occlum_json {
	struct sv document;		/* its name */
	uint64_t stack_size;		/* process.default_stack_size; 0: it says nothing */
	struct text_list defaults;	/* env.default: NAME=VALUE */
	struct text_list untrusted;	/* env.untrusted: names */
	struct text_list host_targets;	/* of the mounts whose type is hostfs */
};

/* Texts are in the document and in the scratch arena.
 * Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE. */
int32_t read_occlum_json(const struct read_input *in, struct occlum_json *ret);

#endif

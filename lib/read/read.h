/* SPDX-License-Identifier: Apache-2.0 */
/* Documents in, layers out. */
#ifndef OCIENV_READ_READ_H
#define OCIENV_READ_READ_H

#include "read/bind.h"

/* What one read needs; made by api.c. */
struct read_input {
	struct sv bytes;
	const struct diag *diag;
	const struct ocienv_options *options; /* complete */
	const struct ocienv_limits *limits;   /* complete */
	struct arena *scratch;
};

/* Both fill a fresh layer. Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE. */
int32_t read_image_config(const struct read_input *in, struct ocienv_layer *layer);
int32_t read_runtime_spec(const struct read_input *in, struct ocienv_layer *layer);

/* Bounds of the lists of one process, members of the map at `up`. Errors: LIMIT. */
int32_t check_args(const struct read_input *in, const struct path *up, struct sv member,
		   const struct text_list *args);
int32_t check_env(const struct read_input *in, const struct path *up, struct sv member,
		  const struct text_list *env);

/* Warns about each entry of the layer's environment whose name stood in that list before.
 * Errors: NOMEM, LIMIT. */
int32_t warn_repeats(const struct read_input *in, struct ocienv_layer *layer);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OEB1, the form in which layers and configs cross a border: docs/wire.md is the norm.
 */
#ifndef OCIENV_WIRE_WIRE_H
#define OCIENV_WIRE_WIRE_H

#include "read/layer.h"
#include "resolve/config.h"

/* Both write one encoding per content into `arena` and leave the object alone. Errors:
 * NOMEM, LIMIT; UNSUPPORTED: what no blob can carry (config: a user that is still a name,
 * a relative cwd; layer: nothing that a reader of documents makes). */
int32_t wire_encode_layer(const struct ocienv_layer *layer, struct arena *arena,
			  const struct diag *diag, struct sv *ret);
int32_t wire_encode_config(const struct ocienv_config *config, struct arena *arena,
			   const struct diag *diag, struct sv *ret);

/* As wire_encode_config(), with what came out of Secrets replaced by its HMAC: docs/wire.md,
 * 2.7. No reader takes it. The key has at most DIGEST_SHA384_BLOCK bytes. */
int32_t wire_encode_public(const struct ocienv_config *config, struct sv key, struct arena *arena,
			   const struct diag *diag, struct sv *ret);

/* Both fill an object that layer_new() or config_new() made, copying out of the blob.
 * Errors: NOMEM, LIMIT, BLOB. */
int32_t wire_decode_layer(struct sv blob, struct ocienv_layer *layer,
			  const struct ocienv_limits *limits, const struct diag *diag);
int32_t wire_decode_config(struct sv blob, struct ocienv_config *config,
			   const struct ocienv_limits *limits, const struct diag *diag);

#endif

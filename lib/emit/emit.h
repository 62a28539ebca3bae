/* SPDX-License-Identifier: Apache-2.0 */
/* Answers as text. */
#ifndef OCIENV_EMIT_EMIT_H
#define OCIENV_EMIT_EMIT_H

#include "resolve/verify.h"

/* The JSON of `ocienv resolve --output json`; digest NULL: there is none.
 * Returns 0 or the status of `scratch`. */
int32_t emit_config(const struct ocienv_config *config, const uint8_t *digest,
		    struct arena *scratch, struct sv *ret);

/* The JSON of `ocienv show` for a LAYER blob. */
int32_t emit_layer(const struct ocienv_layer *layer, struct arena *scratch, struct sv *ret);

/* The JSON of `ocienv verify --output json`. */
int32_t emit_verdict(const struct ocienv_verdict *verdict, struct arena *scratch,
		     struct sv *ret);

/* The JSON of `ocienv explain --exec --output json`; what could hold a part of a Secret is null
 * unless secrets are shown. */
int32_t emit_lookup(const struct ocienv_lookup *lookup, bool show_secrets, struct arena *scratch,
		    struct sv *ret);

/* "image" */
const char *source_name(uint32_t source);
/* The policy that pins an answer, one rule a line. The config was resolved with a policy and
 * has numbers for a user. */
int32_t emit_policy(const struct ocienv_config *config, struct arena *scratch, struct sv *ret);

/* "allowed" */
const char *verdict_name(uint8_t verdict);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a config keeps of what it was made from: names, digests, warnings. */
#ifndef OCIENV_RESOLVE_INPUTS_H
#define OCIENV_RESOLVE_INPUTS_H

#include "resolve/resolve.h"

/* Names of the documents, by which origins tell where a value was written; digests, where they
 * are asked for. Failed allocations show in the config's arena. */
void inputs_keep(const struct resolve_input *in, struct ocienv_config *config);

/* The warnings of the layers, behind those that there are. The same. */
void inputs_keep_warnings(const struct resolve_input *in, struct ocienv_config *config);

#endif

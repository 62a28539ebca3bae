/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OCIENV_RESOLVE_REMARKS_H
#define OCIENV_RESOLVE_REMARKS_H

#include "resolve/resolve.h"

/* Warns about what the process gets: names of variables, and Secrets among the values. */
void remark_values(struct ocienv_config *config);

/* Warns about names that nobody but the image should set, where there is no policy to keep
 * them out. Errors: NOMEM, LIMIT. */
int32_t remark_names(struct ocienv_config *config, const struct resolve_input *in);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OCIENV_RESOLVE_REMARKS_H
#define OCIENV_RESOLVE_REMARKS_H

#include "resolve/config.h"

/* Warns about what the process gets: names of variables, and Secrets among the values. */
void remark_values(struct ocienv_config *config);

#endif

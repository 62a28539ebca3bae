/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds of every loop over input, with the defaults filled in. */
#ifndef OCIENV_BASE_LIMITS_H
#define OCIENV_BASE_LIMITS_H

#include "ocienv/ocienv.h"

/* What the caller gave (NULL: nothing), with each 0 replaced by its default. Members beyond
 * given->size count as 0, so that an older caller's struct is read as far as it goes. */
struct ocienv_limits limits_of(const struct ocienv_limits *given);

#endif

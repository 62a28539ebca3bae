/* SPDX-License-Identifier: Apache-2.0 */
/* Globs: "*" stands for any bytes, "?" for one byte, all else for itself. No regular
 * expressions: nothing here is slower than steps say. */
#ifndef OCIENV_BASE_GLOB_H
#define OCIENV_BASE_GLOB_H

#include "base/sv.h"

/* Matches the whole text, letter case included. Takes what it looked at off *steps; false
 * once there are none left, so whoever has a budget looks at it then. */
bool glob_match(struct sv glob, struct sv text, uint64_t *steps);

/* Does it stand for more than itself? */
bool glob_is_pattern(struct sv text);

#endif

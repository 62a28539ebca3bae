/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, by libmd. Pure. */
#ifndef OCIENV_BASE_DIGEST_H
#define OCIENV_BASE_DIGEST_H

#include "base/sv.h"

enum { DIGEST_SHA256 = 32, DIGEST_SHA384 = 48 };

void digest_sha256(struct sv bytes, uint8_t ret[DIGEST_SHA256]);
void digest_sha384(struct sv bytes, uint8_t ret[DIGEST_SHA384]);

#endif

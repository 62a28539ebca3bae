/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, by libmd. Pure. */
#ifndef OCIENV_BASE_DIGEST_H
#define OCIENV_BASE_DIGEST_H

#include "base/sv.h"

enum { DIGEST_SHA256 = 32, DIGEST_SHA384 = 48, DIGEST_SHA384_BLOCK = 128 };

void digest_sha256(struct sv bytes, uint8_t ret[DIGEST_SHA256]);
void digest_sha384(struct sv bytes, uint8_t ret[DIGEST_SHA384]);

/* Two lower-case hexadecimal digits for each byte, without a NUL; returns what is behind. */
char *digest_hex(char *out, const uint8_t *digest, size_t size);

/* HMAC (RFC 2104) of `prefix` and `bytes`, one behind the other. The key has at most
 * DIGEST_SHA384_BLOCK bytes. */
void digest_hmac_sha384(struct sv key, struct sv prefix, struct sv bytes,
			uint8_t ret[DIGEST_SHA384]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Standard base64 (RFC 4648 section 4), as Go's encoding/base64 reads it: padding is
 * required, CR and LF may stand anywhere. */
#ifndef OCIENV_BASE_BASE64_H
#define OCIENV_BASE_BASE64_H

#include "base/sv.h"

/* Decodes into `out`, which has room for text.len / 4 * 3 + 3 bytes. Returns false if the
 * text is not base64. */
bool base64_decode(struct sv text, char *out, size_t *ret_len);

/* Encodes into `out`, which has room for base64_size(len) bytes. */
size_t base64_size(size_t len);
void base64_encode(struct sv bytes, char *out);

#endif

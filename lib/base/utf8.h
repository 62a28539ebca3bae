/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: strict validation (no overlong forms, no surrogates, nothing above U+10FFFF). */
#ifndef OCIENV_BASE_UTF8_H
#define OCIENV_BASE_UTF8_H

#include "base/sv.h"

/* Bytes of the well-formed sequence at p (1 to 4), 0 if there is none. */
size_t utf8_sequence(const unsigned char *p, size_t left);

/* Bytes before the first malformed sequence; v.len if all is well. */
size_t utf8_valid_prefix(struct sv v);

static inline bool utf8_valid(struct sv v)
{
	return utf8_valid_prefix(v) == v.len;
}

/* True for the second and later bytes of a sequence. */
static inline bool utf8_is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Decodes one sequence that utf8_sequence() accepted. */
uint32_t utf8_decode(const unsigned char *p, size_t sequence);

/* Writes a code point (not a surrogate, at most U+10FFFF) as 1 to 4 bytes; returns how many. */
size_t utf8_encode(uint32_t code, char out[4]);

/* Without the white space at both ends: the Unicode property White_Space, which is what Go
 * and Rust trim. Bytes that are no UTF-8 stay. */
struct sv utf8_trim(struct sv text);

#endif

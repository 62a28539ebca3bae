/* SPDX-License-Identifier: Apache-2.0 */
/* What the guard learns about a JSON string, and its decoding by json-c. Private to text/. */
#ifndef OCIENV_TEXT_JSON_STRING_H
#define OCIENV_TEXT_JSON_STRING_H

#include "base/arena.h"

enum json_string_fault {
	JSON_STRING_OK,
	JSON_STRING_OPEN,      /* the text ends inside */
	JSON_STRING_CONTROL,   /* a raw byte below 0x20 */
	JSON_STRING_UTF8,      /* not UTF-8 */
	JSON_STRING_ESCAPE,    /* an escape that JSON does not have */
	JSON_STRING_HEX,       /* \u without four hex digits */
	JSON_STRING_NUL,       /* \u0000 */
	JSON_STRING_SURROGATE, /* half of a surrogate pair */
};

struct json_string {
	size_t end;	     /* offset of the closing quote, or of the fault */
	size_t decoded;	     /* bytes that it stands for */
	size_t continuation; /* continuation bytes passed: no characters of their own */
	bool escaped;
	bool pairs; /* of escapes that stand for one character */
	enum json_string_fault fault;
};

/* How many bytes from p on, before `end`, need no look: ASCII from blank up, without quote and
 * backslash. */
static inline size_t json_plain_run(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	const char *start = p;

	for (; (size_t)(end - p) >= sizeof(uint64_t); p += sizeof(uint64_t)) {
		uint64_t x = sv_eight(p), quote = x ^ ones * '"', backslash = x ^ ones * '\\';
		uint64_t special = (x - ones * 0x20) | (quote - ones) | (backslash - ones) | x;

		/* A subtraction that borrows marks bytes behind the first one, never before. */
		special &= highs;
		if (special)
			return (size_t)(p - start) + (size_t)__builtin_ctzll(special) / 8;
	}
	while (p < end && *p >= 0x20 && !(*p & 0x80) && *p != '"' && *p != '\\')
		p++;
	return (size_t)(p - start);
}

/* Checks the string whose first byte behind the opening quote is at `start`. */
struct json_string json_string_check(struct sv text, size_t start);

/* Decodes `raw`, the checked bytes between two quotes of a document, which stand around it.
 * json-c must give exactly as many bytes as json_string_check() counts, or it lost some for
 * want of memory.
 * Errors: NOMEM, LIMIT. */
int32_t json_string_decode(struct sv raw, struct arena *arena, struct sv *ret);

#endif

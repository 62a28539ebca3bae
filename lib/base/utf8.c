/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

/* The second byte decides about overlong forms, surrogates and the upper end (Unicode 15,
 * table 3-7); the others are plain continuation bytes. */
struct lead {
	unsigned char first, last; /* range of lead bytes */
	unsigned char low, high;   /* range of the second byte */
	unsigned char length;
};

static const struct lead leads[] = {
	{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
	{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

size_t utf8_sequence(const unsigned char *p, size_t left)
{
	if (!left)
		return 0;
	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		const struct lead *l = &leads[i];

		if (p[0] < l->first || p[0] > l->last)
			continue;
		if (left < l->length || p[1] < l->low || p[1] > l->high)
			return 0;
		for (size_t k = 2; k < l->length; k++)
			if (!utf8_is_continuation(p[k]))
				return 0;
		return l->length;
	}
	return 0;
}

size_t utf8_valid_prefix(struct sv v)
{
	const unsigned char *p = (const unsigned char *)v.ptr;
	size_t i = 0;

	while (i < v.len) {
		uint64_t eight;
		size_t n;

		/* Most documents are ASCII: look at eight bytes at a time. */
		while (v.len - i >= sizeof(eight)) {
			memcpy(&eight, p + i, sizeof(eight));
			if (eight & UINT64_C(0x8080808080808080))
				break;
			i += sizeof(eight);
		}
		if (i == v.len)
			break;
		n = utf8_sequence(p + i, v.len - i);
		if (!n)
			break;
		i += n;
	}
	return i;
}

uint32_t utf8_decode(const unsigned char *p, size_t sequence)
{
	static const unsigned char payload[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = p[0] & payload[sequence];

	for (size_t i = 1; i < sequence; i++)
		code = code << 6 | (p[i] & 0x3fU);
	return code;
}

size_t utf8_encode(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* The property White_Space. */
static bool is_space(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} spaces[] = {
		{0x09, 0x0d},	  {0x20, 0x20},	    {0x85, 0x85},     {0xa0, 0xa0},
		{0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f},
		{0x205f, 0x205f}, {0x3000, 0x3000},
	};

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (code >= spaces[i].first && code <= spaces[i].last)
			return true;
	return false;
}

/* Bytes of the white space at `at`, which goes on for `left` bytes; 0: there is none. */
static size_t space_at(const char *at, size_t left)
{
	const unsigned char *p = (const unsigned char *)at;
	size_t n = utf8_sequence(p, left);

	return n && is_space(utf8_decode(p, n)) ? n : 0;
}

static size_t space_before(struct sv text)
{
	size_t n = 1;

	while (n < 4 && n < text.len &&
	       utf8_is_continuation((unsigned char)text.ptr[text.len - n]))
		n++;
	return text.len && space_at(text.ptr + text.len - n, n) == n ? n : 0;
}

struct sv utf8_trim(struct sv text)
{
	size_t n;

	while (text.len && (n = space_at(text.ptr, text.len)) != 0)
		text = sv_skip(text, n);
	while ((n = space_before(text)) != 0)
		text.len -= n;
	return text;
}

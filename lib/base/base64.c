/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Value of a digit, -1 for any other byte. */
static int digit_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool base64_decode(struct sv text, char *out, size_t *ret_len)
{
	uint32_t group = 0;
	size_t digits = 0, padding = 0, len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		int digit = digit_of(c);

		if (c == '\r' || c == '\n')
			continue;
		if (c == '=' && digits + padding < 4 && digits >= 2) {
			padding++;
			continue;
		}
		if (digit < 0 || padding)
			return false;
		group = group << 6 | (uint32_t)digit;
		if (++digits < 4)
			continue;
		out[len++] = (char)(group >> 16);
		out[len++] = (char)(group >> 8);
		out[len++] = (char)group;
		group = 0;
		digits = 0;
	}
	if (digits && digits + padding != 4)
		return false;
	if (digits == 2)
		out[len++] = (char)(group >> 4);
	if (digits == 3) {
		out[len++] = (char)(group >> 10);
		out[len++] = (char)(group >> 2);
	}
	*ret_len = len;
	return true;
}

size_t base64_size(size_t len)
{
	return (len + 2) / 3 * 4;
}

void base64_encode(struct sv bytes, char *out)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		uint32_t group = (uint32_t)p[i] << 16;

		if (left > 1)
			group |= (uint32_t)p[i + 1] << 8;
		if (left > 2)
			group |= p[i + 2];
		*out++ = alphabet[group >> 18];
		*out++ = alphabet[group >> 12 & 63];
		*out++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
		*out++ = left > 2 ? alphabet[group & 63] : '=';
	}
}

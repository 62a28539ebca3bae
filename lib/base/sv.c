/* SPDX-License-Identifier: Apache-2.0 */
/* String views: the few operations that are too long to be inline. */
#include "base/sv.h"

bool sv_cut(struct sv *rest, char sep, struct sv *ret_part)
{
	size_t n;

	if (!rest->ptr)
		return false;
	n = sv_find(*rest, sep);
	*ret_part = sv_from(rest->ptr, n);
	*rest = n < rest->len ? sv_skip(*rest, n + 1) : SV_NONE;
	return true;
}

int sv_cmp(struct sv a, struct sv b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool sv_to_u64(struct sv v, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (!v.len)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		unsigned int digit = (unsigned char)v.ptr[i] - (unsigned int)'0';

		if (digit > 9 || value > (max - digit) / 10 || digit > max)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return true;
}

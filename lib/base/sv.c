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

enum sv_number sv_to_i64(struct sv v, int64_t *ret)
{
	bool negative = v.len && v.ptr[0] == '-';
	struct sv digits = sv_skip(v, negative || (v.len && v.ptr[0] == '+') ? 1 : 0);
	uint64_t limit = (uint64_t)INT64_MAX + negative, value = 0;

	*ret = 0;
	if (!digits.len)
		return SV_WORD;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned int digit = (unsigned char)digits.ptr[i] - (unsigned int)'0';

		if (digit > 9)
			return SV_WORD;
		if (value > (UINT64_MAX - digit) / 10) {
			value = UINT64_MAX;
			break;
		}
		value = value * 10 + digit;
	}
	if (value >= limit)
		*ret = negative ? INT64_MIN : INT64_MAX;
	else
		*ret = negative ? -(int64_t)value : (int64_t)value;
	return value > limit ? SV_HUGE : SV_NUMBER;
}

bool sv_is_plain_number(struct sv v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.ptr[i] < '0' || v.ptr[i] > '9')
			return false;
	return v.len == 1 || (v.len && v.ptr[0] != '0');
}

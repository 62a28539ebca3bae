/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timestamps that go-yaml v2 takes behind a !!timestamp tag. Their value is their
 * text; only whether they are valid matters.
 */
#include "text/yaml_number.h"

/* Takes `least` to `most` digits; false if there are fewer or the value is too large. */
static bool take_number(struct sv *v, size_t least, size_t most, uint32_t max,
			uint32_t *ret)
{
	size_t n = 0;

	*ret = 0;
	while (n < most && n < v->len && v->ptr[n] >= '0' && v->ptr[n] <= '9')
		*ret = *ret * 10 + (uint32_t)(v->ptr[n++] - '0');
	*v = sv_skip(*v, n);
	return n >= least && *ret <= max;
}

static bool take_char(struct sv *v, char c)
{
	if (!v->len || v->ptr[0] != c)
		return false;
	*v = sv_skip(*v, 1);
	return true;
}

static uint32_t days_in(uint32_t year, uint32_t month)
{
	static const uint32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool take_date(struct sv *v)
{
	uint32_t year, month, day;

	return take_number(v, 4, 4, 9999, &year) && take_char(v, '-') &&
	       take_number(v, 1, 2, 12, &month) && month && take_char(v, '-') &&
	       take_number(v, 1, 2, 31, &day) && day && day <= days_in(year, month);
}

/* Go's time.Parse takes a fraction behind the seconds, after "." or ",". */
static bool take_time(struct sv *v)
{
	uint32_t number;

	if (!take_number(v, 1, 2, 23, &number) || !take_char(v, ':') ||
	    !take_number(v, 1, 2, 59, &number) || !take_char(v, ':') ||
	    !take_number(v, 1, 2, 59, &number))
		return false;
	if (!take_char(v, '.') && !take_char(v, ','))
		return true;
	if (!v->len || v->ptr[0] < '0' || v->ptr[0] > '9')
		return false;
	while (v->len && v->ptr[0] >= '0' && v->ptr[0] <= '9')
		*v = sv_skip(*v, 1);
	return true;
}

/* Go is generous: 24 hours and 60 minutes pass. */
static bool take_zone(struct sv *v)
{
	uint32_t number;

	if (take_char(v, 'Z'))
		return true;
	return (take_char(v, '+') || take_char(v, '-')) &&
	       take_number(v, 2, 2, 24, &number) && take_char(v, ':') &&
	       take_number(v, 2, 2, 60, &number);
}

bool yaml_timestamp_valid(struct sv text)
{
	struct sv v = text;

	if (!take_date(&v))
		return false;
	if (!v.len)
		return true;
	if (take_char(&v, 'T') || take_char(&v, 't'))
		return take_time(&v) && take_zone(&v) && !v.len;
	if (!take_char(&v, ' '))
		return false;
	while (take_char(&v, ' '))
		;
	return take_time(&v) && !v.len;
}

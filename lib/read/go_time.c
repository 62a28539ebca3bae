/* SPDX-License-Identifier: Apache-2.0 */
#include "read/shape.h"

/* What is left of a time that is being read. */
struct clock {
	struct sv rest;
	bool bad;
};

/* `min` to `max` digits. */
static uint32_t number(struct clock *c, size_t min, size_t max)
{
	uint32_t value = 0;
	size_t n = 0;

	while (n < max && n < c->rest.len && c->rest.ptr[n] >= '0' && c->rest.ptr[n] <= '9')
		value = value * 10 + (uint32_t)(c->rest.ptr[n++] - '0');
	c->bad |= n < min;
	c->rest = sv_skip(c->rest, n);
	return value;
}

/* One byte, if it is one of the two. */
static bool take(struct clock *c, char a, char b)
{
	bool there = c->rest.len && (c->rest.ptr[0] == a || c->rest.ptr[0] == b);

	if (there)
		c->rest = sv_skip(c->rest, 1);
	return there;
}

static void need(struct clock *c, char one)
{
	c->bad |= !take(c, one, one);
}

static uint32_t days_in(uint32_t year, uint32_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

static void date(struct clock *c)
{
	uint32_t year = number(c, 4, 4), month, day;

	need(c, '-');
	month = number(c, 2, 2);
	need(c, '-');
	day = number(c, 2, 2);
	c->bad |= month < 1 || month > 12 || day < 1 || (!c->bad && day > days_in(year, month));
}

static void time_of_day(struct clock *c)
{
	c->bad |= number(c, 1, 2) > 23;
	need(c, ':');
	c->bad |= number(c, 2, 2) > 59;
	need(c, ':');
	c->bad |= number(c, 2, 2) > 59;
	if (take(c, '.', ','))
		(void)number(c, 1, c->rest.len);
}

static void zone(struct clock *c)
{
	if (take(c, 'Z', 'Z'))
		return;
	c->bad |= !take(c, '+', '-');
	c->bad |= number(c, 2, 2) > 24;
	need(c, ':');
	c->bad |= number(c, 2, 2) > 59;
}

bool go_time_valid(struct sv text)
{
	struct clock c = {text, false};

	date(&c);
	need(&c, 'T');
	time_of_day(&c);
	zone(&c);
	return !c.bad && !c.rest.len;
}

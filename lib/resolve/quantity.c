/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apimachinery resource.Quantity: a decimal number and a suffix that is a power of 1024, a
 * power of 1000, or a decimal exponent. Amounts finer than a billionth are rounded up.
 */
#include "resolve/quantity.h"

enum { FINEST = -9 };

static const struct {
	struct sv text;
	uint8_t binary;
	int8_t decimal;
} suffixes[] = {
	{{"Ki", 2}, 10, 0}, {{"Mi", 2}, 20, 0}, {{"Gi", 2}, 30, 0}, {{"Ti", 2}, 40, 0},
	{{"Pi", 2}, 50, 0}, {{"Ei", 2}, 60, 0}, {{"n", 1}, 0, -9},	{{"u", 1}, 0, -6},
	{{"m", 1}, 0, -3},  {{"", 0}, 0, 0},	{{"k", 1}, 0, 3},	{{"M", 1}, 0, 6},
	{{"G", 1}, 0, 9},   {{"T", 1}, 0, 12},	{{"P", 1}, 0, 15},	{{"E", 1}, 0, 18},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits with at most one point among them. Trailing zeros of the fraction say nothing, so
 * they are held back until a digit follows. */
static bool parse_number(struct sv *rest, struct quantity *q)
{
	bool point = false, digits = false;
	int16_t zeros = 0;
	size_t i = 0;

	for (; i < rest->len && (is_digit(rest->ptr[i]) || (rest->ptr[i] == '.' && !point)); i++) {
		uint64_t digit = (uint64_t)(rest->ptr[i] - '0');

		if (rest->ptr[i] == '.') {
			point = true;
			continue;
		}
		digits = true;
		if (point && digit == 0) {
			if (zeros < INT16_MAX)
				zeros++;
			continue;
		}
		for (; point && zeros; zeros--) {
			if (q->mantissa > UINT64_MAX / 10 || q->decimal < -400)
				return false;
			q->mantissa *= 10;
			q->decimal--;
		}
		if (q->mantissa > (UINT64_MAX - digit) / 10 || q->decimal < -400)
			return false;
		q->mantissa = q->mantissa * 10 + digit;
		q->decimal = (int16_t)(q->decimal - point);
	}
	*rest = sv_skip(*rest, i);
	return digits;
}

/* "e3", "E-3": the exponent has at least one digit, else "E" is the suffix. */
static bool parse_exponent(struct sv rest, struct quantity *q)
{
	bool negative = rest.len > 1 && rest.ptr[1] == '-';
	size_t sign = rest.len > 1 && (rest.ptr[1] == '-' || rest.ptr[1] == '+');
	uint64_t value;

	if (rest.len < 2 || (rest.ptr[0] != 'e' && rest.ptr[0] != 'E') ||
	    !sv_to_u64(sv_skip(rest, 1 + sign), 400, &value))
		return false;
	q->decimal = (int16_t)(q->decimal + (negative ? -(int)value : (int)value));
	return true;
}

/* Upstream keeps nothing finer than a billionth and rounds up to it. */
static void round_up(struct quantity *q)
{
	bool lost = false;

	while (q->mantissa && q->decimal < FINEST) {
		lost |= q->mantissa % 10 != 0;
		q->mantissa /= 10;
		q->decimal++;
	}
	q->mantissa += lost;
	if (!q->mantissa || q->decimal < FINEST)
		q->decimal = 0;
}

bool quantity_parse(struct sv text, struct quantity *ret)
{
	struct quantity q = {0, 0, 0};
	struct sv rest = text.len && text.ptr[0] == '+' ? sv_skip(text, 1) : text;
	bool known = false;

	if (!parse_number(&rest, &q))
		return false;
	for (size_t i = 0; !known && i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		known = sv_eq(rest, suffixes[i].text);
		if (!known)
			continue;
		q.binary = suffixes[i].binary;
		q.decimal = (int16_t)(q.decimal + suffixes[i].decimal);
	}
	if (!known && !parse_exponent(rest, &q))
		return false;
	/* 0.5Ki is 512: the fraction is taken of the bytes, so it goes before the rounding. */
	while (q.binary && q.decimal < 0 && q.mantissa <= UINT64_MAX / 1024) {
		q.mantissa *= 1024;
		q.binary = (uint8_t)(q.binary - 10);
	}
	round_up(&q);
	for (; q.mantissa && q.mantissa % 10 == 0; q.decimal++) /* 1000m is 1 */
		q.mantissa /= 10;
	*ret = q;
	return true;
}

/* A whole number of at most 384 bits, least significant part first. */
enum { LIMBS = 12 };

struct wide {
	uint32_t limbs[LIMBS];
};

static void multiply(struct wide *w, uint32_t by, int times)
{
	for (; times > 0; times--) {
		uint64_t carry = 0;

		for (size_t i = 0; i < LIMBS; i++) {
			carry += (uint64_t)w->limbs[i] * by;
			w->limbs[i] = (uint32_t)carry;
			carry >>= 32;
		}
	}
}

/* ceil(ceil(x / a) / b) is ceil(x / ab): what is lost on the way only rounds up in the end. */
static bool divide(struct wide *w, uint32_t by, int times)
{
	bool lost = false;

	for (; times > 0; times--) {
		uint64_t rest = 0;

		for (size_t i = LIMBS; i > 0; i--) {
			rest = rest << 32 | w->limbs[i - 1];
			w->limbs[i - 1] = (uint32_t)(rest / by);
			rest %= by;
		}
		lost |= rest != 0;
	}
	return lost;
}

static int64_t saturated(const struct wide *w, bool round)
{
	uint64_t value = (uint64_t)w->limbs[1] << 32 | w->limbs[0];

	for (size_t i = 2; i < LIMBS; i++)
		if (w->limbs[i])
			return INT64_MAX;
	return value >= INT64_MAX ? INT64_MAX : (int64_t)(value + round);
}

bool quantity_is_unit(const struct quantity *q)
{
	return q->mantissa == 1 && (!q->binary || !q->decimal);
}

int64_t quantity_divide(const struct quantity *amount, const struct quantity *unit)
{
	struct wide w = {{(uint32_t)amount->mantissa, (uint32_t)(amount->mantissa >> 32)}};
	int fives = amount->decimal - unit->decimal;
	int twos = fives + amount->binary - unit->binary;
	bool lost;

	if (!amount->mantissa)
		return 0;
	if (fives > 60) /* beyond what any divisor brings back */
		return INT64_MAX;
	multiply(&w, 5, fives);
	multiply(&w, 2, twos);
	lost = divide(&w, 5, -fives);
	lost |= divide(&w, 2, -twos);
	return saturated(&w, lost);
}

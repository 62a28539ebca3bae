/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decimal of more than 15 digits to the double next to it, and from there to the
 * shortest decimal that means the same double: what Go reads and prints. Done with exact
 * decimal fixed-point numbers (the method of Go's strconv/decimal.go, nine digits at a
 * time), so neither the locale nor the rounding mode of the machine plays a part.
 */
#include "text/yaml_number.h"

enum {
	WHOLE = 36, /* limbs before the point: 324 digits */
	LIMBS =
	    36 + 125, /* and behind it: the digits of the smallest halves of doubles */
	LIMB_DIGITS = 9,
	BASE = 1000000000,
	STEP = 29, /* bits that a limb can be shifted at once */
	MANTISSA_BITS = 53,
	SHORTEST_MOST = 17, /* digits that tell any two doubles apart */
};

struct fixed {
	uint32_t limb[LIMBS]; /* base 10^9, most significant first */
	int first, last;      /* all others are 0 */
	bool sticky;          /* something other than 0 was cut off at the end */
};

static const uint32_t powers[] = {1,      10,      100,      1000,     10000,
				  100000, 1000000, 10000000, 100000000};

static void trim(struct fixed *f)
{
	while (f->first < f->last && !f->limb[f->first])
		f->first++;
	while (f->first < f->last && !f->limb[f->last])
		f->last--;
}

static void shift_left(struct fixed *f, unsigned int bits)
{
	uint64_t carry = 0;

	for (int i = f->last; i >= f->first; i--) {
		uint64_t t = ((uint64_t)f->limb[i] << bits) + carry;

		f->limb[i] = (uint32_t)(t % BASE);
		carry = t / BASE;
	}
	if (carry && f->first > 0)
		f->limb[--f->first] = (uint32_t)carry;
	trim(f);
}

static void shift_right(struct fixed *f, unsigned int bits)
{
	uint64_t mask = (UINT64_C(1) << bits) - 1, rest = 0;

	for (int i = f->first; i < LIMBS && (i <= f->last || rest); i++) {
		uint64_t t = rest * BASE + f->limb[i];

		f->limb[i] = (uint32_t)(t >> bits);
		rest = t & mask;
		if (i > f->last)
			f->last = i;
	}
	f->sticky |= rest != 0;
	trim(f);
}

static uint32_t digit_at(const struct fixed *f, int place)
{
	return f->limb[place / LIMB_DIGITS] /
	       powers[LIMB_DIGITS - 1 - place % LIMB_DIGITS] % 10;
}

static void set_digit(struct fixed *f, int place, uint32_t digit)
{
	int i = place / LIMB_DIGITS;

	f->limb[i] += digit * powers[LIMB_DIGITS - 1 - place % LIMB_DIGITS];
	if (f->first > i)
		f->first = i;
	if (f->last < i)
		f->last = i;
}

/* Nothing but zeros behind this place. */
static bool ends_at(const struct fixed *f, int place)
{
	int i = place / LIMB_DIGITS;

	return f->last <= i &&
	       f->limb[i] % powers[LIMB_DIGITS - 1 - place % LIMB_DIGITS] == 0;
}

static int first_place(const struct fixed *f)
{
	int place = f->first * LIMB_DIGITS;

	while (place < LIMBS * LIMB_DIGITS - 1 && !digit_at(f, place))
		place++;
	return place;
}

static void from_decimal(struct fixed *f, const struct yaml_decimal *d)
{
	int place = WHOLE * LIMB_DIGITS - (int)d->point;

	*f = (struct fixed){.first = LIMBS - 1};
	for (size_t i = 0; i < d->text.len; i++) {
		char c = d->text.ptr[i];

		if (c < '0' || c > '9')
			continue;
		if (place < LIMBS * LIMB_DIGITS)
			set_digit(f, place++, (uint32_t)(c - '0'));
		else
			f->sticky |= c != '0';
	}
	trim(f);
}

/* Bits to take from a number of at least 1 so that it comes towards [1/2, 1). */
static unsigned int bits_above(const struct fixed *f)
{
	unsigned int bits = 0;

	if (f->first < WHOLE - 1)
		return STEP;
	while (bits < STEP && f->limb[WHOLE - 1] >> bits)
		bits++;
	return bits;
}

/* Bits to give to a number below 1/2. */
static unsigned int bits_below(const struct fixed *f)
{
	uint64_t top = (uint64_t)f->limb[WHOLE] + 1;
	unsigned int bits = 1;

	while (bits < STEP && top << (bits + 1) <= BASE)
		bits++;
	return bits;
}

/* The double next to it, as mantissa * 2^exponent; ties go to the even mantissa. */
static uint64_t to_double(struct fixed *f, int *ret_exponent)
{
	uint64_t mantissa;
	int exponent = -MANTISSA_BITS;
	bool above, half;

	while (f->first < WHOLE) {
		unsigned int bits = bits_above(f);

		shift_right(f, bits);
		exponent += (int)bits;
	}
	while (f->limb[WHOLE] < BASE / 2) {
		unsigned int bits = bits_below(f);

		shift_left(f, bits);
		exponent -= (int)bits;
	}
	shift_left(f, STEP);
	shift_left(f, MANTISSA_BITS - STEP);
	mantissa = (uint64_t)f->limb[WHOLE - 2] * BASE + f->limb[WHOLE - 1];
	half = f->limb[WHOLE] >= BASE / 2;
	above = f->limb[WHOLE] > BASE / 2 || f->last > WHOLE || f->sticky;
	mantissa += half && (above || mantissa % 2);
	if (mantissa >> MANTISSA_BITS) { /* rounded up to the next power of two */
		mantissa /= 2;
		exponent++;
	}
	*ret_exponent = exponent;
	return mantissa;
}

static void from_double(struct fixed *f, uint64_t mantissa, int exponent)
{
	*f = (struct fixed){.first = WHOLE - 2, .last = WHOLE - 1};
	f->limb[WHOLE - 2] = (uint32_t)(mantissa / BASE);
	f->limb[WHOLE - 1] = (uint32_t)(mantissa % BASE);
	trim(f);
	for (; exponent >= STEP; exponent -= STEP)
		shift_left(f, STEP);
	for (; exponent <= -STEP; exponent += STEP)
		shift_right(f, STEP);
	if (exponent > 0)
		shift_left(f, (unsigned int)exponent);
	else if (exponent < 0)
		shift_right(f, (unsigned int)-exponent);
}

/* All that lies between the bounds reads back as the same double. */
struct range {
	struct fixed value, lower, upper;
	bool inclusive; /* the bounds too: they are ties, and the mantissa is even */
};

static void range_of(struct range *r, uint64_t mantissa, int exponent)
{
	bool lowest = mantissa == UINT64_C(1) << (MANTISSA_BITS - 1);

	from_double(&r->value, mantissa, exponent);
	from_double(&r->upper, 2 * mantissa + 1, exponent - 1);
	/* Below a power of two the doubles lie twice as close. */
	if (lowest)
		from_double(&r->lower, 4 * mantissa - 1, exponent - 2);
	else
		from_double(&r->lower, 2 * mantissa - 1, exponent - 1);
	r->inclusive = mantissa % 2 == 0;
}

/* Go's roundShortest: the first place at which cutting off or rounding up stays within
 * the range; *ret_up says which of the two. */
static int shortest_place(const struct range *r, int place, bool *ret_up)
{
	unsigned int delta = 0; /* how far the upper bound is from the digits so far */

	*ret_up = false;
	for (int i = 0; i < SHORTEST_MOST + 1; i++, place++) {
		uint32_t low = digit_at(&r->lower, place),
			 high = digit_at(&r->upper, place);
		uint32_t digit = digit_at(&r->value, place), next;
		bool down = low != digit || (r->inclusive && ends_at(&r->lower, place));
		bool up;

		if (delta == 0)
			delta = digit + 1 < high ? 2 : digit != high;
		else if (delta == 1 && (digit != 9 || high != 0))
			delta = 2;
		up = delta > 0 &&
		     (r->inclusive || delta > 1 || !ends_at(&r->upper, place));
		if (ends_at(&r->value, place))
			return place;
		if (!down && !up)
			continue;
		next = digit_at(&r->value, place + 1);
		*ret_up =
		    up && (!down || next > 5 ||
			   (next == 5 && (!ends_at(&r->value, place + 1) || digit % 2)));
		return place;
	}
	return place - 1; /* LCOV_EXCL_LINE */
}

/* Writes a 0 and the digits from `start` to `end`, rounded up if asked for; returns how
 * many that makes. */
static int write_digits(const struct fixed *f, int start, int end, bool up, char *buffer)
{
	int n = end - start + 2;

	buffer[0] = '0'; /* for the carry */
	for (int i = 1; i < n; i++)
		buffer[i] = (char)('0' + digit_at(f, start + i - 1));
	for (int i = n - 1; up && i >= 0; i--) {
		up = buffer[i] == '9';
		buffer[i] = (char)(up ? '0' : buffer[i] + 1);
	}
	return n;
}

void yaml_decimal_round(struct yaml_decimal *decimal, char buffer[YAML_ROUND_SIZE])
{
	struct range range;
	uint64_t mantissa;
	int exponent, start, end, from = 0, n;
	bool up;

	from_decimal(&range.value, decimal);
	mantissa = to_double(&range.value, &exponent);
	range_of(&range, mantissa, exponent);
	start = first_place(&range.upper);
	end = shortest_place(&range, start, &up);
	n = write_digits(&range.value, start, end, up, buffer);
	while (from < n - 1 && buffer[from] == '0')
		from++;
	while (n > from + 1 && buffer[n - 1] == '0')
		n--; /* LCOV_EXCL_LINE */
	decimal->text = sv_from(buffer + from, (size_t)(n - from));
	decimal->digits = (uint32_t)(n - from);
	decimal->point = WHOLE * LIMB_DIGITS - start + 1 - from;
}

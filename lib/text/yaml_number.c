/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers are handled as text. A decimal of at most 15 digits survives the way through a
 * double unchanged, so Go's shortest form of it is its own digits without the zeros at
 * the ends; only the layout has to be made. Longer ones are rounded by yaml_round.c. Must
 * not use what the C library has for this: it follows the locale.
 */
#include "text/yaml_number.h"

struct prefix {
	char letter;
	unsigned int base;
};

/* Go: "0b", "0o" and "0x" in either case; a leading 0 alone means octal. */
static const struct prefix prefixes[] = {{'b', 2}, {'o', 8}, {'x', 16}};

static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (unsigned int)((c | 0x20) - 'a') + 10;
	return 99;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* go-yaml deletes all "_" before it reads a number: moves over them. */
static void skip_underscores(struct sv *v)
{
	while (v->len && v->ptr[0] == '_')
		*v = sv_skip(*v, 1);
}

static bool take_sign(struct sv *v, bool *negative)
{
	skip_underscores(v);
	*negative = v->len && v->ptr[0] == '-';
	if (!v->len || (v->ptr[0] != '-' && v->ptr[0] != '+'))
		return false;
	*v = sv_skip(*v, 1);
	skip_underscores(v);
	return true;
}

/* Takes "0x" and its like off the front, if a digit follows; says the base. */
static unsigned int take_prefix(struct sv *v)
{
	struct sv rest = *v;

	if (!rest.len || rest.ptr[0] != '0')
		return 10;
	rest = sv_skip(rest, 1);
	skip_underscores(&rest);
	if (!rest.len)
		return 10; /* "0" */
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		struct sv digits = sv_skip(rest, 1);

		skip_underscores(&digits);
		if ((rest.ptr[0] | 0x20) != prefixes[i].letter || !digits.len)
			continue;
		*v = digits;
		return prefixes[i].base;
	}
	*v = rest;
	return 8;
}

/* False: a byte that is no digit of this base, no digit at all, or beyond 64 bits. */
static bool read_digits(struct sv v, unsigned int base, uint64_t *ret)
{
	uint64_t value = 0;
	bool any = false;

	for (size_t i = 0; i < v.len; i++) {
		unsigned int digit;

		if (v.ptr[i] == '_')
			continue;
		digit = digit_value(v.ptr[i]);
		if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
		any = true;
	}
	*ret = value;
	return any;
}

/* Within int64, or positive and written without a sign (Go: ParseUint takes none). */
static bool in_range(const struct yaml_integer *n, bool sign)
{
	if (n->negative)
		return n->magnitude <= (uint64_t)INT64_MAX + 1;
	return !sign || n->magnitude <= INT64_MAX;
}

bool yaml_integer_read(struct sv text, struct yaml_integer *ret)
{
	struct sv rest = text;
	bool sign = take_sign(&rest, &ret->negative);
	unsigned int base = take_prefix(&rest);

	if (read_digits(rest, base, &ret->magnitude))
		return in_range(ret, sign);
	/* go-yaml: what follows "0b" is read once more, and there a sign is allowed. */
	if (base != 2 || sign || sv_contains(text, 'B') ||
	    !take_sign(&rest, &ret->negative))
		return false;
	return read_digits(rest, 2, &ret->magnitude) && in_range(ret, true);
}

struct sv yaml_integer_print(struct yaml_integer integer, char *buffer)
{
	char *p = buffer + YAML_INTEGER_SIZE;

	do {
		*--p = (char)('0' + integer.magnitude % 10);
		integer.magnitude /= 10;
	} while (integer.magnitude);
	if (integer.negative && !(p[0] == '0' && p + 1 == buffer + YAML_INTEGER_SIZE))
		*--p = '-';
	return sv_from(p, (size_t)(buffer + YAML_INTEGER_SIZE - p));
}

/* The exponent behind "e"; Go stops to count at 10000, where nothing changes any more. */
static bool read_exponent(struct sv v, int64_t *ret)
{
	bool negative = v.len && v.ptr[0] == '-';
	int64_t value = 0;

	if (v.len && (v.ptr[0] == '-' || v.ptr[0] == '+'))
		v = sv_skip(v, 1);
	if (!v.len)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		if (!is_digit(v.ptr[i]))
			return false;
		if (value < 10000)
			value = value * 10 + (v.ptr[i] - '0');
	}
	*ret = negative ? -value : value;
	return true;
}

/* Compares the digits with a limit given as digits: -1, or 0 if the limit's are its
 * first, or 1. */
static int compare_digits(const struct yaml_decimal *d, const char *limit)
{
	size_t k = 0;

	for (size_t i = 0; i < d->text.len && limit[k]; i++) {
		if (!is_digit(d->text.ptr[i]))
			continue;
		if (d->text.ptr[i] != limit[k])
			return d->text.ptr[i] < limit[k] ? -1 : 1;
		k++;
	}
	return limit[k] ? -1 : 0;
}

/* 2^1024 - 2^970: from here on a double rounds to infinity. 0.17976... * 10^309. */
static const char overflow[] =
	"17976931348623158079372897140530341507993413271003782693617377898044"
	"49682927647509466490179775872070963302864166928879109465555478519404"
	"02630657488671505820681908902000708383676273854845817711531764475730"
	"27006985557136695962284291481986083493647529271907416844436551070434"
	"2711559699508093042880177904174497792";
/* 2^-1075, half of the smallest double, to more digits than anybody writes. */
static const char underflow[] = "24703282292062327208299105155540";

enum { OVERFLOW_POINT = 309, UNDERFLOW_POINT = -323 };

static bool is_overflow(const struct yaml_decimal *d)
{
	if (d->point != OVERFLOW_POINT)
		return d->point > OVERFLOW_POINT;
	return compare_digits(d, overflow) >= 0;
}

static bool is_underflow(const struct yaml_decimal *d)
{
	if (d->point != UNDERFLOW_POINT)
		return d->point < UNDERFLOW_POINT;
	return compare_digits(d, underflow) < 0;
}

/* The digits of the mantissa: counts them and finds the point. */
static bool read_mantissa(struct sv v, struct yaml_decimal *ret)
{
	size_t first = v.len, last = 0, digits = 0, dot = v.len;

	for (size_t i = 0; i < v.len; i++) {
		if (v.ptr[i] == '.' && dot == v.len) {
			dot = i;
			continue;
		}
		if (!is_digit(v.ptr[i]))
			return false;
		digits++;
		if (v.ptr[i] == '0')
			continue;
		if (first == v.len)
			first = i;
		last = i;
	}
	if (!digits)
		return false;
	if (first == v.len) {
		ret->digits = 0;
		return true;
	}
	ret->text = sv_from(v.ptr + first, last - first + 1);
	ret->digits = (uint32_t)(ret->text.len - (dot > first && dot < last ? 1 : 0));
	ret->point = (int64_t)dot - (int64_t)first + (dot < first ? 1 : 0);
	return true;
}

bool yaml_decimal_read(struct sv text, struct yaml_decimal *ret)
{
	struct sv v = text;
	int64_t exponent = 0;
	size_t e = 0;

	*ret = (struct yaml_decimal){0};
	ret->negative = v.len && v.ptr[0] == '-';
	if (v.len && (v.ptr[0] == '-' || v.ptr[0] == '+'))
		v = sv_skip(v, 1);
	while (e < v.len && (v.ptr[e] | 0x20) != 'e')
		e++;
	if (e < v.len && !read_exponent(sv_skip(v, e + 1), &exponent))
		return false;
	if (!read_mantissa(sv_from(v.ptr, e), ret))
		return false;
	if (!ret->digits)
		return true;
	ret->point += exponent;
	if (is_overflow(ret))
		return false;
	if (is_underflow(ret))
		ret->digits = 0;
	return true;
}

struct writer {
	char *p;
	const struct yaml_decimal *decimal;
	size_t next; /* in the decimal's text */
};

static void put(struct writer *w, char c)
{
	*w->p++ = c;
}

static void put_zeros(struct writer *w, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		put(w, '0');
}

/* The next n digits, zeros when there are none left. */
static void put_digits(struct writer *w, int64_t n)
{
	struct sv text = w->decimal->text;

	while (n > 0 && w->next < text.len) {
		char c = text.ptr[w->next++];

		if (!is_digit(c))
			continue;
		put(w, c);
		n--;
	}
	put_zeros(w, n);
}

static void put_exponent(struct writer *w, int64_t exponent, bool two_digits)
{
	uint64_t n = (uint64_t)(exponent < 0 ? -exponent : exponent);

	put(w, 'e');
	put(w, exponent < 0 ? '-' : '+');
	if (n >= 100)
		put(w, (char)('0' + n / 100));
	if (n >= 10 || two_digits)
		put(w, (char)('0' + n / 10 % 10));
	put(w, (char)('0' + n % 10));
}

static void put_scientific(struct writer *w, bool two_digits)
{
	put_digits(w, 1);
	if (w->decimal->digits > 1) {
		put(w, '.');
		put_digits(w, (int64_t)w->decimal->digits - 1);
	}
	put_exponent(w, w->decimal->point - 1, two_digits);
}

static void put_plain(struct writer *w)
{
	int64_t digits = w->decimal->digits, point = w->decimal->point;

	if (point > 0)
		put_digits(w, point);
	else
		put(w, '0');
	if (digits <= point)
		return;
	put(w, '.');
	put_zeros(w, point < 0 ? -point : 0);
	put_digits(w, point > 0 ? digits - point : digits);
}

size_t yaml_decimal_size(const struct yaml_decimal *decimal)
{
	enum { LAYOUT = 40 }; /* sign, "0.", 21 places of zeros, exponent */

	return (size_t)decimal->digits + LAYOUT;
}

/* Go prints with an exponent below 10^low and from 10^high on. */
static struct sv print(const struct yaml_decimal *decimal, char *buffer, int64_t low,
		       int64_t high, bool two_digits)
{
	struct writer w = {buffer, decimal, 0};

	if (decimal->negative)
		put(&w, '-');
	if (!decimal->digits)
		put(&w, '0');
	else if (decimal->point - 1 < low || decimal->point - 1 >= high)
		put_scientific(&w, two_digits);
	else
		put_plain(&w);
	return sv_from(buffer, (size_t)(w.p - buffer));
}

struct sv yaml_decimal_print(const struct yaml_decimal *decimal, char *buffer)
{
	/* encoding/json: "e-09" becomes "e-9", "e+21" has two digits anyway. */
	return print(decimal, buffer, -6, 21, false);
}

struct sv yaml_decimal_print_key(const struct yaml_decimal *decimal, char *buffer)
{
	/* Format 'g' with the shortest precision. */
	return print(decimal, buffer, -4, 6, true);
}

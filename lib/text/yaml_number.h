/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of go-yaml v2: strict readers for Go's integer and float syntax, and Go's
 * way to print a float. No floating-point arithmetic and nothing that looks at the
 * locale.
 */
#ifndef OCIENV_TEXT_YAML_NUMBER_H
#define OCIENV_TEXT_YAML_NUMBER_H

#include "base/arena.h"

enum { YAML_INTEGER_SIZE = 24 };

struct yaml_integer {
	uint64_t magnitude;
	bool negative;
};

/* Go: strconv.ParseInt(text, 0, 64), then ParseUint; `text` may hold "_", which is passed
 * over as go-yaml does. False: not an integer, or one beyond 64 bits. */
bool yaml_integer_read(struct sv text, struct yaml_integer *ret);

/* Decimal digits of it; `buffer` has YAML_INTEGER_SIZE bytes. */
struct sv yaml_integer_print(struct yaml_integer integer, char *buffer);

/* A decimal number as digits: 0.DIGITS * 10^point. */
struct yaml_decimal {
	struct sv text; /* where the digits are, with ".", "_" and zeros between them */
	uint32_t
	    digits; /* significant ones: no zeros at either end; 0: the number is zero */
	int64_t point;
	bool negative;
};

/* Go's float syntax without "_", hexadecimal digits and names. False: not a float, or one
 * beyond the largest double. What is below the smallest double is zero. */
bool yaml_decimal_read(struct sv text, struct yaml_decimal *ret);

enum { YAML_ROUND_SIZE = 24, YAML_EXACT_DIGITS = 15 };

/* To the shortest decimal that means the same double; its digits go to `buffer`. For
 * numbers that yaml_decimal_is_long() names. */
void yaml_decimal_round(struct yaml_decimal *decimal, char buffer[YAML_ROUND_SIZE]);

/* More digits than surely survive a double, and no subnormal number: those are not
 * rounded, as finding out takes long and six bytes are enough to ask for it. */
static inline bool yaml_decimal_is_long(const struct yaml_decimal *decimal)
{
	enum { NORMAL_POINT = -306 };

	return decimal->digits > YAML_EXACT_DIGITS && decimal->point >= NORMAL_POINT;
}

/* Bytes that yaml_decimal_print() needs at most. */
size_t yaml_decimal_size(const struct yaml_decimal *decimal);

/* As Go's encoding/json prints a double; the digits as they are. */
struct sv yaml_decimal_print(const struct yaml_decimal *decimal, char *buffer);

/* As Go's FormatFloat(x, 'g', -1, 32) prints it; at most 6 digits and small exponents. */
struct sv yaml_decimal_print_key(const struct yaml_decimal *decimal, char *buffer);

/* The timestamps that go-yaml takes: a date, or a date and a time. */
bool yaml_timestamp_valid(struct sv text);

#endif

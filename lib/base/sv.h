/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A string view: bytes and their number, passed by value. Owns nothing, allocates nothing.
 *
 * Text that came out of an arena through arena_strdup() is followed by a NUL and may be
 * handed to C; text inside a document is not.
 */
#ifndef OCIENV_BASE_SV_H
#define OCIENV_BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sv {
	const char *ptr; /* NULL: absent, which is not the same as empty */
	size_t len;
};

/* A view of a string literal. */
#define SV(literal) ((struct sv){"" literal, sizeof(literal) - 1})
#define SV_NONE	    ((struct sv){NULL, 0})

/* Arguments of "%.*s". Cut at INT_MAX by sv_int(), which no text here comes near. */
#define SV_ARG(v) (int)((v).len < 0x7fffffff ? (v).len : 0x7fffffff), (v).ptr ? (v).ptr : ""

static inline struct sv sv_of(const char *cstr)
{
	return (struct sv){cstr, cstr ? strlen(cstr) : 0};
}

static inline struct sv sv_from(const char *ptr, size_t len)
{
	return (struct sv){ptr, len};
}

static inline bool sv_eq(struct sv a, struct sv b)
{
	/* Names of one length mostly differ in their first byte. */
	return a.len == b.len &&
	       (a.len == 0 || (a.ptr[0] == b.ptr[0] && memcmp(a.ptr, b.ptr, a.len) == 0));
}

static inline bool sv_has_prefix(struct sv v, struct sv prefix)
{
	return v.len >= prefix.len && sv_eq(sv_from(v.ptr, prefix.len), prefix);
}

/* Copies a text, which may be SV_NONE (memcpy() takes no NULL), and returns what is behind. */
static inline char *sv_write(char *out, struct sv v)
{
	if (v.len)
		memcpy(out, v.ptr, v.len);
	return out + v.len;
}

/* Bytes before the first `byte`, or all of them. */
static inline size_t sv_find(struct sv v, char byte)
{
	const char *hit = v.len ? memchr(v.ptr, byte, v.len) : NULL;

	return hit ? (size_t)(hit - v.ptr) : v.len;
}

static inline bool sv_contains(struct sv v, char byte)
{
	return sv_find(v, byte) < v.len;
}

/* The text behind the first n bytes. */
static inline struct sv sv_skip(struct sv v, size_t n)
{
	return n >= v.len ? sv_from(v.ptr ? v.ptr + v.len : NULL, 0)
			  : sv_from(v.ptr + n, v.len - n);
}

/* Eight bytes as a number, the first of them lowest. */
static inline uint64_t sv_eight(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

/* Takes the text up to `sep` off the front of *rest, and the separator; false at the end.
 * "a:" gives "a" and "". */
bool sv_cut(struct sv *rest, char sep, struct sv *ret_part);

/* Order of the bytes, shorter first where one begins the other. */
int sv_cmp(struct sv a, struct sv b);

/* Decimal digits only, no sign, no blank; false beyond `max`. */
bool sv_to_u64(struct sv v, uint64_t max, uint64_t *ret);

enum sv_number {
	SV_WORD,   /* no number */
	SV_NUMBER, /* one of 64 bits */
	SV_HUGE,   /* one beyond them */
};

/* Go's strconv.Atoi: digits behind at most one sign, leading zeros allowed. *ret is 0 for a
 * word, the limit on that side for a number beyond it. Digits that are too many for 64 bits
 * end the search: what stands behind them is not looked at. */
enum sv_number sv_to_i64(struct sv v, int64_t *ret);

/* Digits in the shortest form, which every reader takes for the same number. */
bool sv_is_plain_number(struct sv v);

#endif

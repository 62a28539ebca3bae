/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes looked at many at a time: NULs, "=", UTF-8. A part of decode.c, kept apart to be
 * read alone: freestanding, C99 and C++, without an assumption about alignment. With GNU
 * vectors on a little-endian machine 16 bytes are one step; elsewhere, and with
 * WIRE_SCAN_PLAIN, they are two words in plain C, and a test compares both.
 */
#ifndef OCIENV_WIRE_SCAN_H
#define OCIENV_WIRE_SCAN_H

#include "wire/layout.h"

#include <stdbool.h>
#include <string.h>

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)
#define EVENS UINT64_C(0x00ff00ff00ff00ff)
#define LANES UINT64_C(0x0001000100010001)
#define BITS  UINT64_C(0x8040201008040201)

#ifdef __GNUC__
#define SCAN_APART __attribute__((noinline)) /* is small beside what calls it often */
#else
#define SCAN_APART
#endif

enum {
	SCAN_STEP = 16,
	SCAN_ALL = 0xffff, /* a mark for each byte of a step */
};

/* Bit i of a word of 0xff and 0x00 bytes, from its byte i. */
static inline uint32_t scan_bits(uint64_t word)
{
	return (uint32_t)((word & BITS) * ONES >> 56);
}

/* The index of the lowest mark, of which there is one. */
static inline uint32_t scan_first(uint32_t marks)
{
	return (uint32_t)__builtin_ctz(marks);
}

/* An x86 without SSE has no register for such a vector, and the compilers warn of it. */
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && !defined(WIRE_SCAN_PLAIN) &&                  \
	__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && (!defined(__i386__) || defined(__SSE2__))

typedef uint8_t scan_step __attribute__((vector_size(SCAN_STEP), may_alias));
typedef char scan_chars __attribute__((vector_size(SCAN_STEP)));
typedef uint64_t scan_words __attribute__((vector_size(SCAN_STEP)));

static inline scan_step scan_load(const uint8_t *p)
{
	scan_step step;

	memcpy(&step, p, sizeof(step));
	return step;
}

/* A mark for each byte of 0xff, the others being 0. */
static inline uint32_t scan_marks(scan_step bytes)
{
#if defined(__SSE2__)
	return (uint32_t)__builtin_ia32_pmovmskb128((scan_chars)bytes);
#else
	scan_words words = (scan_words)bytes;

	return scan_bits(words[0]) | scan_bits(words[1]) << 8;
#endif
}

static inline uint32_t scan_equal(scan_step a, scan_step b)
{
	return scan_marks((scan_step)(a == b));
}

static inline uint32_t scan_byte(scan_step a, uint8_t byte)
{
	return scan_marks((scan_step)(a == byte));
}

static inline bool scan_is_ascii(scan_step a)
{
	scan_words words = (scan_words)a;

	return !((words[0] | words[1]) & HIGHS);
}

/* NULs of at most 124 steps. */
static inline size_t scan_count_steps(const uint8_t *p, size_t steps)
{
	scan_step one = {0}, two = {0}, three = {0}, four = {0};
	scan_words words;

	for (; steps >= 4; steps -= 4, p += (size_t)4 * SCAN_STEP) {
		one -= (scan_step)(scan_load(p) == 0); /* 0xff where it is */
		two -= (scan_step)(scan_load(p + SCAN_STEP) == 0);
		three -= (scan_step)(scan_load(p + (size_t)2 * SCAN_STEP) == 0);
		four -= (scan_step)(scan_load(p + (size_t)3 * SCAN_STEP) == 0);
	}
	for (; steps; steps--, p += SCAN_STEP)
		one -= (scan_step)(scan_load(p) == 0);
	words = (scan_words)(one + two + three + four); /* all steps together: at most 124 */
	words = (words & EVENS) + (words >> 8 & EVENS);
	return (size_t)((words[0] * LANES >> 48) + (words[1] * LANES >> 48));
}

#else

typedef struct {
	uint64_t low, high;
} scan_step;

static inline scan_step scan_load(const uint8_t *p)
{
	scan_step step = {wire_u64(p), wire_u64(p + 8)};

	return step;
}

/* 0xff for each byte of `word` that is zero, 0 for the others. */
static inline uint64_t scan_zeroes(uint64_t word)
{
	uint64_t high = ~(((word & ~HIGHS) + ~HIGHS) | word | ~HIGHS);

	return (high << 1) - (high >> 7);
}

static inline uint32_t scan_equal(scan_step a, scan_step b)
{
	return scan_bits(scan_zeroes(a.low ^ b.low)) |
	       scan_bits(scan_zeroes(a.high ^ b.high)) << 8;
}

static inline uint32_t scan_byte(scan_step a, uint8_t byte)
{
	scan_step b = {ONES * byte, ONES * byte};

	return scan_equal(a, b);
}

static inline bool scan_is_ascii(scan_step a)
{
	return !((a.low | a.high) & HIGHS);
}

static inline size_t scan_count_steps(const uint8_t *p, size_t steps)
{
	uint64_t sums = 0;

	for (steps *= 2; steps; steps--, p += 8)
		sums += scan_zeroes(wire_u64(p)) & ONES;
	return (size_t)(((sums & EVENS) + (sums >> 8 & EVENS)) * LANES >> 48);
}

#endif

/* How many bytes are NUL. */
static size_t scan_count_nuls(const uint8_t *p, size_t n)
{
	const size_t most = 124; /* steps: a byte of the sums holds 255, and plain C needs two */
	size_t nuls = 0;

	while (n >= SCAN_STEP) {
		size_t steps = n / SCAN_STEP < most ? n / SCAN_STEP : most;

		nuls += scan_count_steps(p, steps);
		p += steps * SCAN_STEP;
		n -= steps * SCAN_STEP;
	}
	for (; n; n--, p++)
		nuls += !*p;
	return nuls;
}

/* Bytes before the first `byte`, or all of them. */
static uint32_t scan_find(const uint8_t *p, uint32_t n, uint8_t byte)
{
	uint32_t i = 0;

	for (; n - i >= SCAN_STEP; i += SCAN_STEP) {
		uint32_t marks = scan_byte(scan_load(p + i), byte);

		if (marks)
			return i + scan_first(marks);
	}
	while (i < n && p[i] != byte)
		i++;
	return i;
}

/* Bytes of the well-formed sequence at p, which is not ASCII; 0 if there is none. */
static size_t scan_sequence(const uint8_t *p, size_t left)
{
	uint8_t lead = p[0], second, low = 0x80, high = 0xbf;
	size_t n = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	if (lead < 0xc2 || lead > 0xf4 || left < n)
		return 0;
	if (lead == 0xe0)
		low = 0xa0; /* below: overlong */
	else if (lead == 0xed)
		high = 0x9f; /* above: surrogates */
	else if (lead == 0xf0)
		low = 0x90; /* below: overlong */
	else if (lead == 0xf4)
		high = 0x8f; /* above: beyond U+10FFFF */
	second = p[1];
	if (second < low || second > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static bool scan_is_utf8(const uint8_t *p, size_t n)
{
	size_t i = 0, step;

	while (i < n) {
		if (n - i >= SCAN_STEP && scan_is_ascii(scan_load(p + i))) {
			i += SCAN_STEP;
			continue;
		}
		step = p[i] < 0x80 ? 1 : scan_sequence(p + i, n - i);
		if (!step)
			return false;
		i += step;
	}
	return true;
}

/* --- a pool of strings, on its way ----------------------------------------------------- */

/* The sizes are kept outside the blob: its bytes may be somebody else's to write. */
struct scan_pool {
	const uint8_t *offsets, *bytes;
	uint32_t count, size;
	uint32_t counted; /* bytes of which the NULs are in `nuls` */
	uint32_t nuls;
};

static inline struct scan_pool scan_open(struct wire_list list)
{
	struct scan_pool pool = {list.offsets, list.pool, list.count, list.pool_size, 0, 0};

	return pool;
}

/* What is counted ahead of its reader is still in the cache then. */
static SCAN_APART void scan_blocks(struct scan_pool *pool, uint32_t at)
{
	const uint32_t block = 4096;

	while (pool->counted <= at && pool->counted < pool->size) {
		uint32_t left = pool->size - pool->counted;
		uint32_t n = left < block ? left : block;

		pool->nuls += (uint32_t)scan_count_nuls(pool->bytes + pool->counted, n);
		pool->counted += n;
	}
}

/* Counts the NULs of the blocks up to `at`, which the caller is about to look at. */
static inline void scan_to(struct scan_pool *pool, uint32_t at)
{
	if (pool->counted <= at)
		scan_blocks(pool, at);
}

/* Where string i ends, the NUL included, if it starts at `start`; 0: in a wrong place. */
static inline uint32_t scan_end(const struct scan_pool *pool, uint32_t i, uint32_t start)
{
	uint32_t end = pool->size;

	if (i + 1 < pool->count) {
		end = wire_u32(pool->offsets + 4 * ((size_t)i + 1));
		if (end >= pool->size)
			return 0;
	}
	return end > start && !pool->bytes[end - 1] ? end : 0;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry of an environment beside the one before it: names, their order, and what ENVSRC
 * may say. A part of decode.c, kept apart to be read alone.
 */
#ifndef OCIENV_WIRE_ENTRIES_H
#define OCIENV_WIRE_ENTRIES_H

#include "wire/layout.h"
#include "wire/scan.h"

static bool is_source(uint32_t byte)
{
	return (byte & WIRE_SOURCE_MASK) <= WIRE_SOURCE_MAX;
}

/* Looks at 8 bytes; a value that is shorter has its NUL among them. */
static bool is_sealed(const uint8_t *value)
{
	return wire_u64(value) << 8 == wire_u64((const uint8_t *)WIRE_SEALED) << 8;
}

/* Stands in for the entry before the first. */
static const uint8_t nothing[SCAN_STEP] = {0};

/* Bytes of the name of `entry`, which has `size` bytes; at least `size` if it has none. A
 * name that is not behind that of `last` has 0: a "=" in front of the first difference is
 * one name twice, and at it the shorter name comes second. */
static SCAN_APART uint32_t measure_name(const uint8_t *entry, const uint8_t *last,
					uint32_t size)
{
	bool behind = last == nothing;

	for (uint32_t i = 0; i < size; i += SCAN_STEP) {
		scan_step here = scan_load(entry + i);
		uint32_t ends = scan_byte(here, '='), differ, k;

		if (!behind) {
			differ = scan_equal(here, scan_load(last + i)) ^ SCAN_ALL;
			if (ends & (differ ^ (differ - 1)))
				return 0;
			k = differ ? scan_first(differ) + i : i;
			if (differ && last[k] != '=' && last[k] > entry[k])
				return 0;
			behind = differ != 0;
		}
		if (ends)
			return i + scan_first(ends);
	}
	return size;
}

/* The entry before, or `nothing`, and its first bytes. */
struct neighbour {
	const uint8_t *entry;
	scan_step begin;
};

/* As measure_name(); the usual case without a loop: the names differ in the first step, and
 * the second one ends behind that. */
static inline uint32_t next_name(struct neighbour *last, const uint8_t *entry, uint32_t size)
{
	scan_step here = scan_load(entry);
	uint32_t equal = scan_equal(here, last->begin);
	uint32_t differ = scan_first(~equal); /* 16: not at all */
	uint32_t ends = scan_first(scan_byte(here, '=') | 1U << (2 * SCAN_STEP - 1));
	const uint8_t *before = last->entry;

	last->entry = entry;
	last->begin = here;
	if (differ >= ends || ends >= SCAN_STEP || before == nothing)
		return measure_name(entry, before, size);
	return before[differ] == '=' || before[differ] < entry[differ] ? ends : 0;
}

/* Not 0 if a byte of ENVSRC is wrong for an entry with this value. */
static inline uint32_t source_is_wrong(uint32_t source, const uint8_t *value)
{
	return (uint32_t)!is_source(source) | (source >> 7 ^ (uint32_t)is_sealed(value));
}

#endif

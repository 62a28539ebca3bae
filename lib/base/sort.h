/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in order. Every map of this library is a sorted array of names: no hashing of input,
 * so no input is slower than another.
 */
#ifndef OCIENV_BASE_SORT_H
#define OCIENV_BASE_SORT_H

#include "base/arena.h"

struct sort_item {
	uint64_t prefix; /* the first eight bytes, most significant first */
	const char *ptr;
	uint32_t len;
	uint32_t index; /* the caller's */
};

/* Eight bytes as a number in the order of the bytes. */
static inline uint64_t sort_eight(const char *p)
{
	return __builtin_bswap64(sv_eight(p));
}

/* The prefix of a name that has fewer bytes. */
uint64_t sort_short_prefix(struct sv name);

static inline struct sort_item sort_item(struct sv name, uint32_t index)
{
	return (struct sort_item){name.len < sizeof(uint64_t)
					  ? sort_short_prefix(name)
					  : sort_eight(name.ptr),
				  name.ptr, (uint32_t)name.len, index};
}

static inline struct sv sort_name(const struct sort_item *item)
{
	return sv_from(item->ptr, item->len);
}

/* By the bytes of the names; equal names keep their order. `arena` lends half as much room again,
 * and has it back. Returns false if it has none; the items are then in no order. */
bool sort_names(struct sort_item *items, size_t count, struct arena *arena);

/* First item of that name in sorted items, or `count`. */
size_t sort_find(const struct sort_item *items, size_t count, struct sv name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots: each different name of a list gets a number. All names are known before the first
 * value is, so the map of every step is this one sorted array plus an array of the step's own
 * that the numbers index.
 */
#ifndef OCIENV_RESOLVE_SLOTS_H
#define OCIENV_RESOLVE_SLOTS_H

#include "base/sort.h"

#define SLOT_NONE UINT32_MAX

struct slots {
	uint32_t count; /* different names */
	uint32_t *of;	/* slot of name number i */
	struct sort_item *names; /* sorted, different; the index of an item is its slot */
};

/* Slots are numbered by first appearance. Returns 0 or the arena's status. */
int32_t slots_build(struct slots *slots, struct arena *arena, const struct sv *names,
		    uint32_t count);

/* SLOT_NONE: no such name. */
uint32_t slots_find(const struct slots *slots, struct sv name);

#endif

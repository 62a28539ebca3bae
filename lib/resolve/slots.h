/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots: each different name of a list gets a number. All names are known before the first
 * value is, so the map of every step is this one sorted array plus an array of the step's own
 * that the numbers index.
 */
#ifndef OCIENV_RESOLVE_SLOTS_H
#define OCIENV_RESOLVE_SLOTS_H

#include "base/sort.h"
#include "read/layer.h"

#define SLOT_NONE UINT32_MAX

struct slots {
	uint32_t count; /* different names */
	uint32_t *of;	/* slot of name number i */
	struct sort_item *names; /* sorted, different; the index of an item is its slot */
};

/* Name number i of a list. */
typedef struct sv slot_name(const void *list, uint32_t i);

/* Slots are numbered by first appearance. Returns 0 or the arena's status. */
int32_t slots_build(struct slots *slots, struct arena *arena, slot_name *name, const void *list,
		    uint32_t count);

/* The same without `names`, for who never calls slots_find(): nothing but `of` keeps memory. */
int32_t slots_number(struct slots *slots, struct arena *arena, slot_name *name, const void *list,
		     uint32_t count);

/* For struct env_entry. */
struct sv slot_name_env(const void *list, uint32_t i);

/* SLOT_NONE: no such name. */
uint32_t slots_find(const struct slots *slots, struct sv name);

#endif

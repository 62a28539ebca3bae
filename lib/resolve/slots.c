/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/slots.h"

/* In `items`, sorted, the first of each run of equal names is the first to appear. Leaves
 * only those, and writes into first[i] which appearance name number i repeats. */
static uint32_t keep_different(struct sort_item *items, uint32_t count, uint32_t *first)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (!kept || !sv_eq(sort_name(&items[kept - 1]), sort_name(&items[i])))
			items[kept++] = items[i];
		first[items[i].index] = items[kept - 1].index;
	}
	return kept;
}

struct sv slot_name_env(const void *list, uint32_t i)
{
	const struct env_entry *entries = list;

	return env_name(&entries[i]);
}

/* Fills `of` and `items`, of which the first `count` are the different names then. */
static int32_t number_names(struct slots *slots, struct arena *arena, slot_name *name,
			    const void *list, uint32_t count, struct sort_item *items)
{
	uint32_t *of = slots->of, next = 0;

	for (uint32_t i = 0; i < count; i++)
		items[i] = sort_item(name(list, i), i);
	if (!sort_names(items, count, arena))
		return arena_status(arena);
	slots->count = keep_different(items, count, of);
	/* An appearance that repeats itself is a first one: it opens the next slot. */
	for (uint32_t i = 0; i < count; i++)
		of[i] = of[i] == i ? next++ : of[of[i]];
	for (uint32_t i = 0; i < slots->count; i++)
		items[i].index = of[items[i].index];
	return OCIENV_OK;
}

int32_t slots_build(struct slots *slots, struct arena *arena, slot_name *name, const void *list,
		    uint32_t count)
{
	slots->of = ARENA_RAW(arena, count, uint32_t);
	slots->names = ARENA_RAW(arena, count, struct sort_item);
	return slots->of && slots->names
		       ? number_names(slots, arena, name, list, count, slots->names)
		       : arena_status(arena);
}

int32_t slots_number(struct slots *slots, struct arena *arena, slot_name *name, const void *list,
		     uint32_t count)
{
	uint32_t *of = ARENA_RAW(arena, count, uint32_t);
	struct arena_mark before = arena_mark(arena);
	struct sort_item *items = ARENA_RAW(arena, count, struct sort_item);
	int32_t status;

	if (!of || !items)
		return arena_status(arena);
	*slots = (struct slots){.of = of};
	status = number_names(slots, arena, name, list, count, items);
	if (!status)
		arena_rewind(arena, &before);
	return status;
}

uint32_t slots_find(const struct slots *slots, struct sv name)
{
	size_t at = sort_find(slots->names, slots->count, name);

	return at < slots->count ? slots->names[at].index : SLOT_NONE;
}

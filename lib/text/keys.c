/* SPDX-License-Identifier: Apache-2.0 */
#include "text/keys.h"

#include "base/sort.h"

/* Most maps are this small: comparing all pairs needs no memory. */
enum { FEW = 8 };

static void clash_of_few(const struct node *map, struct key_clash *ret)
{
	for (uint32_t i = 1; i < node_size(map); i++) {
		for (uint32_t k = 0; k < i; k++) {
			if (!sv_eq(node_sv(node_key(map, k)), node_sv(node_key(map, i))))
				continue;
			*ret = (struct key_clash){node_key(map, k), node_key(map, i)};
			return;
		}
	}
}

int32_t keys_clash(const struct node *map, struct arena *arena, struct key_clash *ret)
{
	uint32_t count = node_size(map), best = UINT32_MAX;
	struct sort_item *items;

	*ret = (struct key_clash){NULL, NULL};
	if (count <= FEW) {
		clash_of_few(map, ret);
		return OCIENV_OK;
	}
	items = ARENA_ARRAY(arena, count, struct sort_item);
	if (!items)
		return arena_status(arena);
	for (uint32_t i = 0; i < count; i++)
		items[i] = sort_item(node_sv(node_key(map, i)), i);
	if (!sort_names(items, count, arena))
		return arena_status(arena);
	for (uint32_t i = 1; i < count; i++) {
		if (items[i].index >= best ||
		    !sv_eq(sort_name(&items[i - 1]), sort_name(&items[i])))
			continue;
		best = items[i].index;
		*ret = (struct key_clash){node_key(map, items[i - 1].index),
					  node_key(map, best)};
	}
	return OCIENV_OK;
}

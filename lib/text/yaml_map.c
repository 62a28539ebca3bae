/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kubernetes' loader lets the last of two equal keys win and applies a merge where it
 * stands, so that one behind an explicit key overrides it, contrary to the YAML
 * specification. Where the two readings give different values, this file refuses; it must
 * never choose one.
 */
#include "text/yaml_map.h"

#include "base/sort.h"
#include "text/keys.h"
#include "text/scalar.h"

/* Entries with those of the merged maps among them, in the order in which they apply. */
struct expansion {
	struct node *children;
	uint32_t *group;    /* 0: written in the map itself; else which "<<" gave it */
	struct mark *marks; /* where to complain: the key itself or its "<<" */
	bool *dropped;
	uint32_t count;
};

/* The maps that a "<<" merges: the one map, or the elements of the list. */
static const struct node *merged_maps(const struct node *value, uint32_t *ret_count)
{
	if (value->kind == NODE_MAP) {
		*ret_count = 1;
		return value;
	}
	*ret_count = value->count;
	return value->children;
}

static size_t expanded_size(const struct yaml_entries *entries)
{
	size_t size = 0;

	for (uint32_t i = 0; i < entries->count; i++) {
		const struct node *pair = &entries->children[2 * (size_t)i];
		const struct node *maps;
		uint32_t n;

		if (pair->kind != YAML_NODE_MERGE) {
			size++;
			continue;
		}
		maps = merged_maps(pair + 1, &n);
		for (uint32_t k = 0; k < n; k++)
			size += node_size(&maps[k]);
	}
	return size;
}

static void expand_one(struct expansion *x, const struct node *pair, uint32_t group,
		       struct mark mark)
{
	memcpy(&x->children[2 * (size_t)x->count], pair, 2 * sizeof(*pair));
	x->group[x->count] = group;
	x->marks[x->count] = mark;
	x->count++;
}

static void expand(struct expansion *x, const struct yaml_entries *entries)
{
	uint32_t group = 0;

	for (uint32_t i = 0; i < entries->count; i++) {
		const struct node *pair = &entries->children[2 * (size_t)i];
		const struct node *maps;
		uint32_t n;

		if (pair->kind != YAML_NODE_MERGE) {
			expand_one(x, pair, 0, pair->mark);
			continue;
		}
		group++;
		maps = merged_maps(pair + 1, &n);
		for (uint32_t k = 0; k < n; k++)
			for (uint32_t e = 0; e < node_size(&maps[k]); e++)
				expand_one(x, node_key(&maps[k], e), group, pair->mark);
	}
}

static struct yaml_clash key_twice(const struct node *first, const struct node *second)
{
	return (struct yaml_clash){
	    .twice = true,
	    .mark = second->mark,
	    .first = first->mark,
	    .key = node_sv(second),
	};
}

static int32_t clash_at(const struct expansion *x, uint32_t i, const char *before,
			const char *after, struct yaml_clash *clash)
{
	*clash = (struct yaml_clash){
	    .before = before,
	    .after = after,
	    .mark = x->marks[i],
	    .key = node_sv(&x->children[2 * (size_t)i]),
	};
	return OCIENV_ERR_AMBIGUOUS;
}

/* Two entries with one key, `late` behind `early`: drops one or says why neither can
 * go. */
static int32_t settle(struct expansion *x, uint32_t early, uint32_t late,
		      struct yaml_clash *clash)
{
	struct sv key = node_sv(&x->children[2 * (size_t)late]);

	if (x->group[late] == 0 && x->group[early] == 0) {
		*clash = key_twice(&x->children[2 * (size_t)early],
				   &x->children[2 * (size_t)late]);
		return OCIENV_ERR_AMBIGUOUS;
	}
	if (x->group[late] && x->group[early] == 0)
		return clash_at(x, late,
				"expected a merge before the keys that it also gives, "
				"found it behind",
				"", clash);
	if (x->group[late] && x->group[late] != x->group[early])
		return clash_at(x, late,
				"expected each key from one merge, found", " in two",
				clash);
	/* go-yaml tells 1 and "1" apart here, the conversion to JSON no longer does. */
	if (scalar_text_is_typed(key))
		return clash_at(x, late,
				"expected a key beside a merge that gives it to be a "
				"string, found",
				", which may be another value", clash);
	x->dropped[x->group[late] ? late : early] = true;
	return OCIENV_OK;
}

/* Settles all equal keys; complains about the clash that stands first in the document. */
static int32_t settle_all(struct expansion *x, const struct sort_item *order,
			  struct yaml_clash *clash)
{
	struct yaml_clash found;
	uint32_t first = x->count, stands = 0;

	for (uint32_t i = 1; i < x->count; i++) {
		if (!sv_eq(sort_name(&order[i - 1]), sort_name(&order[i]))) {
			stands = i;
			continue;
		}
		if (settle(x, order[stands].index, order[i].index, &found) &&
		    order[i].index < first) {
			first = order[i].index;
			*clash = found;
		}
		if (x->dropped[order[stands].index])
			stands = i;
	}
	return first < x->count ? OCIENV_ERR_AMBIGUOUS : OCIENV_OK;
}

static int32_t finish_merged(const struct yaml_entries *entries, struct arena *arena,
			     struct arena *scratch, struct node *map,
			     struct yaml_clash *clash)
{
	size_t size = expanded_size(entries);
	struct expansion x = {
	    .children = ARENA_ARRAY(arena, 2 * size, struct node),
	    .group = ARENA_ARRAY(scratch, size, uint32_t),
	    .marks = ARENA_ARRAY(scratch, size, struct mark),
	    .dropped = ARENA_ARRAY(scratch, size, bool),
	};
	struct sort_item *order = ARENA_ARRAY(scratch, size, struct sort_item);
	uint32_t kept = 0;
	int32_t r;

	if (size > UINT32_MAX / 4)
		return OCIENV_ERR_LIMIT; /* LCOV_EXCL_LINE */
	if (!x.children)
		return arena_status(arena);
	if (!x.group || !x.marks || !x.dropped || !order)
		return arena_status(scratch);
	expand(&x, entries);
	for (uint32_t i = 0; i < x.count; i++)
		order[i] = sort_item(node_sv(&x.children[2 * (size_t)i]), i);
	if (!sort_names(order, x.count, scratch))
		return arena_status(scratch);
	r = settle_all(&x, order, clash);
	if (r)
		return r;
	for (uint32_t i = 0; i < x.count; i++) {
		if (x.dropped[i])
			continue;
		memmove(&x.children[2 * (size_t)kept], &x.children[2 * (size_t)i],
			2 * sizeof(struct node));
		kept++;
	}
	map->children = x.children;
	map->count = 2 * kept;
	return OCIENV_OK;
}

int32_t yaml_map_finish(const struct yaml_entries *entries, struct arena *arena,
			struct arena *scratch, struct node *map, struct yaml_clash *clash)
{
	struct node written = {.kind = NODE_MAP, .count = 2 * entries->count};
	struct key_clash twice;
	struct node *children;
	int32_t status;

	if (entries->merges)
		return finish_merged(entries, arena, scratch, map, clash);
	written.children = entries->children;
	status = keys_clash(&written, scratch, &twice);
	if (status)
		return status;
	if (twice.second) {
		*clash = key_twice(twice.first, twice.second);
		return OCIENV_ERR_AMBIGUOUS;
	}
	children = ARENA_ARRAY(arena, 2 * (size_t)entries->count, struct node);
	if (!children)
		return arena_status(arena);
	if (entries->count)
		memcpy(children, entries->children,
		       2 * (size_t)entries->count * sizeof(*children));
	map->children = children;
	map->count = 2 * entries->count;
	return OCIENV_OK;
}

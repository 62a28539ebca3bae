/* SPDX-License-Identifier: Apache-2.0 */
#include "read/objects.h"

#include "read/object.h"

static const char *const kind_names[] = {"ConfigMap", "Secret", "Service"};

const char *object_kind_name(enum object_kind kind)
{
	return kind_names[kind];
}

static bool kind_of(const struct type_meta *type, uint8_t *ret)
{
	if (!sv_eq(type->api_version.value, SV("v1")))
		return false;
	for (size_t kind = 0; kind < sizeof(kind_names) / sizeof(kind_names[0]); kind++) {
		if (sv_eq(type->kind.value, sv_of(kind_names[kind]))) {
			*ret = (uint8_t)kind;
			return true;
		}
	}
	return false;
}

static struct sv index_key(struct arena *arena, uint8_t kind, struct sv namespace,
			   struct sv name)
{
	size_t len = 2 + namespace.len + name.len; /* both lie in memory: no overflow */
	char *key = arena_chars(arena, len);

	if (!key)
		return SV_NONE;
	key[0] = (char)('0' + kind);
	sv_write(key + 1, namespace);
	key[1 + namespace.len] = '\0'; /* no text of a document has one */
	sv_write(key + 2 + namespace.len, name);
	return sv_from(key, len);
}

int32_t objects_add(struct objects *objects, const struct reader *reader,
		    const struct type_meta *type, const struct node *node,
		    const struct path *path, bool *taken)
{
	/* What else such an object may hold is none of our business: no warnings from here. */
	struct reader quiet = *reader;
	struct object object = {0}, *slot;
	int32_t status;

	*taken = kind_of(type, &object.kind);
	if (!*taken)
		return OCIENV_OK;
	quiet.strict = false;
	quiet.warnings = NULL;
	status = object_read(objects, &quiet, node, path, &object);
	if (status)
		return status;
	object.key = index_key(objects->arena, object.kind, object.namespace, object.name);
	object.document = arena_strdup(objects->arena, sv_of(reader->diag->document));
	slot = VEC_PUSH(&objects->items, objects->arena, struct object);
	if (!slot || arena_failed(objects->arena))
		return diag_memory(reader->diag, arena_status(objects->arena));
	*slot = object;
	return OCIENV_OK;
}

/* Of objects with the same key the last one counts: each of them points to it, so that a
 * search need not walk over the others. */
static void point_to_last(struct sort_item *items, uint32_t count)
{
	for (uint32_t i = count; i > 1; i--)
		if (sv_eq(sort_name(&items[i - 1]), sort_name(&items[i - 2])))
			items[i - 2].index = items[i - 1].index;
}

/* Sorted aside and grown by doubling: files may come one by one, and many of them. */
int32_t objects_index(struct objects *objects, struct arena *scratch)
{
	const struct object *items = objects->items.items;
	uint32_t count = objects->items.count;
	struct sort_item *sorted = ARENA_ARRAY(scratch, count, struct sort_item);

	if (!sorted)
		return arena_status(scratch);
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = sort_item(items[i].key, i);
	if (!sort_names(sorted, count, scratch))
		return arena_status(scratch);
	if (count > objects->index_room) {
		struct sort_item *index = ARENA_ARRAY(objects->arena, 2 * (size_t)count,
						      struct sort_item);

		if (!index)
			return arena_status(objects->arena);
		objects->index = index;
		objects->index_room = count < UINT32_MAX / 2 ? 2 * count : count;
	}
	point_to_last(sorted, count);
	if (count)
		memcpy(objects->index, sorted, count * sizeof(*sorted));
	return OCIENV_OK;
}

int32_t objects_find(const struct objects *objects, struct arena *scratch,
		     enum object_kind kind, struct sv namespace, struct sv name,
		     const struct object **ret)
{
	size_t count = objects->items.count, at;
	struct sv key = index_key(scratch, (uint8_t)kind, namespace, name);

	*ret = NULL;
	if (!key.ptr)
		return arena_status(scratch);
	at = sort_find(objects->index, count, key);
	if (at < count)
		*ret = (const struct object *)objects->items.items + objects->index[at].index;
	return OCIENV_OK;
}

const struct object_entry *object_entry(const struct object *object, struct sv key)
{
	size_t low = 0, high = object->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = sv_cmp(object->entries[middle].key, key);

		if (!order)
			return &object->entries[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

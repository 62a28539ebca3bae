/* SPDX-License-Identifier: Apache-2.0 */
#include "read/layer.h"

#include "base/limits.h"

int32_t layer_new(struct ocienv_layer **ret, uint32_t kind, const char *document,
		  const struct ocienv_options *options)
{
	struct ocienv_limits limits = limits_of(options->limits);
	struct ocienv_layer *layer;
	struct arena arena;
	int32_t status;

	layer = arena_object(&arena, options->allocator, limits.max_result, sizeof(*layer),
			     &status);
	if (!layer)
		return status;
	layer->kind = kind;
	layer->arena = arena;
	layer->warnings.moves = true;
	if (layer_document(layer, sv_of(document ? document : "")) != DOCUMENT_NONE) {
		*ret = layer;
		return OCIENV_OK;
	}
	status = arena_status(&layer->arena);
	layer_free(layer);
	return status;
}

/* By doubling: what stays behind in the arena is no more than what is used. */
static bool grow_documents(struct ocienv_layer *layer)
{
	struct documents *documents = &layer->documents;
	uint16_t room = (uint16_t)(2 * documents->count + 1); /* count < DOCUMENT_MAX */
	struct sv *grown = ARENA_ARRAY(&layer->arena, room, struct sv);

	if (!grown)
		return false;
	if (documents->count)
		memcpy(grown, documents->names, documents->count * sizeof(*grown));
	documents->names = grown;
	documents->room = room;
	return true;
}

uint16_t layer_document(struct ocienv_layer *layer, struct sv name)
{
	struct documents *documents = &layer->documents;

	for (uint16_t i = 0; i < documents->count; i++)
		if (sv_eq(documents->names[i], name))
			return document_ref(layer->kind, i);
	if (documents->count == DOCUMENT_MAX)
		return DOCUMENT_NONE; /* more than anybody has: their place is not told */
	name.ptr = arena_strdup(&layer->arena, name);
	if (!name.ptr || (documents->count >= documents->room && !grow_documents(layer)))
		return DOCUMENT_NONE;
	documents->names[documents->count] = name;
	return document_ref(layer->kind, documents->count++);
}

void layer_free(struct ocienv_layer *layer)
{
	struct arena arena = layer->arena; /* the layer lies in it */

	arena_free(&arena);
}

struct text text_keep(struct arena *arena, struct text view)
{
	if (view.value.ptr)
		view.value.ptr = arena_strdup(arena, view.value);
	return view;
}

/* With a text more and its NUL. Aliases repeat texts, so together they may have more bytes than
 * memory has. */
static size_t add_size(size_t size, struct sv text)
{
	return text.len < SIZE_MAX - 1 - size ? size + text.len + 1 : SIZE_MAX;
}

/* Room for copies of all texts, one behind the other, each with its NUL; NULL: no memory. */
static char *room_of(struct arena *arena, const struct text_list *texts)
{
	size_t size = 0;

	for (uint32_t i = 0; i < texts->count; i++)
		size = add_size(size, texts->items[i].value);
	return arena_chars(arena, size);
}

/* Puts a copy there and moves behind it. */
static struct sv put_text(char **room, struct sv text)
{
	struct sv copy = sv_from(*room, text.len);

	*sv_write(*room, text) = '\0';
	*room += text.len + 1;
	return copy;
}

struct text_list text_list_keep(struct arena *arena, struct text_list view)
{
	struct text *items = ARENA_RAW(arena, view.count, struct text);
	char *room = room_of(arena, &view);

	for (uint32_t i = 0; items && room && i < view.count; i++)
		items[i] = (struct text){put_text(&room, view.items[i].value), view.items[i].from};
	view.items = items && room ? items : NULL;
	return view;
}

struct env_list env_list_join(struct arena *arena, const struct env_list *const *lists,
			      size_t count, size_t more)
{
	struct env_list joined = {.present = true};
	size_t entries = more;

	for (size_t i = 0; i < count; i++)
		entries += lists[i] ? lists[i]->count : 0;
	joined.items = ARENA_ARRAY(arena, entries, struct env_entry);
	for (size_t i = 0; joined.items && i < count; i++) {
		if (!lists[i] || !lists[i]->count)
			continue;
		memcpy(joined.items + joined.count, lists[i]->items,
		       lists[i]->count * sizeof(*joined.items));
		joined.count += lists[i]->count;
	}
	return joined;
}

bool env_texts_keep(struct arena *arena, const struct env_list *env)
{
	size_t size = 0;
	char *room;

	for (uint32_t i = 0; i < env->count; i++)
		size = add_size(size, env->items[i].text);
	room = arena_chars(arena, size);
	for (uint32_t i = 0; room && i < env->count; i++)
		env->items[i].text = put_text(&room, env->items[i].text);
	return room != NULL;
}

struct env_entry *env_find(const struct env_list *env, struct sv name)
{
	for (uint32_t i = 0; i < env->count; i++)
		if (sv_eq(env_name(&env->items[i]), name))
			return &env->items[i];
	return NULL;
}

struct sv env_get(const struct env_list *env, struct sv name)
{
	const struct env_entry *entry = env_find(env, name);

	return entry ? env_value(entry) : SV_NONE;
}

struct sv env_text(struct arena *arena, struct sv name, struct sv value)
{
	char *out = arena_chars(arena, name.len + 1 + value.len);

	if (!out)
		return SV_NONE;
	*sv_write(out, name) = '=';
	sv_write(out + name.len + 1, value);
	return sv_from(out, name.len + 1 + value.len);
}

void env_entry_set(struct env_entry *entry, struct sv text, struct origin from)
{
	*entry = (struct env_entry){.text = text, .from = from};
	entry->name_length = (uint32_t)sv_find(text, '=');
}

struct env_list env_list_keep(struct arena *arena, struct text_list entries)
{
	struct env_list list = {.present = entries.present, .count = entries.count};
	char *room;

	list.items = ARENA_RAW(arena, entries.count, struct env_entry);
	room = room_of(arena, &entries);
	if (!room)
		list.items = NULL;
	for (uint32_t i = 0; list.items && i < entries.count; i++)
		env_entry_set(&list.items[i], put_text(&room, entries.items[i].value),
			      entries.items[i].from);
	return list;
}

const struct overrode *overrode_new(struct arena *arena, struct origin from, uint32_t step,
				    const struct overrode *next)
{
	struct overrode *lost = ARENA_NEW(arena, struct overrode);

	from.lost_in = step & 7;
	if (lost)
		*lost = (struct overrode){from, next};
	return lost;
}

const struct overrode *overrode_join(struct arena *arena, const struct overrode *first,
				     const struct overrode *second)
{
	const struct overrode *joined = second;
	struct overrode *last = NULL;

	for (; first; first = first->next) {
		struct overrode *copy = ARENA_NEW(arena, struct overrode);

		if (!copy)
			return joined;
		*copy = (struct overrode){first->from, second};
		if (last)
			last->next = copy;
		else
			joined = copy;
		last = copy;
	}
	return joined;
}

void add_warning(struct vec *warnings, struct arena *arena, const char *code, struct sv subject,
	  const char *message, struct origin from)
{
	struct layer_warning *warning = VEC_PUSH(warnings, arena, struct layer_warning);

	if (!warning)
		return;
	warning->code = code;
	warning->subject = sv_from(arena_strdup(arena, subject), subject.len);
	warning->message = message;
	warning->from = from;
}

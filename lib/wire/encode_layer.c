/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layer to LAYER blob. Each member of a layer becomes one item, a list of strings or of
 * numbers with their origins, and each item is written in the same way; a member that is
 * absent has no section. Must never leave a member out: a layer that comes back has to
 * resolve to the same answer.
 */
#include "wire/reader.h"
#include "wire/wire.h"
#include "wire/writer.h"

struct item {
	uint32_t type;
	const struct sv *strings; /* this one ... */
	const int64_t *numbers;   /* ... or this one */
	uint32_t count;
	const struct origin *origins;
	uint32_t origin_count;
};

enum { MAX_ITEMS = 16 };

struct content {
	const struct ocienv_layer *layer;
	struct arena *arena;
	struct item items[MAX_ITEMS];
	uint32_t count;
};

/* --- members to items ----------------------------------------------------------------- */

static struct item *add(struct content *content, uint32_t type)
{
	struct item *item = &content->items[content->count++];

	item->type = type;
	return item;
}

static bool add_strings(struct content *content, uint32_t type, const struct sv *strings,
			uint32_t count, const struct origin *origins,
			uint32_t origin_count)
{
	struct item *item = add(content, type);

	item->strings = strings;
	item->count = count;
	item->origins = origins;
	item->origin_count = origin_count;
	return strings && origins;
}

static bool add_text(struct content *content, uint32_t type, const struct text *text)
{
	return !text->value.ptr ||
	       add_strings(content, type, &text->value, 1, &text->from, 1);
}

/* The origin of the list, then those of its items. */
static bool add_list(struct content *content, uint32_t type, const struct text_list *list)
{
	struct sv *strings;
	struct origin *origins;

	if (!list->present)
		return true;
	strings = ARENA_ARRAY(content->arena, list->count, struct sv);
	origins = ARENA_ARRAY(content->arena, (size_t)list->count + 1, struct origin);
	if (!strings || !origins)
		return false;
	origins[0] = list->from;
	for (uint32_t i = 0; i < list->count; i++) {
		strings[i] = list->items[i].value;
		origins[i + 1] = list->items[i].from;
	}
	return add_strings(content, type, strings, list->count, origins, list->count + 1);
}

static bool add_numbers(struct content *content, uint32_t type, const struct number *from,
			uint32_t count)
{
	int64_t *numbers = ARENA_ARRAY(content->arena, count, int64_t);
	struct origin *origins = ARENA_ARRAY(content->arena, count, struct origin);
	struct item *item = add(content, type);

	if (!numbers || !origins)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		numbers[i] = from[i].value;
		origins[i] = from[i].from;
	}
	item->numbers = numbers;
	item->count = count;
	item->origins = origins;
	item->origin_count = count;
	return true;
}

static bool add_number(struct content *content, uint32_t type,
		       const struct number *number)
{
	return !number->present || add_numbers(content, type, number, 1);
}

static uint64_t lost_to(const struct env_entry *entry)
{
	uint64_t count = 0;

	for (const struct overrode *lost = entry->overrode; lost; lost = lost->next)
		count++;
	return count;
}

/* For each entry how many it replaced, and where those were written: what the first of them
 * replaced, then what the second... */
static bool add_overrode(struct content *content, const struct env_list *env, uint32_t total)
{
	int64_t *counts = ARENA_ARRAY(content->arena, env->count, int64_t);
	struct origin *origins = ARENA_ARRAY(content->arena, total, struct origin);
	struct item *item = add(content, WIRE_OVERRODE);
	uint32_t at = 0;

	if (!counts || !origins)
		return false;
	for (uint32_t i = 0; i < env->count; i++) {
		counts[i] = (int64_t)lost_to(&env->items[i]);
		for (const struct overrode *lost = env->items[i].overrode; lost; lost = lost->next)
			origins[at++] = lost->from;
	}
	item->numbers = counts;
	item->count = env->count;
	item->origins = origins;
	item->origin_count = total;
	return true;
}

static bool add_env(struct content *content)
{
	const struct env_list *env = &content->layer->env;
	struct sv *strings = ARENA_ARRAY(content->arena, env->count, struct sv);
	struct origin *origins = ARENA_ARRAY(content->arena, env->count, struct origin);
	uint64_t total = 0;

	if (!env->present)
		return true;
	if (!strings || !origins)
		return false;
	for (uint32_t i = 0; i < env->count; i++) {
		strings[i] = env->items[i].text;
		origins[i] = env->items[i].from;
		total += lost_to(&env->items[i]);
	}
	if (total > UINT32_MAX) {
		content->arena->over_limit = true; /* LCOV_EXCL_LINE */
		return false; /* LCOV_EXCL_LINE */
	}
	return add_strings(content, WIRE_ENV, strings, env->count, origins, env->count) &&
	       (!total || add_overrode(content, env, (uint32_t)total));
}

static bool add_warnings(struct content *content)
{
	const struct layer_warning *warnings = content->layer->warnings.items;
	uint32_t count = content->layer->warnings.count;
	struct sv *strings = ARENA_ARRAY(content->arena,
					 (size_t)count * WIRE_WARNING_STRINGS, struct sv);
	struct origin *origins = ARENA_ARRAY(content->arena, count, struct origin);

	if (!strings || !origins)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct sv *of = strings + (size_t)i * WIRE_WARNING_STRINGS;

		of[0] = sv_of(warnings[i].code);
		of[1] = warnings[i].subject;
		of[2] = sv_of(warnings[i].message);
		origins[i] = warnings[i].from;
	}
	return !count || add_strings(content, WIRE_WARNINGS, strings,
				     count * WIRE_WARNING_STRINGS, origins, count);
}

/* By ascending type. */
static bool collect(struct content *content)
{
	const struct ocienv_layer *layer = content->layer;
	const struct user_request *user = &layer->user;

	return add_list(content, WIRE_ENTRYPOINT, &layer->entrypoint) &&
	       add_list(content, WIRE_ARGS, &layer->args) && add_env(content) &&
	       add_text(content, WIRE_LAYER_CWD, &layer->cwd) &&
	       add_text(content, WIRE_HOSTNAME, &layer->hostname) &&
	       add_text(content, WIRE_IMAGE_USER, &user->image_user) &&
	       add_number(content, WIRE_UID, &user->uid) &&
	       add_number(content, WIRE_GID, &user->gid) &&
	       add_number(content, WIRE_UMASK, &user->umask) &&
	       add_number(content, WIRE_NON_ROOT, &user->non_root) &&
	       (!user->group_count ||
		add_numbers(content, WIRE_GROUPS, user->groups, user->group_count)) &&
	       add_warnings(content) &&
	       add_text(content, WIRE_ARCHITECTURE, &layer->architecture) &&
	       add_list(content, WIRE_MOUNTS, &layer->mounts);
}

/* --- items to bytes ------------------------------------------------------------------- */

static void put_facts(struct writer *writer, const struct ocienv_layer *layer)
{
	const struct user_request *user = &layer->user;

	begin_section(writer, WIRE_FACTS, WIRE_ENTRY_CRITICAL);
	put_u32(writer, layer->kind);
	put_u32(writer,
		(layer->tty ? (uint32_t)WIRE_FACT_TTY : 0) |
			(user->groups_strict ? WIRE_FACT_GROUPS_STRICT : 0) |
			(user->capabilities_present ? WIRE_FACT_CAPABILITIES : 0) |
			(user->privileged ? WIRE_FACT_PRIVILEGED : 0) |
			(layer->links_off ? WIRE_FACT_LINKS_OFF : 0));
	put_u64(writer, user->capabilities);
	put_u64(writer, user->capabilities_add);
	put_u64(writer, user->capabilities_drop);
	end_section(writer);
}

static void put_origin(struct writer *writer, const struct origin *from)
{
	uint16_t document = from->document == DOCUMENT_NONE ? (uint16_t)WIRE_DOCUMENT_NONE
							    : document_index(from->document);

	put_u32(writer, from->mark.line);
	put_u32(writer, from->mark.column);
	put_u8(writer, (uint8_t)document);
	put_u8(writer, (uint8_t)(document >> 8));
	put_u8(writer, from->source);
	put_u8(writer, (uint8_t)((from->secret ? WIRE_ORIGIN_SECRET : 0) |
				 (from->expanded ? WIRE_ORIGIN_EXPANDED : 0)));
}

static void put_item(struct writer *writer, const struct item *item)
{
	uint32_t flags = item->type == WIRE_WARNINGS ? 0 : WIRE_ENTRY_CRITICAL;

	begin_section(writer, item->type, flags);
	if (item->strings)
		put_strings(writer, item->strings, item->count);
	for (uint32_t i = 0; i < item->count && item->numbers; i++)
		put_u64(writer, (uint64_t)item->numbers[i]);
	end_section(writer);
	begin_section(writer, item->type + WIRE_ORIGINS, flags);
	for (uint32_t i = 0; i < item->origin_count; i++)
		put_origin(writer, &item->origins[i]);
	end_section(writer);
}

static void put_layer(struct writer *writer, const void *object)
{
	const struct content *content = object;
	const struct ocienv_layer *layer = content->layer;

	put_facts(writer, layer);
	begin_section(writer, WIRE_DOCUMENTS, WIRE_ENTRY_CRITICAL);
	put_strings(writer, layer->documents.names, layer->documents.count);
	end_section(writer);
	for (uint32_t i = 0; i < content->count; i++)
		put_item(writer, &content->items[i]);
	if (!layer->has_digest)
		return;
	begin_section(writer, WIRE_DIGEST, WIRE_ENTRY_CRITICAL);
	put_digest(writer, layer->digest);
	end_section(writer);
}

int32_t wire_encode_layer(const struct ocienv_layer *layer, struct arena *arena,
			  const struct diag *diag, struct sv *ret)
{
	struct content content = {.layer = layer, .arena = arena};
	struct wire_view view;
	struct sv blob = SV_NONE;
	uint32_t fault;
	int32_t result;

	if (!collect(&content))
		return diag_memory(diag, arena_status(arena));
	result = write_blob(WIRE_LAYER, put_layer, &content, arena, diag, &blob);
	if (result)
		return result;
	fault = wire_check_layer((const uint8_t *)blob.ptr, blob.len, &view);
	if (fault)
		return wire_say(diag, OCIENV_ERR_UNSUPPORTED, fault);
	*ret = blob;
	return OCIENV_OK;
}

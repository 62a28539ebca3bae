/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LAYER blob to layer. All checks are done (check_layer.c) before the first member is
 * filled. Must never take a blob that the encoder would write in another way, but for
 * sections that it was told to skip.
 */
#include "wire/reader.h"

#include "base/limits.h"
#include "wire/wire.h"

struct source {
	struct wire_view view;
	struct ocienv_layer *layer;
};

static struct wire_list list_of(const struct source *source, uint32_t type)
{
	struct wire_part part = wire_part(&source->view, type);

	return wire_list(part.bytes, part.length);
}

static bool has(const struct source *source, uint32_t type)
{
	return wire_part(&source->view, type).bytes != NULL;
}

static struct origin origin_at(const struct source *source, uint32_t type, uint32_t i)
{
	const uint8_t *p = wire_part(&source->view, type + WIRE_ORIGINS).bytes +
			   (size_t)WIRE_ORIGIN_SIZE * i;
	uint16_t document = wire_u16(p + WIRE_ORIGIN_DOCUMENT);

	return (struct origin){
		.source = p[WIRE_ORIGIN_SOURCE],
		.secret = p[WIRE_ORIGIN_FLAGS] & WIRE_ORIGIN_SECRET,
		.expanded = (p[WIRE_ORIGIN_FLAGS] & WIRE_ORIGIN_EXPANDED) != 0,
		.document = document == WIRE_DOCUMENT_NONE
				    ? (uint16_t)DOCUMENT_NONE
				    : document_ref(source->layer->kind, document),
		.mark = {wire_u32(p), wire_u32(p + WIRE_ORIGIN_COLUMN)},
	};
}

static void read_facts(const struct source *source)
{
	const uint8_t *p = wire_part(&source->view, WIRE_FACTS).bytes;
	struct user_request *user = &source->layer->user;
	uint32_t flags = wire_u32(p + WIRE_FACTS_FLAGS);

	source->layer->kind = wire_u32(p);
	source->layer->tty = flags & WIRE_FACT_TTY;
	source->layer->links_off = flags & WIRE_FACT_LINKS_OFF;
	user->groups_strict = flags & WIRE_FACT_GROUPS_STRICT;
	user->capabilities_present = flags & WIRE_FACT_CAPABILITIES;
	user->privileged = flags & WIRE_FACT_PRIVILEGED;
	user->capabilities = wire_u64(p + WIRE_FACTS_CAPABILITIES);
	user->capabilities_add = wire_u64(p + WIRE_FACTS_ADD);
	user->capabilities_drop = wire_u64(p + WIRE_FACTS_DROP);
}

static void read_digest(const struct source *source)
{
	const uint8_t *p = wire_part(&source->view, WIRE_DIGEST).bytes;

	if (!p)
		return;
	source->layer->has_digest = true;
	memcpy(source->layer->digest, p + WIRE_DIGEST_BYTES, sizeof(source->layer->digest));
}

static bool read_documents(const struct source *source)
{
	struct wire_list list = list_of(source, WIRE_DOCUMENTS);
	struct ocienv_layer *layer = source->layer;

	layer->documents.names = ARENA_ARRAY(&layer->arena, list.count, struct sv);
	if (!layer->documents.names)
		return false;
	layer->documents.count = (uint16_t)list.count;
	for (uint32_t i = 0; i < list.count; i++)
		layer->documents.names[i] = wire_string(&list, i);
	return true;
}

static bool read_list(const struct source *source, uint32_t type, struct text_list *ret)
{
	struct wire_list list;

	if (!has(source, type))
		return true;
	list = list_of(source, type);
	ret->items = ARENA_ARRAY(&source->layer->arena, list.count, struct text);
	if (!ret->items)
		return false;
	ret->present = true;
	ret->count = list.count;
	ret->from = origin_at(source, type, 0);
	for (uint32_t i = 0; i < list.count; i++) {
		ret->items[i].value = wire_string(&list, i);
		ret->items[i].from = origin_at(source, type, i + 1);
	}
	return true;
}

static void read_text(const struct source *source, uint32_t type, struct text *ret)
{
	struct wire_list list;

	if (!has(source, type))
		return;
	list = list_of(source, type);
	ret->value = wire_string(&list, 0);
	ret->from = origin_at(source, type, 0);
}

static void read_number(const struct source *source, uint32_t type, uint32_t i,
			struct number *ret)
{
	struct wire_part part = wire_part(&source->view, type);

	if (!part.bytes)
		return;
	ret->present = true;
	ret->value = (int64_t)wire_u64(part.bytes + (size_t)WIRE_NUMBER_SIZE * i);
	ret->from = origin_at(source, type, i);
}

/* What each entry replaced, newest first. */
static bool read_overrode(const struct source *source, struct env_list *env)
{
	const uint8_t *counts = wire_part(&source->view, WIRE_OVERRODE).bytes;
	struct arena *arena = &source->layer->arena;
	uint32_t at = 0;

	for (uint32_t i = 0; counts && i < env->count; i++, counts += WIRE_NUMBER_SIZE) {
		uint32_t left = (uint32_t)wire_u64(counts);
		const struct overrode *next = NULL;

		at += left;
		for (uint32_t k = 1; k <= left; k++) {
			next = overrode_new(arena, origin_at(source, WIRE_OVERRODE, at - k),
					    OCIENV_STEP_KUBELET, next);
			if (!next)
				return false;
		}
		env->items[i].overrode = next;
	}
	return true;
}

static bool read_env(const struct source *source)
{
	struct env_list *env = &source->layer->env;
	struct wire_list list;

	if (!has(source, WIRE_ENV))
		return true;
	list = list_of(source, WIRE_ENV);
	env->items = ARENA_ARRAY(&source->layer->arena, list.count, struct env_entry);
	if (!env->items)
		return false;
	env->present = true;
	env->count = list.count;
	for (uint32_t i = 0; i < list.count; i++)
		env_entry_set(&env->items[i], wire_string(&list, i),
			      origin_at(source, WIRE_ENV, i));
	return read_overrode(source, env);
}

static bool read_user(const struct source *source)
{
	struct user_request *user = &source->layer->user;
	uint32_t count =
		wire_part(&source->view, WIRE_GROUPS).length / (uint32_t)WIRE_NUMBER_SIZE;

	read_text(source, WIRE_IMAGE_USER, &user->image_user);
	read_number(source, WIRE_UID, 0, &user->uid);
	read_number(source, WIRE_GID, 0, &user->gid);
	read_number(source, WIRE_UMASK, 0, &user->umask);
	read_number(source, WIRE_NON_ROOT, 0, &user->non_root);
	if (!count)
		return true;
	user->groups = ARENA_ARRAY(&source->layer->arena, count, struct number);
	if (!user->groups)
		return false;
	user->group_count = count;
	for (uint32_t i = 0; i < count; i++)
		read_number(source, WIRE_GROUPS, i, &user->groups[i]);
	return true;
}

static bool read_warnings(const struct source *source)
{
	struct ocienv_layer *layer = source->layer;
	struct wire_list list;

	if (!has(source, WIRE_WARNINGS))
		return true;
	list = list_of(source, WIRE_WARNINGS);
	for (uint32_t i = 0; i < list.count / WIRE_WARNING_STRINGS; i++) {
		struct layer_warning *warning =
			VEC_PUSH(&layer->warnings, &layer->arena, struct layer_warning);
		uint32_t at = i * WIRE_WARNING_STRINGS;

		if (!warning)
			return false;
		warning->code = wire_string(&list, at).ptr;
		warning->subject = wire_string(&list, at + 1);
		warning->message = wire_string(&list, at + 2).ptr;
		warning->from = origin_at(source, WIRE_WARNINGS, i);
	}
	return true;
}

static bool read_all(const struct source *source)
{
	struct ocienv_layer *layer = source->layer;

	read_facts(source);
	read_digest(source);
	read_text(source, WIRE_LAYER_CWD, &layer->cwd);
	read_text(source, WIRE_HOSTNAME, &layer->hostname);
	read_text(source, WIRE_ARCHITECTURE, &layer->architecture);
	return read_documents(source) &&
	       read_list(source, WIRE_ENTRYPOINT, &layer->entrypoint) &&
	       read_list(source, WIRE_ARGS, &layer->args) &&
	       read_list(source, WIRE_MOUNTS, &layer->mounts) && read_env(source) &&
	       read_user(source) && read_warnings(source);
}

static int32_t check_count(const struct source *source, uint32_t type, uint32_t max,
			   const char *what, const struct diag *diag)
{
	uint32_t count = list_of(source, type).count;

	if (count <= max)
		return OCIENV_OK;
	return diag_fail(diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
			 "expected at most %u entries by %s, found %u", max, what, count);
}

int32_t wire_decode_layer(struct sv blob, struct ocienv_layer *layer,
			  const struct ocienv_limits *limits, const struct diag *diag)
{
	struct ocienv_limits bounds = limits_of(limits);
	struct source source = {.layer = layer};
	const uint8_t *bytes = NULL;
	uint32_t fault;
	int32_t result = wire_copy(blob, &layer->arena, &bounds, diag, &bytes);

	if (result)
		return result;
	fault = wire_check_layer(bytes, blob.len, &source.view);
	if (!fault)
		fault = wire_check_trailer(bytes + source.view.size,
					   blob.len - source.view.size);
	if (fault)
		return wire_say(diag, OCIENV_ERR_BLOB, fault);
	result = check_count(&source, WIRE_ENTRYPOINT, bounds.max_args, "max_args", diag);
	if (!result)
		result = check_count(&source, WIRE_ARGS, bounds.max_args, "max_args",
				     diag);
	if (!result)
		result = check_count(&source, WIRE_ENV, bounds.max_env, "max_env", diag);
	if (result)
		return result;
	if (!read_all(&source))
		return diag_memory(diag, arena_status(&layer->arena));
	return OCIENV_OK;
}

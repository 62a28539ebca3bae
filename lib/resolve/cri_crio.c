/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRI-O: process.env. Its generator starts with PATH and TERM but does not know them by name,
 * so a PATH or TERM that is set later stands there a second time; the runtime lets that one
 * win. Pod variables come before image variables, which only fill in what the pod leaves.
 */
#include "resolve/cri_profiles.h"

#include "resolve/slots.h"

enum { RAW = 2 }; /* PATH and TERM of the start */

/* The entries that are set, in order. */
struct setting {
	const struct cri_input *in;
	struct vec entries;   /* of struct env_entry, in scratch */
	uint32_t first_pod;   /* where the pod's begin ... */
	uint32_t first_image; /* ... and where they end */
};

static int32_t set(struct setting *s, const struct env_entry *entry)
{
	struct env_entry *slot = VEC_PUSH(&s->entries, s->in->scratch, struct env_entry);

	if (!slot)
		return cri_no_memory(s->in);
	*slot = *entry;
	return OCIENV_OK;
}

static int32_t set_text(struct setting *s, struct sv name, struct sv value, struct origin from)
{
	struct sv text = env_text(s->in->arena, name, value);
	struct env_entry entry;

	if (!text.ptr)
		return cri_no_memory(s->in);
	env_entry_set(&entry, text, from);
	return set(s, &entry);
}

static int32_t set_pod(struct setting *s)
{
	const struct ocienv_layer *pod = s->in->pod;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && pod && i < pod->env.count; i++)
		if (pod->env.items[i].name_length)
			status = set(s, &pod->env.items[i]);
	return status;
}

/* CRI-O mergeEnvs: without pod entries the image's are taken raw, and one without "=" is a
 * panic; with some, entries without "=" or without a name are dropped. */
static int32_t set_image(struct setting *s)
{
	const struct ocienv_layer *image = s->in->image, *pod = s->in->pod;
	bool raw = !pod || !pod->env.count;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && image && i < image->env.count; i++) {
		const struct env_entry *entry = &image->env.items[i];

		if (!env_has_value(entry) && raw)
			return blame(s->in->blame, OCIENV_ERR_VALUE, entry->from,
				     "expected NAME=VALUE, found an image entry without \"=\" that "
				     "CRI-O stumbles over");
		if (env_has_value(entry) && entry->name_length)
			status = set(s, entry);
		else
			add_warning(s->in->warnings, s->in->arena, "entry-dropped", entry->text,
				    "the image's entry is no NAME=VALUE: CRI-O leaves it out",
				    entry->from);
	}
	return status;
}

/* A name that is set again keeps its place and gets the new value; but what the pod set, the
 * image does not touch. */
static int32_t settle(struct setting *s, struct env_list *ret)
{
	const struct env_entry *all = s->entries.items;
	struct arena *scratch = s->in->scratch;
	uint32_t count = s->entries.count;
	struct slots slots;
	bool *by_pod;

	if (slots_number(&slots, scratch, slot_name_env, all, count))
		return cri_no_memory(s->in);
	by_pod = ARENA_ARRAY(scratch, slots.count, bool);
	if (!by_pod)
		return cri_no_memory(s->in);
	for (uint32_t i = 0; i < count; i++) {
		struct env_entry *slot = &ret->items[RAW + slots.of[i]];
		const struct overrode *lost = all[i].overrode;

		if (i >= s->first_image && by_pod[slots.of[i]]) {
			slot->overrode = overrode_join(
				s->in->arena, slot->overrode,
				overrode_new(s->in->arena, all[i].from, OCIENV_STEP_CRI, NULL));
			continue;
		}
		if (slot->text.ptr)
			lost = overrode_join(
				s->in->arena, lost,
				overrode_new(s->in->arena, slot->from, OCIENV_STEP_CRI,
					     slot->overrode));
		*slot = all[i];
		slot->overrode = lost;
		by_pod[slots.of[i]] = i >= s->first_pod && i < s->first_image;
	}
	ret->count = RAW + slots.count;
	return OCIENV_OK;
}

/* A reader that takes the first of the two has CRI-O's default and not what was set. */
static void warn_about_second(const struct cri_input *in, const struct env_list *list)
{
	for (uint32_t i = RAW; i < list->count; i++) {
		const struct env_entry *second = &list->items[i];

		for (uint32_t k = 0; k < RAW; k++)
			if (sv_eq(env_name(second), env_name(&list->items[k])) &&
			    !sv_eq(second->text, list->items[k].text))
				add_warning(in->warnings, in->arena, "duplicate-collapsed",
					    env_name(second),
					    "CRI-O leaves its default in front of this value; the "
					    "last value counts", second->from);
	}
}

int32_t cri_env_crio(const struct cri_input *in, struct env_list *ret)
{
	struct setting s = {.in = in};
	int32_t status = OCIENV_OK;

	if (in->pod && in->pod->tty)
		status = set_text(&s, SV("TERM"), SV("xterm"), ORIGIN_DEFAULT);
	if (!status && in->pod && in->pod->hostname.value.ptr)
		status = set_text(&s, SV("HOSTNAME"), in->pod->hostname.value,
				  in->pod->hostname.from);
	s.first_pod = s.entries.count;
	if (!status)
		status = set_pod(&s);
	s.first_image = s.entries.count;
	if (!status)
		status = set_image(&s);
	if (status)
		return status;
	*ret = (struct env_list){.present = true};
	ret->items = ARENA_ARRAY(in->arena, RAW + (size_t)s.entries.count + 1, struct env_entry);
	if (!ret->items)
		return cri_no_memory(in);
	env_entry_set(&ret->items[0], cri_default_path, ORIGIN_DEFAULT);
	env_entry_set(&ret->items[1], SV("TERM=xterm"), ORIGIN_DEFAULT);
	status = settle(&s, ret);
	if (!status)
		warn_about_second(in, ret);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* containerd's CRI plugin: process.env. */
#include "resolve/cri_profiles.h"

#include "base/sort.h"

/* Which slot of `defaults` a name stands in: the last, if it stands in several. */
struct positions {
	struct sort_item *items;
	uint32_t count;
};

static bool positions_build(struct positions *positions, const struct env_list *defaults,
			    struct arena *scratch)
{
	positions->count = defaults->count;
	positions->items = ARENA_ARRAY(scratch, defaults->count, struct sort_item);
	for (uint32_t i = 0; positions->items && i < defaults->count; i++)
		positions->items[i] = sort_item(env_name(&defaults->items[i]), i);
	return positions->items && sort_names(positions->items, positions->count, scratch);
}

static uint32_t position_of(const struct positions *positions, struct sv name)
{
	size_t at = sort_find(positions->items, positions->count, name);

	if (at == positions->count)
		return UINT32_MAX;
	while (at + 1 < positions->count && sv_eq(sort_name(&positions->items[at + 1]), name))
		at++;
	return positions->items[at].index;
}

/* A copy that remembers what stood in its place. */
static void replace(struct env_entry *slot, const struct env_entry *by, struct arena *arena)
{
	const struct overrode *lost = by->overrode;

	if (slot->text.len)
		lost = overrode_join(arena, lost,
				     overrode_new(arena, slot->from, OCIENV_STEP_CRI,
						  slot->overrode));
	*slot = *by;
	slot->overrode = lost;
}

/*
 * containerd: the index of names is made from the defaults and never extended, so only names
 * that stand there are ever replaced; an entry without "=" blanks its slot, and a later one
 * with "=" revives it in place; what is blank in the end goes.
 */
static void merge_entries(const struct positions *positions, const struct env_list *overrides,
			  struct arena *arena, struct env_list *list)
{
	struct env_entry *items = list->items;

	for (uint32_t i = 0; i < overrides->count; i++) {
		const struct env_entry *entry = &overrides->items[i];
		uint32_t at = position_of(positions, env_name(entry));

		if (at == UINT32_MAX && env_has_value(entry))
			items[list->count++] = *entry;
		else if (at != UINT32_MAX && env_has_value(entry))
			replace(&items[at], entry, arena);
		else if (at != UINT32_MAX)
			items[at] = (struct env_entry){.text = SV(""), .from = entry->from};
	}
}

int32_t cri_merge_env(const struct env_list *defaults, const struct env_list *const overrides[2],
		      struct arena *arena, struct arena *scratch, struct env_list *ret)
{
	const struct env_list *const lists[] = {defaults, overrides[0], overrides[1]};
	struct env_list list = env_list_join(arena, lists, 3, 1); /* its room is what is wanted */
	struct positions positions;
	uint32_t kept = 0;

	if (!list.items || !positions_build(&positions, defaults, scratch))
		return arenas_status(arena, scratch);
	list.count = defaults->count;
	for (size_t i = 0; i < 2; i++)
		if (overrides[i])
			merge_entries(&positions, overrides[i], arena, &list);
	for (uint32_t i = 0; i < list.count; i++)
		if (list.items[i].text.len)
			list.items[kept++] = list.items[i];
	list.count = kept;
	*ret = list;
	return arena_failed(arena) ? arena_status(arena) : OCIENV_OK;
}

/* Merges one entry, or does nothing if it is absent. */
static int32_t merge_one(const struct cri_input *in, struct env_list *list, struct sv text,
			 struct origin from)
{
	struct env_entry entry;
	const struct env_list one = {true, 1, &entry}, *const lists[] = {&one, NULL};
	struct env_list merged;

	text.ptr = arena_strdup(in->scratch, text);
	if (!text.ptr)
		return cri_no_memory(in);
	env_entry_set(&entry, text, from);
	if (cri_merge_env(list, lists, in->arena, in->scratch, &merged))
		return cri_no_memory(in);
	*list = merged;
	return OCIENV_OK;
}

/* containerd WithTTY: appended without a look at what is there. */
static int32_t append_term(const struct cri_input *in, struct env_list *list)
{
	const struct env_list *const lists[] = {list};
	struct env_list longer = env_list_join(in->arena, lists, 1, 2);

	if (!longer.items)
		return cri_no_memory(in);
	env_entry_set(&longer.items[longer.count++], SV("TERM=xterm"), ORIGIN_DEFAULT);
	*list = longer;
	return OCIENV_OK;
}

static int32_t merge_hostname(const struct cri_input *in, struct env_list *list)
{
	struct sv host = in->pod ? in->pod->hostname.value : SV_NONE;
	struct sv text;

	if (!host.ptr)
		return OCIENV_OK;
	text = env_text(in->scratch, SV("HOSTNAME"), host);
	if (!text.ptr)
		return cri_no_memory(in);
	return merge_one(in, list, text, in->pod->hostname.from);
}

/* What an image's entries without "=" did: they blank a default, or vanish. */
static void warn_about_bare(const struct cri_input *in, const struct env_list *list)
{
	bool path = env_find(list, SV("PATH")) != NULL;

	for (uint32_t i = 0; in->image && i < in->image->env.count; i++) {
		const struct env_entry *entry = &in->image->env.items[i];

		if (env_has_value(entry))
			continue;
		if (!path && sv_eq(entry->text, SV("PATH")))
			add_warning(in->warnings, in->arena, "path-removed", SV("PATH"),
				    "the image's entry \"PATH\" without \"=\" removes the default "
				    "PATH", entry->from);
		else
			add_warning(in->warnings, in->arena, "entry-dropped", entry->text,
				    "the image's entry has no \"=\": it sets nothing, and takes a "
				    "default of that name away", entry->from);
	}
}

static uint32_t count_of(const struct env_list *list)
{
	return list ? list->count : 0;
}

int32_t cri_env_containerd(const struct cri_input *in, struct env_list *ret)
{
	struct origin standard = ORIGIN_DEFAULT;
	const struct env_list *const given[] = {in->image ? &in->image->env : NULL,
						in->pod ? &in->pod->env : NULL};
	struct env_list list = {0};
	int32_t status = merge_one(in, &list, cri_default_path, standard);

	if (!status && in->pod && in->pod->tty)
		status = append_term(in, &list);
	if (!status)
		status = merge_hostname(in, &list);
	if (status)
		return status;
	/* WithEnv without entries does nothing, not even the clean-up. */
	if (!count_of(given[0]) && !count_of(given[1])) {
		*ret = list;
		return OCIENV_OK;
	}
	if (cri_merge_env(&list, given, in->arena, in->scratch, ret))
		return cri_no_memory(in);
	warn_about_bare(in, ret);
	return OCIENV_OK;
}

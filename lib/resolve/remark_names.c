/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/remarks.h"

#include "base/names.h"
#include "base/sort.h"
#include "resolve/policy_judge.h"

/* Entries of the image, sorted as a whole; made when the first one is asked for. */
struct image_texts {
	const struct env_list *env; /* NULL: there is no image */
	struct sort_item *items;
};

static int32_t find_text(struct image_texts *image, struct sv text, struct arena *scratch,
			 bool *ret)
{
	*ret = false;
	if (!image->env)
		return OCIENV_OK;
	if (!image->items) {
		image->items = ARENA_ARRAY(scratch, image->env->count, struct sort_item);
		for (uint32_t i = 0; image->items && i < image->env->count; i++)
			image->items[i] = sort_item(image->env->items[i].text, i);
		if (!image->items || !sort_names(image->items, image->env->count, scratch))
			return arena_status(scratch);
	}
	*ret = sort_find(image->items, image->env->count, text) < image->env->count;
	return OCIENV_OK;
}

/* HOME and the like, which the runtime adds, stand in no document. */
static bool is_outside(const struct env_entry *entry)
{
	return source_is_outside(entry->from.source) &&
	       (entry->from.source != OCIENV_SOURCE_RUNTIME || !entry->from.altered ||
		entry->from.document != DOCUMENT_NONE);
}

static void remark(struct ocienv_config *config, const struct env_entry *entry, uint8_t class)
{
	struct sv name = env_name(entry);

	if (class == NAME_RESERVED)
		add_warning(&config->warnings, &config->arena, "reserved-name", name,
			    "the name is reserved for the LibOS and what attests it", entry->from);
	else
		add_warning(&config->warnings, &config->arena, "dangerous-name", name,
			    "the variable changes what code runs or whom it trusts, and does not "
			    "come from the image", entry->from);
}

static uint8_t class_of(const struct env_entry *entry)
{
	const struct name_row *row = names_find(env_name(entry), NAME_DANGEROUS);
	uint8_t class = row ? row->class : NAME_PLAIN;

	if (class < NAME_DANGEROUS && sv_has_prefix(env_value(entry), SV("()")))
		class = NAME_DANGEROUS;
	return class;
}

int32_t remark_names(struct ocienv_config *config, const struct resolve_input *in)
{
	struct image_texts image = {in->image && in->spec ? &in->image->env : NULL, NULL};
	int32_t status = OCIENV_OK;
	bool known;

	for (uint32_t i = 0; !status && i < config->env.count; i++) {
		const struct env_entry *entry = &config->env.items[i];
		uint8_t class = is_outside(entry) ? class_of(entry) : NAME_PLAIN;

		if (class < NAME_DANGEROUS)
			continue;
		status = find_text(&image, entry->text, in->scratch, &known);
		if (!status && !known)
			remark(config, entry, class);
	}
	return status ? diag_memory(in->diag, status) : OCIENV_OK;
}

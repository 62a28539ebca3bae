/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of argument and environment lists, and what is odd in them. */
#include "read/read.h"

#include "base/sort.h"

static int32_t check(const struct read_input *in, const struct text_list *list, uint32_t most,
		     const struct path *path, const char *what)
{
	if (list->count <= most)
		return OCIENV_OK;
	return diag_fail(in->diag, OCIENV_ERR_LIMIT, list->from.mark, path,
			 "expected at most %u %s, found %u", most, what, list->count);
}

int32_t check_args(const struct read_input *in, const struct path *up, struct sv member,
		   const struct text_list *args)
{
	struct path path = path_key(up, member);

	return check(in, args, in->limits->max_args, &path, "arguments");
}

int32_t check_env(const struct read_input *in, const struct path *up, struct sv member,
		  const struct text_list *env)
{
	struct path path = path_key(up, member);

	return check(in, env, in->limits->max_env, &path, "environment entries");
}

/* Items of equal names stand beside each other in the order of the list. */
static void mark_repeats(const struct sort_item *items, uint32_t count, bool *repeats)
{
	for (uint32_t i = 1; i < count; i++)
		if (sv_eq(sort_name(&items[i]), sort_name(&items[i - 1])))
			repeats[items[i].index] = true;
}

int32_t warn_repeats(const struct read_input *in, struct ocienv_layer *layer)
{
	const struct env_list *env = &layer->env;
	struct sort_item *items = ARENA_ARRAY(in->scratch, env->count, struct sort_item);
	bool *repeats = ARENA_ARRAY(in->scratch, env->count, bool);
	uint32_t count = 0;

	if (!items || !repeats)
		return diag_memory(in->diag, arena_status(in->scratch));
	if (arena_failed(&layer->arena)) /* the list is not complete */
		return OCIENV_OK;
	for (uint32_t i = 0; i < env->count; i++)
		if (env_has_value(&env->items[i]))
			items[count++] = sort_item(env_name(&env->items[i]), i);
	if (!sort_names(items, count, in->scratch))
		return diag_memory(in->diag, arena_status(in->scratch));
	mark_repeats(items, count, repeats);
	for (uint32_t i = 0; i < env->count; i++)
		if (repeats[i])
			add_warning(&layer->warnings, &layer->arena, "duplicate-collapsed",
				    env_name(&env->items[i]),
				    "the name stood in this list before; the last value counts",
				    env->items[i].from);
	return OCIENV_OK;
}

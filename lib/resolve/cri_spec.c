/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A runtime spec in place of the CRI plugin: it holds that step's result. Whoever has the
 * image too, and trusts it more than the host, lays it below: the image gives what the spec
 * leaves out, and the spec's variables stand behind the image's, where the runtime lets the
 * last one win.
 */
#include "resolve/cri_profiles.h"

/* A list that the spec leaves empty is the image's. */
static int32_t args_of(const struct cri_input *in, const struct ocienv_layer *spec,
		       struct text_list *ret)
{
	*ret = spec->args;
	if (spec->args.count || !in->image)
		return OCIENV_OK;
	return cri_join_lists(in, &in->image->entrypoint, &in->image->args, ret);
}

static int32_t env_of(const struct cri_input *in, const struct ocienv_layer *spec,
		      struct env_list *ret)
{
	const struct env_list *below = &in->image->env, *above = &spec->env;
	struct env_entry *items = ARENA_ARRAY(in->scratch, (size_t)below->count + above->count + 1,
					      struct env_entry);

	if (!items)
		return cri_no_memory(in);
	env_entry_set(&items[0], cri_default_path, ORIGIN_DEFAULT);
	if (below->count)
		memcpy(items + 1, below->items, below->count * sizeof(*items));
	if (above->count)
		memcpy(items + 1 + below->count, above->items, above->count * sizeof(*items));
	*ret = (struct env_list){true, below->count + above->count + 1, items};
	return OCIENV_OK;
}

int32_t cri_spec_process(const struct cri_input *in, const struct ocienv_layer *spec,
			 struct cri_process *ret)
{
	int32_t status = args_of(in, spec, &ret->args);

	ret->env = spec->env;
	ret->cwd = spec->cwd;
	if (status || !in->image)
		return status;
	if (!spec->cwd.value.len)
		ret->cwd = cri_working_dir(in);
	return env_of(in, spec, &ret->env);
}

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
	struct env_entry path = {.overrode = NULL};
	const struct env_list lowest = {true, 1, &path};
	const struct env_list *const lists[] = {in->image ? &lowest : NULL,
						in->image ? &in->image->env : NULL, &spec->env};

	env_entry_set(&path, cri_default_path, ORIGIN_DEFAULT);
	*ret = env_list_join(in->arena, lists, 3, 1);
	ret->present = in->image || spec->env.present;
	return ret->items ? OCIENV_OK : cri_no_memory(in);
}

int32_t cri_spec_process(const struct cri_input *in, const struct ocienv_layer *spec,
			 struct cri_process *ret)
{
	int32_t status = args_of(in, spec, &ret->args);

	ret->cwd = in->image && !spec->cwd.value.len ? cri_working_dir(in) : spec->cwd;
	return status ? status : env_of(in, spec, &ret->env);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the CRI plugins have in common: argv and cwd. Their environments are files of their
 * own. */
#include "resolve/cri.h"

#include "resolve/cri_profiles.h"

const struct sv cri_default_path = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 65};

int32_t cri_no_memory(const struct cri_input *in)
{
	return diag_memory(in->blame->diag, arenas_status(in->arena, in->scratch));
}

static const struct text_list *list_or_none(const struct ocienv_layer *layer, bool entrypoint)
{
	static const struct text_list none;

	if (!layer)
		return &none;
	return entrypoint ? &layer->entrypoint : &layer->args;
}

int32_t cri_join_lists(const struct cri_input *in, const struct text_list *first,
		       const struct text_list *second, struct text_list *ret)
{
	ret->present = true;
	ret->count = first->count + second->count;
	ret->from = first->count ? first->from : second->from;
	ret->items = ARENA_ARRAY(in->arena, ret->count, struct text);
	if (!ret->items)
		return cri_no_memory(in);
	if (first->count)
		memcpy(ret->items, first->items, first->count * sizeof(*ret->items));
	if (second->count)
		memcpy(ret->items + first->count, second->items,
		       second->count * sizeof(*ret->items));
	return OCIENV_OK;
}

/*
 * The pod's command drops the image's Entrypoint and Cmd, the pod's args drop its Cmd.
 * containerd WithProcessArgs: an Entrypoint of exactly one empty string is none, but only
 * where the pod has no command.
 */
static int32_t process_args(const struct cri_input *in, bool blank_is_none,
			    struct text_list *ret)
{
	const struct text_list *command = list_or_none(in->pod, true);
	const struct text_list *args = list_or_none(in->pod, false);
	const struct text_list *entrypoint = list_or_none(in->image, true);
	static const struct text_list none;

	if (!command->count) {
		if (!args->count)
			args = list_or_none(in->image, false);
		command = entrypoint;
		if (blank_is_none && command->count == 1 && !command->items[0].value.len) {
			add_warning(in->warnings, in->arena, "blank-entrypoint", SV(""),
			     "an Entrypoint of one empty string counts as none", command->from);
			command = &none;
		}
	}
	if (!command->count && !args->count)
		return blame(in->blame, OCIENV_ERR_VALUE, ORIGIN_DEFAULT,
				 "expected a command in the image or the pod, found none");
	return cri_join_lists(in, command, args, ret);
}

struct text cri_working_dir(const struct cri_input *in)
{
	if (in->pod && in->pod->cwd.value.len)
		return in->pod->cwd;
	if (in->image && in->image->cwd.value.len)
		return in->image->cwd;
	return (struct text){SV("/"), ORIGIN_DEFAULT};
}

static const struct {
	int32_t (*env)(const struct cri_input *in, struct env_list *ret);
	bool blank_is_none; /* an Entrypoint of one empty string */
} profiles[] = {
	[OCIENV_CRI_CONTAINERD] = {cri_env_containerd, true},
	[OCIENV_CRI_CRIO] = {cri_env_crio, false},
};

int32_t cri_process(uint32_t cri, const struct cri_input *in, struct cri_process *ret)
{
	int32_t status = process_args(in, profiles[cri].blank_is_none, &ret->args);

	if (!status)
		status = profiles[cri].env(in, &ret->env);
	ret->cwd = cri_working_dir(in);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The kubelet step: variables first, then what may refer to them. */
#include "resolve/kubelet_state.h"

/* kubelet: command and args see the finished map; an empty list is no list. */
static int32_t expand_list(struct kubelet *k, const struct text_list *list, struct sv member,
			   struct text_list *ret)
{
	struct path path = path_key(k->in->pod->container_path, member);
	struct text *items = ARENA_ARRAY(&k->layer->arena, list->count, struct text);
	int32_t status = OCIENV_OK;

	if (!items)
		return kubelet_no_memory(k);
	for (uint32_t i = 0; !status && i < list->count; i++) {
		struct path here = path_index(&path, i);

		items[i] = list->items[i];
		status = kubelet_expand(k, SV_NONE, &items[i], &here);
	}
	*ret = (struct text_list){list->count > 0, list->count, items, list->from};
	return status;
}

/* Field by field the container's value, else the pod's. */
static struct number effective(const struct number *container, const struct number *pod)
{
	return container->present ? *container : *pod;
}

/* kubelet determineEffectiveSecurityContext; supplemental groups start with fsGroup. */
static int32_t hand_out_user(struct kubelet *k)
{
	const struct pod_security *pod = &k->in->pod->pod_security;
	const struct pod_security *container = &k->in->pod->security;
	const struct number_list *groups = &pod->supplemental_groups;
	struct user_request *user = &k->layer->user;

	user->uid = effective(&container->user, &pod->user);
	user->gid = effective(&container->group, &pod->group);
	user->non_root = effective(&container->non_root, &pod->non_root);
	user->groups_strict = sv_eq(pod->groups_policy.value, SV("Strict"));
	user->privileged = container->privileged.value != 0;
	user->capabilities_add = container->capabilities_add;
	user->capabilities_drop = container->capabilities_drop;
	user->groups = ARENA_ARRAY(&k->layer->arena, groups->count + 1U, struct number);
	if (!user->groups)
		return kubelet_no_memory(k);
	if (pod->fs_group.present)
		user->groups[user->group_count++] = pod->fs_group;
	for (uint32_t i = 0; i < groups->count; i++)
		user->groups[user->group_count++] = groups->items[i];
	return OCIENV_OK;
}

int32_t kubelet(const struct kubelet_input *in, struct ocienv_layer *layer)
{
	struct kubelet k = {.in = in,
			    .layer = layer,
			    .downward = {in->pod, in->cluster, in->scratch, in->diag, NULL,
					 NULL}};
	int32_t status = downward_init(&k.downward);

	if (in->cluster)
		k.sets[k.set_count++] = &in->cluster->objects;
	k.sets[k.set_count++] = in->own;
	if (!status)
		status = kubelet_env(&k);
	if (!status)
		status = expand_list(&k, &in->pod->command, SV("command"), &layer->entrypoint);
	if (!status)
		status = expand_list(&k, &in->pod->args, SV("args"), &layer->args);
	if (in->options->flags & OCIENV_LENIENT) /* others hold no "=" */
		kubelet_cut_names(&k);
	if (!status)
		status = hand_out_user(&k);
	if (!status)
		status = downward_hostname(&k.downward, in->options->hostname, &layer->hostname);
	if (status)
		return status;
	layer->hostname = text_keep(&layer->arena, layer->hostname);
	layer->cwd = text_keep(&layer->arena, in->pod->working_dir);
	layer->mounts = text_list_keep(&layer->arena, in->pod->mounts);
	layer->tty = in->pod->tty.value != 0;
	layer->links_off = in->pod->service_links.present && !in->pod->service_links.value;
	return arena_failed(&layer->arena) || arena_failed(in->scratch) ? kubelet_no_memory(&k)
									 : OCIENV_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/layers.h"

#include "rootfs/rootfs.h"

static int32_t take_layers(struct call *call, const struct ocienv_layer *const *layers,
			   size_t count, struct resolve_input *in)
{
	const struct ocienv_layer **slots[] = {
		[OCIENV_LAYER_IMAGE] = &in->image,
		[OCIENV_LAYER_RUNTIME] = &in->spec,
		[OCIENV_LAYER_POD] = &in->pod,
	};

	if (!layers || !count)
		return call_argument(call, "expected at least one layer, found none");
	for (size_t i = 0; i < count; i++) {
		if (!layers[i])
			return call_argument(call, "expected a layer, found NULL");
		if (*slots[layers[i]->kind])
			return call_argument(call, "expected at most one layer of each kind, "
						   "found two");
		*slots[layers[i]->kind] = layers[i];
	}
	return OCIENV_OK;
}

/* Errors in it are told with its own name and places. */
static int32_t read_libos(struct call *call, const struct occlum_json **ret)
{
	struct occlum_json *occlum = ARENA_NEW(&call->scratch, struct occlum_json);
	struct diag before = call->diag;
	struct read_input in;
	int32_t status = call_document(call, call->options.occlum_json);

	if (!status && !occlum)
		status = diag_memory(&call->diag, arena_status(&call->scratch));
	if (status)
		return status;
	in = call_read_input(call);
	status = read_occlum_json(&in, occlum);
	if (!status)
		call->diag = before;
	*ret = occlum;
	return status;
}

int32_t call_resolve_input(struct call *call, const struct ocienv_layer *const *layers,
			   size_t count, int rootfs_fd, struct resolve_input *ret)
{
	int32_t status;

	*ret = (struct resolve_input){.rootfs_fd = rootfs_fd,
				      .options = &call->options,
				      .limits = &call->limits,
				      .diag = &call->diag,
				      .scratch = &call->scratch};
	if (rootfs_fd < 0 && rootfs_fd != OCIENV_NO_ROOTFS)
		return call_argument(call, "expected a descriptor of the rootfs, found a "
					   "negative number");
	status = take_layers(call, layers, count, ret);
	if (!status && rootfs_fd >= 0)
		status = rootfs_check(rootfs_fd, &call->diag);
	return status || !call->options.occlum_json ? status : read_libos(call, &ret->occlum);
}

int32_t call_one_side(struct call *call, const struct resolve_input *in)
{
	if (in->spec && in->pod)
		return call_argument(call, "expected a pod or a runtime spec, found both: the "
					   "spec already holds the pod's result");
	return OCIENV_OK;
}

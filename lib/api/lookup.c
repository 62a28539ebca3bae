/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups that answer also where they fail. */
#include "api/layers.h"
#include "emit/emit.h"
#include "resolve/resolve.h"

static void lookup_free(struct ocienv_lookup *lookup)
{
	struct arena arena = lookup->arena; /* the lookup lies in it */

	if (lookup->config)
		config_free(lookup->config);
	arena_free(&arena);
}

static int32_t lookup_new(struct ocienv_lookup **ret, const struct call *call)
{
	struct ocienv_lookup *lookup;
	struct arena arena;
	int32_t status;

	lookup = arena_object(&arena, call->options.allocator, call->limits.max_result,
			      sizeof(*lookup), &status);
	if (!lookup)
		return status;
	lookup->arena = arena;
	status = config_new(&lookup->config, &call->options);
	if (status)
		lookup_free(lookup);
	else
		*ret = lookup;
	return status;
}

API int32_t ocienv_lookup_new(struct ocienv_lookup **ret, const struct ocienv_layer *const *layers,
			      size_t count, int rootfs_fd, const struct ocienv_options *options,
			      struct ocienv_error *reterr)
{
	struct ocienv_lookup *lookup = NULL;
	struct resolve_input in;
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_lookup_new, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the lookup, found NULL");
	if (!status && rootfs_fd == OCIENV_NO_ROOTFS)
		status = call_argument(&call, "expected a rootfs to look in, found none");
	if (!status)
		status = call_resolve_input(&call, layers, count, rootfs_fd, &in);
	if (!status)
		status = call_one_side(&call, &in);
	if (status)
		return call_end(&call, status, reterr);
	status = lookup_new(&lookup, &call);
	if (status)
		return call_end(&call, diag_memory(&call.diag, status), reterr);
	status = resolve_lookup(&in, lookup);
	if (status)
		lookup_free(lookup);
	else
		*ret = lookup;
	return call_end(&call, status, reterr);
}

API int32_t ocienv_lookup_status(const struct ocienv_lookup *lookup, struct ocienv_error *reterr)
{
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_lookup_status, NULL);

	if (!status && !lookup)
		status = call_argument(&call, "expected a lookup, found NULL");
	if (!status && !lookup->config) {
		call.error = lookup->error;
		status = lookup->error.status;
	}
	return call_end(&call, status, reterr);
}

API const struct ocienv_config *ocienv_lookup_config(const struct ocienv_lookup *lookup)
{
	return lookup ? lookup->config : NULL;
}

API int32_t ocienv_lookup_candidate(const struct ocienv_lookup *lookup, size_t index,
				    struct ocienv_candidate *ret)
{
	const struct candidate *one = lookup ? lookup->candidates.items.items : NULL;

	if (!lookup || !ret || index >= lookup->candidates.items.count)
		return OCIENV_ERR_ARGUMENT;
	one += index;
	*ret = (struct ocienv_candidate){one->path.ptr, one->path_index, one->status, one->reason,
					 lookup->secret};
	return OCIENV_OK;
}

API int32_t ocienv_lookup_library(const struct ocienv_lookup *lookup, size_t index,
				  struct ocienv_library *ret)
{
	const struct library *all = lookup ? lookup->libraries.items : NULL, *one;

	if (!lookup || !ret || !lookup->config || index >= lookup->libraries.count)
		return OCIENV_ERR_ARGUMENT;
	one = &all[index];
	*ret = (struct ocienv_library){
		.name = one->name.ptr,
		.path = one->path.ptr,
		.rule = library_rule_name(one->rule),
		.needed_by = one->needed_by < 0 ? NULL : all[one->needed_by].name.ptr,
		.broken = one->broken,
		.secret = lookup->secret_library_path && one->rule == LIBRARY_ENVIRONMENT,
	};
	return OCIENV_OK;
}

static int32_t write_masked(struct call *call, const void *object, struct sv *ret)
{
	int32_t status = emit_lookup(object, false, &call->scratch, ret);

	return status ? diag_memory(&call->diag, status) : OCIENV_OK;
}

static int32_t write_all(struct call *call, const void *object, struct sv *ret)
{
	int32_t status = emit_lookup(object, true, &call->scratch, ret);

	return status ? diag_memory(&call->diag, status) : OCIENV_OK;
}

API int32_t ocienv_lookup_report(struct ocienv_buffer *ret, const struct ocienv_lookup *lookup,
				 uint32_t show_secrets, const struct ocienv_options *options,
				 struct ocienv_error *reterr)
{
	return call_buffer(ret, FUNCTION_ocienv_lookup_report,
			   show_secrets ? write_all : write_masked, lookup, options, reterr);
}

API void ocienv_lookup_free(struct ocienv_lookup *lookup)
{
	if (lookup)
		lookup_free(lookup);
}

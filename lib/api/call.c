/* SPDX-License-Identifier: Apache-2.0 */
#include "api/call.h"

#include "base/limits.h"
#include "base/source.h"
#include "base/utf8.h"

#define TEXT_OF(number) #number
#define VERSION(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

int32_t call_argument(struct call *call, const char *message)
{
	return diag_fail(&call->diag, OCIENV_ERR_ARGUMENT, (struct mark){0, 0}, NULL, "%s",
			 message);
}

/*
 * Is `size` that of a struct which begins with it? An older program's ends between two
 * members; of a newer program's, members that are not known here must not be set.
 */
enum { MAX_STRUCT = 4096 }; /* a larger one is a size that nobody set */

static bool size_fits(const void *given, size_t size, size_t known, size_t member)
{
	const unsigned char *bytes = given;

	if (size < sizeof(size_t) || size > MAX_STRUCT || size % member)
		return false;
	for (size_t i = known; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

static int32_t check_sizes(struct call *call, const struct ocienv_options *given)
{
	struct ocienv_options *options = &call->options;
	const struct ocienv_limits *limits;

	if (given && !size_fits(given, given->size, sizeof(*given), sizeof(void *)))
		return call_argument(call, "expected options of a known size, found another");
	if (given)
		memcpy(options, given,
		       given->size < sizeof(*options) ? given->size : sizeof(*options));
	options->size = sizeof(*options);
	limits = options->limits;
	if (limits && !size_fits(limits, limits->size, sizeof(*limits), sizeof(uint32_t)))
		return call_argument(call, "expected limits of a known size, found another");
	return OCIENV_OK;
}

/* A directory as LD_LIBRARY_PATH can hold it. */
static bool is_library_path(const char *path)
{
	return path && path[0] == '/' && !strpbrk(path, ":;") && utf8_valid(sv_of(path));
}

static int32_t check_libos(struct call *call)
{
	const struct ocienv_options *options = &call->options;
	enum { DIRECTORIES = 256 };

	if (options->libos > OCIENV_LIBOS_GRAMINE)
		return call_argument(call, "expected a known LibOS, found another number");
	if (options->stack_size && !options->libos)
		return call_argument(call, "expected a LibOS for the stack size, found none");
	if (options->occlum_json && options->libos == OCIENV_LIBOS_GRAMINE)
		return call_argument(call, "expected no Occlum.json for Gramine, found one");
	if (options->library_path_count > DIRECTORIES ||
	    (options->library_path_count && !options->library_path))
		return call_argument(call, "expected at most 256 directories of libraries, found "
					   "more, or NULL");
	for (size_t i = 0; i < options->library_path_count; i++)
		if (!is_library_path(options->library_path[i]))
			return call_argument(call, "expected absolute directories of libraries in "
						   "UTF-8, without \":\" and \";\", found another "
						   "text");
	return OCIENV_OK;
}

static int32_t check_options(struct call *call, const struct ocienv_options *given)
{
	const struct ocienv_options *options = &call->options;

	if (check_sizes(call, given))
		return OCIENV_ERR_ARGUMENT;
	if (options->allocator && (!options->allocator->alloc || !options->allocator->free))
		return call_argument(call, "expected an allocator with both functions, found "
					   "NULL");
	if (options->runtime > OCIENV_RUNTIME_CRUN_1_8)
		return call_argument(call, "expected a known runtime, found another number");
	if (options->cri > OCIENV_CRI_CRIO)
		return call_argument(call, "expected a known CRI plugin, found another number");
	if (options->pod_kind > OCIENV_POD_CONTAINER)
		return call_argument(call, "expected a known kind of pod, found another number");
	if (options->pod_kind != OCIENV_POD_OBJECT && options->workload)
		return call_argument(call, "expected no workload beside a bare PodSpec or "
					   "container, found one");
	if (options->user > OCIENV_USER_DOCKER)
		return call_argument(call, "expected a known user profile, found another number");
	if (options->flags & ~(uint32_t)(OCIENV_STRICT | OCIENV_LENIENT | OCIENV_CRI_DIRECT |
					   OCIENV_ACCEPT_ROOT | OCIENV_KEEP_DIGEST |
					   OCIENV_INSIDE_LIBOS))
		return call_argument(call, "expected known flags, found others");
	return check_libos(call);
}

/* Working memory: the tree of one document, and what is made of it. */
static size_t scratch_limit(const struct ocienv_limits *limits)
{
	uint64_t most = 64 * ((uint64_t)limits->max_document + limits->max_result);

	return most < SIZE_MAX ? (size_t)most : SIZE_MAX; /* more than 32 bits may hold */
}

/* Begins a call; call_end() must follow whatever this answers. */
int32_t call_begin(struct call *call, enum function function,
		   const struct ocienv_options *options)
{
	int32_t status;

	*call = (struct call){.function = function, .diag = {.error = &call->error}};
	status = check_options(call, options);
	call->limits = limits_of(status ? NULL : call->options.limits);
	arena_init(&call->scratch, status ? NULL : call->options.allocator,
		   scratch_limit(&call->limits));
	return status;
}

/* Callers branch on what is documented, so no other number gets out. */
static int32_t refuse_status(struct call *call, int32_t status)
{
	bool may_system = function_may(call->function, OCIENV_ERR_SYSTEM);

	return diag_fail(&call->diag, may_system ? OCIENV_ERR_SYSTEM : OCIENV_ERR_ARGUMENT,
			 (struct mark){0, 0}, NULL,
			 "expected a status that %s() may give, found %d",
			 function_name(call->function), status);
}

int32_t call_end(struct call *call, int32_t status, struct ocienv_error *reterr)
{
	arena_free(&call->scratch);
	if (!function_may(call->function, status))
		status = refuse_status(call, status);
	if (status && reterr)
		*reterr = call->error;
	return status;
}

int32_t call_document(struct call *call, const struct ocienv_document *document)
{
	if (!document || (!document->data && document->size))
		return call_argument(call, "expected a document, found NULL");
	call->diag.document = document->name;
	call->diag.text = sv_from(document->data ? document->data : "", document->size);
	return OCIENV_OK;
}

struct read_input call_read_input(struct call *call)
{
	return (struct read_input){call->diag.text, &call->diag, &call->options, &call->limits,
				   &call->scratch};
}

int32_t call_buffer(struct ocienv_buffer *ret, enum function function, writer *write,
		    const void *object, const struct ocienv_options *options,
		    struct ocienv_error *reterr)
{
	struct sv bytes = SV_NONE;
	struct call call;
	int32_t status = call_begin(&call, function, options);

	if (!status && (!ret || !object))
		status = call_argument(&call, "expected an object and a buffer, found NULL");
	if (!status)
		status = write(&call, object, &bytes);
	if (!status && bytes.len > call.limits.max_result)
		status = diag_memory(&call.diag, OCIENV_ERR_LIMIT);
	if (!status && buffer_export(ret, call.options.allocator, bytes))
		status = diag_memory(&call.diag, OCIENV_ERR_NOMEM);
	return call_end(&call, status, reterr);
}

API const char *ocienv_version(void)
{
	return VERSION(OCIENV_VERSION_MAJOR, OCIENV_VERSION_MINOR, OCIENV_VERSION_PATCH);
}

API const char *ocienv_status_name(int32_t status)
{
	return status_name(status);
}

API const char *ocienv_source_name(uint32_t source)
{
	return source_name(source);
}

API void ocienv_buffer_free(struct ocienv_buffer *buffer)
{
	if (buffer)
		buffer_release(buffer);
}

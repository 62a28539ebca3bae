/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts: from layers, to answers and reports. */
#include "api/layers.h"
#include "emit/emit.h"
#include "resolve/verify.h"

static void verdict_free(struct ocienv_verdict *verdict)
{
	struct arena arena = verdict->arena; /* the verdict lies in it */

	if (verdict->expected)
		config_free(verdict->expected);
	if (verdict->found)
		config_free(verdict->found);
	arena_free(&arena);
}

static int32_t verdict_new(struct ocienv_verdict **ret, const struct call *call)
{
	struct ocienv_verdict *verdict;
	struct arena arena;
	int32_t status;

	verdict = arena_object(&arena, call->options.allocator, call->limits.max_result,
			       sizeof(*verdict), &status);
	if (!verdict)
		return status;
	verdict->arena = arena;
	status = config_new(&verdict->expected, &call->options);
	if (!status)
		status = config_new(&verdict->found, &call->options);
	if (status)
		verdict_free(verdict);
	else
		*ret = verdict;
	return status;
}

API int32_t ocienv_verify(struct ocienv_verdict **ret, const struct ocienv_layer *const *layers,
			  size_t count, int rootfs_fd, const struct ocienv_options *options,
			  struct ocienv_error *reterr)
{
	struct ocienv_verdict *verdict = NULL;
	struct resolve_input in;
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_verify, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the verdict, found NULL");
	if (!status)
		status = call_resolve_input(&call, layers, count, rootfs_fd, &in);
	if (!status && (!in.spec || (!in.image && !in.pod)))
		status = call_argument(&call, "expected a runtime spec beside an image or a pod, "
					      "found one of them alone");
	if (status)
		return call_end(&call, status, reterr);
	status = verdict_new(&verdict, &call);
	if (status)
		return call_end(&call, diag_memory(&call.diag, status), reterr);
	status = verify(&in, verdict);
	if (status)
		verdict_free(verdict);
	else
		*ret = verdict;
	return call_end(&call, status, reterr);
}

static struct ocienv_difference describe(const struct ocienv_verdict *verdict,
					 const struct difference *difference)
{
	struct ocienv_difference out = {.code = difference->code,
					.subject = difference->subject.ptr,
					.item = difference->item,
					.allowed = difference->allowed};

	if (!difference->only_found)
		out.expected = config_origin(verdict->expected, difference->expected);
	if (!difference->only_expected)
		out.found = config_origin(verdict->found, difference->found);
	return out;
}

/* The host's document is to blame where it says anything, else the one that was ignored. */
static int32_t blame_difference(struct call *call, const struct ocienv_verdict *verdict,
				const struct difference *difference)
{
	struct ocienv_difference d = describe(verdict, difference);
	const struct ocienv_origin *at = d.found.line ? &d.found : &d.expected;
	char quoted[DIAG_QUOTE_SIZE];

	call->diag.document = at->document;
	return diag_fail(&call->diag, OCIENV_ERR_MISMATCH, (struct mark){at->line, at->column},
			 NULL, "expected \"%s\" as image and pod give it, found it %s",
			 diag_quote(quoted, difference->subject), difference->code);
}

API int32_t ocienv_verdict_status(const struct ocienv_verdict *verdict,
				  struct ocienv_error *reterr)
{
	const struct difference *fault;
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_verdict_status, NULL);

	if (!status && !verdict)
		status = call_argument(&call, "expected a verdict, found NULL");
	fault = status ? NULL : verdict_fault(verdict);
	if (fault)
		status = blame_difference(&call, verdict, fault);
	return call_end(&call, status, reterr);
}

API int32_t ocienv_verdict_difference(const struct ocienv_verdict *verdict, size_t index,
				      struct ocienv_difference *ret)
{
	const struct difference *all = verdict ? verdict->differences.items : NULL;

	if (!verdict || !ret || index >= verdict->differences.count)
		return OCIENV_ERR_ARGUMENT;
	*ret = describe(verdict, &all[index]);
	return OCIENV_OK;
}

static int32_t write_verdict(struct call *call, const void *object, struct sv *ret)
{
	int32_t status = emit_verdict(object, &call->scratch, ret);

	return status ? diag_memory(&call->diag, status) : OCIENV_OK;
}

API int32_t ocienv_verdict_report(struct ocienv_buffer *ret, const struct ocienv_verdict *verdict,
				  const struct ocienv_options *options,
				  struct ocienv_error *reterr)
{
	return call_buffer(ret, FUNCTION_ocienv_verdict_report, write_verdict, verdict, options,
			   reterr);
}

API void ocienv_verdict_free(struct ocienv_verdict *verdict)
{
	if (verdict)
		verdict_free(verdict);
}

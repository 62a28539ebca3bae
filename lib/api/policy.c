/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: from text or by name, and from an answer. */
#include "api/call.h"
#include "base/glob.h"
#include "base/names.h"
#include "emit/emit.h"
#include "read/policy.h"

static int32_t make_policy(struct call *call, struct ocienv_policy **ret)
{
	struct read_input in = call_read_input(call);
	struct ocienv_policy *policy = NULL;
	int32_t status = policy_new(&policy, &call->options);

	if (status)
		return diag_memory(&call->diag, status);
	status = read_policy(&in, policy);
	if (!status && call->options.flags & OCIENV_KEEP_DIGEST) {
		digest_sha256(in.bytes, policy->digest);
		policy->has_digest = true;
	}
	if (!status && arena_failed(&policy->arena))
		status = diag_memory(&call->diag, arena_status(&policy->arena));
	if (status)
		policy_free(policy);
	else
		*ret = policy;
	return status;
}

API int32_t ocienv_policy_from_json(struct ocienv_policy **ret,
				    const struct ocienv_document *document,
				    const struct ocienv_options *options,
				    struct ocienv_error *reterr)
{
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_policy_from_json, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the policy, found NULL");
	if (!status)
		status = call_document(&call, document);
	return call_end(&call, status ? status : make_policy(&call, ret), reterr);
}

API int32_t ocienv_policy_builtin(struct ocienv_policy **ret, const char *name,
				  const struct ocienv_options *options,
				  struct ocienv_error *reterr)
{
	struct ocienv_document document = {.name = name};
	struct sv text = name ? policy_builtin(sv_of(name)) : SV_NONE;
	struct ocienv_policy *policy = NULL;
	struct call call;
	int32_t status = call_begin(&call, FUNCTION_ocienv_policy_builtin, options);

	if (!status && !ret)
		status = call_argument(&call, "expected a place for the policy, found NULL");
	if (!status && !text.ptr)
		status = call_argument(&call, "expected the name of a built-in policy, found "
					      "another");
	document.data = text.ptr;
	document.size = text.len;
	if (!status)
		status = call_document(&call, &document);
	if (!status)
		status = make_policy(&call, &policy);
	if (status)
		return call_end(&call, status, reterr);
	policy->observes = sv_eq(policy->id, SV("observe"));
	*ret = policy;
	return call_end(&call, OCIENV_OK, reterr);
}

API void ocienv_policy_free(struct ocienv_policy *policy)
{
	if (policy)
		policy_free(policy);
}

static int32_t fail(struct call *call, const char *message)
{
	return diag_fail(&call->diag, OCIENV_ERR_UNSUPPORTED, (struct mark){0, 0}, NULL, "%s",
			 message);
}

/* A policy is asked before the LibOS step, so it could not find what that one made. */
static bool is_for_libos(const struct ocienv_config *config)
{
	for (uint32_t i = 0; i < config->env.count; i++)
		if (config->env.items[i].from.source == OCIENV_SOURCE_LIBOS)
			return true;
	for (uint32_t i = 0; i < config->argc; i++)
		if (config->argv_from[i].source == OCIENV_SOURCE_LIBOS)
			return true;
	return false;
}

/* Names that no rule could be about, or that no policy can let in. */
static int32_t check_names(struct call *call, const struct ocienv_config *config)
{
	for (uint32_t i = 0; i < config->env.count; i++) {
		struct sv name = env_name(&config->env.items[i]);
		const struct name_row *row = names_find(name, NAME_RESERVED);
		char quoted[DIAG_QUOTE_SIZE];

		if (name.len && !glob_is_pattern(name) && !row)
			continue;
		return diag_fail(&call->diag, OCIENV_ERR_UNSUPPORTED, (struct mark){0, 0}, NULL,
				 "expected names that a policy can let in, found \"%s\", which is "
				 "reserved, empty or a pattern", diag_quote_name(quoted, name));
	}
	return OCIENV_OK;
}

static int32_t write_policy(struct call *call, const void *object, struct sv *ret)
{
	const struct ocienv_config *config = object;
	int32_t status;

	if (!config->policy.applied)
		return call_argument(call, "expected an answer that a policy was asked about, found "
					   "one without");
	if (!config->user.resolved)
		return fail(call, "expected a user of numbers to pin, found a name: give a rootfs to "
				  "look it up in");
	if (is_for_libos(config))
		return fail(call, "expected an answer without a LibOS to pin, found one that was "
				  "made for it");
	status = check_names(call, config);
	if (status)
		return status;
	status = emit_policy(config, &call->scratch, ret);
	return status ? diag_memory(&call->diag, status) : OCIENV_OK;
}

API int32_t ocienv_policy_pin(struct ocienv_buffer *ret, const struct ocienv_config *config,
			      const struct ocienv_options *options,
			      struct ocienv_error *reterr)
{
	return call_buffer(ret, FUNCTION_ocienv_policy_pin, write_policy, config, options,
			   reterr);
}

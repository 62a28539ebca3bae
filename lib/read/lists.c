/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of argument and environment lists. */
#include "read/read.h"

int32_t check_list_limits(const struct read_input *in, const struct text_list *args,
			  const struct text_list *env)
{
	if (args && args->count > in->limits->max_args)
		return diag_fail(in->diag, OCIENV_ERR_LIMIT, args->from.mark, NULL,
				 "expected at most %u arguments, found %u",
				 in->limits->max_args, args->count);
	if (env && env->count > in->limits->max_env)
		return diag_fail(in->diag, OCIENV_ERR_LIMIT, env->from.mark, NULL,
				 "expected at most %u environment entries, found %u",
				 in->limits->max_env, env->count);
	return OCIENV_OK;
}

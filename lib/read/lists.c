/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of argument and environment lists. */
#include "read/read.h"

static int32_t check(const struct read_input *in, const struct text_list *list, uint32_t most,
		     const struct path *path, const char *what)
{
	if (list->count <= most)
		return OCIENV_OK;
	return diag_fail(in->diag, OCIENV_ERR_LIMIT, list->from.mark, path,
			 "expected at most %u %s, found %u", most, what, list->count);
}

int32_t check_args(const struct read_input *in, const struct path *up, struct sv member,
		   const struct text_list *args)
{
	struct path path = path_key(up, member);

	return check(in, args, in->limits->max_args, &path, "arguments");
}

int32_t check_env(const struct read_input *in, const struct path *up, struct sv member,
		  const struct text_list *env)
{
	struct path path = path_key(up, member);

	return check(in, env, in->limits->max_env, &path, "environment entries");
}

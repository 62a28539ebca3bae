/* SPDX-License-Identifier: Apache-2.0 */
#include "text/node.h"

#include "text/json_string.h"
#include "text/text.h"

const char *node_kind_name(const struct node *node)
{
	static const char *const names[] = {
		[NODE_NULL] = "null",	       [NODE_BOOL] = "a boolean",
		[NODE_INT] = "an integer",     [NODE_FLOAT] = "a number with a fraction",
		[NODE_STRING] = "a string",    [NODE_LIST] = "a list",
		[NODE_MAP] = "a map",
	};

	return names[node->kind];
}

int32_t node_string(const struct node *node, struct arena *arena, struct sv *ret)
{
	if (node->escaped)
		return json_string_decode(node_sv(node), arena, ret);
	*ret = node_sv(node);
	return OCIENV_OK;
}

bool text_is_json(struct sv bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (!memchr(" \t\r\n\v\f", bytes.ptr[i], 6))
			return bytes.ptr[i] == '{';
	return false;
}

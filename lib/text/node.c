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

/* A list or map without what is in it. */
static struct node flat(const struct node *node)
{
	struct node kept = *node;

	if (kept.kind == NODE_LIST || kept.kind == NODE_MAP) {
		kept.count = 0;
		kept.children = NULL;
	}
	return kept;
}

const struct node *node_keep_flat(const struct node *node, struct arena *arena)
{
	struct node *kept = ARENA_NEW(arena, struct node);

	if (kept)
		*kept = flat(node);
	return kept;
}

const struct node *node_keep(const struct node *node, struct arena *arena)
{
	uint32_t count = node->kind == NODE_MAP ? node->count : 0;
	struct node *kept = ARENA_RAW(arena, count + (size_t)1, struct node);

	if (!kept)
		return NULL;
	kept[0] = flat(node);
	for (uint32_t i = 0; i < count; i++)
		kept[i + 1] = flat(&node->children[i]);
	if (count) {
		kept[0].count = count;
		kept[0].children = &kept[1];
	}
	return kept;
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value tree that JSON and YAML both become. Immutable once made; lives in the scratch
 * arena of the call, next to the document it points into.
 */
#ifndef OCIENV_TEXT_NODE_H
#define OCIENV_TEXT_NODE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/sv.h"

enum node_kind {
	NODE_NULL,
	NODE_BOOL,   /* text: "true" or "false" */
	NODE_INT,    /* text: decimal digits, maybe a "-" before them */
	NODE_FLOAT,  /* text: as written */
	NODE_STRING, /* text: see node_text() */
	NODE_LIST,
	NODE_MAP, /* children: key, value, key, value ...; keys are NODE_STRING */
};

struct node {
	uint8_t kind;	 /* enum node_kind */
	bool escaped;	 /* a JSON string whose text still holds its escapes */
	uint32_t count;	 /* bytes of text, or number of children */
	struct mark mark; /* first character of the value; a quoted string: its quote */
	union {
		const char *text; /* followed by no NUL */
		const struct node *children;
	};
};

/* Members of a map, elements of a list. */
static inline uint32_t node_size(const struct node *node)
{
	return node->kind == NODE_MAP ? node->count / 2 : node->count;
}

static inline const struct node *node_key(const struct node *map, uint32_t i)
{
	return &map->children[2 * (size_t)i];
}

static inline const struct node *node_value(const struct node *map, uint32_t i)
{
	return &map->children[2 * (size_t)i + 1];
}

/* Text of a scalar that is not escaped. Keys never are. */
static inline struct sv node_sv(const struct node *node)
{
	return sv_from(node->text, node->count);
}

/* Copies that outlive the tree, with which they share texts: of the node alone, a list or map being
 * left empty; of a map with its members, of which each is so. NULL: no memory. */
const struct node *node_keep_flat(const struct node *node, struct arena *arena);
const struct node *node_keep(const struct node *node, struct arena *arena);

/* What a message calls it: "a list", "an integer". */
const char *node_kind_name(const struct node *node);

#endif

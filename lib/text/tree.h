/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds a node tree from a stream of starts, scalars and ends, with an explicit stack: the
 * part that the readers of JSON and of simple YAML share. Private to text/.
 */
#ifndef OCIENV_TEXT_TREE_H
#define OCIENV_TEXT_TREE_H

#include "text/text.h"

struct tree_frame {
	struct path path;  /* the place of the container's next child */
	uint32_t first;	   /* where its children start on the stack */
	struct node node;  /* the container: kind and mark */
};

struct tree {
	const struct text_input *in;
	struct arena stacks; /* what is only needed until the tree is complete */
	struct vec frames; /* of struct tree_frame: the open containers */
	struct vec nodes;  /* of struct node: their children so far */
	uint32_t left;	   /* nodes that may still be made */
	uint32_t expected; /* children that room is made for when the first container opens */
	const struct node *root; /* once complete */
};

/* likely_children: in the longest list, or all of them; an estimate. */
void tree_init(struct tree *tree, const struct text_input *in, size_t likely_children);

/* Gives back all but the nodes, whatever became of the tree. */
void tree_end(struct tree *tree);

/* Opens a list or map at `mark`. Errors: NOMEM, LIMIT (depth, nodes). */
int32_t tree_open(struct tree *tree, enum node_kind kind, struct mark mark);

/* For tree_add(), where there is no room, or no leave, or no container. */
int32_t tree_add_slowly(struct tree *tree, const struct node *node);

/* Adds a complete node, a scalar or a key. Errors: NOMEM, LIMIT. */
static inline int32_t tree_add(struct tree *tree, struct node node)
{
	struct node *nodes = tree->nodes.items;

	if (!tree->frames.count || !tree->left || tree->nodes.count == tree->nodes.capacity) {
		struct node copy = node; /* so that the usual one stays in registers */

		return tree_add_slowly(tree, &copy);
	}
	tree->left--;
	nodes[tree->nodes.count++] = node;
	return OCIENV_OK;
}

/* Closes the innermost container. A map with two equal keys is AMBIGUOUS. */
int32_t tree_close(struct tree *tree);

/* The innermost open container, or NULL. */
static inline struct tree_frame *tree_top(const struct tree *tree)
{
	struct tree_frame *frames = tree->frames.items;

	return tree->frames.count ? &frames[tree->frames.count - 1] : NULL;
}

/* True where a map expects a key. */
static inline bool tree_wants_key(const struct tree *tree)
{
	const struct tree_frame *top = tree_top(tree);

	return top && top->node.kind == NODE_MAP && (tree->nodes.count - top->first) % 2 == 0;
}

/* The place that is being read: the next child of the innermost container. Good until the
 * tree changes. */
const struct path *tree_path(struct tree *tree);

/* Fails at a byte, with the pointer of the place that is being read. */
int32_t tree_fail(struct tree *tree, int32_t status, size_t offset, const char *message);

#endif

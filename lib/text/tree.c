/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children of the open containers lie on one stack; when a container closes, its own are
 * copied to an array of exactly their number, so that readers find them by index.
 */
#include "text/tree.h"

#include "text/keys.h"

/* Room for children. Too little is mended, too much is given back at the end of the text. */
static void expect_children(struct tree *tree, size_t count)
{
	enum { MOST = 512, FRAMES = 1024 };

	tree->expected = (uint32_t)(count < MOST ? count : MOST);
	arena_expect(&tree->stacks, tree->expected * sizeof(struct node) + FRAMES);
}

void tree_init(struct tree *tree, const struct text_input *in, size_t likely_children)
{
	*tree = (struct tree){.in = in,
			      .frames = {.moves = true},
			      .nodes = {.moves = true},
			      .left = in->limits->max_nodes};
	arena_init(&tree->stacks, &in->arena->allocator, in->arena->limit);
	expect_children(tree, likely_children);
}

void tree_end(struct tree *tree)
{
	arena_free(&tree->stacks);
}

static uint32_t children_of(const struct tree *tree, const struct tree_frame *frame)
{
	return tree->nodes.count - frame->first;
}

/* The path of the next child: what the message of a failure points to. A map that waits for
 * a key is itself the place. */
const struct path *tree_path(struct tree *tree)
{
	struct tree_frame *frames = tree->frames.items;
	const struct node *nodes = tree->nodes.items;
	static const struct path root = {NULL, {NULL, 0}, 0};
	const struct path *up = &root;

	for (uint32_t i = 0; i < tree->frames.count; i++) {
		uint32_t end = i + 1 < tree->frames.count ? frames[i + 1].first
							   : tree->nodes.count;
		uint32_t count = end - frames[i].first;

		frames[i].path = (struct path){up, {NULL, 0}, count};
		if (frames[i].node.kind == NODE_MAP) {
			if (count % 2 == 0)
				return up; /* only the innermost can wait for a key */
			frames[i].path.key = node_sv(&nodes[end - 1]);
		}
		up = &frames[i].path;
	}
	return up;
}

int32_t tree_fail(struct tree *tree, int32_t status, size_t offset, const char *message)
{
	return diag_fail_at(tree->in->diag, status, offset, tree_path(tree), message);
}

static int32_t no_memory(struct tree *tree)
{
	return diag_memory(tree->in->diag, arenas_status(&tree->stacks, text_nodes(tree->in)));
}

static int32_t count_node(struct tree *tree, struct mark mark)
{
	if (!tree->left)
		return diag_fail(tree->in->diag, OCIENV_ERR_LIMIT, mark, tree_path(tree),
				 "expected at most %u values in a document, found more",
				 tree->in->limits->max_nodes);
	tree->left--;
	return OCIENV_OK;
}

int32_t tree_open(struct tree *tree, enum node_kind kind, struct mark mark)
{
	uint32_t limit = tree->in->limits->max_depth;
	struct tree_frame *frame;
	int32_t status = count_node(tree, mark);

	if (status)
		return status;
	if (tree->frames.count >= limit)
		return diag_fail(tree->in->diag, OCIENV_ERR_LIMIT, mark, tree_path(tree),
				 "expected at most %u nested lists and maps, found more", limit);
	if (tree->in->many_readers && tree->frames.count >= PORTABLE_DEPTH)
		return diag_fail(tree->in->diag, OCIENV_ERR_AMBIGUOUS, mark, tree_path(tree),
				 "expected at most %d nested lists and maps, found more: "
				 "runtimes disagree about them", PORTABLE_DEPTH);
	frame = VEC_PUSH(&tree->frames, &tree->stacks, struct tree_frame);
	if (frame && tree->expected &&
	    !vec_reserve(&tree->nodes, &tree->stacks, sizeof(struct node), tree->expected))
		frame = NULL;
	if (!frame)
		return no_memory(tree);
	tree->expected = 0;
	frame->first = tree->nodes.count;
	frame->node = (struct node){.kind = (uint8_t)kind, .mark = mark};
	return OCIENV_OK;
}

static int32_t push(struct tree *tree, const struct node *node)
{
	struct node *slot;

	if (!tree->frames.count) {
		slot = ARENA_NEW(text_nodes(tree->in), struct node);
		tree->root = slot;
	} else {
		slot = VEC_PUSH(&tree->nodes, &tree->stacks, struct node);
	}
	if (!slot)
		return no_memory(tree);
	*slot = *node;
	return OCIENV_OK;
}

int32_t tree_add_slowly(struct tree *tree, const struct node *node)
{
	int32_t status = count_node(tree, node->mark);

	return status ? status : push(tree, node);
}

/* RFC 8259 leaves two equal keys open, and no two parsers agree about them. */
static int32_t refuse_duplicates(struct tree *tree, const struct node *map)
{
	char quoted[DIAG_QUOTE_SIZE];
	struct key_clash clash;
	int32_t status = keys_clash(map, &tree->stacks, &clash);
	struct path key;

	if (status)
		return diag_memory(tree->in->diag, status);
	if (!clash.second)
		return OCIENV_OK;
	/* The map is closed: its own path is the place, the key is one step below. */
	key = (struct path){tree_path(tree), node_sv(clash.second), 0};
	return diag_fail(tree->in->diag, OCIENV_ERR_AMBIGUOUS, clash.second->mark, &key,
			 "expected each key once, found \"%s\" again (first at line %u)",
			 diag_quote_name(quoted, node_sv(clash.second)), clash.first->mark.line);
}

int32_t tree_close(struct tree *tree)
{
	const struct tree_frame *top = (struct tree_frame *)tree->frames.items + tree->frames.count - 1;
	struct node node = top->node, *children;
	int32_t status;

	node.count = children_of(tree, top);
	children = ARENA_RAW(text_nodes(tree->in), node.count, struct node);
	if (!children)
		return no_memory(tree);
	if (node.count)
		memcpy(children, (struct node *)tree->nodes.items + top->first,
		       node.count * sizeof(*children));
	node.children = children;
	tree->nodes.count = top->first;
	tree->frames.count--;
	status = node.kind == NODE_MAP ? refuse_duplicates(tree, &node) : OCIENV_OK;
	return status ? status : push(tree, &node);
}

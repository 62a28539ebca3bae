/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A binary trie over the bits of the names (a crit-bit tree). Finding a name costs no
 * more than its own length, so no choice of names makes it slow, which hashing could not
 * promise.
 */
#include "text/yaml_anchor.h"

/* A branch either tests one bit of the name or is a leaf. */
struct yaml_anchor_branch {
	size_t bit; /* 8 * byte + bit within it, high bit first */
	struct yaml_anchor_branch *child[2]; /* both NULL: a leaf */
	struct sv name;                      /* leaf */
	struct yaml_anchor *anchor;          /* leaf */
};

/* The bits of a name, then zeros: names hold no NUL, so none begins another. */
static unsigned int bit_at(struct sv name, size_t bit)
{
	size_t byte = bit / 8;

	return byte < name.len ? (unsigned char)name.ptr[byte] >> (7 - bit % 8) & 1U : 0;
}

static struct yaml_anchor_branch *nearest_leaf(struct yaml_anchor_branch *branch,
					       struct sv name)
{
	while (branch && branch->child[0])
		branch = branch->child[bit_at(name, branch->bit)];
	return branch;
}

/* The first bit in which two different names differ. */
static size_t first_difference(struct sv a, struct sv b)
{
	size_t bit = 0;

	while (bit / 8 < a.len && bit / 8 < b.len && a.ptr[bit / 8] == b.ptr[bit / 8])
		bit += 8;
	while (bit_at(a, bit) == bit_at(b, bit))
		bit++;
	return bit;
}

struct yaml_anchor *yaml_anchor_find(const struct yaml_anchors *anchors, struct sv name)
{
	struct yaml_anchor_branch *leaf = nearest_leaf(anchors->root, name);

	return leaf && sv_eq(leaf->name, name) ? leaf->anchor : NULL;
}

static void insert(struct yaml_anchors *anchors, struct yaml_anchor_branch *leaf,
		   struct yaml_anchor_branch *fork, struct sv other)
{
	struct yaml_anchor_branch **place = &anchors->root;
	size_t bit = first_difference(leaf->name, other);
	unsigned int side = bit_at(leaf->name, bit);

	while ((*place)->child[0] && (*place)->bit < bit)
		place = &(*place)->child[bit_at(leaf->name, (*place)->bit)];
	fork->bit = bit;
	fork->child[side] = leaf;
	fork->child[!side] = *place;
	*place = fork;
}

struct yaml_anchor *yaml_anchor_add(struct yaml_anchors *anchors, struct arena *arena,
				    struct sv name)
{
	struct yaml_anchor *anchor = ARENA_NEW(arena, struct yaml_anchor);
	struct yaml_anchor_branch *near = nearest_leaf(anchors->root, name);
	struct yaml_anchor_branch *pair;
	char *copy;

	if (!anchor)
		return NULL;
	if (near && sv_eq(near->name, name)) {
		near->anchor = anchor;
		return anchor;
	}
	pair = ARENA_ARRAY(arena, 2, struct yaml_anchor_branch);
	copy = arena_strdup(arena, name);
	if (!pair || !copy)
		return NULL;
	pair[0].name = sv_from(copy, name.len);
	pair[0].anchor = anchor;
	if (near)
		insert(anchors, &pair[0], &pair[1], near->name);
	else
		anchors->root = &pair[0];
	return anchor;
}

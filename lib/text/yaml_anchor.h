/* SPDX-License-Identifier: Apache-2.0 */
/* The anchors of one document. */
#ifndef OCIENV_TEXT_YAML_ANCHOR_H
#define OCIENV_TEXT_YAML_ANCHOR_H

#include "base/arena.h"
#include "text/node.h"

/* An anchored node. A name that is used again gets a new one. */
struct yaml_anchor {
	struct node node;
	uint32_t nodes;   /* how many an alias adds */
	uint64_t text;    /* bytes of its scalars, aliases written out */
	uint64_t decoded; /* how often go-yaml's decoder steps through it */
	bool complete;    /* false: still being read, an alias would contain itself */
};

struct yaml_anchor_branch;

/* Zero is empty. */
struct yaml_anchors {
	struct yaml_anchor_branch *root;
};

/* The latest anchor of that name, or NULL. */
struct yaml_anchor *yaml_anchor_find(const struct yaml_anchors *anchors, struct sv name);

/* Makes a new one; NULL: no memory. The name is copied. */
struct yaml_anchor *yaml_anchor_add(struct yaml_anchors *anchors, struct arena *arena,
				    struct sv name);

#endif

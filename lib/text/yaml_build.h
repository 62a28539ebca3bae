/* SPDX-License-Identifier: Apache-2.0 */
/* From libyaml's events to the node tree. */
#ifndef OCIENV_TEXT_YAML_BUILD_H
#define OCIENV_TEXT_YAML_BUILD_H

#include "text/text.h"
#include "text/yaml_anchor.h"
#include "text/yaml_cursor.h"

#include <yaml.h>

/* A list or mapping that is still open. */
struct yaml_frame {
	struct path step;           /* to the child that is being read */
	struct yaml_anchor *anchor; /* its own, or NULL */
	uint32_t slot;              /* its place in `nodes`; its children follow */
	uint32_t nodes_before;
	uint64_t text_before;
	uint64_t decoded_before;
	bool flow;        /* it or one around it is written with brackets */
	bool merges;      /* a mapping with a "<<" */
	bool merge_value; /* stands behind a "<<" */
};

struct yaml_builder {
	const struct text_input *in;
	struct arena scratch;
	struct yaml_cursor cursor;
	struct yaml_anchors anchors;
	struct vec frames; /* struct yaml_frame, outermost first */
	struct vec nodes;  /* struct node: finished children of the open containers */
	struct path root;
	struct node top;           /* the document */
	uint32_t node_count;       /* after alias expansion */
	uint64_t text;             /* bytes of scalars, after alias expansion... */
	uint64_t text_by_alias;    /* ...and how many of them aliases repeat */
	uint64_t decoded;          /* go-yaml's own count against alias bombs... */
	uint64_t decoded_by_alias; /* ...and how much of it aliases caused */
};

/* One event between the start and the end of a document; not deleted here.
 * Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE. */
int32_t yaml_build_event(struct yaml_builder *b, const yaml_event_t *event);

/* For yaml_scalar.c: the same for a scalar. */
int32_t yaml_build_scalar(struct yaml_builder *b, const yaml_event_t *event);

/* Where the next event belongs. */
struct yaml_frame *yaml_innermost(const struct yaml_builder *b);
bool yaml_at_key(const struct yaml_builder *b);

/* The way to the value that is being read; a key belongs to its mapping. */
const struct path *yaml_build_path(struct yaml_builder *b);

/* Counts nodes as they would be if each alias were written out. LIMIT. */
int32_t yaml_charge(struct yaml_builder *b, uint32_t nodes, struct mark mark);

/* A finished scalar or alias goes behind its last sibling. */
int32_t yaml_build_add(struct yaml_builder *b, struct node *node);

int32_t yaml_build_fail(struct yaml_builder *b, int32_t status, struct mark mark,
			const char *message);
int32_t yaml_build_no_memory(struct yaml_builder *b, const struct arena *arena);

/* What an anchored node weighs, aliases in it written out. */
struct yaml_weight {
	uint32_t nodes;
	uint64_t text, decoded;
};

/* Remembers a node that has just been finished; name NULL: it has no anchor. */
int32_t yaml_build_anchor(struct yaml_builder *b, const yaml_char_t *name,
			  struct yaml_anchor **ret);
void yaml_anchor_complete(struct yaml_anchor *anchor, const struct node *node,
			  const struct yaml_weight *weight);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds the tree bottom-up on an explicit stack: children wait in `nodes` until their
 * container closes and then move to an array of their own. Must not recurse, and must
 * stop at max_depth and max_nodes before anything grows: libyaml knows no bounds.
 */
#include "text/yaml_build.h"

#include "text/yaml_map.h"

struct yaml_frame *yaml_innermost(const struct yaml_builder *b)
{
	struct yaml_frame *frames = b->frames.items;

	return b->frames.count ? &frames[b->frames.count - 1] : NULL;
}

static struct node *node_at(const struct yaml_builder *b, uint32_t i)
{
	return (struct node *)b->nodes.items + i;
}

/* Children of the innermost container so far. */
static uint32_t child_count(const struct yaml_builder *b)
{
	return b->nodes.count - yaml_innermost(b)->slot - 1;
}

static bool in_map(const struct yaml_builder *b)
{
	const struct yaml_frame *frame = yaml_innermost(b);

	return frame && node_at(b, frame->slot)->kind == NODE_MAP;
}

bool yaml_at_key(const struct yaml_builder *b)
{
	return in_map(b) && child_count(b) % 2 == 0;
}

static bool at_merge_value(const struct yaml_builder *b)
{
	return in_map(b) && !yaml_at_key(b) &&
	       node_at(b, b->nodes.count - 1)->kind == YAML_NODE_MERGE;
}

/* In the list of mappings behind a "<<". */
static bool in_merge_list(const struct yaml_builder *b)
{
	return yaml_innermost(b) && !in_map(b) && yaml_innermost(b)->merge_value;
}

const struct path *yaml_build_path(struct yaml_builder *b)
{
	struct yaml_frame *frames = b->frames.items;
	uint32_t steps = b->frames.count - (yaml_at_key(b) ? 1 : 0);
	const struct path *path = &b->root;

	if (yaml_innermost(b) && !in_map(b))
		yaml_innermost(b)->step.index = child_count(b);
	for (uint32_t i = 0; i < steps; i++) {
		frames[i].step.up = path;
		path = &frames[i].step;
	}
	return path;
}

int32_t yaml_build_fail(struct yaml_builder *b, int32_t status, struct mark mark,
			const char *message)
{
	return diag_fail(b->in->diag, status, mark, yaml_build_path(b), "%s", message);
}

int32_t yaml_build_no_memory(struct yaml_builder *b, const struct arena *arena)
{
	return diag_memory(b->in->diag, arena_status(arena));
}

int32_t yaml_charge(struct yaml_builder *b, uint32_t nodes, struct mark mark)
{
	uint32_t most = b->in->limits->max_nodes;

	if (nodes > most - b->node_count)
		return diag_fail(b->in->diag, OCIENV_ERR_LIMIT, mark, yaml_build_path(b),
				 "expected at most %u values in a document, found more", most);
	b->node_count += nodes;
	return OCIENV_OK;
}

int32_t yaml_build_anchor(struct yaml_builder *b, const yaml_char_t *name,
			  struct yaml_anchor **ret)
{
	*ret = NULL;
	if (!name)
		return OCIENV_OK;
	*ret = yaml_anchor_add(&b->anchors, &b->scratch, sv_of((const char *)name));
	return *ret ? OCIENV_OK : yaml_build_no_memory(b, &b->scratch);
}

void yaml_anchor_complete(struct yaml_anchor *anchor, const struct node *node,
			  const struct yaml_weight *weight)
{
	if (!anchor)
		return;
	anchor->node = *node;
	anchor->nodes = weight->nodes;
	anchor->text = weight->text;
	anchor->decoded = weight->decoded;
	anchor->complete = true;
}

static int32_t push(struct yaml_builder *b, const struct node *node)
{
	struct node *slot = VEC_PUSH(&b->nodes, &b->scratch, struct node);

	if (!slot)
		return yaml_build_no_memory(b, &b->scratch);
	*slot = *node;
	return OCIENV_OK;
}

/* The loader merges mappings, and lists of them that are written in place; nothing
 * else. */
static int32_t check_merge(struct yaml_builder *b, const struct node *node, bool in_place)
{
	bool list = in_place && node->kind == NODE_LIST;

	if (node->kind == NODE_MAP || (at_merge_value(b) ? list : !in_merge_list(b)))
		return OCIENV_OK;
	return diag_fail(b->in->diag, OCIENV_ERR_TYPE, node->mark, yaml_build_path(b),
			 "expected a map or a list of maps to merge, found %s",
			 node_kind_name(node));
}

static int32_t fail_key(struct yaml_builder *b, const struct node *node)
{
	return diag_fail(b->in->diag, OCIENV_ERR_TYPE, node->mark, yaml_build_path(b),
			 "expected a string as key, found %s", node_kind_name(node));
}

int32_t yaml_build_add(struct yaml_builder *b, struct node *node)
{
	struct yaml_frame *frame = yaml_innermost(b);
	int32_t r;

	if (!frame) {
		b->top = *node;
		return OCIENV_OK;
	}
	if (yaml_at_key(b)) {
		if (node->kind != NODE_STRING && node->kind != YAML_NODE_MERGE)
			return fail_key(b, node);
		frame->step.key = node_sv(node);
		frame->merges |= node->kind == YAML_NODE_MERGE;
		return push(b, node);
	}
	r = check_merge(b, node, false);
	return r ? r : push(b, node);
}

/* The place of a container is that of its first bracket, "-" or key. */
static struct mark container_mark(struct yaml_builder *b, const yaml_event_t *event)
{
	struct yaml_properties properties;
	struct yaml_cursor at;

	yaml_cursor_move(&b->cursor, event->start_mark.index);
	at = b->cursor;
	yaml_cursor_skip_properties(&at, SIZE_MAX, &properties);
	return at.mark;
}

static int32_t open_container(struct yaml_builder *b, struct node *node,
			      const yaml_char_t *anchor, bool flow)
{
	struct yaml_frame *parent = yaml_innermost(b), *frame;
	struct yaml_frame next = {.slot = b->nodes.count};
	uint32_t most = b->in->limits->max_depth;
	int32_t r;

	if (b->frames.count >= most)
		return diag_fail(b->in->diag, OCIENV_ERR_LIMIT, node->mark,
				 yaml_build_path(b),
				 "expected at most %u nested lists and maps, found more",
				 most);
	if (yaml_at_key(b))
		return fail_key(b, node);
	r = check_merge(b, node, true);
	if (r)
		return r;
	next.nodes_before = b->node_count;
	next.text_before = b->text;
	next.decoded_before = b->decoded;
	next.merge_value = at_merge_value(b);
	next.flow = flow || (parent && parent->flow);
	r = yaml_charge(b, 1, node->mark);
	if (!r)
		r = yaml_build_anchor(b, anchor, &next.anchor);
	if (r)
		return r;
	/* go-yaml's merge takes a list apart without a step of the decoder. */
	b->decoded += !(next.merge_value && node->kind == NODE_LIST);
	yaml_build_path(b); /* notes the index of this child in the parent */
	r = push(b, node);
	if (r)
		return r;
	frame = VEC_PUSH(&b->frames, &b->scratch, struct yaml_frame);
	if (!frame)
		return yaml_build_no_memory(b, &b->scratch);
	*frame = next;
	return OCIENV_OK;
}

static int32_t open_list(struct yaml_builder *b, const yaml_event_t *event)
{
	struct node node = {.kind = NODE_LIST, .mark = container_mark(b, event)};

	return open_container(b, &node, event->data.sequence_start.anchor,
			      event->data.sequence_start.style ==
				  YAML_FLOW_SEQUENCE_STYLE);
}

static int32_t open_map(struct yaml_builder *b, const yaml_event_t *event)
{
	struct node node = {.kind = NODE_MAP, .mark = container_mark(b, event)};

	return open_container(b, &node, event->data.mapping_start.anchor,
			      event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
}

static int32_t finish_list(struct yaml_builder *b, struct node *list)
{
	uint32_t n = child_count(b);
	struct node *children = ARENA_ARRAY(text_nodes(b->in), n, struct node);

	if (!children)
		return yaml_build_no_memory(b, text_nodes(b->in));
	if (n)
		memcpy(children, list + 1, n * sizeof(*children));
	list->children = children;
	list->count = n;
	return OCIENV_OK;
}

static int32_t fail_clash(struct yaml_builder *b, const struct yaml_clash *clash)
{
	struct path key = {.up = yaml_build_path(b), .key = clash->key};
	char quoted[DIAG_QUOTE_SIZE];

	diag_quote_name(quoted, clash->key);
	if (clash->twice)
		return diag_fail(b->in->diag, OCIENV_ERR_AMBIGUOUS, clash->mark, &key,
				 "expected each key once, found \"%s\" again (first at line %u)",
				 quoted, clash->first.line);
	return diag_fail(b->in->diag, OCIENV_ERR_AMBIGUOUS, clash->mark, &key, "%s \"%s\"%s",
			 clash->before, quoted, clash->after);
}

static int32_t finish_map(struct yaml_builder *b, struct node *map, bool merges)
{
	struct yaml_entries entries = {
	    .children = map + 1,
	    .count = child_count(b) / 2,
	    .merges = merges,
	};
	struct yaml_clash clash;
	int32_t r = yaml_map_finish(&entries, text_nodes(b->in), &b->scratch, map, &clash);

	if (r == OCIENV_ERR_AMBIGUOUS)
		return fail_clash(b, &clash);
	return r ? diag_memory(b->in->diag, r) : OCIENV_OK;
}

static int32_t close_container(struct yaml_builder *b, const yaml_event_t *event)
{
	const struct yaml_frame *frame = yaml_innermost(b);
	struct yaml_weight weight;
	struct node *node;
	int32_t r;

	(void)event;
	if (!frame) /* libyaml closes only what it opened */
		return OCIENV_ERR_SYNTAX; /* LCOV_EXCL_LINE */
	node = node_at(b, frame->slot);
	r = node->kind == NODE_MAP ? finish_map(b, node, frame->merges)
				   : finish_list(b, node);
	if (r)
		return r;
	weight = (struct yaml_weight){b->node_count - frame->nodes_before,
				      b->text - frame->text_before,
				      b->decoded - frame->decoded_before};
	yaml_anchor_complete(frame->anchor, node, &weight);
	b->frames.count--;
	b->nodes.count = frame->slot + 1;
	if (!b->frames.count) {
		b->top = *node;
		b->nodes.count = 0;
	}
	return OCIENV_OK;
}

/* go-yaml: most of a document may not come from aliases; the larger, the less. */
static bool is_alias_bomb(const struct yaml_builder *b)
{
	const double low = 400000, high = 4000000;
	double decoded = (double)b->decoded, allowed = 0.99;

	if (b->decoded_by_alias <= 100 || b->decoded <= 1000)
		return false;
	if (decoded > low)
		allowed = decoded >= high ? 0.10
					  : 0.99 - 0.89 * ((decoded - low) / (high - low));
	return (double)b->decoded_by_alias / decoded > allowed;
}

/*
 * Readers decode, check and copy a text at each place where it stands, so what aliases
 * repeat costs as much as if it were written out: it may be as long as a document.
 */
static int32_t charge_alias(struct yaml_builder *b, const struct yaml_anchor *anchor,
			    struct mark mark)
{
	uint32_t most = b->in->limits->max_document;
	int32_t r = yaml_charge(b, anchor->nodes, mark);

	if (r)
		return r;
	b->text += anchor->text;
	b->text_by_alias += anchor->text;
	if (b->text_by_alias <= most)
		return OCIENV_OK;
	return diag_fail(b->in->diag, OCIENV_ERR_LIMIT, mark, yaml_build_path(b),
			 "expected at most %u bytes repeated by aliases, found more",
			 (unsigned int)most);
}

static int32_t add_alias(struct yaml_builder *b, const yaml_event_t *event)
{
	struct sv name = sv_of((const char *)event->data.alias.anchor);
	const struct yaml_anchor *anchor = yaml_anchor_find(&b->anchors, name);
	struct node node;
	struct mark mark;
	int32_t r;

	yaml_cursor_move(&b->cursor, event->start_mark.index);
	mark = b->cursor.mark;
	if (!anchor)
		return yaml_build_fail(
		    b, OCIENV_ERR_SYNTAX, mark,
		    "expected an anchor further up, found an alias to none");
	if (!anchor->complete)
		return yaml_build_fail(
		    b, OCIENV_ERR_SYNTAX, mark,
		    "expected an alias to another value, found one to the "
		    "value that it stands in");
	r = charge_alias(b, anchor, mark);
	if (r)
		return r;
	b->decoded += 1 + anchor->decoded;
	b->decoded_by_alias += anchor->decoded;
	if (is_alias_bomb(b))
		return yaml_build_fail(
		    b, OCIENV_ERR_LIMIT, mark,
		    "expected few values from aliases, found a document that "
		    "consists of them mostly");
	node = anchor->node;
	node.mark = mark;
	return yaml_build_add(b, &node);
}

typedef int32_t (*event_handler)(struct yaml_builder *b, const yaml_event_t *event);

int32_t yaml_build_event(struct yaml_builder *b, const yaml_event_t *event)
{
	static const event_handler handlers[] = {
	    [YAML_ALIAS_EVENT] = add_alias,
	    [YAML_SCALAR_EVENT] = yaml_build_scalar,
	    [YAML_SEQUENCE_START_EVENT] = open_list,
	    [YAML_SEQUENCE_END_EVENT] = close_container,
	    [YAML_MAPPING_START_EVENT] = open_map,
	    [YAML_MAPPING_END_EVENT] = close_container,
	};

	return handlers[event->type](b, event);
}

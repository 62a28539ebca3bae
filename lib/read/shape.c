/* SPDX-License-Identifier: Apache-2.0 */
#include "read/shape.h"

#include "text/text.h"

const struct shape shape_string = {SHAPE_STRING, 0, NULL, NULL};
const struct shape shape_time = {SHAPE_TIME, 0, NULL, NULL};
const struct shape shape_bool = {SHAPE_BOOL, 0, NULL, NULL};
const struct shape shape_int = {SHAPE_INT, 0, NULL, NULL};
const struct shape shape_int32 = {SHAPE_INT32, 0, NULL, NULL};
const struct shape shape_uint = {SHAPE_UINT, 0, NULL, NULL};
const struct shape shape_uint32 = {SHAPE_UINT32, 0, NULL, NULL};
const struct shape shape_uint16 = {SHAPE_UINT16, 0, NULL, NULL};
const struct shape shape_strings = SHAPE_LIST_OF(shape_string);
const struct shape shape_string_map = SHAPE_MAP_OF(shape_string);
const struct shape shape_empty = {SHAPE_STRUCT, 0, NULL, NULL};

static const struct {
	enum node_kind kind;
	const char *name;
} expected[] = {
	[SHAPE_ANY] = {NODE_NULL, "anything"},
	[SHAPE_STRING] = {NODE_STRING, "a string"},
	[SHAPE_TIME] = {NODE_STRING, "a string"},
	[SHAPE_BOOL] = {NODE_BOOL, "a boolean"},
	[SHAPE_INT] = {NODE_INT, "an integer"},
	[SHAPE_INT32] = {NODE_INT, "an integer"},
	[SHAPE_UINT] = {NODE_INT, "an integer"},
	[SHAPE_UINT32] = {NODE_INT, "an integer"},
	[SHAPE_UINT16] = {NODE_INT, "an integer"},
	[SHAPE_LIST] = {NODE_LIST, "a list"},
	[SHAPE_MAP] = {NODE_MAP, "a map"},
	[SHAPE_STRUCT] = {NODE_MAP, "a map"},
};

/* Largest value of an integer type, and of its negation (0: unsigned). */
static const struct {
	uint64_t max, max_negative;
	const char *name;
} ranges[] = {
	[SHAPE_INT] = {INT64_MAX, (uint64_t)INT64_MAX + 1, "of 64 bits"},
	[SHAPE_INT32] = {INT32_MAX, (uint64_t)INT32_MAX + 1, "of 32 bits"},
	[SHAPE_UINT] = {UINT64_MAX, 0, "from 0 to 18446744073709551615"},
	[SHAPE_UINT32] = {UINT32_MAX, 0, "from 0 to 4294967295"},
	[SHAPE_UINT16] = {UINT16_MAX, 0, "from 0 to 65535"},
};

static bool in_range(struct sv text, uint8_t type)
{
	bool negative = text.ptr[0] == '-';
	uint64_t value;

	if (negative && !ranges[type].max_negative) /* Go: not even -0 */
		return false;
	return sv_to_u64(sv_skip(text, negative),
			 negative ? ranges[type].max_negative : ranges[type].max, &value);
}

/* A container that is being looked through. */
struct visit {
	struct path path;
	const struct node *node;
	const struct shape *shape;
	uint32_t next;
	uint8_t likely; /* the member that its next key probably names */
};

struct checker {
	const struct reader *reader;
	struct visit *stack;
	uint32_t depth;
};

static int32_t check_scalar(const struct reader *reader, const struct node *node,
			    const struct path *path, const struct shape *shape)
{
	struct sv text;
	int32_t status;

	if (node->kind == NODE_INT && !in_range(node_sv(node), shape->type))
		return bind_fail(reader, OCIENV_ERR_VALUE, node, path,
				 "expected an integer %s, found another one",
				 ranges[shape->type].name);
	if (shape->type != SHAPE_TIME)
		return OCIENV_OK;
	status = node_string(node, reader->scratch, &text);
	if (status)
		return diag_memory(reader->diag, status);
	if (!go_time_valid(text))
		return bind_fail(reader, OCIENV_ERR_VALUE, node, path,
				 "expected a time in the form of RFC 3339, found another text");
	return OCIENV_OK;
}

/* Checks one value; a container is put on the stack. */
static int32_t enter(struct checker *c, const struct node *node, const struct path *path,
		     const struct shape *shape)
{
	if (node->kind == NODE_NULL || shape->type == SHAPE_ANY)
		return OCIENV_OK;
	if (node->kind != expected[shape->type].kind)
		return bind_fail_type(c->reader, node, path, expected[shape->type].name);
	if (node->kind != NODE_LIST && node->kind != NODE_MAP)
		return check_scalar(c->reader, node, path, shape);
	/* The tree is no deeper than max_depth, which is how much room there is. */
	c->stack[c->depth++] = (struct visit){.path.up = path, .node = node, .shape = shape};
	return OCIENV_OK;
}

/* Writers keep the order of the type: the search begins behind the member that was found last. */
static const struct shape_member *find_member(struct visit *visit, struct sv name)
{
	const struct shape *shape = visit->shape;

	for (uint8_t i = 0; i < shape->count; i++) {
		uint8_t at = (uint8_t)((visit->likely + i) % shape->count);

		if (!equal_but_case(shape->members[at].name, name))
			continue;
		visit->likely = (uint8_t)(at + 1);
		return &shape->members[at];
	}
	return NULL;
}

/* A member of a struct. Under a name in another letter case only Go sees the wrong type. */
static int32_t enter_member(struct checker *c, struct visit *visit,
			    const struct node *key, const struct node *value)
{
	const struct shape_member *member = find_member(visit, node_sv(key));
	int32_t status;

	if (!member)
		return OCIENV_OK;
	status = enter(c, value, &visit->path, member->shape);
	if ((status == OCIENV_ERR_TYPE || status == OCIENV_ERR_VALUE) &&
	    !sv_eq(member->name, node_sv(key)))
		return bind_fail_case(c->reader, key, &visit->path, member->name);
	return status;
}

/* Elements that need no second look: system calls, capabilities, arguments. */
static void pass_strings(struct visit *visit)
{
	const struct node *list = visit->node;

	if (visit->shape->of->type != SHAPE_STRING)
		return;
	while (visit->next < list->count && list->children[visit->next].kind == NODE_STRING)
		visit->next++;
}

/* The next child of the innermost container, or the end of it. */
static int32_t step(struct checker *c)
{
	struct visit *visit = &c->stack[c->depth - 1];
	const struct node *key;
	uint32_t i;

	if (visit->node->kind == NODE_LIST)
		pass_strings(visit);
	i = visit->next++;

	if (i == node_size(visit->node)) {
		c->depth--;
		return OCIENV_OK;
	}
	if (visit->node->kind == NODE_LIST) {
		visit->path.index = i;
		return enter(c, &visit->node->children[i], &visit->path, visit->shape->of);
	}
	key = node_key(visit->node, i);
	visit->path.key = node_sv(key);
	if (visit->shape->type == SHAPE_STRUCT)
		return enter_member(c, visit, key, node_value(visit->node, i));
	return enter(c, node_value(visit->node, i), &visit->path, visit->shape->of);
}

int32_t shape_check(const struct reader *reader, const struct node *root,
		    const struct shape *shape)
{
	struct path path = {NULL, {NULL, 0}, 0};
	struct checker c = {.reader = reader};
	int32_t status;

	c.stack = ARENA_RAW(reader->scratch, reader->limits->max_depth, struct visit);
	if (!c.stack)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	status = enter(&c, root, &path, shape);
	while (!status && c.depth)
		status = step(&c);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of text/ alone: they have no function in ocienv.h of their own. */
#include "promise.h"

#include "base/limits.h"
#include "text/text.h"
#include "text/yaml_simple.h"

/* A list or map that is being walked over. */
struct level {
	const struct node *node;
	uint32_t next;
};

enum { LEVELS = 128 }; /* fuzz.c asks for no more */

static void check_string(struct run *run, const struct text_input *in,
			 const struct node *node)
{
	int32_t status;
	struct sv text;

	if (run->outcome->status) /* memory ran out */
		return;
	status = node_string(node, in->arena, &text);
	if (status) {
		PROMISE(status == arena_status(in->arena) || status == OCIENV_ERR_NOMEM);
		run->outcome->status = status;
		return;
	}
	PROMISE(text.len <= in->limits->max_string);
	PROMISE(!sv_contains(text, '\0'));
	outcome_add(run->outcome, text.ptr, text.len);
}

static void add_node(struct run *run, const struct text_input *in, const struct node *node)
{
	const uint32_t shape[] = {node->kind, node->escaped, node->count, node->mark.line,
				  node->mark.column};

	PROMISE(node->kind <= NODE_MAP);
	PROMISE(node->mark.line && node->mark.column);
	outcome_add(run->outcome, shape, sizeof(shape));
	if (node->kind == NODE_STRING)
		check_string(run, in, node);
	else if (node->kind != NODE_NULL && node->kind < NODE_LIST)
		outcome_add(run->outcome, node->text, node->count);
}

/* All nodes of a tree in order. */
static void add_tree(struct run *run, const struct text_input *in, const struct node *root)
{
	struct level levels[LEVELS];
	size_t depth = 0;

	add_node(run, in, root);
	if (root->kind >= NODE_LIST)
		levels[depth++] = (struct level){root, 0};
	while (depth) {
		struct level *top = &levels[depth - 1];
		const struct node *child;

		if (top->next == top->node->count) {
			depth--;
			continue;
		}
		child = &top->node->children[top->next++];
		add_node(run, in, child);
		if (child->kind < NODE_LIST)
			continue;
		PROMISE(depth < LEVELS);
		levels[depth++] = (struct level){child, 0};
	}
}

#define TEXT_ERRORS                                                                      \
	(MAY(NOMEM) | MAY(LIMIT) | MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS))

typedef void reader(struct run *run, struct text_input *in);

static void read_json(struct run *run, struct text_input *in)
{
	const struct node *root = UNTOUCHED(const struct node);
	int32_t status = json_parse(in, &root);

	if (call_succeeded(run, status, TEXT_ERRORS, in->diag->error))
		add_tree(run, in, root);
	else
		PROMISE(root == UNTOUCHED(const struct node));
}

/* One part of a file, which is read without libyaml as libyaml reads it: all shapes, marks and
 * texts. The status is that of memory. */
static int32_t compare_part(struct run *run, const struct text_input *in,
			    const struct yaml_part *part)
{
	struct outcome simple = {.status = OCIENV_OK}, events = simple;
	struct run first = {.options = run->options, .outcome = &simple}, second = first;
	const struct node *ours = NULL, *theirs = NULL;
	uint32_t line = mark_at(in->bytes, part->start).line;
	int32_t status = yaml_simple(in, part, line, &ours);

	if (status || !ours)
		return status;
	second.outcome = &events;
	status = yaml_part_events(in, part, line, &theirs);
	PROMISE(!status || status == OCIENV_ERR_NOMEM);
	if (status)
		return status;
	PROMISE(theirs);
	add_tree(&first, in, ours);
	add_tree(&second, in, theirs);
	if (!simple.status && !events.status)
		PROMISE(simple.digest == events.digest);
	return simple.status ? simple.status : events.status;
}

static void check_simple(struct run *run, const struct text_input *in)
{
	const struct diag silent = {.text = in->diag->text};
	struct text_input quiet = *in;
	size_t offset = 0, before = SIZE_MAX;

	quiet.diag = &silent;
	while (!run->outcome->status && offset != before && offset < in->bytes.len) {
		struct yaml_part part;

		before = offset;
		if (yaml_split(&quiet, &offset, &part))
			return;
		if (part.start < part.end)
			run->outcome->status = compare_part(run, &quiet, &part);
	}
}

static void read_yaml(struct run *run, struct text_input *in)
{
	const struct node *root = UNTOUCHED(const struct node);
	struct yaml_stream stream = {0};

	while (root) {
		size_t before = stream.offset;
		int32_t status;

		root = UNTOUCHED(const struct node);
		status = yaml_next(in, &stream, &root);
		if (!before && !status)
			check_simple(run, in);
		if (run->outcome->status)
			return; /* no memory for that */
		if (!call_succeeded(run, status, TEXT_ERRORS | MAY(TYPE) | MAY(VALUE),
				    in->diag->error)) {
			PROMISE(root == UNTOUCHED(const struct node));
			return;
		}
		PROMISE(root != UNTOUCHED(const struct node));
		PROMISE(stream.offset > before || !root);
		if (root)
			add_tree(run, in, root);
	}
}

static void run_reader(struct run *run, const struct ocienv_document *document, reader *read)
{
	struct ocienv_limits limits = limits_of(run->options->limits);
	struct ocienv_error error;
	struct diag diag = {.error = &error,
			    .document = document->name,
			    .text = sv_from(document->data, document->size)};
	struct arena arena;
	struct text_input in = {
		.bytes = diag.text, .diag = &diag, .limits = &limits, .arena = &arena};

	arena_init(&arena, run->options->allocator, SIZE_MAX);
	error_prepare(&error);
	read(run, &in);
	arena_free(&arena);
}

void run_json(struct run *run, const struct ocienv_document *document)
{
	run_reader(run, document, read_json);
}

void run_yaml(struct run *run, const struct ocienv_document *document)
{
	run_reader(run, document, read_yaml);
}

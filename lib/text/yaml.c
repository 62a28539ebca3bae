/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads one document: what is simple in one pass of our own, everything else with libyaml's event
 * interface. Never with its document loader, which knows no bounds, and never without
 * yaml_check() before.
 */
#include "text/text.h"
#include "text/yaml_build.h"
#include "text/yaml_check.h"
#include "text/yaml_problem.h"
#include "text/yaml_simple.h"

/* What libyaml is fed with: the bytes of the document, and an LF if the last line has
 * none, as kubectl's line reader adds it. */
struct feed {
	struct sv rest;
	bool newline;
};

static int read_feed(void *data, unsigned char *buffer, size_t size, size_t *ret_size)
{
	struct feed *feed = data;
	size_t n = feed->rest.len < size ? feed->rest.len : size;

	if (n)
		memcpy(buffer, feed->rest.ptr, n);
	feed->rest = sv_skip(feed->rest, n);
	if (n < size && feed->newline) {
		buffer[n++] = '\n';
		feed->newline = false;
	}
	*ret_size = n;
	return 1;
}

/* The line of a document. Lines are counted on from the document before, so that a file of
 * many documents is read through once. */
static uint32_t line_of(struct yaml_stream *stream, struct sv bytes, size_t start)
{
	struct sv passed = sv_from(bytes.ptr + stream->counted, start - stream->counted);

	/* A document starts with a line, so only whole lines have been passed. */
	stream->lines += mark_at(passed, passed.len).line - 1;
	stream->counted = start;
	return stream->lines + 1;
}

static int32_t fail_parse(struct yaml_builder *b, const yaml_parser_t *parser,
			  struct yaml_cursor start)
{
	enum { ESCAPE = 2 };
	const struct yaml_problem *problem = yaml_problem_find(parser->problem, parser->context);
	struct yaml_cursor at = start;
	size_t index = parser->problem_mark.index;

	/* A malloc that failed for the tag "!" leaves no error behind in libyaml 0.2.5. */
	if (parser->error == YAML_MEMORY_ERROR || parser->error == YAML_NO_ERROR)
		return diag_memory(b->in->diag, OCIENV_ERR_NOMEM);
	if (problem->place == YAML_PLACE_CONTEXT)
		index = parser->context_mark.index;
	else if (problem->place == YAML_PLACE_ESCAPE)
		index -= ESCAPE;
	yaml_cursor_move(&at, index);
	return yaml_build_fail(b, problem->status, at.mark,
			       yaml_cursor_byte(&at) == '\t' ? yaml_problem_tab
							     : problem->message);
}

/* Behind the end of the document nothing may follow: the loader would not look at it. */
static int32_t check_trailer(struct yaml_builder *b, const yaml_event_t *end,
			     size_t limit)
{
	size_t at;

	yaml_cursor_move(&b->cursor, end->start_mark.index);
	if (yaml_is_trailer(b->in->bytes, b->cursor.offset, limit, &at))
		return OCIENV_OK;
	return diag_fail_at(
	    b->in->diag, OCIENV_ERR_AMBIGUOUS, at, NULL,
	    "expected nothing behind the end of the document, found more text");
}

/* All events of one document; *ret stays NULL if there is no document. */
static int32_t read_events(struct yaml_builder *b, yaml_parser_t *parser,
			   const struct yaml_part *part, bool *ret_any)
{
	const struct yaml_cursor start = b->cursor;
	bool end = false;
	int32_t r = OCIENV_OK;

	while (!r && !end) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event))
			return fail_parse(b, parser, start);
		if (event.type == YAML_DOCUMENT_END_EVENT) {
			r = check_trailer(b, &event, part->end);
			*ret_any = end = true;
		} else if (event.type == YAML_STREAM_END_EVENT ||
			   event.type == YAML_NO_EVENT) {
			end = true;
		} else if (event.type != YAML_STREAM_START_EVENT &&
			   event.type != YAML_DOCUMENT_START_EVENT) {
			r = yaml_build_event(b, &event);
		}
		yaml_event_delete(&event);
	}
	return r;
}

static int32_t parse_part(const struct text_input *in, const struct yaml_part *part,
			  struct yaml_builder *b, bool *ret_any)
{
	struct feed feed = {
	    .rest = sv_from(in->bytes.ptr + part->start, part->end - part->start)};
	yaml_parser_t parser;
	int32_t r;

	feed.newline = in->bytes.ptr[part->end - 1] != '\n';
	if (!yaml_parser_initialize(&parser))
		return diag_memory(in->diag, OCIENV_ERR_NOMEM);
	yaml_parser_set_input(&parser, read_feed, &feed);
	/* Without this libyaml looks for UTF-16. */
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	r = read_events(b, &parser, part, ret_any);
	yaml_parser_delete(&parser);
	return r;
}

int32_t yaml_part_events(const struct text_input *in, const struct yaml_part *part,
			 uint32_t line, const struct node **ret)
{
	struct yaml_builder b = {.in = in, .decoded = 1, .nodes = {.moves = true}};
	struct node *top;
	bool any = false;
	int32_t r = yaml_check(in, part);

	if (r)
		return r;
	/* Where libyaml begins to count. */
	b.cursor = (struct yaml_cursor){
		.text = in->bytes, .offset = part->start, .mark = {line, 1}};
	arena_init(&b.scratch, &in->arena->allocator, in->arena->limit);
	r = parse_part(in, part, &b, &any);
	arena_free(&b.scratch);
	if (r || !any)
		return r;
	top = ARENA_NEW(text_nodes(in), struct node);
	if (!top)
		return diag_memory(in->diag, arena_status(text_nodes(in)));
	*top = b.top;
	*ret = top;
	return OCIENV_OK;
}

static int32_t read_part(const struct text_input *in, struct yaml_stream *stream,
			 const struct yaml_part *part, const struct node **ret)
{
	uint32_t line = line_of(stream, in->bytes, part->start);
	int32_t r = yaml_simple(in, part, line, ret);

	return r || *ret ? r : yaml_part_events(in, part, line, ret);
}

/* What concerns the file, not one of its documents. */
static int32_t check_file(const struct text_input *in)
{
	static const struct mark first = {1, 1};
	struct sv bytes = in->bytes;

	if (bytes.len > in->limits->max_document)
		return diag_fail(in->diag, OCIENV_ERR_LIMIT, first, NULL,
				 "expected a document of at most %u bytes, found %zu",
				 in->limits->max_document, bytes.len);
	if (sv_has_prefix(bytes, SV("\xff\xfe")) || sv_has_prefix(bytes, SV("\xfe\xff")))
		return diag_fail(in->diag, OCIENV_ERR_ENCODING, first, NULL,
				 "expected UTF-8, found UTF-16");
	return OCIENV_OK;
}

int32_t yaml_next(const struct text_input *in, struct yaml_stream *stream,
		  const struct node **ret)
{
	const struct node *found = NULL;
	size_t at = stream->offset;
	int32_t r = at ? OCIENV_OK : check_file(in);

	while (!r && !found && at < in->bytes.len) {
		struct yaml_part part;

		r = yaml_split(in, &at, &part);
		if (!r && part.start < part.end)
			r = read_part(in, stream, &part, &found);
	}
	if (r)
		return r;
	stream->offset = at;
	*ret = found;
	return OCIENV_OK;
}

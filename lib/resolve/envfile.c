/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar: blanks, NAME, "=", a text in single quotes that may span lines, blanks, a
 * comment. Nothing is escaped or expanded.
 */
#include "resolve/envfile.h"

/* bufio.Scanner takes no longer line; its line end counts. */
enum { LINE_MAX_BYTES = 65536 };

struct lines {
	struct sv rest;
	uint32_t number; /* of the line that was read last */
	struct envfile_fault *fault;
};

static bool fail(struct lines *lines, uint32_t line, const char *message)
{
	*lines->fault = (struct envfile_fault){line, message};
	return false;
}

/* bufio.ScanLines: without the LF, nor the CR before it. *end: there is none left. */
static bool next_line(struct lines *lines, struct sv *line, bool *end)
{
	size_t length = lines->rest.len ? sv_find(lines->rest, '\n') : 0;
	bool complete = length < lines->rest.len;

	*end = !lines->rest.len;
	if (*end)
		return true;
	lines->number++;
	if (length + complete > LINE_MAX_BYTES || (!complete && length >= LINE_MAX_BYTES))
		return fail(lines, lines->number, "expected a line of at most 64 KiB, found a "
						  "longer one");
	*line = sv_from(lines->rest.ptr, length);
	lines->rest = sv_skip(lines->rest, length + complete);
	if (line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return true;
}

static struct sv skip_blanks(struct sv text)
{
	size_t n = 0;

	while (n < text.len && (text.ptr[n] == ' ' || text.ptr[n] == '\t'))
		n++;
	return sv_skip(text, n);
}

/* A value is put together from the lines that it spans. */
struct text {
	char *out;
	size_t len;
};

static void append(struct text *text, struct sv part)
{
	sv_write(text->out + text->len, part);
	text->len += part.len;
}

/* From behind the opening quote to the end of the last line of the value. */
static bool read_quoted(struct lines *lines, struct sv line, struct text *value)
{
	uint32_t started = lines->number;
	bool end = false;

	while (!sv_contains(line, '\'')) {
		append(value, line);
		append(value, SV("\n"));
		if (!next_line(lines, &line, &end))
			return false;
		if (end)
			return fail(lines, started, "expected a closing quote, found none");
	}
	append(value, sv_from(line.ptr, sv_find(line, '\'')));
	line = skip_blanks(sv_skip(line, sv_find(line, '\'') + 1));
	if (line.len && line.ptr[0] != '#')
		return fail(lines, lines->number,
			    "expected the end of the line behind the closing quote, found more "
			    "text");
	return true;
}

/* One definition; `line` is not blank. */
static bool read_definition(struct lines *lines, struct sv line, struct sv *name,
			    struct text *value)
{
	size_t equals = sv_find(line, '=');

	*name = sv_from(line.ptr, equals);
	line = sv_skip(line, equals + 1);
	if (equals == name->len + line.len)
		return fail(lines, lines->number, "expected NAME=, found no \"=\"");
	if (!equals)
		return fail(lines, lines->number, "expected a name before \"=\", found none");
	if (name->ptr[equals - 1] == ' ' || name->ptr[equals - 1] == '\t')
		return fail(lines, lines->number, "expected no blank before \"=\", found one");
	if (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
		return true; /* empty, whatever follows */
	if (!line.len || line.ptr[0] != '\'')
		return fail(lines, lines->number,
			    "expected a value in single quotes, found another one");
	return read_quoted(lines, sv_skip(line, 1), value);
}

bool envfile_find(struct sv file, struct sv key, struct arena *arena, struct sv *ret,
		  struct envfile_fault *fault)
{
	struct lines lines = {.rest = file, .fault = fault};
	struct text value = {.out = arena_chars(arena, file.len + 1)};
	struct sv line, name;
	bool end = false;

	*ret = sv_from(value.out, 0);
	while (value.out) {
		if (!next_line(&lines, &line, &end))
			return false;
		if (end)
			return true;
		line = skip_blanks(line);
		if (!line.len || line.ptr[0] == '#')
			continue;
		value.len = 0;
		if (!read_definition(&lines, line, &name, &value))
			return false;
		if (sv_eq(name, key)) {
			*ret = sv_from(value.out, value.len);
			return true;
		}
	}
	return true;
}

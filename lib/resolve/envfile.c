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
	struct envfile *file;
};

static bool fail(struct lines *lines, uint32_t line, const char *message)
{
	lines->file->fault_line = line;
	lines->file->fault = message;
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

/* A value is put together from the lines that it spans; they are shorter without their CRs
 * and quotes. */
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

/* All definitions up to the end or the first fault. Their values stand one behind the other
 * in `out`, which has room for the whole file. false: no memory. */
static bool read_definitions(struct lines *lines, struct arena *arena, char *out)
{
	struct vec *definitions = &lines->file->definitions;
	struct sv line;
	bool end = false;

	while (next_line(lines, &line, &end) && !end) {
		struct envfile_definition *definition;
		struct text value = {.out = out};
		struct sv name;

		line = skip_blanks(line);
		if (!line.len || line.ptr[0] == '#')
			continue;
		if (!read_definition(lines, line, &name, &value))
			break;
		definition = VEC_PUSH(definitions, arena, struct envfile_definition);
		if (!definition)
			return false;
		*definition = (struct envfile_definition){name, sv_from(value.out, value.len)};
		out += value.len;
	}
	return true;
}

bool envfile_read(struct envfile *file, struct sv bytes, struct arena *arena)
{
	struct lines lines = {.rest = bytes, .file = file};
	char *out = arena_chars(arena, bytes.len);
	const struct envfile_definition *all;
	uint32_t count;

	*file = (struct envfile){.fault = NULL};
	if (!out || !read_definitions(&lines, arena, out))
		return false;
	all = file->definitions.items;
	count = file->definitions.count;
	file->names = ARENA_ARRAY(arena, count, struct sort_item);
	for (uint32_t i = 0; file->names && i < count; i++)
		file->names[i] = sort_item(all[i].name, i);
	return file->names && sort_names(file->names, count, arena);
}

bool envfile_find(const struct envfile *file, struct sv key, struct sv *ret)
{
	const struct envfile_definition *all = file->definitions.items;
	uint32_t count = file->definitions.count;
	size_t at = sort_find(file->names, count, key); /* equal names keep their order */

	*ret = at < count ? all[file->names[at].index].value : SV("");
	return at < count || !file->fault;
}

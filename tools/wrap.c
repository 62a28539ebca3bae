/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that fit a terminal. Nothing is cut off: a line that is too long goes on below, further
 * to the right. Where it was parted between two words, the line's end stands for the blank
 * between them; within a word or a text in quotes a backslash stands at the line's end, and
 * a blank behind it is \x20.
 */
#include "tool.h"

#include <string.h>

struct line {
	const char *text;
	size_t length;
	size_t at;     /* what is still to be printed */
	size_t indent; /* of what goes on below */
	size_t start;  /* of what stands behind the label, which stays with it */
	bool quoted;   /* what is still to be printed starts within quotes */
};

/* Code points that take two columns, roughly: East Asian wide ones, and pictures. */
static bool is_wide(uint32_t c)
{
	static const uint32_t ranges[][2] = {
		{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},	 {0xf900, 0xfaff},
		{0xfe30, 0xfe6f}, {0xff00, 0xff60},   {0xffe0, 0xffe6},	 {0x1f300, 0x1faff},
		{0x20000, 0x3fffd},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

/* Bytes of what stays together: an escape, or a character. The text is UTF-8. */
static size_t unit_of(const struct line *line, size_t at, size_t *width)
{
	const unsigned char *p = (const unsigned char *)line->text + at;
	size_t left = line->length - at, n;
	uint32_t c;

	if (p[0] == '\\' && left > 1) {
		n = p[1] == 'x' && left >= 4 ? 4 : 2;
		*width = n;
		return n;
	}
	n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n > left)
		n = left;
	c = n > 1 ? p[0] & (0x7fU >> n) : p[0];
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	*width = is_wide(c) ? 2 : 1;
	return n;
}

/* Where what stands behind a label starts: "env   A=1". Words with one blank between them
 * are no label. */
static size_t content_of(const char *text, size_t length)
{
	size_t indent = 0, word;

	while (indent < length && text[indent] == ' ')
		indent++;
	word = indent;
	while (word < length && text[word] != ' ')
		word++;
	if (word - indent > 16 || word + 1 >= length || text[word + 1] != ' ')
		return indent;
	while (word < length && text[word] == ' ')
		word++;
	return word;
}

/* Does the word at `at` fit on a line of its own? */
static bool word_fits(const struct line *line, size_t at)
{
	size_t used = line->indent;
	bool quoted = false;

	while (at < line->length && (quoted || line->text[at] != ' ')) {
		size_t width, n = unit_of(line, at, &width);

		quoted ^= line->text[at] == '"';
		used += width;
		at += n;
		if (used > WIDTH)
			return false;
	}
	return true;
}

/* Where a word may be parted: as late as it can be, but at a joint of a list or a path if
 * there is one in the right half. */
struct cut {
	size_t at;
	bool quoted, joint;
};

static void offer_cut(struct cut *cut, struct cut other, size_t used, size_t room)
{
	if (used >= room) /* no room for the mark */
		return;
	if (other.joint && 2 * used <= room)
		other.joint = false;
	if (other.joint || !cut->joint)
		*cut = other;
}

/* Where the piece ends that fits in `room` columns; *marked: it is parted within a word. */
static size_t piece_of(struct line *line, size_t room, bool *marked)
{
	struct cut cut = {line->at, line->quoted, false};
	size_t at = line->at, used = 0, blank = 0;
	bool quoted = line->quoted;

	for (;;) {
		size_t width, n;

		*marked = false;
		if (at == line->length)
			return at;
		if (line->text[at] == ' ' && !quoted && at > line->start)
			blank = at;
		n = unit_of(line, at, &width);
		if (used + width > room)
			break;
		quoted ^= line->text[at] == '"';
		used += width;
		at += n;
		/* A blank behind the cut would be lost among those of the indent. */
		if (cut.at > line->at && at < line->length && line->text[at] == ' ')
			continue;
		offer_cut(&cut, (struct cut){at, quoted, strchr(":,/ ", line->text[at - 1])}, used,
			  room);
	}
	*marked = !blank || !word_fits(line, blank + 1);
	line->quoted = *marked && cut.quoted;
	return *marked ? cut.at : blank;
}

static void print_line(FILE *to, struct line *line, bool labels)
{
	size_t end, room = WIDTH, label = labels ? strcspn(line->text, " =\n") : 0;
	bool marked;

	for (;;) {
		end = piece_of(line, room, &marked);
		if (label && label <= end) {
			(void)fprintf(to, "\033[1m%.*s\033[0m", (int)label, line->text);
			line->at = label;
		}
		label = 0;
		(void)fwrite(line->text + line->at, 1, end - line->at, to);
		line->at = end + (end < line->length && !marked);
		if (line->at >= line->length)
			break;
		(void)fprintf(to, "%s\n%*s", marked ? "\\" : "", (int)line->indent, "");
		room = WIDTH - line->indent;
		if (marked && line->text[line->at] == ' ') {
			room -= (size_t)fprintf(to, "\\x20");
			line->at++;
		}
	}
	(void)fputc('\n', to);
}

void print_wrapped(FILE *to, const char *text, size_t size, bool labels)
{
	enum { STEP = 2, DEEPEST = WIDTH / 4 };

	while (size) {
		const char *end = memchr(text, '\n', size);
		size_t length = end ? (size_t)(end - text) : size;
		size_t start = content_of(text, length);
		struct line line = {text, length, 0, start + STEP, start, false};

		if (line.indent > DEEPEST)
			line.indent = DEEPEST;
		print_line(to, &line, labels);
		size -= length + (end != NULL);
		text += length + (end != NULL);
	}
}

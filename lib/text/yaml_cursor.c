/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One cursor walks over a document once, beside libyaml, whose marks only grow. Lines end
 * as ocienv.h says and editors do; libyaml also breaks lines at NEL, LS and PS, so its
 * own line numbers must not be used.
 */
#include "text/yaml_cursor.h"

#include "base/utf8.h"
#include "text/yaml_check.h"

static void step(struct yaml_cursor *c)
{
	const char *p = c->text.ptr + c->offset;
	const char *end = c->text.ptr + c->text.len;
	bool crlf = p[0] == '\r' && p + 1 < end && p[1] == '\n';

	if (p[0] == '\n' || (p[0] == '\r' && !crlf)) {
		c->mark.line++;
		c->mark.column = 1;
	} else if (!crlf) {
		c->mark.column++;
	}
	do
		p++;
	while (p < end && utf8_is_continuation((unsigned char)*p));
	c->offset = (size_t)(p - c->text.ptr);
	c->index++;
}

/* Printable ASCII up to a character: most of most documents. */
static void step_plain(struct yaml_cursor *c, size_t index)
{
	size_t left = c->text.len - c->offset, n = 0;
	const char *p = c->text.ptr + c->offset;

	if (left > index - c->index)
		left = index - c->index;
	while (n < left && (unsigned char)p[n] >= 0x20 && (unsigned char)p[n] < 0x80)
		n++;
	c->offset += n;
	c->index += n;
	c->mark.column += (uint32_t)n;
}

void yaml_cursor_move(struct yaml_cursor *c, size_t index)
{
	while (c->index < index && c->offset < c->text.len) {
		step_plain(c, index);
		if (c->index < index && c->offset < c->text.len)
			step(c);
	}
}

char yaml_cursor_byte(const struct yaml_cursor *c)
{
	return c->offset < c->text.len ? c->text.ptr[c->offset] : '\0';
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool at_break(const struct yaml_cursor *c)
{
	return is_one_of(yaml_cursor_byte(c), "\r\n") ||
	       yaml_wide_break(sv_skip(c->text, c->offset)) > 0;
}

static bool at_end(const struct yaml_cursor *c)
{
	return c->offset >= c->text.len;
}

static void skip_blanks_and_comments(struct yaml_cursor *c)
{
	while (!at_end(c)) {
		if (yaml_cursor_byte(c) == '#')
			while (!at_end(c) && !at_break(c))
				step(c);
		else if (is_one_of(yaml_cursor_byte(c), " \t") || at_break(c))
			step(c);
		else
			break;
	}
}

static bool is_name(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       c == '_' || c == '-';
}

static void skip_tag(struct yaml_cursor *c)
{
	bool verbatim = yaml_cursor_byte(c) == '<';

	while (!at_end(c) && !at_break(c) && !is_one_of(yaml_cursor_byte(c), " \t") &&
	       (verbatim || !is_one_of(yaml_cursor_byte(c), ",[]{}"))) {
		verbatim = verbatim && yaml_cursor_byte(c) != '>';
		step(c);
	}
}

void yaml_cursor_skip_properties(struct yaml_cursor *c, size_t end,
				 struct yaml_properties *ret)
{
	*ret = (struct yaml_properties){0};
	while (c->index < end && is_one_of(yaml_cursor_byte(c), "&!")) {
		bool tag = yaml_cursor_byte(c) == '!';

		step(c);
		if (tag)
			skip_tag(c);
		while (!tag && is_name(yaml_cursor_byte(c)))
			step(c);
		ret->tag |= tag;
		ret->tag_comma |= tag && yaml_cursor_byte(c) == ',';
		skip_blanks_and_comments(c);
	}
}

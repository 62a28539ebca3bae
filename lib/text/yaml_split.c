/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubectl cuts a file into documents at the lines that start with "---", before any YAML
 * is read, so even inside of a quoted scalar. This file does the same and must not know
 * more about YAML than kubectl does there.
 */
#include "text/yaml_check.h"

static const struct sv separator = {"---", 3};
static const struct sv byte_order_mark = {"\xef\xbb\xbf", 3};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Bytes of the line at `offset` with its LF: kubectl's reader knows no other line end. */
static struct sv line_at(struct sv bytes, size_t offset)
{
	struct sv rest = sv_skip(bytes, offset);
	size_t n = sv_find(rest, '\n');

	return sv_from(rest.ptr, n < rest.len ? n + 1 : n);
}

/* What kubectl allows behind "---" on its line: blanks and a comment. */
static int32_t check_separator(const struct text_input *in, size_t offset, struct sv line)
{
	size_t i = separator.len;

	while (i < line.len && (is_blank(line.ptr[i]) || line.ptr[i] == '\n'))
		i++;
	if (i == line.len || line.ptr[i] == '#')
		return OCIENV_OK;
	return diag_fail_at(in->diag, OCIENV_ERR_SYNTAX, offset + i, NULL,
			    "expected the end of the line behind \"---\", found more text");
}

/* Surely nothing but spaces and comments? What is doubtful (a tab, a line end that
 * kubectl does not know) is left to libyaml. */
static bool is_comment(struct sv line)
{
	bool comment = false;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];

		if (c == '\r' || c == '\n')
			comment = false;
		else if (c == '#')
			comment = true;
		else if (comment ? yaml_wide_break(sv_skip(line, i)) > 0 : c != ' ')
			return false;
	}
	return true;
}

int32_t yaml_split(const struct text_input *in, size_t *offset, struct yaml_part *ret)
{
	struct sv bytes = in->bytes;
	size_t start = *offset, at = *offset;
	bool content = false;

	if (at == 0 && sv_has_prefix(bytes, byte_order_mark))
		at = byte_order_mark.len;
	while (at < bytes.len) {
		struct sv line = line_at(bytes, at);
		int32_t r;

		if (sv_has_prefix(line, separator)) {
			if (content)
				break;
			r = check_separator(in, at, line);
			if (r)
				return r;
			start = at + line.len;
		} else {
			content = content || !is_comment(line);
		}
		at += line.len;
	}
	*offset = at;
	*ret = (struct yaml_part){content ? start : at, at};
	/* Each part is a stream of its own to the loader, with a mark of its own. */
	if (sv_has_prefix(sv_from(bytes.ptr + ret->start, at - ret->start),
			  byte_order_mark))
		ret->start += byte_order_mark.len;
	return OCIENV_OK;
}

bool yaml_is_trailer(struct sv bytes, size_t from, size_t to, size_t *ret)
{
	static const struct sv end = {"...", 3};
	bool comment = false, line_start = true;

	for (size_t i = from; i < to; i++) {
		char c = bytes.ptr[i];

		if (c == '\r' || c == '\n') {
			comment = false;
			line_start = true;
			continue;
		}
		if (line_start && sv_has_prefix(sv_from(bytes.ptr + i, to - i), end)) {
			i += end.len - 1;
		} else if (!comment && c == '#') {
			comment = true;
		} else if (comment ? yaml_wide_break(sv_skip(bytes, i)) > 0
				   : !is_blank(c)) {
			*ret = i;
			return false;
		}
		line_start = false;
	}
	return true;
}

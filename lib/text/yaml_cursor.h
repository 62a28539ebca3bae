/* SPDX-License-Identifier: Apache-2.0 */
/* From libyaml's places (characters since the start) to bytes, lines and columns. */
#ifndef OCIENV_TEXT_YAML_CURSOR_H
#define OCIENV_TEXT_YAML_CURSOR_H

#include "base/error.h"

/* A place in a text that is known to be UTF-8. */
struct yaml_cursor {
	struct sv text; /* the whole file */
	size_t offset;  /* in bytes */
	size_t index;   /* in characters, since where libyaml began */
	struct mark mark;
};

/* Moves forward to a character, or to the end of the text. */
void yaml_cursor_move(struct yaml_cursor *cursor, size_t index);

/* The byte at the place; '\0' at the end (the text holds none). */
char yaml_cursor_byte(const struct yaml_cursor *cursor);

/* What stands before a node's own text. */
struct yaml_properties {
	bool tag;       /* "!..." */
	bool tag_comma; /* a tag with a "," directly behind it */
};

/* Moves over anchors and tags, and the blanks, line ends and comments behind them; not
 * beyond the character `end` but for those. */
void yaml_cursor_skip_properties(struct yaml_cursor *cursor, size_t end,
				 struct yaml_properties *ret);

#endif

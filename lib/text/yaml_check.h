/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is settled before libyaml sees a byte. */
#ifndef OCIENV_TEXT_YAML_CHECK_H
#define OCIENV_TEXT_YAML_CHECK_H

#include "text/text.h"

/* Bytes of a line end that only YAML 1.1 knows (NEL, LS, PS) at the start of `rest`,
 * or 0. */
static inline size_t yaml_wide_break(struct sv rest)
{
	if (sv_has_prefix(rest, SV("\xc2\x85")))
		return 2;
	if (sv_has_prefix(rest, SV("\xe2\x80\xa8")) ||
	    sv_has_prefix(rest, SV("\xe2\x80\xa9")))
		return 3;
	return 0;
}

/* One document of a file: what kubectl hands to the YAML loader. */
struct yaml_part {
	size_t start, end; /* bytes in the file */
};

/* The next part that holds more than comments, from *offset on, which is moved behind it;
 * start == end: none is left. Errors: SYNTAX. */
int32_t yaml_split(const struct text_input *in, size_t *offset, struct yaml_part *ret);

/* Encoding, characters, and what makes libyaml slow or parsers disagree.
 * Errors: LIMIT, SYNTAX, ENCODING, AMBIGUOUS. */
int32_t yaml_check(const struct text_input *in, const struct yaml_part *part);

/* The tree of a part as libyaml has it, whose first line is number `line`; *ret is left alone if
 * there is no document in it. yaml_simple() must not differ. Errors: those of yaml_next(). */
int32_t yaml_part_events(const struct text_input *in, const struct yaml_part *part,
			 uint32_t line, const struct node **ret);

/* Only comments, blanks and "..." between two bytes of the file? Else the first other
 * byte is *ret. */
bool yaml_is_trailer(struct sv bytes, size_t from, size_t to, size_t *ret);

#endif

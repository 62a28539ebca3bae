/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form that most manifests have, read without libyaml: one mapping in block style, with
 * plain keys, and values that begin and end on one line.
 */
#ifndef OCIENV_TEXT_YAML_SIMPLE_H
#define OCIENV_TEXT_YAML_SIMPLE_H

#include "text/text.h"
#include "text/yaml_check.h"

/*
 * The tree of one part of a file, whose first line is number `line`; *ret stays NULL if the part
 * is not that simple, which is said of everything that is wrong as well: it is then for libyaml
 * to read and for its reader to complain about. Must never take a document that they would not
 * take, nor read one otherwise, marks included. Errors: NOMEM, LIMIT (the arena's).
 */
int32_t yaml_simple(const struct text_input *in, const struct yaml_part *part, uint32_t line,
		    const struct node **ret);

#endif

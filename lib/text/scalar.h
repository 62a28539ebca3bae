/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a YAML scalar is: a string, a number, a boolean or null, decided exactly as the
 * Kubernetes loader does (go-yaml v2 followed by a conversion to JSON).
 */
#ifndef OCIENV_TEXT_SCALAR_H
#define OCIENV_TEXT_SCALAR_H

#include "base/arena.h"
#include "text/node.h"

/* What the tag of a scalar asks for. */
enum scalar_tag {
	SCALAR_TAG_NONE, /* plain and without a tag: the text decides */
	SCALAR_TAG_STR,  /* quoted, "!", !!str and every tag that go-yaml does not know */
	SCALAR_TAG_INT,
	SCALAR_TAG_FLOAT,
	SCALAR_TAG_BOOL,
	SCALAR_TAG_NULL,
	SCALAR_TAG_BINARY,
	SCALAR_TAG_TIMESTAMP,
};

enum scalar_outcome {
	SCALAR_OK,
	SCALAR_NO_MEMORY,  /* the arena says why */
	SCALAR_MISFIT,     /* the text is none of what the tag asks for */
	SCALAR_BAD_BASE64, /* !!binary */
};

struct scalar {
	enum node_kind kind;
	struct sv text; /* as node.h wants it; in the input, static or in the arena */
	bool not_finite; /* FLOAT: the text is ".inf", "-.inf" or ".nan" */
	bool above_int64; /* INT: fits only an unsigned 64-bit integer */
};

/* The tag's meaning; `tag` is the resolved one ("tag:yaml.org,2002:str"). */
enum scalar_tag scalar_tag_of(struct sv tag);

/* What the message calls it: "an integer". */
const char *scalar_tag_name(enum scalar_tag tag);

enum scalar_outcome scalar_resolve(struct sv text, enum scalar_tag tag,
				   struct arena *arena, struct scalar *ret);

/* The text of a FLOAT as a mapping key: rounded to 32 bits, as the loader prints it.
 * False if it would have to be rounded, which this library does not do
 * (docs/strictness.md). */
bool scalar_float_key(struct sv text, char buffer[32], struct sv *ret);

/* True if an unquoted scalar with this text would not be a string. */
bool scalar_text_is_typed(struct sv text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text in, node tree out. Nothing of a document is believed before it went through here.
 */
#ifndef OCIENV_TEXT_TEXT_H
#define OCIENV_TEXT_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "text/node.h"

/* What one parse needs. */
struct text_input {
	struct sv bytes; /* never NULL */
	const struct diag *diag; /* its text is `bytes` */
	const struct ocienv_limits *limits; /* complete, from limits_of() */
	struct arena *arena; /* for the tree, or for its texts alone */
	/* Several programs read this document: what they are known to disagree about, though
	 * it is well-formed, is AMBIGUOUS. */
	bool many_readers;
	/* For the nodes, so that they can go before their texts do; NULL: `arena`. */
	struct arena *nodes;
};

static inline struct arena *text_nodes(const struct text_input *in)
{
	return in->nodes ? in->nodes : in->arena;
}

/* json-c, which crun reads with, takes no deeper nesting unless it is told to. */
enum { PORTABLE_DEPTH = 31 };

/*
 * One RFC 8259 text. Strict: UTF-8 without a byte order mark, no NUL, no lone surrogates, no
 * duplicate keys, nothing behind the value. Nodes point into `bytes`.
 * Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS.
 */
int32_t json_parse(const struct text_input *in, const struct node **ret);

/* Where yaml_next() is in a file. Starts zeroed. */
struct yaml_stream {
	size_t offset;	/* of what is still to be read */
	size_t counted; /* bytes whose lines are counted */
	uint32_t lines;
};

/*
 * The next document of a YAML stream, exactly as Kubernetes' loader understands it, cut out
 * of the file as `kubectl apply -f` does it. *stream is moved behind the document; *ret is NULL when there is none left. A document of comments alone is passed
 * over. Strings never hold a NUL.
 * Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE.
 */
int32_t yaml_next(const struct text_input *in, struct yaml_stream *stream,
		  const struct node **ret);

/* What kubectl does: the first byte that is not white space is "{": JSON; else YAML. */
bool text_is_json(struct sv bytes);

/*
 * The value of a string node: a view into the document or into `arena`, without an inner
 * NUL, followed by none. Only JSON escapes take memory: json-c decodes them. Must not be
 * called for other kinds. Errors: NOMEM, LIMIT (the arena's).
 */
int32_t node_string(const struct node *node, struct arena *arena, struct sv *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One scalar event becomes one node. Refuses what libyaml reads otherwise than the loader
 * of Kubernetes, whose scanner descends from an older libyaml: "?" in a plain scalar in a
 * flow collection, "\/" in a quoted one, a tag with "," behind it. Never shows a value.
 */
#include "base/utf8.h"
#include "text/scalar.h"
#include "text/yaml_build.h"
#include "text/yaml_map.h"

static const struct sv merge_tag = {"tag:yaml.org,2002:merge", 23};

/* What is known about the scalar at hand. */
struct source {
	const yaml_event_t *event;
	struct sv value;
	struct yaml_cursor at; /* its first character */
	struct yaml_properties properties;
	struct sv tag;
	bool plain;
};

static void locate(struct yaml_builder *b, struct source *s)
{
	const yaml_event_t *event = s->event;

	yaml_cursor_move(&b->cursor, event->start_mark.index);
	s->at = b->cursor;
	/* Without any text: libyaml puts it where something else may stand. */
	if (event->start_mark.index == event->end_mark.index)
		return;
	yaml_cursor_skip_properties(&s->at, event->end_mark.index, &s->properties);
	if (s->plain && !s->value.len)
		s->at = b->cursor;
}

/* An escape "\/" between the quotes: JSON knows it, YAML 1.1 does not. */
static bool has_escaped_slash(const struct yaml_cursor *at)
{
	struct sv rest = sv_skip(at->text, at->offset + 1);

	for (size_t i = 0; i + 1 < rest.len && rest.ptr[i] != '"'; i++) {
		if (rest.ptr[i] != '\\')
			continue;
		i++;
		if (rest.ptr[i] == '/')
			return true;
	}
	return false;
}

static int32_t check(struct yaml_builder *b, const struct source *s)
{
	uint32_t most = b->in->limits->max_string;
	const struct yaml_frame *frame = yaml_innermost(b);

	if (s->value.len > most)
		return diag_fail(b->in->diag, OCIENV_ERR_LIMIT, s->at.mark,
				 yaml_build_path(b),
				 "expected at most %u bytes in a string, found %zu", most,
				 s->value.len);
	if (sv_contains(s->value, '\0'))
		return yaml_build_fail(b, OCIENV_ERR_ENCODING, s->at.mark,
				       "expected text without NUL, found one");
	if (s->properties.tag_comma)
		return yaml_build_fail(
		    b, OCIENV_ERR_AMBIGUOUS, s->at.mark,
		    "expected a blank behind a tag, found \",\": parsers disagree "
		    "about it");
	if (s->plain && frame && frame->flow && sv_contains(s->value, '?'))
		return yaml_build_fail(
		    b, OCIENV_ERR_AMBIGUOUS, s->at.mark,
		    "expected quotes around a word with \"?\" in a flow list or "
		    "map, found none: parsers disagree about it");
	if (s->event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE &&
	    has_escaped_slash(&s->at))
		return yaml_build_fail(
		    b, OCIENV_ERR_AMBIGUOUS, s->at.mark,
		    "expected an escape that all parsers know, found \"\\/\"");
	return yaml_charge(b, 1, s->at.mark);
}

/* go-yaml: a "<<" that is not quoted, or has the tag. */
static bool is_merge(const struct yaml_builder *b, const struct source *s)
{
	return yaml_at_key(b) && sv_eq(s->value, SV("<<")) &&
	       (s->event->data.scalar.plain_implicit || sv_eq(s->tag, merge_tag));
}

static enum scalar_tag meaning(const struct source *s)
{
	if (s->tag.ptr)
		return scalar_tag_of(s->tag);
	/* libyaml forgets the tag "!", by which go-yaml knows a string. */
	if (s->properties.tag || !s->event->data.scalar.plain_implicit)
		return SCALAR_TAG_STR;
	return SCALAR_TAG_NONE;
}

/* The text as it stands in the document if it stands there unchanged, else a copy. */
static const char *keep(struct yaml_builder *b, const struct source *s)
{
	struct sv source = sv_skip(s->at.text, s->at.offset + (s->plain ? 0 : 1));

	if (sv_has_prefix(source, s->value))
		return source.ptr;
	return arena_strdup(b->in->arena, s->value);
}

/* The loader makes strings of the numbers and booleans that stand as keys. */
static int32_t make_key(struct yaml_builder *b, struct scalar *scalar, struct mark mark)
{
	enum { KEY_SIZE = 32 };
	char *buffer;

	if (scalar->kind == NODE_NULL)
		return yaml_build_fail(b, OCIENV_ERR_TYPE, mark,
				       "expected a string as key, found null");
	if (scalar->above_int64)
		return yaml_build_fail(
		    b, OCIENV_ERR_TYPE, mark,
		    "expected a string as key, found an integer beyond 63 "
		    "bits");
	if (scalar->kind == NODE_FLOAT && !scalar->not_finite) {
		buffer = arena_alloc(b->in->arena, KEY_SIZE);
		if (!buffer)
			return yaml_build_no_memory(b, b->in->arena);
		if (!scalar_float_key(scalar->text, buffer, &scalar->text))
			return yaml_build_fail(
			    b, OCIENV_ERR_AMBIGUOUS, mark,
			    "expected a string as key, found a number that "
			    "would be rounded");
	}
	scalar->kind = NODE_STRING;
	scalar->not_finite = false;
	return OCIENV_OK;
}

static int32_t resolve(struct yaml_builder *b, const struct source *s, struct scalar *ret)
{
	enum scalar_tag tag = meaning(s);
	enum scalar_outcome outcome = scalar_resolve(s->value, tag, b->in->arena, ret);
	int32_t r = OCIENV_OK;

	if (outcome == SCALAR_NO_MEMORY)
		return yaml_build_no_memory(b, b->in->arena);
	if (outcome)
		return diag_fail(b->in->diag, OCIENV_ERR_VALUE, s->at.mark,
				 yaml_build_path(b),
				 "expected %s, as the tag says, found other text",
				 scalar_tag_name(tag));
	if (tag == SCALAR_TAG_BINARY &&
	    (!utf8_valid(ret->text) || sv_contains(ret->text, '\0')))
		return yaml_build_fail(b, OCIENV_ERR_ENCODING, s->at.mark,
				       "expected UTF-8 without NUL in base64, found other bytes");
	if (yaml_at_key(b))
		r = make_key(b, ret, s->at.mark);
	if (!r && ret->not_finite)
		return yaml_build_fail(
		    b, OCIENV_ERR_VALUE, s->at.mark,
		    "expected a number that JSON has, found infinity or "
		    "not-a-number");
	return r;
}

int32_t yaml_build_scalar(struct yaml_builder *b, const yaml_event_t *event)
{
	struct source s = {
	    .event = event,
	    .value = {(const char *)event->data.scalar.value, event->data.scalar.length},
	    .tag = sv_of((const char *)event->data.scalar.tag),
	    .plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE,
	};
	struct scalar scalar = {.kind = NODE_STRING, .text = s.value};
	struct yaml_anchor *anchor;
	struct node node = {0};
	bool merge;
	int32_t r;

	locate(b, &s);
	merge = is_merge(b, &s);
	r = check(b, &s);
	if (!r && !merge)
		r = resolve(b, &s, &scalar);
	if (!r)
		r = yaml_build_anchor(b, event->data.scalar.anchor, &anchor);
	if (r)
		return r;
	b->decoded += !merge;
	node.kind = (uint8_t)scalar.kind;
	node.count = (uint32_t)scalar.text.len;
	node.mark = s.at.mark;
	node.text = scalar.text.ptr == s.value.ptr ? keep(b, &s) : scalar.text.ptr;
	if (!node.text)
		return yaml_build_no_memory(b, b->in->arena);
	b->text += node.count;
	yaml_anchor_complete(anchor, &node,
			     &(struct yaml_weight){.nodes = 1, .text = node.count, .decoded = 1});
	if (merge)
		node.kind = YAML_NODE_MERGE;
	return yaml_build_add(b, &node);
}

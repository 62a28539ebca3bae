/* SPDX-License-Identifier: Apache-2.0 */
#include "read/bind.h"

#include "text/text.h"

#include <stdarg.h>
#include <stdio.h>

int32_t bind_fail(const struct reader *reader, int32_t status, const struct node *node,
		  const struct path *path, const char *format, ...)
{
	char message[sizeof(((struct ocienv_error *)NULL)->message)];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	return diag_fail(reader->diag, status, node->mark, path, "%s", message);
}

int32_t bind_fail_type(const struct reader *reader, const struct node *node,
		       const struct path *path, const char *expected)
{
	const char *hint = "";

	if (node->kind == NODE_BOOL || node->kind == NODE_INT || node->kind == NODE_FLOAT)
		hint = strcmp(expected, "a string") == 0 ? " (put it in quotes)" : "";
	return bind_fail(reader, OCIENV_ERR_TYPE, node, path, "expected %s, found %s%s", expected,
			 node_kind_name(node), hint);
}

int32_t bind_expect(const struct reader *reader, const struct node *node,
		    const struct path *path, enum node_kind kind)
{
	static const struct node kinds[] = {
		[NODE_STRING] = {.kind = NODE_STRING},
		[NODE_LIST] = {.kind = NODE_LIST},
		[NODE_MAP] = {.kind = NODE_MAP},
	};

	if (node->kind == kind)
		return OCIENV_OK;
	return bind_fail_type(reader, node, path, node_kind_name(&kinds[kind]));
}

int32_t bind_text(const struct reader *reader, const struct node *node,
		  const struct path *path, struct text *ret)
{
	int32_t status;

	if (node->kind == NODE_NULL)
		return OCIENV_OK;
	status = bind_expect(reader, node, path, NODE_STRING);
	if (status)
		return status;
	status = node_string(node, reader->scratch, &ret->value);
	if (status)
		return diag_memory(reader->diag, status);
	ret->from = bind_origin(reader, node->mark);
	return OCIENV_OK;
}

/* Go: a null element of a list of strings is the empty string. */
static int32_t bind_strings(const struct reader *reader, const struct node *list,
			    const struct path *path, struct text_list *ret)
{
	int32_t status = bind_expect(reader, list, path, NODE_LIST);
	struct text *items;

	if (status)
		return status;
	items = ARENA_ARRAY(reader->scratch, list->count, struct text);
	if (!items)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; i < list->count; i++) {
		struct path here = path_index(path, i);
		const struct node *item = &list->children[i];

		items[i] = (struct text){SV(""), bind_origin(reader, item->mark)};
		status = bind_text(reader, item, &here, &items[i]);
		if (status)
			return status;
	}
	*ret = (struct text_list){true, list->count, items, bind_origin(reader, list->mark)};
	return OCIENV_OK;
}

static int32_t bind_bool(const struct reader *reader, const struct node *node,
			 const struct path *path, struct number *ret)
{
	if (node->kind != NODE_BOOL)
		return bind_fail_type(reader, node, path, "a boolean");
	*ret = (struct number){true, node->count == 4, bind_origin(reader, node->mark)};
	return OCIENV_OK;
}

/* Go: an integer field takes neither a fraction nor an exponent, and no unsigned field
 * takes "-0". */
static int32_t bind_number(const struct reader *reader, const struct node *node,
			   const struct path *path, bool is_signed, struct number *ret)
{
	struct sv text = node_sv(node);
	uint64_t value, max = is_signed ? INT64_MAX : UINT32_MAX;
	bool negative;

	if (node->kind != NODE_INT)
		return bind_fail_type(reader, node, path, "an integer");
	negative = text.ptr[0] == '-';
	if (!sv_to_u64(sv_skip(text, negative), max, &value) || (negative && !is_signed))
		return bind_fail(reader, OCIENV_ERR_VALUE, node, path,
				 is_signed ? "expected an integer of 64 bits, found a larger one"
					   : "expected an integer from 0 to 4294967295, found "
					     "another one");
	*ret = (struct number){true, negative ? -(int64_t)value : (int64_t)value,
			       bind_origin(reader, node->mark)};
	return OCIENV_OK;
}

static int32_t bind_numbers(const struct reader *reader, const struct node *list,
			    const struct path *path, bool is_signed, struct number_list *ret)
{
	int32_t status = bind_expect(reader, list, path, NODE_LIST);
	struct number *items;

	if (status)
		return status;
	items = ARENA_ARRAY(reader->scratch, list->count, struct number);
	if (!items)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; i < list->count; i++) {
		struct path here = path_index(path, i);

		status = bind_number(reader, &list->children[i], &here, is_signed, &items[i]);
		if (status)
			return status;
	}
	*ret = (struct number_list){list->count, items};
	return OCIENV_OK;
}

static int32_t bind_field(const struct reader *reader, const struct node *node,
			  const struct path *path, const struct field *field, void *object)
{
	void *member = (char *)object + field->offset;
	int32_t status = OCIENV_OK;

	if (node->kind == NODE_NULL)
		return OCIENV_OK;
	switch ((enum field_type)field->type) {
	case FIELD_UNREAD:
		return OCIENV_OK;
	case FIELD_STRING:
		return bind_text(reader, node, path, member);
	case FIELD_STRINGS:
		return bind_strings(reader, node, path, member);
	case FIELD_BOOL:
		return bind_bool(reader, node, path, member);
	case FIELD_UINT32:
	case FIELD_INT64:
		return bind_number(reader, node, path, field->type == FIELD_INT64, member);
	case FIELD_UINT32S:
	case FIELD_INT64S:
		return bind_numbers(reader, node, path, field->type == FIELD_INT64S, member);
	case FIELD_MAP:
	case FIELD_LIST:
		status = bind_expect(reader, node, path,
				     field->type == FIELD_MAP ? NODE_MAP : NODE_LIST);
		break;
	case FIELD_ANY:
		break;
	}
	if (!status)
		memcpy(member, &node, sizeof(node));
	return status;
}

/* Unicode simple folding, as far as it reaches ASCII: besides the letter cases only the
 * long s (U+017F) and the Kelvin sign (U+212A) fold into it. */
static size_t fold(struct sv text, size_t at, char *ret)
{
	struct sv rest = sv_from(text.ptr + at, text.len - at);

	*ret = rest.ptr[0];
	if (*ret >= 'A' && *ret <= 'Z')
		*ret = (char)(*ret | 0x20);
	if (!(*ret & 0x80))
		return 1;
	if (sv_has_prefix(rest, SV("\xc5\xbf"))) {
		*ret = 's';
		return 2;
	}
	if (sv_has_prefix(rest, SV("\xe2\x84\xaa"))) {
		*ret = 'k';
		return 3;
	}
	return 1;
}

bool equal_folded(struct sv a, struct sv b)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		char x, y;

		i += fold(a, i, &x);
		k += fold(b, k, &y);
		if (x != y)
			return false;
	}
	return i == a.len && k == b.len;
}

static const struct field *find_field(const struct field *fields, size_t count,
				      struct sv name, bool any_case)
{
	for (size_t i = 0; i < count; i++)
		if (any_case ? equal_but_case(fields[i].name, name) : sv_eq(fields[i].name, name))
			return &fields[i];
	return NULL;
}

int32_t bind_fail_case(const struct reader *reader, const struct node *key,
		       const struct path *path, struct sv name)
{
	char quoted[DIAG_QUOTE_SIZE];

	return bind_fail(reader, OCIENV_ERR_AMBIGUOUS, key, path,
			 "expected \"%s\", found \"%s\": runtimes disagree about letter case",
			 name.ptr, diag_quote_name(quoted, node_sv(key)));
}

static int32_t bind_unknown(const struct reader *reader, const struct node *key,
			    const struct path *path, const struct field *near)
{
	char quoted[DIAG_QUOTE_SIZE];

	diag_quote_name(quoted, node_sv(key));
	if (near && reader->any_case)
		return bind_fail_case(reader, key, path, near->name);
	if (reader->strict && near)
		return bind_fail(reader, OCIENV_ERR_VALUE, key, path,
				 "expected a known field, found \"%s\" (\"%s\"?)", quoted,
				 near->name.ptr);
	if (reader->strict)
		return bind_fail(reader, OCIENV_ERR_VALUE, key, path,
				 "expected a known field, found \"%s\"", quoted);
	if (reader->warnings)
		add_warning(reader->warnings, reader->keep, "unknown-field", node_sv(key),
		     "no reader of this document knows the field; it is ignored",
		     bind_origin(reader, key->mark));
	return OCIENV_OK;
}

int32_t bind_members(const struct reader *reader, const struct node *map, const struct path *path,
	     const struct field *fields, size_t count, void *object)
{
	int32_t status = bind_expect(reader, map, path, NODE_MAP);

	for (uint32_t i = 0; !status && i < node_size(map); i++) {
		const struct node *key = node_key(map, i);
		struct path here = path_key(path, node_sv(key));
		const struct field *field = find_field(fields, count, node_sv(key), false);

		if (field)
			status = bind_field(reader, node_value(map, i), &here, field, object);
		else
			status = bind_unknown(reader, key, &here,
					      find_field(fields, count, node_sv(key), true));
	}
	return status;
}

static int32_t take(const struct reader *reader, const struct node **node,
		    const struct node *copy)
{
	*node = copy;
	return copy ? OCIENV_OK : diag_memory(reader->diag, arena_status(reader->scratch));
}

int32_t bind_keep_flat(const struct reader *reader, const struct node **node)
{
	return *node ? take(reader, node, node_keep_flat(*node, reader->scratch)) : OCIENV_OK;
}

int32_t bind_keep(const struct reader *reader, const struct node **node)
{
	return *node ? take(reader, node, node_keep(*node, reader->scratch)) : OCIENV_OK;
}

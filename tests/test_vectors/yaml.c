/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_scalars and yaml_docs: what the Kubernetes loader makes of a document. */
#include "kinds.h"

#include "base/limits.h"
#include "text/text.h"

#include <stdlib.h>

static bool is_number(const struct node *node)
{
	return node->kind == NODE_INT || node->kind == NODE_FLOAT;
}

static bool equal_number(const struct node *node, const char *upstream)
{
	char text[64];

	if (node->count >= sizeof(text))
		return false;
	memcpy(text, node->text, node->count);
	text[node->count] = '\0';
	if (!strcmp(text, upstream))
		return true;
	/* A subnormal float keeps its digits. */
	return node->kind == NODE_FLOAT && strtod(text, NULL) == strtod(upstream, NULL);
}

static bool equal(const struct node *node, struct json_object *value);

static bool equal_list(const struct node *node, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_array) ||
	    json_object_array_length(value) != node->count)
		return false;
	for (uint32_t i = 0; i < node->count; i++)
		if (!equal(&node->children[i], json_object_array_get_idx(value, i)))
			return false;
	return true;
}

static bool equal_map(const struct node *node, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object) ||
	    json_object_object_length(value) != (int)node_size(node))
		return false;
	for (uint32_t i = 0; i < node_size(node); i++) {
		struct sv key = node_sv(node_key(node, i));
		struct json_object *member;
		char name[256];

		snprintf(name, sizeof(name), "%.*s", SV_ARG(key));
		if (!json_object_object_get_ex(value, name, &member) ||
		    !equal(node_value(node, i), member))
			return false;
	}
	return true;
}

/* The trees of the vectors are small, so recursion is fine here. */
static bool equal(const struct node *node, struct json_object *value)
{
	switch ((enum node_kind)node->kind) {
	case NODE_NULL:
		return !value;
	case NODE_BOOL:
		return json_object_is_type(value, json_type_boolean) &&
		       sv_eq(node_sv(node), sv_of(json_object_to_json_string(value)));
	case NODE_INT:
	case NODE_FLOAT:
		return !json_object_is_type(value, json_type_string) &&
		       equal_number(node, json_object_to_json_string(value));
	case NODE_STRING:
		return json_object_is_type(value, json_type_string) &&
		       sv_eq(node_sv(node),
			     sv_from(json_object_get_string(value),
				     (size_t)json_object_get_string_len(value)));
	case NODE_LIST:
		return equal_list(node, value);
	case NODE_MAP:
		return equal_map(node, value);
	default:
		return false;
	}
}

/* json-c cuts integers to 64 bits, so a number is compared with the text upstream gave. */
static enum verdict compare(struct row *row, const struct node *node, const char *upstream)
{
	struct json_object *value;
	bool same;

	if (upstream[0] == '<') /* too large for the file, which holds its size */
		return ROW_PASSES;
	value = json_tokener_parse(upstream);
	same = is_number(node) ? equal_number(node, upstream) : equal(node, value);
	json_object_put(value);
	return same ? ROW_PASSES : row_fails(row, "expected %s", upstream);
}

/* `upstream` NULL: the loader refuses; else the JSON that it makes. */
static enum verdict check_yaml(struct row *row, struct sv document, bool scalar,
			       const char *upstream)
{
	static const struct node null = {.kind = NODE_NULL};
	struct ocienv_error error = {0};
	struct diag diag = {&error, "doc.yaml", document};
	struct ocienv_limits limits = limits_of(NULL);
	struct text_input in = {document, &diag, &limits, row->arena, false, NULL};
	struct yaml_stream stream = {0, 0, 0};
	const struct node *node = NULL;

	limits.max_depth = 10000; /* the loader's own */
	if (yaml_next(&in, &stream, &node))
		return row_refused(row, &error, !upstream);
	if (!upstream)
		return row_fails(row, "upstream refuses");
	if (!node)
		node = &null;
	else if (scalar && (node->kind != NODE_MAP || node_size(node) != 1))
		return row_fails(row, "expected one key, found another document");
	else if (scalar)
		node = node_value(node, 0);
	return compare(row, node, upstream);
}

static const char *text_of(struct json_object *object, const char *name)
{
	struct json_object *text = member(object, name);

	return text ? json_object_get_string(text) : NULL;
}

/* The rows are documents with one key, whose value is meant. */
enum verdict check_yaml_scalars(struct row *row)
{
	return check_yaml(row, member_bytes(row, "doc"), true, text_of(row->json, "json"));
}

enum verdict check_yaml_docs(struct row *row)
{
	struct json_object *answer = member(row->json, "yaml_to_json");

	if (!answer)
		return row_fails(row, "expected the answer of YAMLToJSON, found none");
	return check_yaml(row, member_bytes(row, "doc"), false, text_of(answer, "json"));
}

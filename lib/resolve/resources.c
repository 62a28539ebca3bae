/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubelet ExtractContainerResourceValue: ceil(amount / divisor). A limit that is absent, or
 * zero, is what the node can allocate; a request that is absent is the limit, which is what
 * API defaulting copies there, or 0.
 */
#include "resolve/resources.h"

#include "resolve/quantity.h"
#include "text/text.h"

#include <stdio.h>

/* What a resource may be divided by, and whether a node has a default for it. */
static const struct resource {
	struct sv name; /* a "*" at the end stands for anything */
	bool cpu;
	bool allocatable;
} resources[] = {
	{{"cpu", 3}, true, true},
	{{"memory", 6}, false, true},
	{{"ephemeral-storage", 17}, false, true},
	{{"hugepages-*", 11}, false, false},
};

/* One reference, taken apart. */
struct resource_field {
	bool limits; /* else requests */
	struct sv name;
	const struct resource *resource;
};

static bool matches(struct sv pattern, struct sv name)
{
	bool open = pattern.ptr[pattern.len - 1] == '*';

	if (!open)
		return sv_eq(pattern, name);
	pattern.len--;
	return sv_has_prefix(name, pattern) && name.len > pattern.len;
}

static bool parse_field(struct sv text, struct resource_field *ret)
{
	struct sv kind;

	if (!sv_cut(&text, '.', &kind) || !text.ptr)
		return false;
	ret->limits = sv_eq(kind, SV("limits"));
	ret->name = text;
	ret->resource = NULL;
	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++)
		if (matches(resources[i].name, text))
			ret->resource = &resources[i];
	return ret->resource && (ret->limits || sv_eq(kind, SV("requests")));
}

/* Kubernetes allows 1 and 1m for cpu; else 1, the powers of 1000 and those of 1024. */
static bool divisor_allowed(const struct resource_field *field, const struct quantity *divisor)
{
	if (!divisor->mantissa)
		return true; /* 0 is 1 */
	if (!quantity_is_unit(divisor))
		return false;
	if (field->resource->cpu)
		return !divisor->binary && (divisor->decimal == 0 || divisor->decimal == -3);
	return divisor->decimal >= 0 && divisor->decimal % 3 == 0 && divisor->decimal <= 18;
}

/* `mark` and `path` are the place that is blamed. */
static int32_t read_quantity(const struct resource_request *r, const struct node *node,
			     struct mark mark, const struct path *path, struct quantity *ret)
{
	struct sv text;
	int32_t status;

	if (node->kind != NODE_STRING && node->kind != NODE_INT && node->kind != NODE_FLOAT)
		return diag_fail(r->diag, OCIENV_ERR_TYPE, mark, path,
				 "expected a quantity, found %s", node_kind_name(node));
	status = node_string(node, r->scratch, &text);
	if (status)
		return diag_memory(r->diag, status);
	if (!quantity_parse(text, ret))
		return diag_fail(r->diag, OCIENV_ERR_VALUE, mark, path,
				 "expected a quantity such as 500m or 2Gi, found another text");
	return OCIENV_OK;
}

static int32_t read_divisor(const struct resource_request *r, const struct resource_field *field,
			    const struct path *path, struct quantity *ret)
{
	static const struct quantity one = {1, 0, 0};
	struct path here = {path, SV("divisor"), 0};
	const struct node *node = r->env->from->divisor;
	int32_t status;

	*ret = one;
	if (!node)
		return OCIENV_OK;
	status = read_quantity(r, node, node->mark, &here, ret);
	if (status)
		return status;
	if (!divisor_allowed(field, ret))
		return diag_fail(r->diag, OCIENV_ERR_VALUE, node->mark, &here,
				 field->resource->cpu
					 ? "expected the divisor 1 or 1m, found another one"
					 : "expected a divisor of 1, 1k to 1E or 1Ki to 1Ei, found "
					   "another one");
	if (!ret->mantissa)
		*ret = one;
	return OCIENV_OK;
}

/* The container that is meant: by default the one that asks. kubelet looks for names in
 * containers, then in initContainers. */
static int32_t find_container(const struct resource_request *r, const struct path *path,
			      const struct pod_resources **ret)
{
	const struct pod_resources *all = r->pod->resources.items;
	struct path here = {path, SV("containerName"), 0};
	struct sv name = r->env->from->container.value;
	char quoted[DIAG_QUOTE_SIZE];

	*ret = &r->pod->own_resources;
	if (!name.len)
		return OCIENV_OK;
	for (uint8_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < r->pod->resources.count; i++) {
			*ret = &all[i];
			if (all[i].list == 1 - round && sv_eq(all[i].name, name))
				return OCIENV_OK;
		}
	}
	return diag_fail(r->diag, OCIENV_ERR_REFERENCE, r->env->from->container.from.mark, &here,
			 "expected a container \"%s\", found none of that name",
			 diag_quote(quoted, name));
}

/* An amount that a container states, if it does; else *ret and *mark are left alone. One
 * that is wrong is blamed on the reference to it. */
static int32_t stated(const struct resource_request *r, const struct node *map, struct sv name,
		      const struct path *path, struct quantity *ret, struct mark *mark)
{
	struct path here = {path, SV("resource"), 0};

	for (uint32_t i = 0; map && i < node_size(map); i++) {
		if (!sv_eq(node_sv(node_key(map, i)), name))
			continue;
		*mark = node_value(map, i)->mark;
		return read_quantity(r, node_value(map, i), r->env->from->field.from.mark, &here, ret);
	}
	return OCIENV_OK;
}

static int32_t allocatable(const struct resource_request *r, const struct resource_field *field,
			   const struct path *path, struct quantity *ret)
{
	struct path here = {path, SV("resource"), 0};
	char key[64];
	struct sv fact;

	(void)snprintf(key, sizeof(key), "allocatable.%.*s", SV_ARG(field->name));
	fact = cluster_fact(r->cluster, sv_of(key));
	if (!fact.ptr)
		return diag_fail(r->diag, OCIENV_ERR_REFERENCE, r->env->from->field.from.mark, &here,
				 "expected the fact %s, found none: no document holds it", key);
	if (!quantity_parse(fact, ret))
		return diag_fail(r->diag, OCIENV_ERR_VALUE, r->env->from->field.from.mark, &here,
				 "expected a quantity as the fact %s, found another text", key);
	return OCIENV_OK;
}

static int32_t amount_of(const struct resource_request *r, const struct resource_field *field,
			 const struct path *path, struct quantity *ret, struct origin *from)
{
	const struct pod_resources *of = NULL;
	int32_t status = find_container(r, path, &of);

	/* A request that is stated hides the limit, whatever it is. */
	*ret = (struct quantity){0, 0, 0};
	if (!status)
		status = stated(r, of->limits, field->name, path, ret, &from->mark);
	if (!status && !field->limits)
		status = stated(r, of->requests, field->name, path, ret, &from->mark);
	if (status || ret->mantissa || !field->limits || !field->resource->allocatable)
		return status;
	/* Init containers that are named have no such default. */
	if (r->env->from->container.value.len && of->list != 1)
		return OCIENV_OK;
	from->document = DOCUMENT_NONE;
	return allocatable(r, field, path, ret);
}

int32_t resource_field(const struct resource_request *r, const struct path *path,
		       struct sv *ret, struct origin *ret_from)
{
	struct path here = {path, SV("resource"), 0};
	struct quantity amount, divisor;
	char quoted[DIAG_QUOTE_SIZE], *text;
	struct resource_field field;
	int32_t status;
	int length;

	if (!parse_field(r->env->from->field.value, &field))
		return diag_fail(r->diag, OCIENV_ERR_VALUE, r->env->from->field.from.mark, &here,
				 "expected limits or requests of a resource, found \"%s\"",
				 diag_quote(quoted, r->env->from->field.value));
	*ret_from = r->env->from->field.from;
	ret_from->source = OCIENV_SOURCE_DOWNWARD;
	status = read_divisor(r, &field, path, &divisor);
	if (!status)
		status = amount_of(r, &field, path, &amount, ret_from);
	if (status)
		return status;
	text = arena_chars(r->scratch, 24);
	if (!text)
		return diag_memory(r->diag, arena_status(r->scratch));
	length = snprintf(text, 24, "%lld", (long long)quantity_divide(&amount, &divisor));
	*ret = sv_from(text, (size_t)length);
	return OCIENV_OK;
}

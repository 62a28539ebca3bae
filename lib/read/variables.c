/* SPDX-License-Identifier: Apache-2.0 */
/* env and envFrom of a container: what they say, checked as the API server checks it. */
#include "read/variables.h"

#include "read/env_name.h"

/* env[] */
struct env_var {
	struct text name, value;
	const struct node *value_from;
};

static const struct field env_fields[] = {
	FIELD("name", STRING, struct env_var, name),
	FIELD("value", STRING, struct env_var, value),
	FIELD("valueFrom", MAP, struct env_var, value_from),
};

/* env[].valueFrom: in the order in which the kubelet looks. */
struct value_from {
	const struct node *sources[5];
};

static const struct field value_from_fields[] = {
	FIELD("fieldRef", MAP, struct value_from, sources[0]),
	FIELD("resourceFieldRef", MAP, struct value_from, sources[1]),
	FIELD("configMapKeyRef", MAP, struct value_from, sources[2]),
	FIELD("secretKeyRef", MAP, struct value_from, sources[3]),
	FIELD("fileKeyRef", MAP, struct value_from, sources[4]),
};

/* The members of all five, and of envFrom's two references: no two have one in common that
 * means something else. */
struct reference {
	struct text api_version, field_path, resource, container, name, key;
	struct number optional;
	const struct node *divisor;
};

static const struct field field_ref_fields[] = {
	FIELD("apiVersion", STRING, struct reference, api_version),
	FIELD("fieldPath", STRING, struct reference, field_path),
};

static const struct field resource_ref_fields[] = {
	FIELD("containerName", STRING, struct reference, container),
	FIELD("resource", STRING, struct reference, resource),
	FIELD("divisor", ANY, struct reference, divisor),
};

static const struct field key_ref_fields[] = {
	FIELD("name", STRING, struct reference, name),
	FIELD("key", STRING, struct reference, key),
	FIELD("optional", BOOL, struct reference, optional),
};

static const struct field file_ref_fields[] = {
	FIELD("volumeName", STRING, struct reference, name),
	FIELD("path", STRING, struct reference, field_path),
	FIELD("key", STRING, struct reference, key),
	FIELD("optional", BOOL, struct reference, optional),
};

struct ref_kind {
	const struct field *fields;
	size_t count;
	uint8_t source; /* enum value_source */
	bool named_key; /* its key must be a ConfigMap's key */
};

static const struct ref_kind ref_kinds[] = {
	{field_ref_fields, FIELD_COUNT(field_ref_fields), VALUE_FIELD, false},
	{resource_ref_fields, FIELD_COUNT(resource_ref_fields), VALUE_RESOURCE, false},
	{key_ref_fields, FIELD_COUNT(key_ref_fields), VALUE_CONFIGMAP, true},
	{key_ref_fields, FIELD_COUNT(key_ref_fields), VALUE_SECRET, true},
	{file_ref_fields, FIELD_COUNT(file_ref_fields), VALUE_FILE, false},
};

/* The second of the members that may stand only once among `fields`; null ones do not count. */
static const struct node *second_of(const struct node *map, const struct field *fields,
				    size_t count)
{
	uint32_t seen = 0;

	for (uint32_t i = 0; i < node_size(map); i++)
		for (size_t k = 0; k < count; k++)
			if (sv_eq(node_sv(node_key(map, i)), fields[k].name) &&
			    node_value(map, i)->kind != NODE_NULL && ++seen == 2)
				return node_key(map, i);
	return map; /* LCOV_EXCL_LINE */
}

static int32_t fail_both(const struct reader *reader, const struct node *second,
			 const struct path *path, const char *message)
{
	struct path here = path_key(path, node_sv(second));

	return bind_fail(reader, OCIENV_ERR_VALUE, second, &here, "%s", message);
}

/* A member that must be there and not be empty: blamed itself, or the map that lacks it. */
static int32_t require(const struct reader *reader, const struct node *map,
		       const struct path *path, struct sv member, const struct text *text,
		       const char *what)
{
	struct path here = path_key(path, member);

	if (text->value.len)
		return OCIENV_OK;
	if (text->value.ptr)
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, text->from.mark, &here,
				 "expected %s, found an empty text", what);
	return bind_fail(reader, OCIENV_ERR_VALUE, bind_first(map), path,
			 "expected %s, found none", what);
}

static int32_t check_key(const struct reader *reader, const struct node *node,
			 const struct path *path, const struct text *key)
{
	struct path here = path_key(path, SV("key"));
	int32_t status;

	if (reader->lenient) /* no object has such a key */
		return OCIENV_OK;
	status = require(reader, node, path, SV("key"), key, "a key");
	if (status || config_key_valid(key->value))
		return status;
	return diag_fail(reader->diag, OCIENV_ERR_VALUE, key->from.mark, &here,
			 "expected a key of letters, digits, \"-\", \"_\" and \".\", found another "
			 "text");
}

static int32_t check_reference(const struct reader *reader, const struct ref_kind *kind,
			       const struct node *node, const struct path *path,
			       const struct reference *ref)
{
	struct path version = path_key(path, SV("apiVersion"));
	int32_t status = OCIENV_OK;

	if (ref->api_version.value.len && !sv_eq(ref->api_version.value, SV("v1")))
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, ref->api_version.from.mark,
				 &version, "expected apiVersion v1 in a fieldRef, found another "
				 "one");
	if (kind->source == VALUE_FIELD)
		status = require(reader, node, path, SV("fieldPath"), &ref->field_path,
				 "a fieldPath");
	if (kind->named_key && !reader->lenient) /* no object is without one */
		status = require(reader, node, path, SV("name"), &ref->name,
				 "the name of an object");
	if (!status && kind->named_key)
		status = check_key(reader, node, path, &ref->key);
	return status;
}

static int32_t read_reference(const struct reader *reader, const struct ref_kind *kind,
			      const struct node *node, const struct path *path,
			      struct pod_env *env)
{
	struct reference ref = {0};
	int32_t status = bind_members(reader, node, path, kind->fields, kind->count, &ref);
	struct pod_reference *from;

	if (!status)
		status = check_reference(reader, kind, node, path, &ref);
	if (!status)
		status = bind_keep_flat(reader, &ref.divisor); /* whose members nobody reads */
	if (status)
		return status;
	from = ARENA_NEW(reader->scratch, struct pod_reference);
	if (!from)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	*from = (struct pod_reference){
		.object = ref.name,
		.key = ref.key,
		.field = kind->source == VALUE_RESOURCE ? ref.resource : ref.field_path,
		.container = ref.container,
		.divisor = ref.divisor,
		.optional = ref.optional.value != 0,
	};
	env->source = kind->source;
	env->from = from;
	return OCIENV_OK;
}

/* kubernetes validateEnvVarValueFrom: one source. */
static int32_t check_sources(const struct reader *reader, const struct node *node,
			     const struct path *path, const struct value_from *from)
{
	uint32_t count = 0;

	for (size_t i = 0; i < FIELD_COUNT(ref_kinds); i++)
		count += from->sources[i] != NULL;
	if (count == 1)
		return OCIENV_OK;
	if (count)
		return fail_both(reader,
				 second_of(node, value_from_fields,
					   FIELD_COUNT(value_from_fields)),
				 path, "expected one source in valueFrom, found several");
	return bind_fail(reader, OCIENV_ERR_VALUE, bind_first(node), path,
			 "expected a source in valueFrom, found none");
}

/* The kubelet takes the first that it looks for, and without any the variable is empty. The
 * others are decoded like the rest of the pod, and not looked at. */
static int32_t read_value_from(const struct reader *reader, const struct node *node,
			       const struct path *path, struct pod_env *env)
{
	struct value_from from = {{NULL}};
	struct pod_env unused, *into = env;
	int32_t status = bind_members(reader, node, path, value_from_fields,
			      FIELD_COUNT(value_from_fields), &from);

	if (!status && !reader->lenient)
		status = check_sources(reader, node, path, &from);
	for (size_t i = 0; !status && i < FIELD_COUNT(ref_kinds); i++) {
		struct path here = path_key(path, value_from_fields[i].name);

		if (!from.sources[i])
			continue;
		status = read_reference(reader, &ref_kinds[i], from.sources[i], &here, into);
		into = &unused;
	}
	return status;
}

/* kubernetes ValidateEnv: the name, and one of value and valueFrom. */
static int32_t check_env_var(const struct reader *reader, const struct node *node,
			     const struct path *path, const struct env_var *var)
{
	struct path name_path = path_key(path, SV("name"));
	char quoted[DIAG_QUOTE_SIZE];
	int32_t status = require(reader, node, path, SV("name"), &var->name,
				 "a name for the variable");

	if (status)
		return status;
	if (!env_name_relaxed(var->name.value))
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, var->name.from.mark, &name_path,
				 "expected a name of printable ASCII without \"=\", found \"%s\"",
				 diag_quote_name(quoted, var->name.value));
	if (var->value_from && var->value.value.len)
		return fail_both(reader, second_of(node, &env_fields[1], 2), path,
				 "expected either value or valueFrom, found both");
	return OCIENV_OK;
}

static void put_name(struct pod_env *env, const struct text *name, struct mark fallback)
{
	env->name = name->value.ptr ? name->value.ptr : "";
	env->name_length = (uint32_t)name->value.len;
	env->name_mark = name->value.ptr ? name->from.mark : fallback;
}

static void put_literal(struct pod_env *env, const struct text *value)
{
	env->source = VALUE_LITERAL;
	env->value = value->value.ptr;
	env->value_length = (uint32_t)value->value.len;
	if (value->value.ptr)
		env->mark = value->from.mark;
}

/* kubelet: a value that is not empty hides valueFrom, and any name will do. */
static int32_t read_env(const struct reader *reader, const struct node *node,
			const struct path *path, struct pod_env *env)
{
	struct path from_path = path_key(path, SV("valueFrom"));
	struct env_var var = {0};
	int32_t status = bind_members(reader, node, path, env_fields, FIELD_COUNT(env_fields), &var);

	if (!status && !reader->lenient)
		status = check_env_var(reader, node, path, &var);
	if (status)
		return status;
	put_name(env, &var.name, node->mark);
	env->mark = node->mark;
	if (var.value_from)
		status = read_value_from(reader, var.value_from, &from_path, env);
	if (env->source == VALUE_LITERAL || var.value.value.len)
		put_literal(env, &var.value);
	return status;
}

int32_t read_env_list(const struct reader *reader, const struct node *list,
		      const struct path *container, struct pod *pod)
{
	struct path path = path_key(container, SV("env"));
	int32_t status = OCIENV_OK;

	if (list->count > reader->limits->max_env)
		return bind_fail(reader, OCIENV_ERR_LIMIT, list, &path,
				 "expected at most %u environment entries, found %u",
				 reader->limits->max_env, list->count);
	pod->env_count = list->count;
	pod->env = ARENA_ARRAY(reader->scratch, list->count, struct pod_env);
	if (!pod->env)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; !status && i < list->count; i++) {
		struct path here = path_index(&path, i);

		status = read_env(reader, &list->children[i], &here, &pod->env[i]);
	}
	return status;
}

/* envFrom[] */
struct env_from {
	struct text prefix;
	const struct node *config_map, *secret;
};

static const struct field env_from_fields[] = {
	FIELD("prefix", STRING, struct env_from, prefix),
	FIELD("configMapRef", MAP, struct env_from, config_map),
	FIELD("secretRef", MAP, struct env_from, secret),
};

static const struct field object_ref_fields[] = {
	FIELD("name", STRING, struct reference, name),
	FIELD("optional", BOOL, struct reference, optional),
};

/* kubernetes ValidateEnvFrom: one source, and a prefix that could start a name. */
static int32_t check_env_from(const struct reader *reader, const struct node *node,
			      const struct path *path, const struct env_from *from)
{
	struct path prefix_path = path_key(path, SV("prefix"));

	if (from->config_map && from->secret)
		return fail_both(reader, second_of(node, &env_from_fields[1], 2), path,
				 "expected either configMapRef or secretRef, found both");
	if (!from->config_map && !from->secret)
		return bind_fail(reader, OCIENV_ERR_VALUE, bind_first(node), path,
				 "expected either configMapRef or secretRef, found neither");
	if (from->prefix.value.len && !env_name_relaxed(from->prefix.value))
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, from->prefix.from.mark,
				 &prefix_path,
				 "expected a prefix of printable ASCII without \"=\", found "
				 "another text");
	return OCIENV_OK;
}

/* kubelet: configMapRef hides secretRef, and without either there is nothing to do. */
static int32_t read_env_from(const struct reader *reader, const struct node *node,
			     const struct path *path, struct pod_env_from *ret)
{
	const struct node *ref_node;
	struct path ref_path;
	struct env_from from = {0};
	struct reference ref = {0};
	bool secret;
	int32_t status = bind_members(reader, node, path, env_from_fields, FIELD_COUNT(env_from_fields),
			      &from);

	if (!status && !reader->lenient)
		status = check_env_from(reader, node, path, &from);
	if (status)
		return status;
	secret = !from.config_map;
	ref_node = secret ? from.secret : from.config_map;
	*ret = (struct pod_env_from){.kind = OBJECT_CONFIGMAP, .optional = true};
	if (!ref_node)
		return OCIENV_OK;
	ref_path = path_key(path, secret ? SV("secretRef") : SV("configMapRef"));
	status = bind_members(reader, ref_node, &ref_path, object_ref_fields,
		      FIELD_COUNT(object_ref_fields), &ref);
	if (!status && !reader->lenient)
		status = require(reader, ref_node, &ref_path, SV("name"), &ref.name,
				 "the name of an object");
	*ret = (struct pod_env_from){
		.mark = node->mark,
		.prefix = from.prefix,
		.object = ref.name,
		.kind = secret ? OBJECT_SECRET : OBJECT_CONFIGMAP,
		.optional = ref.optional.value != 0,
	};
	return status;
}

int32_t read_env_from_list(const struct reader *reader, const struct node *list,
			   const struct path *container, struct pod *pod)
{
	struct path path = path_key(container, SV("envFrom"));
	int32_t status = OCIENV_OK;

	pod->env_from_count = list->count;
	pod->env_from = ARENA_ARRAY(reader->scratch, list->count, struct pod_env_from);
	if (!pod->env_from)
		return diag_memory(reader->diag, arena_status(reader->scratch));
	for (uint32_t i = 0; !status && i < list->count; i++) {
		struct path here = path_index(&path, i);

		status = read_env_from(reader, &list->children[i], &here, &pod->env_from[i]);
	}
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* kubelet: where the value of a variable comes from that has none of its own. */
#include "base/utf8.h"
#include "resolve/kubelet_state.h"
#include "resolve/resources.h"

int32_t kubelet_no_memory(const struct kubelet *k)
{
	return diag_memory(k->in->diag, arenas_status(k->in->scratch, &k->layer->arena));
}

int32_t kubelet_find_object(struct kubelet *k, enum object_kind kind, struct sv name,
			   const struct object **ret)
{
	struct sv namespace = downward_namespace(&k->downward).value;
	int32_t status = OCIENV_OK;

	*ret = NULL;
	for (size_t i = k->set_count; !status && !*ret && i > 0; i--)
		status = objects_find(k->sets[i - 1], k->in->scratch, kind, namespace, name, ret);
	return status ? kubelet_no_memory(k) : OCIENV_OK;
}

/* "optional and missing leaves everything alone"; missing and not optional is an error at
 * the scalar that names what is not there. */
int32_t kubelet_fail_missing(struct kubelet *k, const struct text *name, struct mark fallback,
			    const struct path *path, const char *what)
{
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(k->in->diag, OCIENV_ERR_REFERENCE,
			 name->value.ptr ? name->from.mark : fallback, path,
			 "expected the %s \"%s\", found none of that name", what,
			 diag_quote(quoted, name->value));
}

/* What can stand in an environment: UTF-8 without NUL. */
int32_t kubelet_check_bytes(struct kubelet *k, struct sv value, struct mark mark,
			   const struct path *path)
{
	if (sv_contains(value, '\0'))
		return diag_fail(k->in->diag, OCIENV_ERR_ENCODING, mark, path,
				 "expected a value without NUL, found one in %zu bytes",
				 value.len);
	if (!utf8_valid(value))
		return diag_fail(k->in->diag, OCIENV_ERR_ENCODING, mark, path,
				 "expected a value in UTF-8, found %zu bytes that are not",
				 value.len);
	return OCIENV_OK;
}

struct origin kubelet_object_origin(struct kubelet *k, const struct object *object,
				   const struct object_entry *entry)
{
	bool secret = object->kind == OBJECT_SECRET;

	return (struct origin){
		.source = secret ? OCIENV_SOURCE_SECRET : OCIENV_SOURCE_CONFIGMAP,
		.secret = secret,
		.document = layer_document(k->layer, sv_of(object->document)),
		.mark = entry->mark,
	};
}

/* env[].valueFrom.configMapKeyRef and secretKeyRef. *skip: optional and not there. */
static int32_t key_value(struct kubelet *k, const struct pod_env *env, const struct path *from,
			 struct kubelet_value *ret, bool *skip)
{
	bool secret = env->source == VALUE_SECRET;
	enum object_kind kind = secret ? OBJECT_SECRET : OBJECT_CONFIGMAP;
	struct path ref = path_key(from, secret ? SV("secretKeyRef") : SV("configMapKeyRef"));
	struct path name_path = path_key(&ref, SV("name")), key_path = path_key(&ref, SV("key"));
	const struct object_entry *entry;
	const struct object *object;
	int32_t status = kubelet_find_object(k, kind, env->from->object.value, &object);

	if (status)
		return status;
	entry = object ? object_entry(object, env->from->key.value) : NULL;
	*skip = !entry && env->from->optional;
	if (*skip)
		return OCIENV_OK;
	if (!object)
		return kubelet_fail_missing(k, &env->from->object, env->mark, &name_path,
				    object_kind_name(kind));
	if (!entry)
		return kubelet_fail_missing(k, &env->from->key, env->mark, &key_path,
				    secret ? "Secret key" : "ConfigMap key");
	*ret = (struct kubelet_value){entry->value, kubelet_object_origin(k, object, entry)};
	return kubelet_check_bytes(k, entry->value, env->from->key.from.mark, &key_path);
}

static int32_t field_value(struct kubelet *k, const struct pod_env *env,
			   const struct path *from, struct kubelet_value *ret)
{
	struct path ref = path_key(from, SV("fieldRef"));
	struct path field_path = path_key(&ref, SV("fieldPath"));
	struct text text;
	int32_t status = downward_field(&k->downward, &env->from->field, &field_path, &text);

	if (!status)
		*ret = (struct kubelet_value){text.value, text.from};
	return status;
}

/* env[].valueFrom.resourceFieldRef */
static int32_t resource_value(struct kubelet *k, const struct pod_env *env,
			      const struct path *from, struct kubelet_value *ret)
{
	struct path ref = path_key(from, SV("resourceFieldRef"));
	struct resource_request request = {k->in->pod, k->in->cluster, env, k->in->scratch,
					   k->in->diag};

	return resource_field(&request, &ref, &ret->text, &ret->from);
}

/* The content of a file that only a running pod has. */
static int32_t file_fact(struct kubelet *k, const struct pod_env *env, const struct path *ref,
			 struct sv *ret)
{
	static const struct sv prefix = {"volume.", 7};
	struct path path = path_key(ref, SV("path"));
	struct sv volume = env->from->object.value, file = env->from->field.value;
	char quoted[DIAG_QUOTE_SIZE];
	char *key = arena_chars(k->in->scratch, prefix.len + volume.len + 1 + file.len);

	if (!key)
		return kubelet_no_memory(k);
	sv_write(key, prefix);
	sv_write(key + prefix.len, volume);
	key[prefix.len + volume.len] = '/';
	sv_write(key + prefix.len + volume.len + 1, file);
	*ret = cluster_fact(k->in->cluster, sv_of(key));
	if (ret->ptr || env->from->optional)
		return OCIENV_OK;
	return diag_fail(k->in->diag, OCIENV_ERR_REFERENCE,
			 env->from->field.value.ptr ? env->from->field.from.mark : env->mark, &path,
			 "expected the fact %s, found none: no document holds it",
			 diag_quote(quoted, sv_of(key)));
}

/* Each file is read once. A fact's text is its own wherever it is asked for. */
static const struct envfile *read_envfile(struct kubelet *k, struct sv bytes)
{
	const struct kubelet_file *files = k->files.items;
	struct kubelet_file *file;

	for (uint32_t i = 0; i < k->files.count; i++)
		if (files[i].bytes == bytes.ptr)
			return &files[i].content;
	file = VEC_PUSH(&k->files, k->in->scratch, struct kubelet_file);
	if (!file)
		return NULL;
	file->bytes = bytes.ptr;
	return envfile_read(&file->content, bytes, k->in->scratch) ? &file->content : NULL;
}

/* env[].valueFrom.fileKeyRef: not found and found empty are the same. */
static int32_t file_value(struct kubelet *k, const struct pod_env *env, const struct path *from,
			  struct kubelet_value *ret, bool *skip)
{
	struct path ref = path_key(from, SV("fileKeyRef")), key_path = path_key(&ref, SV("key"));
	struct origin origin = {.source = OCIENV_SOURCE_DOWNWARD, .document = DOCUMENT_NONE};
	struct sv bytes = SV_NONE, value;
	const struct envfile *file;
	int32_t status = file_fact(k, env, &ref, &bytes);

	*skip = !status && !bytes.ptr;
	if (status || *skip)
		return status;
	file = read_envfile(k, bytes);
	if (!file)
		return kubelet_no_memory(k);
	if (!envfile_find(file, env->from->key.value, &value))
		return diag_fail(k->in->diag, OCIENV_ERR_VALUE, env->mark, &ref,
				 "%s, in line %u of the file", file->fault, file->fault_line);
	*skip = !value.len && env->from->optional;
	if (!value.len && !env->from->optional)
		return kubelet_fail_missing(k, &env->from->key, env->mark, &key_path, "key of the file");
	*ret = (struct kubelet_value){value, origin};
	return kubelet_check_bytes(k, value, env->from->key.from.mark, &key_path);
}

int32_t kubelet_value(struct kubelet *k, const struct pod_env *env, const struct path *item,
		      struct kubelet_value *ret, bool *skip)
{
	struct path from = path_key(item, SV("valueFrom"));

	switch ((enum value_source)env->source) {
	case VALUE_FIELD:
		return field_value(k, env, &from, ret);
	case VALUE_RESOURCE:
		return resource_value(k, env, &from, ret);
	case VALUE_CONFIGMAP:
	case VALUE_SECRET:
		return key_value(k, env, &from, ret, skip);
	case VALUE_LITERAL: /* the caller has its value */
	case VALUE_FILE:
		break;
	}
	return file_value(k, env, &from, ret, skip);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubelet makeEnvironmentVariables and what follows it. Two maps decide: T, built in order
 * from envFrom and env, and S, the variables of Services, fixed before. T hides S. Upstream
 * hands the result out in random order; here it is that of first appearance.
 */
#include "resolve/kubelet.h"

#include "base/utf8.h"
#include "resolve/downward.h"
#include "resolve/expand.h"
#include "resolve/services.h"
#include "resolve/slots.h"

/* One assignment, in the order in which the kubelet does them. */
struct assignment {
	struct sv name;
	const struct service_variable *service; /* into S */
	const struct object_entry *entry;	/* a key of a ConfigMap or Secret, by envFrom */
	const struct object *object;		/* whose key it is */
	uint32_t index;				/* of the envFrom or env entry */
};

struct kubelet {
	const struct kubelet_input *in;
	struct ocienv_layer *layer;
	struct downward downward;
	const struct objects *sets[2];
	size_t set_count;
	struct vec services;	/* of struct service_variable */
	struct vec assignments; /* of struct assignment */
	struct slots slots;
	const struct env_entry **env;	  /* T, by slot */
	const struct env_entry **service; /* S, by slot */
	uint32_t *order;		  /* slots of T by first appearance */
	uint32_t order_count;
	bool secret_used; /* a Secret's value went into the text that is being expanded */
};

static int32_t no_memory(const struct kubelet *k)
{
	const struct arena *scratch = k->in->scratch;

	return diag_memory(k->in->diag, arena_status(arena_failed(scratch) ? scratch
									    : &k->layer->arena));
}

static int32_t find_object(struct kubelet *k, enum object_kind kind, struct sv name,
			   const struct object **ret)
{
	struct sv namespace = downward_namespace(&k->downward).value;
	int32_t status = OCIENV_OK;

	*ret = NULL;
	for (size_t i = k->set_count; !status && !*ret && i > 0; i--)
		status = objects_find(k->sets[i - 1], k->in->scratch, kind, namespace, name, ret);
	return status ? no_memory(k) : OCIENV_OK;
}

static int32_t assign(struct kubelet *k, const struct assignment *assignment)
{
	struct assignment *slot;

	if (k->assignments.count >= k->in->limits->max_env)
		return diag_fail(k->in->diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
				 "expected at most %u environment entries, found more",
				 k->in->limits->max_env);
	slot = VEC_PUSH(&k->assignments, k->in->scratch, struct assignment);
	if (!slot)
		return no_memory(k);
	*slot = *assignment;
	return OCIENV_OK;
}

static int32_t collect_services(struct kubelet *k)
{
	const struct pod *pod = k->in->pod;
	bool links = !pod->service_links.present || pod->service_links.value;
	const struct service_variable *variables;
	int32_t status = service_variables(k->sets, k->set_count,
					   downward_namespace(&k->downward).value, links,
					   k->in->scratch, &k->services);

	if (status)
		return no_memory(k);
	variables = k->services.items;
	for (uint32_t i = 0; !status && i < k->services.count; i++) {
		struct sv text = variables[i].text;
		struct assignment a = {.name = sv_from(text.ptr, sv_find(text, '=')),
				       .service = &variables[i]};

		status = assign(k, &a);
	}
	return status;
}

/* "optional and missing leaves everything alone"; missing and not optional is an error at
 * the scalar that names what is not there. */
static int32_t fail_missing(struct kubelet *k, const struct text *name, struct mark fallback,
			    const struct path *path, const char *what)
{
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(k->in->diag, OCIENV_ERR_REFERENCE,
			 name->value.ptr ? name->from.mark : fallback, path,
			 "expected the %s \"%s\", found none of that name", what,
			 diag_quote(quoted, name->value));
}

static int32_t collect_env_from(struct kubelet *k, uint32_t index)
{
	const struct pod_env_from *from = &k->in->pod->env_from[index];
	struct path list = path_key(k->in->pod->container_path, SV("envFrom"));
	struct path item = path_index(&list, index);
	struct path ref = path_key(&item, from->kind == OBJECT_SECRET ? SV("secretRef")
								      : SV("configMapRef"));
	struct path name = path_key(&ref, SV("name"));
	const struct object *object;
	int32_t status = find_object(k, from->kind, from->object.value, &object);

	if (status)
		return status;
	if (!object)
		return from->optional ? OCIENV_OK
				      : fail_missing(k, &from->object, from->mark, &name,
						     object_kind_name(from->kind));
	for (uint32_t i = 0; !status && i < object->count; i++) {
		struct sv prefix = from->prefix.value, key = object->entries[i].key;
		char *text = arena_chars(k->in->scratch, prefix.len + key.len);
		struct assignment a = {.name = sv_from(text, prefix.len + key.len),
				       .entry = &object->entries[i],
				       .object = object,
				       .index = index};

		if (!text)
			return no_memory(k);
		if (prefix.len)
			memcpy(text, prefix.ptr, prefix.len);
		memcpy(text + prefix.len, key.ptr, key.len);
		status = assign(k, &a);
	}
	return status;
}

static int32_t collect(struct kubelet *k)
{
	const struct pod *pod = k->in->pod;
	int32_t status = collect_services(k);

	for (uint32_t i = 0; !status && i < pod->env_from_count; i++)
		status = collect_env_from(k, i);
	for (uint32_t i = 0; !status && i < pod->env_count; i++) {
		struct assignment a = {.name = pod->env[i].name.value, .index = i};

		status = assign(k, &a);
	}
	return status;
}

static int32_t build_slots(struct kubelet *k)
{
	const struct assignment *all = k->assignments.items;
	struct arena *scratch = k->in->scratch;
	uint32_t count = k->assignments.count;
	struct sv *names = ARENA_ARRAY(scratch, count, struct sv);

	for (uint32_t i = 0; names && i < count; i++)
		names[i] = all[i].name;
	if (!names || slots_build(&k->slots, scratch, names, count))
		return no_memory(k);
	k->env = ARENA_ARRAY(scratch, k->slots.count, const struct env_entry *);
	k->service = ARENA_ARRAY(scratch, k->slots.count, const struct env_entry *);
	k->order = ARENA_ARRAY(scratch, k->slots.count, uint32_t);
	return k->env && k->service && k->order ? OCIENV_OK : no_memory(k);
}

/* A variable's value on its way to becoming an entry. */
struct value {
	struct sv text;
	struct origin from;
};

static bool find_value(void *ctx, struct sv name, struct sv *ret)
{
	struct kubelet *k = ctx;
	uint32_t slot = slots_find(&k->slots, name);
	const struct env_entry *entry = NULL;

	if (slot != SLOT_NONE)
		entry = k->env[slot] ? k->env[slot] : k->service[slot];
	if (!entry)
		return false;
	*ret = env_value(entry);
	k->secret_used |= entry->from.secret;
	return true;
}

/* Room for `prefix` and the expanded text; writes both. */
static int32_t expand_text(struct kubelet *k, struct sv prefix, struct text *text,
			   const struct path *path)
{
	struct expansion expansion = {find_value, k, k->in->limits->max_string, SV_NONE};
	size_t size;
	char *out;

	k->secret_used = false;
	size = expand_size(&expansion, text->value);
	if (size == SIZE_MAX)
		return diag_fail(k->in->diag, OCIENV_ERR_LIMIT, text->from.mark, path,
				 "expected at most %u bytes behind the expansion, found more",
				 k->in->limits->max_string);
	out = arena_chars(&k->layer->arena, prefix.len + size);
	if (!out)
		return no_memory(k);
	if (prefix.len)
		memcpy(out, prefix.ptr, prefix.len);
	expand_write(&expansion, text->value, out + prefix.len);
	if (expansion.unresolved.ptr)
		warn(&k->layer->warnings, &k->layer->arena, "unexpanded-reference",
		     expansion.unresolved, "no such variable; the reference stays as written",
		     text->from);
	text->value = sv_from(out, prefix.len + size);
	text->from.secret |= k->secret_used;
	return OCIENV_OK;
}

/* What can stand in an environment: UTF-8 without NUL. */
static int32_t check_bytes(struct kubelet *k, struct sv value, struct mark mark,
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

static struct origin object_origin(struct kubelet *k, const struct object *object,
				   const struct object_entry *entry)
{
	bool secret = object->kind == OBJECT_SECRET;

	return (struct origin){
		secret ? OCIENV_SOURCE_SECRET : OCIENV_SOURCE_CONFIGMAP, secret,
		layer_document(k->layer, sv_of(object->document)),
		entry->mark};
}

/* env[].valueFrom.configMapKeyRef and secretKeyRef. *skip: optional and not there. */
static int32_t key_value(struct kubelet *k, const struct pod_env *env, const struct path *from,
			 struct value *ret, bool *skip)
{
	bool secret = env->source == VALUE_SECRET;
	enum object_kind kind = secret ? OBJECT_SECRET : OBJECT_CONFIGMAP;
	struct path ref = path_key(from, secret ? SV("secretKeyRef") : SV("configMapKeyRef"));
	struct path name_path = path_key(&ref, SV("name")), key_path = path_key(&ref, SV("key"));
	const struct object_entry *entry;
	const struct object *object;
	int32_t status = find_object(k, kind, env->object.value, &object);

	if (status)
		return status;
	entry = object ? object_entry(object, env->key.value) : NULL;
	*skip = !entry && env->optional;
	if (*skip)
		return OCIENV_OK;
	if (!object)
		return fail_missing(k, &env->object, env->mark, &name_path,
				    object_kind_name(kind));
	if (!entry)
		return fail_missing(k, &env->key, env->mark, &key_path,
				    secret ? "Secret key" : "ConfigMap key");
	*ret = (struct value){entry->value, object_origin(k, object, entry)};
	return check_bytes(k, entry->value, env->key.from.mark, &key_path);
}

static int32_t field_value(struct kubelet *k, const struct pod_env *env,
			   const struct path *from, struct value *ret)
{
	struct path ref = path_key(from, SV("fieldRef"));
	struct path field_path = path_key(&ref, SV("fieldPath"));
	struct text text;
	int32_t status = downward_field(&k->downward, &env->field, &field_path, &text);

	if (!status)
		*ret = (struct value){text.value, text.from};
	return status;
}

static int32_t referenced_value(struct kubelet *k, const struct pod_env *env,
				const struct path *item, struct value *ret, bool *skip)
{
	struct path from = path_key(item, SV("valueFrom"));

	if (env->source == VALUE_FIELD)
		return field_value(k, env, &from, ret);
	if (env->source == VALUE_CONFIGMAP || env->source == VALUE_SECRET)
		return key_value(k, env, &from, ret, skip);
	return diag_fail(k->in->diag, OCIENV_ERR_UNSUPPORTED, env->mark, &from,
			 "expected fieldRef, configMapKeyRef or secretKeyRef, found a source "
			 "that needs a running node");
}

static void set_entry(struct kubelet *k, uint32_t slot, struct sv text, struct origin from,
		      bool service)
{
	struct env_entry *entry = ARENA_NEW(k->in->scratch, struct env_entry);
	const struct env_entry *before = k->env[slot] ? k->env[slot] : k->service[slot];

	if (!entry)
		return;
	env_entry_set(entry, text, from);
	if (before)
		entry->overrode = overrode_new(&k->layer->arena, before->from, before->overrode);
	if (service) {
		k->service[slot] = entry;
		return;
	}
	if (!k->env[slot])
		k->order[k->order_count++] = slot;
	k->env[slot] = entry;
}

/* NAME=VALUE in the layer, for a value that is taken as it is. */
static struct sv entry_text(struct kubelet *k, struct sv name, struct sv value)
{
	char *out = arena_chars(&k->layer->arena, name.len + 1 + value.len);

	if (!out)
		return SV_NONE;
	memcpy(out, name.ptr, name.len);
	out[name.len] = '=';
	if (value.len)
		memcpy(out + name.len + 1, value.ptr, value.len);
	return sv_from(out, name.len + 1 + value.len);
}

/* kubelet: a literal value is expanded with what stands before it; one that is empty, or
 * null, still sets the variable. */
static int32_t literal(struct kubelet *k, const struct assignment *a, const struct pod_env *env,
		       const struct path *item, uint32_t slot)
{
	struct path value_path = path_key(item, SV("value"));
	struct text text = env->value;
	struct sv prefix = entry_text(k, a->name, SV(""));
	int32_t status;

	if (!prefix.ptr)
		return no_memory(k);
	if (!text.value.ptr)
		text = (struct text){SV(""), {OCIENV_SOURCE_POD, false,
					      document_ref(k->layer->kind, 0), env->mark}};
	if (!text.value.len) {
		set_entry(k, slot, prefix, text.from, false);
		return OCIENV_OK;
	}
	status = expand_text(k, prefix, &text, &value_path);
	if (!status)
		set_entry(k, slot, text.value, text.from, false);
	return status;
}

static int32_t assign_env(struct kubelet *k, const struct assignment *a, uint32_t slot)
{
	const struct pod_env *env = &k->in->pod->env[a->index];
	struct path list = path_key(k->in->pod->container_path, SV("env"));
	struct path item = path_index(&list, a->index);
	struct value value = {SV_NONE, {0}};
	bool skip = false;
	struct sv text;
	int32_t status;

	if (env->source == VALUE_LITERAL)
		return literal(k, a, env, &item, slot);
	status = referenced_value(k, env, &item, &value, &skip);
	if (status || skip)
		return status;
	text = entry_text(k, a->name, value.text);
	if (!text.ptr)
		return no_memory(k);
	set_entry(k, slot, text, value.from, false);
	return OCIENV_OK;
}

static int32_t assign_from(struct kubelet *k, const struct assignment *a, uint32_t slot)
{
	struct path list = path_key(k->in->pod->container_path, SV("envFrom"));
	struct path item = path_index(&list, a->index);
	struct sv text = entry_text(k, a->name, a->entry->value);

	if (!text.ptr)
		return no_memory(k);
	set_entry(k, slot, text, object_origin(k, a->object, a->entry), false);
	return check_bytes(k, a->entry->value, k->in->pod->env_from[a->index].object.from.mark,
			   &item);
}

static int32_t assign_service(struct kubelet *k, const struct assignment *a, uint32_t slot)
{
	const struct object *service = a->service->service;
	struct sv text = a->service->text;
	struct origin from = {
		OCIENV_SOURCE_SERVICE, false,
		layer_document(k->layer, sv_of(service->document)),
		service->mark};

	text.ptr = arena_strdup(&k->layer->arena, text);
	if (!text.ptr)
		return no_memory(k);
	set_entry(k, slot, text, from, true);
	return OCIENV_OK;
}

static int32_t run_assignments(struct kubelet *k)
{
	const struct assignment *all = k->assignments.items;
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && i < k->assignments.count; i++) {
		uint32_t slot = k->slots.of[i];

		if (all[i].service)
			status = assign_service(k, &all[i], slot);
		else if (all[i].entry)
			status = assign_from(k, &all[i], slot);
		else
			status = assign_env(k, &all[i], slot);
	}
	return status;
}

/* All of T, then those of S that T does not hide. */
static int32_t hand_out_env(struct kubelet *k)
{
	struct env_list *env = &k->layer->env;

	env->present = true;
	env->items = ARENA_ARRAY(&k->layer->arena, k->slots.count, struct env_entry);
	if (!env->items)
		return no_memory(k);
	for (uint32_t i = 0; i < k->order_count; i++)
		env->items[env->count++] = *k->env[k->order[i]];
	for (uint32_t slot = 0; slot < k->slots.count; slot++)
		if (!k->env[slot] && k->service[slot])
			env->items[env->count++] = *k->service[slot];
	return OCIENV_OK;
}

/* kubelet: command and args see the finished map; an empty list is no list. */
static int32_t expand_list(struct kubelet *k, const struct text_list *list, struct sv member,
			   struct text_list *ret)
{
	struct path path = path_key(k->in->pod->container_path, member);
	struct text *items = ARENA_ARRAY(&k->layer->arena, list->count, struct text);
	int32_t status = OCIENV_OK;

	if (!items)
		return no_memory(k);
	for (uint32_t i = 0; !status && i < list->count; i++) {
		struct path here = path_index(&path, i);

		items[i] = list->items[i];
		status = expand_text(k, SV(""), &items[i], &here);
	}
	*ret = (struct text_list){list->count > 0, list->count, items, list->from};
	return status;
}

/* Field by field the container's value, else the pod's. */
static struct number effective(const struct number *container, const struct number *pod)
{
	return container->present ? *container : *pod;
}

/* kubelet determineEffectiveSecurityContext; supplemental groups start with fsGroup. */
static int32_t hand_out_user(struct kubelet *k)
{
	const struct pod_security *pod = &k->in->pod->pod_security;
	const struct pod_security *container = &k->in->pod->security;
	const struct number_list *groups = &pod->supplemental_groups;
	struct user_request *user = &k->layer->user;

	user->uid = effective(&container->user, &pod->user);
	user->gid = effective(&container->group, &pod->group);
	user->non_root = effective(&container->non_root, &pod->non_root);
	user->groups_strict = sv_eq(pod->groups_policy.value, SV("Strict"));
	user->privileged = container->privileged.value != 0;
	user->capabilities_add = container->capabilities_add;
	user->capabilities_drop = container->capabilities_drop;
	user->groups = ARENA_ARRAY(&k->layer->arena, groups->count + 1U, struct number);
	if (!user->groups)
		return no_memory(k);
	if (pod->fs_group.present)
		user->groups[user->group_count++] = pod->fs_group;
	for (uint32_t i = 0; i < groups->count; i++)
		user->groups[user->group_count++] = groups->items[i];
	return OCIENV_OK;
}

int32_t kubelet(const struct kubelet_input *in, struct ocienv_layer *layer)
{
	struct kubelet k = {.in = in,
			    .layer = layer,
			    .downward = {in->pod, in->cluster, in->scratch, in->diag}};
	int32_t status;

	if (in->cluster)
		k.sets[k.set_count++] = &in->cluster->objects;
	k.sets[k.set_count++] = in->own;
	status = collect(&k);
	if (!status)
		status = build_slots(&k);
	if (!status)
		status = run_assignments(&k);
	if (!status)
		status = hand_out_env(&k);
	if (!status)
		status = expand_list(&k, &in->pod->command, SV("command"), &layer->entrypoint);
	if (!status)
		status = expand_list(&k, &in->pod->args, SV("args"), &layer->args);
	if (!status)
		status = hand_out_user(&k);
	if (!status)
		status = downward_hostname(&k.downward, in->options->hostname, &layer->hostname);
	if (status)
		return status;
	layer->hostname = text_keep(&layer->arena, layer->hostname);
	layer->cwd = text_keep(&layer->arena, in->pod->working_dir);
	layer->tty = in->pod->tty.value != 0;
	return arena_failed(&layer->arena) || arena_failed(in->scratch) ? no_memory(&k)
									 : OCIENV_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubelet makeEnvironmentVariables. Two maps decide: T, built in order from envFrom and env,
 * and S, the variables of Services, fixed before. T hides S. Upstream hands the result out in
 * random order; here it is that of first appearance.
 */
#include "resolve/expand.h"
#include "resolve/kubelet_state.h"

/* All of them, in the order in which the kubelet does them. Only what envFrom sets is not written
 * down anywhere else. */
static uint32_t assignment_count(const struct kubelet *k)
{
	return k->services.count + k->keys.count + k->in->pod->env_count;
}

static struct assignment assignment_at(const struct kubelet *k, uint32_t i)
{
	const struct service_variable *services = k->services.items;
	const struct assignment *keys = k->keys.items;
	const struct pod_env *env = k->in->pod->env;

	if (i < k->services.count)
		return (struct assignment){
			.name = sv_from(services[i].text.ptr, sv_find(services[i].text, '=')),
			.service = &services[i]};
	i -= k->services.count;
	if (i < k->keys.count)
		return keys[i];
	i -= k->keys.count;
	return (struct assignment){.name = pod_env_name(&env[i]), .index = i};
}

/* Is there room for `more` beside those of Services and envFrom? */
static int32_t check_room(const struct kubelet *k, uint32_t more)
{
	if ((uint64_t)k->services.count + k->keys.count + more <= k->in->limits->max_env)
		return OCIENV_OK;
	return diag_fail(k->in->diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
			 "expected at most %u environment entries, found more",
			 k->in->limits->max_env);
}

static int32_t collect_services(struct kubelet *k)
{
	const struct pod *pod = k->in->pod;
	bool links = !pod->service_links.present || pod->service_links.value;
	int32_t status = service_variables(k->sets, k->set_count,
					   downward_namespace(&k->downward).value, links,
					   k->in->scratch, &k->services);

	return status ? kubelet_no_memory(k) : check_room(k, 0);
}

static int32_t collect_key(struct kubelet *k, uint32_t index, const struct object *object,
			   const struct object_entry *entry)
{
	struct sv prefix = k->in->pod->env_from[index].prefix.value;
	int32_t status = check_room(k, 1);
	struct assignment *key;
	char *name;

	if (status)
		return status;
	key = VEC_PUSH(&k->keys, k->in->scratch, struct assignment);
	name = arena_chars(k->in->scratch, prefix.len + entry->key.len);
	if (!key || !name)
		return kubelet_no_memory(k);
	sv_write(sv_write(name, prefix), entry->key);
	*key = (struct assignment){.name = sv_from(name, prefix.len + entry->key.len),
				   .entry = entry,
				   .object = object,
				   .index = index};
	return OCIENV_OK;
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
	int32_t status = kubelet_find_object(k, from->kind, from->object.value, &object);

	if (status)
		return status;
	if (!object)
		return from->optional ? OCIENV_OK
				      : kubelet_fail_missing(k, &from->object, from->mark, &name,
						     object_kind_name(from->kind));
	for (uint32_t i = 0; !status && i < object->count; i++)
		status = collect_key(k, index, object, &object->entries[i]);
	return status;
}

static int32_t collect(struct kubelet *k)
{
	const struct pod *pod = k->in->pod;
	int32_t status = collect_services(k);

	for (uint32_t i = 0; !status && i < pod->env_from_count; i++)
		status = collect_env_from(k, i);
	return status ? status : check_room(k, pod->env_count);
}

static struct sv name_of(const void *kubelet, uint32_t i)
{
	return assignment_at(kubelet, i).name;
}

static int32_t build_slots(struct kubelet *k)
{
	struct arena *scratch = k->in->scratch;
	struct env_list *env = &k->layer->env;

	if (slots_build(&k->slots, scratch, name_of, k, assignment_count(k)))
		return kubelet_no_memory(k);
	k->env = ARENA_ARRAY(scratch, k->slots.count, struct env_entry *);
	if (k->services.count)
		k->service = ARENA_ARRAY(scratch, k->slots.count, struct env_entry *);
	k->own = ARENA_ARRAY(scratch, k->slots.count, bool);
	env->items = ARENA_RAW(&k->layer->arena, k->slots.count, struct env_entry);
	return arena_failed(scratch) || !env->items ? kubelet_no_memory(k) : OCIENV_OK;
}

/* What a variable of S is, or T hides; NULL: nothing. */
static struct env_entry *in_services(const struct kubelet *k, uint32_t slot)
{
	return k->service ? k->service[slot] : NULL;
}

/* What whoever asks for a variable gets: T hides S. */
static struct env_entry *current(const struct kubelet *k, uint32_t slot)
{
	return k->env[slot] ? k->env[slot] : in_services(k, slot);
}

static bool find_value(void *ctx, struct sv name, struct sv *ret)
{
	struct kubelet *k = ctx;
	uint32_t slot = slots_find(&k->slots, name);
	const struct env_entry *entry = slot == SLOT_NONE ? NULL : current(k, slot);

	if (!entry)
		return false;
	*ret = env_value(entry);
	k->secret_used |= entry->from.secret;
	if (sv_has_prefix(*ret, SV("sealed."))) {
		k->sealed = *ret;
		k->sealed_name = name;
	}
	return true;
}

/* What is sealed is opened as the whole value of a variable, or never. */
static void remark_expansion(struct kubelet *k, const struct expansion *expansion,
			     struct sv result, bool argument, struct origin from)
{
	if (expansion->unresolved.ptr)
		add_warning(&k->layer->warnings, &k->layer->arena, "unexpanded-reference",
		     expansion->unresolved, "no such variable; the reference stays as written",
		     from);
	if (k->sealed.ptr && (argument || !sv_eq(result, k->sealed)))
		add_warning(&k->layer->warnings, &k->layer->arena, "sealed-in-part",
			    k->sealed_name,
			    "a text takes the sealed value in, where nobody opens it", from);
}

int32_t kubelet_expand(struct kubelet *k, struct sv name, struct text *text,
		       const struct path *path)
{
	struct expansion expansion = {find_value, k, k->in->limits->max_string, SV_NONE};
	size_t size, before = name.ptr ? name.len + 1 : 0;
	struct sv result;
	char *out;

	k->secret_used = false;
	k->sealed = SV_NONE;
	size = expand_size(&expansion, text->value);
	if (size == SIZE_MAX)
		return diag_fail(k->in->diag, OCIENV_ERR_LIMIT, text->from.mark, path,
				 "expected at most %u bytes behind the expansion, found more",
				 k->in->limits->max_string);
	out = arena_chars(&k->layer->arena, before + size);
	if (!out)
		return kubelet_no_memory(k);
	if (before)
		*sv_write(out, name) = '=';
	result = sv_from(out + before, size);
	expand_write(&expansion, text->value, out + before);
	remark_expansion(k, &expansion, result, !before, text->from);
	text->from.expanded = !sv_eq(text->value, result);
	if (text->from.expanded && before && sv_has_prefix(text->value, SV("sealed.")))
		return diag_fail(k->in->diag, OCIENV_ERR_VALUE, text->from.mark, path,
				 "expected a sealed value that expansion leaves alone, found a "
				 "reference in it");
	text->value = sv_from(out, before + size);
	text->from.secret |= k->secret_used;
	return OCIENV_OK;
}

/* Where a variable of T or S stands; NULL: no memory. */
static struct env_entry *place_of(struct kubelet *k, const struct assignment *a, uint32_t slot)
{
	struct env_list *env = &k->layer->env;

	if (a->service && !k->service[slot])
		k->service[slot] = ARENA_NEW(k->in->scratch, struct env_entry);
	if (!a->service && !k->env[slot])
		k->env[slot] = &env->items[env->count++];
	return a->service ? k->service[slot] : k->env[slot];
}

/* A name may hold a "=" of its own; whoever looks the variable up means all of it. */
static void set_entry(struct kubelet *k, const struct assignment *a, uint32_t slot,
		      struct sv text, struct origin from)
{
	const struct env_entry *before = current(k, slot);
	const struct overrode *overrode = NULL;
	struct env_entry *entry;

	if (before)
		overrode = overrode_new(&k->layer->arena, before->from, OCIENV_STEP_KUBELET,
					before->overrode);
	entry = place_of(k, a, slot);
	if (!entry)
		return;
	*entry = (struct env_entry){
		.text = text, .name_length = (uint32_t)a->name.len, .from = from};
	entry->overrode = overrode;
}

/* In the pod's own document. */
static struct origin origin_of(const struct kubelet *k, struct mark mark)
{
	return (struct origin){.source = OCIENV_SOURCE_POD,
			       .document = document_ref(k->layer->kind, 0),
			       .mark = mark};
}

/* kubelet: a literal value is expanded with what stands before it; one that is empty, or
 * null, still sets the variable. */
static int32_t literal(struct kubelet *k, const struct assignment *a, const struct pod_env *env,
		       const struct path *item, uint32_t slot)
{
	struct path value_path = path_key(item, SV("value"));
	struct text text = {pod_env_value(env), origin_of(k, env->mark)};
	int32_t status = kubelet_expand(k, a->name, &text, &value_path);
	if (!status)
		set_entry(k, a, slot, text.value, text.from);
	return status;
}

static int32_t assign_env(struct kubelet *k, const struct assignment *a, uint32_t slot,
			  bool *skipped)
{
	const struct pod_env *env = &k->in->pod->env[a->index];
	struct path list = path_key(k->in->pod->container_path, SV("env"));
	struct path item = path_index(&list, a->index);
	struct kubelet_value value = {SV_NONE, {0}};
	struct sv text;
	int32_t status;

	if (env->source == VALUE_LITERAL)
		return literal(k, a, env, &item, slot);
	status = kubelet_value(k, env, &item, &value, skipped);
	if (status || *skipped)
		return status;
	text = env_text(&k->layer->arena, a->name, value.text);
	if (!text.ptr)
		return kubelet_no_memory(k);
	set_entry(k, a, slot, text, value.from);
	return OCIENV_OK;
}

static int32_t assign_from(struct kubelet *k, const struct assignment *a, uint32_t slot)
{
	struct path list = path_key(k->in->pod->container_path, SV("envFrom"));
	struct path item = path_index(&list, a->index);
	struct sv text = env_text(&k->layer->arena, a->name, a->entry->value);

	if (!text.ptr)
		return kubelet_no_memory(k);
	set_entry(k, a, slot, text, kubelet_object_origin(k, a->object, a->entry));
	return kubelet_check_bytes(k, a->entry->value, k->in->pod->env_from[a->index].object.from.mark,
			   &item);
}

static int32_t assign_service(struct kubelet *k, const struct assignment *a, uint32_t slot)
{
	const struct object *service = a->service->service;
	struct sv text = a->service->text;
	struct origin from = {.source = OCIENV_SOURCE_SERVICE,
			      .document = layer_document(k->layer, sv_of(service->document)),
			      .mark = service->mark};

	text.ptr = arena_strdup(&k->layer->arena, text);
	if (!text.ptr)
		return kubelet_no_memory(k);
	set_entry(k, a, slot, text, from);
	return OCIENV_OK;
}

/* X: $(X)-b adds to a value on purpose. */
static bool refers_to(struct sv text, struct sv name)
{
	for (size_t at = 0; at < text.len; at++) {
		struct sv rest = sv_skip(text, at);

		if (sv_has_prefix(rest, SV("$(")) && sv_has_prefix(sv_skip(rest, 2), name) &&
		    sv_has_prefix(sv_skip(rest, 2 + name.len), SV(")")))
			return true;
	}
	return false;
}

/* API server: two entries of one name in `env`, of which the second hides the first. Those of
 * envFrom are meant to be hidden. */
static int32_t assign_own(struct kubelet *k, const struct assignment *a, uint32_t slot)
{
	const struct pod_env *env = &k->in->pod->env[a->index];
	bool skipped = false;
	int32_t status = assign_env(k, a, slot, &skipped);

	if (status || skipped)
		return status;
	if (k->own[slot] && !refers_to(pod_env_value(env), a->name))
		add_warning(&k->layer->warnings, &k->layer->arena, "duplicate-collapsed", a->name,
			    "the name stood in this list before; the last value counts",
			    origin_of(k, env->name_mark));
	k->own[slot] = true;
	return OCIENV_OK;
}

static int32_t run_assignments(struct kubelet *k)
{
	uint32_t count = assignment_count(k);
	int32_t status = OCIENV_OK;

	for (uint32_t i = 0; !status && i < count; i++) {
		struct assignment a = assignment_at(k, i);

		if (a.service)
			status = assign_service(k, &a, k->slots.of[i]);
		else if (a.entry)
			status = assign_from(k, &a, k->slots.of[i]);
		else
			status = assign_own(k, &a, k->slots.of[i]);
	}
	return status;
}

/* All of T, then those of S that T does not hide. */
static void hand_out_env(struct kubelet *k)
{
	struct env_list *env = &k->layer->env;

	env->present = true;
	for (uint32_t slot = 0; slot < k->slots.count; slot++)
		if (!k->env[slot] && in_services(k, slot))
			env->items[env->count++] = *k->service[slot];
}

void kubelet_cut_names(struct kubelet *k)
{
	struct env_list *env = &k->layer->env;

	for (uint32_t i = 0; i < env->count; i++)
		env->items[i].name_length = (uint32_t)sv_find(env->items[i].text, '=');
}

int32_t kubelet_env(struct kubelet *k)
{
	int32_t status = collect(k);

	if (!status)
		status = build_slots(k);
	if (!status)
		status = run_assignments(k);
	if (!status)
		hand_out_env(k);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of each layer what the policy lets through. A name is judged by its last value, which is
 * the one that counts; the values before it go with it.
 *
 * A host's runtime spec was made of the image and the pod, so an entry that the image has as
 * well is the image's.
 */
#include "resolve/policy.h"

#include "base/utf8.h"
#include "resolve/runtime.h"
#include "resolve/slots.h"

/* What the image says, by name and as a whole. */
struct image_index {
	const struct env_list *env;
	struct sort_item *names, *texts;
	uint32_t count; /* entries with a value */
};

/* One layer on its way. */
struct passage {
	struct policy_run *run;
	const struct ocienv_layer *from;
	const struct image_index *image; /* NULL: the layer is the image */
	const struct slots *above;	 /* of the image: names that other layers set */
	struct slots slots;
	uint32_t *last;	   /* by slot: the entry that counts */
	uint32_t *entries; /* by slot: how many there are */
	uint32_t *known;   /* by slot: those before the last that the image has as well */
	bool *stays;
};

static int32_t index_image(const struct policy_run *run, const struct env_list *env,
			   struct image_index *ret)
{
	struct arena *scratch = run->in->scratch;

	*ret = (struct image_index){
		.env = env,
		.names = ARENA_ARRAY(scratch, env->count, struct sort_item),
		.texts = ARENA_ARRAY(scratch, env->count, struct sort_item),
	};
	if (!ret->names || !ret->texts)
		return policy_memory(run);
	for (uint32_t i = 0; i < env->count; i++) {
		if (!env_has_value(&env->items[i]))
			continue;
		ret->names[ret->count] = sort_item(env_name(&env->items[i]), i);
		ret->texts[ret->count++] = sort_item(env->items[i].text, i);
	}
	if (!sort_names(ret->names, ret->count, scratch) ||
	    !sort_names(ret->texts, ret->count, scratch))
		return policy_memory(run);
	return OCIENV_OK;
}

/* The image's last value for a name, and how many it has; NULL: none. */
static const struct env_entry *image_value(const struct image_index *image, struct sv name,
					   uint32_t *ret_count)
{
	size_t first = sort_find(image->names, image->count, name), at = first;

	*ret_count = 0;
	if (first == image->count)
		return NULL;
	while (at + 1 < image->count && sv_eq(sort_name(&image->names[at + 1]), name))
		at++;
	*ret_count = (uint32_t)(at + 1 - first);
	return &image->env->items[image->names[at].index];
}

static int32_t open_passage(struct passage *p)
{
	const struct env_list *env = &p->from->env;
	struct arena *scratch = p->run->in->scratch;

	if (slots_number(&p->slots, scratch, slot_name_env, env->items, env->count))
		return policy_memory(p->run);
	p->last = ARENA_ARRAY(scratch, p->slots.count, uint32_t);
	p->entries = ARENA_ARRAY(scratch, p->slots.count, uint32_t);
	p->known = ARENA_ARRAY(scratch, p->slots.count, uint32_t);
	p->stays = ARENA_ARRAY(scratch, p->slots.count, bool);
	if (!p->last || !p->entries || !p->known || !p->stays)
		return policy_memory(p->run);
	for (uint32_t i = 0; i < env->count; i++) {
		p->last[p->slots.of[i]] = i;
		p->entries[p->slots.of[i]]++;
	}
	for (uint32_t i = 0; p->image && i < env->count; i++)
		if (p->last[p->slots.of[i]] != i &&
		    sort_find(p->image->texts, p->image->count, env->items[i].text) <
			    p->image->count)
			p->known[p->slots.of[i]]++;
	return OCIENV_OK;
}

/* How a layer names its values is its own business; what they are worth is not. */
static uint8_t source_of(const struct passage *p, const struct env_entry *entry)
{
	if (p->from->kind == OCIENV_LAYER_IMAGE)
		return OCIENV_SOURCE_IMAGE;
	if (p->from->kind == OCIENV_LAYER_RUNTIME)
		return OCIENV_SOURCE_RUNTIME;
	if (entry->from.source <= OCIENV_SOURCE_CALLER &&
	    SOURCES_POD & SOURCE_BIT(entry->from.source))
		return entry->from.source;
	return OCIENV_SOURCE_POD;
}

/* In a list of a pod the values of a name are one behind the other already. What envFrom and
 * Services give may be replaced; a value of `env` itself is so by another one there only. */
static uint32_t count_chain(const struct env_entry *entry)
{
	uint32_t count = 0;

	for (const struct overrode *lost = entry->overrode; lost; lost = lost->next)
		count += lost->from.source == entry->from.source ||
			 lost->from.source == OCIENV_SOURCE_POD;
	return count;
}

/* Entries of one name in a runtime spec, but for one and for those that it has from the
 * image: that is how containerd lets a pod's value win. */
static uint32_t count_entries(const struct passage *p, uint32_t slot, bool is_images,
			      uint32_t of_image)
{
	uint32_t most = of_image - (is_images && of_image);
	uint32_t excused = p->known[slot] < most ? p->known[slot] : most;

	return p->entries[slot] - 1 - excused;
}

static struct claim claim_of(const struct passage *p, uint32_t slot, struct env_entry *entry)
{
	const struct env_entry *below = NULL;
	struct claim claim = {.name = env_name(entry), .source = source_of(p, entry)};
	uint32_t of_image = 0;
	bool same;

	if (env_has_value(entry))
		claim.value = env_value(entry);
	if (p->image)
		below = image_value(p->image, claim.name, &of_image);
	same = below && sv_eq(below->text, entry->text);
	claim.replaces = below && !same;
	if (p->from->kind == OCIENV_LAYER_RUNTIME)
		claim.repeats = count_entries(p, slot, same, of_image);
	else if (p->from->kind == OCIENV_LAYER_POD)
		claim.repeats = count_chain(entry);
	if (same && p->from->kind == OCIENV_LAYER_RUNTIME) {
		claim.source = OCIENV_SOURCE_IMAGE;
		entry->from = below->from;
	}
	entry->from.source = claim.source;
	entry->from.altered = false;
	if (runtime_trims(p->run->in->options->runtime) && claim.value.ptr) {
		claim.name = utf8_trim(claim.name);
		claim.value = utf8_trim(claim.value);
	}
	return claim;
}

static int32_t note_repeats(struct policy_run *run, const struct claim *claim)
{
	struct repeat *repeat;

	if (!claim->repeats)
		return OCIENV_OK;
	repeat = VEC_PUSH(&run->repeats, run->in->scratch, struct repeat);
	if (!repeat)
		return policy_memory(run);
	*repeat = (struct repeat){claim->name, claim->repeats};
	return OCIENV_OK;
}

/* "=VALUE" is left out by CRI-O, and by kata where that is no error. */
static bool is_nameless(const struct policy_input *in, const struct env_entry *entry)
{
	return !entry->name_length &&
	       ((!in->spec && in->options->cri == OCIENV_CRI_CRIO) ||
		(in->options->flags & OCIENV_LENIENT &&
		 runtime_skips_nameless(in->options->runtime)));
}

/* runc puts the user's own in the place of an empty HOME. One that hides the image's takes a value
 * away. */
static bool is_no_home(const struct policy_input *in, const struct claim *claim)
{
	return sv_eq(claim->name, SV("HOME")) && !claim->value.len && !claim->replaces &&
	       runtime_fills_home(in->options->runtime);
}

/* What nobody gets needs no leave. */
static bool is_left_out(const struct passage *p, const struct env_entry *entry,
			const struct claim *claim)
{
	return env_has_value(entry) &&
	       (is_nameless(p->run->in, entry) || is_no_home(p->run->in, claim));
}

static int32_t judge_slot(struct passage *p, uint32_t slot, struct env_entry *entry)
{
	struct policy_run *run = p->run;
	struct claim claim = claim_of(p, slot, entry);
	struct ruling ruling;

	/* The runtime takes care of a bare name that takes nothing away; and what another
	 * layer's value takes the place of is nobody's value. */
	p->stays[slot] = (!claim.value.ptr && (!p->image || !claim.replaces)) ||
			 (p->above && slots_find(p->above, claim.name) != SLOT_NONE) ||
			 is_left_out(p, entry, &claim);
	if (p->stays[slot])
		return OCIENV_OK;
	ruling = judge_claim(&run->judge, &claim);
	if (ruling.finding && !ruling.rejects && claim.source == OCIENV_SOURCE_IMAGE && p->image)
		return OCIENV_OK; /* the image's own entry was told of */
	if (ruling.finding)
		return policy_refuse(run, &claim, &ruling, entry->from);
	p->stays[slot] = true;
	if (sv_eq(claim.name, SV("HOME")) && claim.value.len)
		run->home_given = true;
	return note_repeats(run, &claim);
}

/* The list of a layer without what the policy does not let through. */
static int32_t pass(struct passage *p, struct env_list *ret)
{
	const struct env_list *env = &p->from->env;
	struct env_entry *items = ARENA_ARRAY(p->run->in->scratch, env->count, struct env_entry);
	int32_t status = items ? open_passage(p) : policy_memory(p->run);
	uint32_t kept = 0;

	for (uint32_t i = 0; !status && i < env->count; i++) {
		uint32_t slot = p->slots.of[i];

		items[i] = env->items[i];
		items[i].from.source = source_of(p, &env->items[i]);
		items[i].from.altered = false;
		if (p->last[slot] == i)
			status = judge_slot(p, slot, &items[i]);
	}
	for (uint32_t i = 0; !status && i < env->count; i++)
		if (p->stays[p->slots.of[i]])
			items[kept++] = items[i];
	*ret = (struct env_list){env->present, kept, items};
	return status;
}

static struct sv name_above(const void *list, uint32_t i)
{
	const struct policy_run *run = list;
	const struct env_list *spec = &run->spec.env, *pod = &run->pod.env;

	return env_name(i < spec->count ? &spec->items[i] : &pod->items[i - spec->count]);
}

/* The names that a runtime spec or a pod still sets. */
static int32_t index_above(const struct policy_run *run, struct slots *ret)
{
	uint32_t count = run->spec.env.count + run->pod.env.count;

	return slots_build(ret, run->in->scratch, name_above, run, count) ? policy_memory(run)
									   : OCIENV_OK;
}

static int32_t filter_layer(struct policy_run *run, const struct ocienv_layer *from,
			    const struct image_index *image, const struct slots *above,
			    struct ocienv_layer *copy)
{
	struct passage passage = {.run = run, .from = from, .image = image, .above = above};

	if (!from)
		return OCIENV_OK;
	*copy = *from;
	return pass(&passage, &copy->env);
}

/* The sandbox's name becomes HOSTNAME. */
static int32_t filter_hostname(struct policy_run *run)
{
	struct text *hostname = &run->pod.hostname;
	const char *given = run->in->options->hostname;
	struct claim claim = {.name = SV("HOSTNAME"),
			      .value = hostname->value,
			      .source = OCIENV_SOURCE_POD};
	struct ruling ruling;

	if (!run->in->pod || !hostname->value.ptr)
		return OCIENV_OK;
	if (given && sv_eq(sv_of(given), hostname->value))
		claim.source = OCIENV_SOURCE_CALLER;
	else if (hostname->from.source == OCIENV_SOURCE_DOWNWARD)
		claim.source = OCIENV_SOURCE_DOWNWARD;
	hostname->from.source = claim.source;
	ruling = judge_claim(&run->judge, &claim);
	if (!ruling.finding)
		return OCIENV_OK;
	hostname->value = SV_NONE;
	return policy_refuse(run, &claim, &ruling, hostname->from);
}

int32_t policy_filter(struct policy_run *run, const struct policy_input *in)
{
	static const struct env_list none = {.present = false};
	struct image_index index;
	struct slots above;
	int32_t status;

	*run = (struct policy_run){.in = in, .judge = {in->policy, POLICY_STEPS}};
	status = index_image(run, in->image ? &in->image->env : &none, &index);
	if (!status)
		status = filter_layer(run, in->spec, &index, NULL, &run->spec);
	if (!status)
		status = filter_layer(run, in->pod, &index, NULL, &run->pod);
	if (!status)
		status = index_above(run, &above);
	if (!status)
		status = filter_layer(run, in->image, NULL, &above, &run->image);
	return status ? status : filter_hostname(run);
}

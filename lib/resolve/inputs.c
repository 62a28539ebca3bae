/* SPDX-License-Identifier: Apache-2.0 */
/* Copies, so that a config outlives the layers and the policy that it was made from. */
#include "resolve/inputs.h"

#include "read/policy.h"

static void keep_digest(bool known, const uint8_t *digest, struct input_digest *ret)
{
	ret->known = known; /* of zeroes otherwise */
	memcpy(ret->sha256, digest, sizeof(ret->sha256));
}

static void keep_digests(const struct resolve_input *in, struct ocienv_config *config)
{
	const struct ocienv_layer *layers[] = {in->image, in->spec, in->pod};
	const struct ocienv_policy *policy = in->options->policy;

	if (!(in->options->flags & OCIENV_KEEP_DIGEST))
		return;
	for (size_t i = 0; i < 3; i++)
		if (layers[i])
			keep_digest(layers[i]->has_digest, layers[i]->digest,
				    &config->inputs[layers[i]->kind]);
	if (policy)
		keep_digest(policy->has_digest, policy->digest, &config->inputs[INPUT_POLICY]);
}

static void keep_names(struct arena *arena, const struct sv *names, uint16_t count,
		       struct documents *ret)
{
	ret->names = ARENA_ARRAY(arena, count, struct sv);
	for (uint16_t i = 0; ret->names && i < count; i++)
		ret->names[i] = sv_from(arena_strdup(arena, names[i]), names[i].len);
	ret->count = count;
}

void inputs_keep(const struct resolve_input *in, struct ocienv_config *config)
{
	const struct ocienv_layer *layers[] = {in->image, in->spec, in->pod};

	for (size_t i = 0; i < 3; i++)
		if (layers[i])
			keep_names(&config->arena, layers[i]->documents.names,
				   layers[i]->documents.count,
				   &config->documents[layers[i]->kind]);
	if (in->occlum)
		keep_names(&config->arena, &in->occlum->document, 1,
			   &config->documents[DOCUMENTS_OF_LIBOS]);
	keep_digests(in, config);
}

/* Copied whole: those of a layer that was read back lie in its arena to the last word. */
void inputs_keep_warnings(const struct resolve_input *in, struct ocienv_config *config)
{
	const struct ocienv_layer *layers[] = {in->image, in->spec, in->pod};
	struct arena *arena = &config->arena;

	for (size_t i = 0; i < 3; i++) {
		const struct layer_warning *warnings =
			layers[i] ? layers[i]->warnings.items : NULL;

		for (uint32_t k = 0; warnings && k < layers[i]->warnings.count; k++)
			add_warning(&config->warnings, arena,
				    arena_strdup(arena, sv_of(warnings[k].code)),
				    warnings[k].subject,
				    arena_strdup(arena, sv_of(warnings[k].message)),
				    warnings[k].from);
	}
}

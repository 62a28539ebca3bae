/* SPDX-License-Identifier: Apache-2.0 */
#include "use.h"

#include <string.h>

const char *const step_names[STEPS] = {
	[STEP_CLUSTER] = "cluster_new",
	[STEP_FACTS] = "cluster_add_fact",
	[STEP_OBJECTS] = "cluster_add_objects",
	[STEP_IMAGE] = "layer_from_image_config",
	[STEP_IMAGE_ENCODE] = "layer_encode (image)",
	[STEP_IMAGE_DECODE] = "layer_decode (image)",
	[STEP_IMAGE_REPORT] = "layer_report (image)",
	[STEP_POD] = "layer_from_pod",
	[STEP_POD_ENCODE] = "layer_encode (pod)",
	[STEP_POD_DECODE] = "layer_decode (pod)",
	[STEP_POD_REPORT] = "layer_report (pod)",
	[STEP_SPEC] = "layer_from_runtime_spec",
	[STEP_SPEC_ENCODE] = "layer_encode (spec)",
	[STEP_SPEC_DECODE] = "layer_decode (spec)",
	[STEP_SPEC_REPORT] = "layer_report (spec)",
	[STEP_POLICY] = "policy_from_json",
	[STEP_RESOLVE] = "resolve",
	[STEP_ENCODE] = "config_encode",
	[STEP_DECODE] = "config_decode",
	[STEP_PUBLIC] = "config_encode_public",
	[STEP_DIGEST] = "config_digest",
	[STEP_REPORT] = "config_report",
	[STEP_GRAMINE] = "config_gramine",
	[STEP_OBSERVE] = "resolve (observed)",
	[STEP_PIN] = "policy_pin",
	[STEP_LOOKUP] = "lookup_new",
	[STEP_LOOKUP_STATUS] = "lookup_status",
	[STEP_LOOKUP_REPORT] = "lookup_report",
	[STEP_VERIFY] = "verify",
	[STEP_VERDICT] = "verdict_status",
	[STEP_VERIFY_REPORT] = "verdict_report",
};

/* What lives while it runs. */
struct objects {
	const struct situation *of;
	struct use *use;
	struct ocienv_options options;
	struct ocienv_cluster *cluster;
	struct ocienv_layer *layers[3];
	size_t count;
	struct ocienv_policy *policy, *observe;
	struct ocienv_config *config;
	struct ocienv_error error;
};

static void mix(uint64_t *hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		*hash = (*hash ^ bytes[i]) * UINT64_C(0x100000001b3);
}

static void mix_text(uint64_t *hash, const char *text)
{
	if (text)
		mix(hash, text, strlen(text) + 1);
}

static void begin(struct objects *o)
{
	memset(&o->error, 0x5a, sizeof(o->error));
}

static bool untouched(const struct ocienv_error *error)
{
	const unsigned char *bytes = (const unsigned char *)error;

	for (size_t i = 0; i < sizeof(*error); i++)
		if (bytes[i] != 0x5a)
			return false;
	return true;
}

/* Records the step; `made`: something was written through `ret`. True: it succeeded. */
static bool note(struct objects *o, enum step step, int32_t status, bool made)
{
	struct outcome_of_step *outcome = &o->use->steps[step];

	outcome->ran = true;
	outcome->status = status;
	if (!status) {
		if (!untouched(&o->error))
			o->use->broken = "an error was written on success";
		return true;
	}
	if (made)
		o->use->broken = "a result was written on failure";
	if (o->error.status != status || (status == OCIENV_ERR_SYSTEM) != (o->error.sys_errno != 0))
		o->use->broken = "the error does not tell the status";
	outcome->sys_errno = o->error.sys_errno;
	outcome->in_path = strstr(o->error.message, "in PATH");
	return false;
}

static void note_buffer(struct objects *o, enum step step, int32_t status,
			struct ocienv_buffer *buffer)
{
	if (note(o, step, status, buffer->data))
		mix(&o->use->steps[step].hash, buffer->data, buffer->size);
	ocienv_buffer_free(buffer);
}

static bool given(const struct objects *o, enum input input)
{
	return o->of->inputs[input].data;
}

/* --- layers ---------------------------------------------------------------------------- */

static void report_layer(struct objects *o, enum step step, const struct ocienv_layer *layer)
{
	struct ocienv_buffer report = {0};
	int32_t status;

	begin(o);
	status = ocienv_layer_report(&report, layer, NULL, &o->error);
	note_buffer(o, step, status, &report);
}

/* The three steps behind `step`. */
static void copy_layer(struct objects *o, enum step step, const struct ocienv_layer *layer)
{
	struct ocienv_buffer blob = {0};
	struct ocienv_document document = {"blob", NULL, 0};
	struct ocienv_layer *copy = NULL;
	int32_t status;

	begin(o);
	status = ocienv_layer_encode(&blob, layer, NULL, &o->error);
	if (note(o, step + 1, status, blob.data)) {
		mix(&o->use->steps[step + 1].hash, blob.data, blob.size);
		document.data = blob.data;
		document.size = blob.size;
		begin(o);
		status = ocienv_layer_decode(&copy, &document, NULL, &o->error);
		if (note(o, step + 2, status, copy))
			report_layer(o, step + 3, copy);
	}
	ocienv_layer_free(copy);
	ocienv_buffer_free(&blob);
}

static void take_layer(struct objects *o, enum step step, int32_t status,
		       struct ocienv_layer *layer)
{
	if (!note(o, step, status, layer))
		return;
	o->layers[o->count++] = layer;
	copy_layer(o, step, layer);
}

static bool add_facts(struct objects *o)
{
	for (size_t i = 0; i < o->of->fact_count; i++) {
		int32_t status;

		begin(o);
		status = ocienv_cluster_add_fact(o->cluster, o->of->facts[i].key,
						 o->of->facts[i].value, &o->error);
		if (!note(o, STEP_FACTS, status, false))
			return false;
	}
	return true;
}

static void read_pod(struct objects *o)
{
	struct ocienv_layer *layer = NULL;
	int32_t status;

	begin(o);
	status = ocienv_cluster_new(&o->cluster, NULL, &o->error);
	if (!note(o, STEP_CLUSTER, status, o->cluster) || !add_facts(o))
		return;
	if (given(o, INPUT_OBJECTS)) {
		begin(o);
		status = ocienv_cluster_add_objects(o->cluster, &o->of->inputs[INPUT_OBJECTS],
						    &o->error);
		if (!note(o, STEP_OBJECTS, status, false))
			return;
	}
	if (!given(o, INPUT_POD))
		return;
	begin(o);
	status = ocienv_layer_from_pod(&layer, &o->of->inputs[INPUT_POD], o->cluster, &o->options,
				       &o->error);
	take_layer(o, STEP_POD, status, layer);
}

static void read_layers(struct objects *o)
{
	struct ocienv_layer *layer = NULL;
	int32_t status;

	if (given(o, INPUT_IMAGE)) {
		begin(o);
		status = ocienv_layer_from_image_config(&layer, &o->of->inputs[INPUT_IMAGE],
							&o->options, &o->error);
		take_layer(o, STEP_IMAGE, status, layer);
	}
	if (given(o, INPUT_POD) || given(o, INPUT_OBJECTS))
		read_pod(o);
	layer = NULL;
	if (given(o, INPUT_SPEC)) {
		begin(o);
		status = ocienv_layer_from_runtime_spec(&layer, &o->of->inputs[INPUT_SPEC],
							&o->options, &o->error);
		take_layer(o, STEP_SPEC, status, layer);
	}
}

/* --- config ---------------------------------------------------------------------------- */

static bool warns_cannot_tell(const struct ocienv_config *config)
{
	struct ocienv_warning warning;

	for (size_t i = 0; !ocienv_config_warning(config, i, &warning); i++)
		if (strcmp(warning.code, "cannot-tell") == 0)
			return true;
	return false;
}

/* What execve gets. */
static void note_answer(struct objects *o, enum step step, const struct ocienv_config *config)
{
	struct outcome_of_step *outcome = &o->use->steps[step];
	struct ocienv_user user;
	struct ocienv_exec exec;
	size_t count;
	const char *const *texts = ocienv_config_argv(config, &count);

	for (size_t i = 0; i < count; i++)
		mix_text(&outcome->hash, texts[i]);
	texts = ocienv_config_envp(config, &count);
	for (size_t i = 0; i < count; i++)
		mix_text(&outcome->hash, texts[i]);
	mix_text(&outcome->hash, ocienv_config_cwd(config));
	if (!ocienv_config_user(config, &user)) {
		mix(&outcome->hash, &user.uid, sizeof(user.uid));
		mix(&outcome->hash, &user.gid, sizeof(user.gid));
		mix(&outcome->hash, user.groups, user.group_count * sizeof(*user.groups));
		mix_text(&outcome->hash, user.name);
	}
	if (ocienv_config_exec(config, &exec))
		return;
	mix_text(&outcome->hash, exec.path);
	mix_text(&outcome->hash, exec.canonical);
	outcome->at = exec.path_index;
	outcome->lacks_facts = !exec.machine;
	outcome->cannot_tell = warns_cannot_tell(config);
}

static bool resolve(struct objects *o, enum step step, const struct ocienv_policy *policy,
		    struct ocienv_config **ret)
{
	struct ocienv_options options = o->options;
	int32_t status;

	options.policy = policy;
	begin(o);
	status = ocienv_resolve(ret, (const struct ocienv_layer *const *)o->layers, o->count,
				o->of->rootfs, &options, &o->error);
	if (!note(o, step, status, *ret))
		return false;
	note_answer(o, step, *ret);
	return true;
}

static void encode(struct objects *o)
{
	struct ocienv_buffer blob = {0}, public = {0};
	struct ocienv_document document = {"blob", NULL, 0};
	static const uint8_t key[32] = "31 bytes and a NUL, for a test.";
	struct ocienv_config *copy = NULL;
	int32_t status;

	begin(o);
	status = ocienv_config_encode(&blob, o->config, NULL, &o->error);
	if (note(o, STEP_ENCODE, status, blob.data)) {
		mix(&o->use->steps[STEP_ENCODE].hash, blob.data, blob.size);
		document.data = blob.data;
		document.size = blob.size;
		begin(o);
		status = ocienv_config_decode(&copy, &document, NULL, &o->error);
		if (note(o, STEP_DECODE, status, copy))
			note_answer(o, STEP_DECODE, copy);
	}
	ocienv_config_free(copy);
	ocienv_buffer_free(&blob);
	begin(o);
	status = ocienv_config_encode_public(&public, o->config, key, sizeof(key), NULL, &o->error);
	note_buffer(o, STEP_PUBLIC, status, &public);
}

static void show(struct objects *o)
{
	uint8_t digest[OCIENV_DIGEST_SIZE] = {0};
	struct ocienv_buffer report = {0}, manifest = {0};
	int32_t status;

	begin(o);
	status = ocienv_config_digest(digest, o->config, &o->error);
	if (note(o, STEP_DIGEST, status, false))
		mix(&o->use->steps[STEP_DIGEST].hash, digest, sizeof(digest));
	begin(o);
	status = ocienv_config_report(&report, o->config, NULL, &o->error);
	note_buffer(o, STEP_REPORT, status, &report);
	begin(o);
	status = ocienv_config_gramine(&manifest, o->config, NULL, &o->error);
	note_buffer(o, STEP_GRAMINE, status, &manifest);
}

static void pin(struct objects *o)
{
	struct ocienv_config *config = NULL;
	struct ocienv_buffer policy = {0};
	int32_t status;

	begin(o);
	status = ocienv_policy_builtin(&o->observe, "observe", NULL, &o->error);
	if (status) {
		note(o, STEP_OBSERVE, status, o->observe);
		return;
	}
	if (resolve(o, STEP_OBSERVE, o->observe, &config)) {
		begin(o);
		status = ocienv_policy_pin(&policy, config, NULL, &o->error);
		note_buffer(o, STEP_PIN, status, &policy);
	}
	ocienv_config_free(config);
}

static void look_up(struct objects *o)
{
	struct ocienv_lookup *lookup = NULL;
	struct ocienv_buffer report = {0};
	int32_t status;

	begin(o);
	status = ocienv_lookup_new(&lookup, (const struct ocienv_layer *const *)o->layers,
				   o->count, o->of->rootfs, &o->options, &o->error);
	if (note(o, STEP_LOOKUP, status, lookup)) {
		begin(o);
		status = ocienv_lookup_status(lookup, &o->error);
		note(o, STEP_LOOKUP_STATUS, status, false);
		begin(o);
		status = ocienv_lookup_report(&report, lookup, 1, NULL, &o->error);
		note_buffer(o, STEP_LOOKUP_REPORT, status, &report);
	}
	ocienv_lookup_free(lookup);
}

static void check_host(struct objects *o)
{
	struct ocienv_verdict *verdict = NULL;
	struct ocienv_buffer report = {0};
	int32_t status;

	begin(o);
	status = ocienv_verify(&verdict, (const struct ocienv_layer *const *)o->layers, o->count,
			       o->of->rootfs, &o->options, &o->error);
	if (note(o, STEP_VERIFY, status, verdict)) {
		begin(o);
		note(o, STEP_VERDICT, ocienv_verdict_status(verdict, &o->error), false);
		begin(o);
		status = ocienv_verdict_report(&report, verdict, NULL, &o->error);
		note_buffer(o, STEP_VERIFY_REPORT, status, &report);
	}
	ocienv_verdict_free(verdict);
}

static bool read_policy(struct objects *o)
{
	int32_t status;

	if (!given(o, INPUT_POLICY) && !o->of->builtin)
		return true;
	begin(o);
	status = o->of->builtin
			 ? ocienv_policy_builtin(&o->policy, o->of->builtin, NULL, &o->error)
			 : ocienv_policy_from_json(&o->policy, &o->of->inputs[INPUT_POLICY], NULL,
						   &o->error);
	return note(o, STEP_POLICY, status, o->policy);
}

static void answer(struct objects *o)
{
	if (resolve(o, STEP_RESOLVE, o->policy, &o->config)) {
		encode(o);
		show(o);
	}
	pin(o);
	if (o->of->rootfs != OCIENV_NO_ROOTFS)
		look_up(o);
	if (given(o, INPUT_SPEC) && (given(o, INPUT_IMAGE) || given(o, INPUT_POD)))
		check_host(o);
}

void use_run(const struct situation *situation, struct use *ret)
{
	struct objects o = {.of = situation, .use = ret, .options = situation->options};
	size_t wanted = (size_t)given(&o, INPUT_IMAGE) + given(&o, INPUT_POD) +
			given(&o, INPUT_SPEC);

	*ret = (struct use){0};
	if (given(&o, INPUT_OCCLUM_JSON))
		o.options.occlum_json = &situation->inputs[INPUT_OCCLUM_JSON];
	read_layers(&o);
	/* With a layer less it would be another situation. */
	if (read_policy(&o) && wanted && o.count == wanted)
		answer(&o);
	for (size_t i = 0; i < o.count; i++)
		ocienv_layer_free(o.layers[i]);
	ocienv_config_free(o.config);
	ocienv_policy_free(o.policy);
	ocienv_policy_free(o.observe);
	ocienv_cluster_free(o.cluster);
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "answers.h"

#include "ocienv/boot.h"
#include "read/layer.h"

#include <stdlib.h>
#include <string.h>

#define LAYER_ERRORS                                                                     \
	(MAY(NOMEM) | MAY(LIMIT) | MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS) |        \
	 MAY(TYPE) | MAY(VALUE) | MAY(ARGUMENT))
#define POD_ERRORS (LAYER_ERRORS | MAY(REFERENCE) | MAY(UNSUPPORTED))
#define WRITE_ERRORS (MAY(NOMEM) | MAY(LIMIT) | MAY(UNSUPPORTED))
#define VERIFY_ERRORS                                                                    \
	(MAY(ARGUMENT) | MAY(NOMEM) | MAY(LIMIT) | MAY(ENCODING) | MAY(VALUE) |          \
	 MAY(REFERENCE) | MAY(ACCESS) | MAY(UNSAFE) |                                    \
	 (run->options->occlum_json ? MAY(SYNTAX) | MAY(AMBIGUOUS) | MAY(TYPE) : 0))
#define RESOLVE_ERRORS (VERIFY_ERRORS | MAY(NOTFOUND) | MAY(UNSUPPORTED) | MAY(POLICY))

/* Which value the inputs mark: no message may tell it. */
static const char hushed[] = "hush-hush";

/* One step is over, its failure is part of what came out. True: it succeeded. */
static bool settle(struct run *run)
{
	int32_t status = run->outcome->status;

	if (!status)
		return true;
	outcome_add(run->outcome, &run->outcome->error, sizeof(run->outcome->error));
	run->outcome->retried |= status == OCIENV_ERR_NOMEM;
	run->outcome->status = OCIENV_OK;
	return false;
}

/* The same of a call that was asked for no error: two runs may differ behind it where there was
 * no memory. */
static bool went_well(struct run *run, int32_t status)
{
	run->outcome->retried |= status == OCIENV_ERR_NOMEM;
	return !status;
}

/* --- layers ------------------------------------------------------------------------------ */

typedef int32_t layer_reader(struct ocienv_layer **ret, const struct ocienv_document *document,
			     const struct ocienv_options *options, struct ocienv_error *reterr);

static struct ocienv_layer *read_layer(struct run *run, layer_reader *read,
				       const struct ocienv_document *document)
{
	struct ocienv_layer *layer = NULL;
	int32_t status;

	if (!document->name)
		return NULL;
	error_prepare(&run->error);
	status = read(&layer, document, run->options, &run->error);
	PROMISE(!status == !!layer);
	(void)call_succeeded(run, status, LAYER_ERRORS, &run->error);
	(void)settle(run);
	return layer;
}

static struct ocienv_layer *read_pod(struct run *run, const struct question *question)
{
	const struct ocienv_document *objects = &question->documents[QUESTION_OBJECTS];
	struct ocienv_cluster *cluster = NULL;
	struct ocienv_layer *layer = NULL;
	int32_t status;

	if (!question->documents[QUESTION_POD].name)
		return NULL;
	error_prepare(&run->error);
	status = ocienv_cluster_new(&cluster, run->options, &run->error);
	if (call_succeeded(run, status, LAYER_ERRORS, &run->error) && objects->name) {
		status = ocienv_cluster_add_objects(cluster, objects, &run->error);
		(void)call_succeeded(run, status, LAYER_ERRORS, &run->error);
	}
	if (settle(run)) {
		error_prepare(&run->error);
		status = ocienv_layer_from_pod(&layer, &question->documents[QUESTION_POD],
					       cluster, run->options, &run->error);
		PROMISE(!status == !!layer);
		(void)call_succeeded(run, status, POD_ERRORS, &run->error);
		(void)settle(run);
	}
	ocienv_cluster_free(cluster);
	return layer;
}

struct layers {
	struct ocienv_layer *image, *spec, *pod;
};

/* The marked text comes once, within a value of the image's or the spec's, so that nothing
 * else may bring it into a message. */
static bool is_value(const struct question *question, const struct ocienv_layer *layer)
{
	struct sv mark = sv_of(hushed), input = question->input;
	const char *hit = memmem(input.ptr, input.len, mark.ptr, mark.len);
	size_t behind = hit ? (size_t)(hit - input.ptr) + mark.len : 0;

	if (!layer || !hit ||
	    memmem(input.ptr + behind, input.len - behind, mark.ptr, mark.len))
		return false;
	for (uint32_t i = 0; i < layer->env.count; i++) {
		struct sv value = env_value(&layer->env.items[i]);

		if (value.len && memmem(value.ptr, value.len, mark.ptr, mark.len))
			return true;
	}
	return false;
}

/* --- one answer -------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
	const char *const *one = a, *const *other = b;

	return sv_cmp(sv_from(*one, strcspn(*one, "=")), sv_from(*other, strcspn(*other, "=")));
}

static void check_unique(const struct ocienv_config *config)
{
	size_t count;
	const char *const *envp = ocienv_config_envp(config, &count);
	const char **sorted = calloc(count + 1, sizeof(*sorted));

	PROMISE(sorted);
	memcpy(sorted, envp, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 1; i < count; i++)
		PROMISE(compare_names(&sorted[i - 1], &sorted[i]) < 0);
	free(sorted);
}

/* What the enclave reads is what the host was told. */
static void check_boot(struct run *run, const struct ocienv_config *config)
{
	struct ocienv_document document = {"blob", NULL, 0};
	struct ocienv_config *decoded = NULL;
	struct ocienv_buffer blob;
	struct ocienv_boot boot;

	if (ocienv_config_encode(&blob, config, run->options, NULL))
		return;
	document.data = blob.data;
	document.size = blob.size;
	PROMISE(!ocienv_boot_open(&boot, blob.data, blob.size));
	if (!ocienv_config_decode(&decoded, &document, run->options, NULL))
		boot_check(&boot, decoded);
	ocienv_config_free(decoded);
	ocienv_buffer_free(&blob);
}

static void check_gramine(struct run *run, const struct ocienv_config *config)
{
	struct ocienv_buffer manifest;
	int32_t status;

	error_prepare(&run->error);
	status = ocienv_config_gramine(&manifest, config, run->options, &run->error);
	if (call_succeeded(run, status, WRITE_ERRORS | MAY(ARGUMENT), &run->error)) {
		outcome_add(run->outcome, manifest.data, manifest.size);
		manifest_check(sv_from(manifest.data, manifest.size), config);
		ocienv_buffer_free(&manifest);
	}
	(void)settle(run);
}

static void check_config(struct run *run, const struct answer *answer,
			 const struct ocienv_config *config)
{
	check_unique(config);
	run_config(run, config);
	(void)settle(run);
	check_boot(run, config);
	check_gramine(run, config);
	if (answer->options.policy && !answer->options.libos)
		answer_pin(run, answer, config);
	(void)settle(run);
}

/* --- the same, looked up ----------------------------------------------------------------- */

static void report_lookup(struct run *run, const struct ocienv_lookup *lookup)
{
	struct ocienv_candidate candidate;
	struct ocienv_buffer report;

	for (size_t i = 0; !ocienv_lookup_candidate(lookup, i, &candidate); i++) {
		PROMISE(candidate.path[0] == '/' && !candidate.reason == !candidate.status);
		PROMISE(!run->hushed || !candidate.reason ||
			!strstr(candidate.reason, run->hushed));
		outcome_add(run->outcome, candidate.path, strlen(candidate.path));
	}
	for (uint32_t show = 0; show < 2; show++) {
		if (!went_well(run, ocienv_lookup_report(&report, lookup, show, run->options,
							 NULL)))
			continue;
		outcome_add(run->outcome, report.data, report.size);
		ocienv_buffer_free(&report);
	}
}

/* `error` is that of ocienv_resolve(), which had `config` or nothing. */
static void look_up(struct run *run, const struct answer *answer,
		    const struct ocienv_config *config, const struct ocienv_error *error)
{
	struct ocienv_lookup *lookup = NULL;
	int32_t status;

	error_prepare(&run->error);
	status = ocienv_lookup_new(&lookup,
				   (const struct ocienv_layer *const *)answer->layers,
				   answer->count, answer->rootfs_fd, &answer->options, &run->error);
	if (!call_succeeded(run, status, answer->errors, &run->error)) {
		PROMISE(status == OCIENV_ERR_NOMEM || status == OCIENV_ERR_LIMIT ||
			run->outcome->retried || !memcmp(error, &run->error, sizeof(*error)));
		(void)settle(run);
		return;
	}
	error_prepare(&run->error);
	status = ocienv_lookup_status(lookup, &run->error);
	if (call_succeeded(run, status, answer->errors, &run->error)) {
		PROMISE(run->outcome->retried || config);
		if (config)
			answer_check_same(config, ocienv_lookup_config(lookup));
	} else {
		PROMISE(!ocienv_lookup_config(lookup));
		PROMISE(run->outcome->retried || !memcmp(error, &run->error, sizeof(*error)));
	}
	report_lookup(run, lookup);
	ocienv_lookup_free(lookup);
	(void)settle(run);
}

/* --- verdicts ---------------------------------------------------------------------------- */

static void check_verdict(struct run *run, const struct ocienv_verdict *verdict)
{
	struct ocienv_difference difference;
	struct ocienv_buffer report;
	bool faults = false;
	int32_t status;

	for (size_t i = 0; !ocienv_verdict_difference(verdict, i, &difference); i++) {
		PROMISE(difference.code[0] && difference.subject);
		faults |= !difference.allowed;
	}
	error_prepare(&run->error);
	status = ocienv_verdict_status(verdict, &run->error);
	PROMISE(call_succeeded(run, status, MAY(MISMATCH), &run->error) == !faults);
	(void)settle(run);
	if (!went_well(run, ocienv_verdict_report(&report, verdict, run->options, NULL)))
		return;
	PROMISE(!run->hushed || !memmem(report.data, report.size, hushed, strlen(hushed)));
	outcome_add(run->outcome, report.data, report.size);
	ocienv_buffer_free(&report);
}

static void verify(struct run *run, const struct answer *answer, const struct layers *layers)
{
	const struct ocienv_layer *all[3] = {layers->spec};
	struct ocienv_verdict *verdict = NULL;
	size_t count = 1;
	int32_t status;

	if (layers->image)
		all[count++] = layers->image;
	if (layers->pod)
		all[count++] = layers->pod;
	if (!layers->spec || count < 2)
		return;
	error_prepare(&run->error);
	status = ocienv_verify(&verdict, all, count, answer->rootfs_fd, &answer->options,
			       &run->error);
	if (call_succeeded(run, status, VERIFY_ERRORS, &run->error))
		check_verdict(run, verdict);
	ocienv_verdict_free(verdict);
	(void)settle(run);
}

/* --- all --------------------------------------------------------------------------------- */

static void ask(struct run *run, struct answer *answer)
{
	struct ocienv_config *config = answer_resolve(run, answer, answer->options.policy);
	struct ocienv_error error = run->error;

	if (config)
		check_config(run, answer, config);
	else
		(void)settle(run);
	if (run->has_program)
		look_up(run, answer, config, &error);
	ocienv_config_free(config);
}

static void ask_layers(struct run *run, const struct question *question,
		       const struct layers *layers, const struct ocienv_policy *policy)
{
	struct answer answer = {.rootfs_fd = question->rootfs_fd, .options = *run->options};

	answer.options.policy = policy;
	answer.errors = RESOLVE_ERRORS;
	if (layers->image)
		answer.layers[answer.count++] = layers->image;
	if (layers->pod || layers->spec)
		answer.layers[answer.count++] = layers->pod ? layers->pod : layers->spec;
	if (is_value(question, layers->image) || is_value(question, layers->spec))
		run->hushed = hushed;
	if (answer.count)
		ask(run, &answer);
	verify(run, &answer, layers);
}

static struct ocienv_policy *make_policy(struct run *run, const struct question *question)
{
	static const char *const builtin[] = {NULL, "observe", "image-only"};
	/* What else is asked for may not go together: it is the answer that says so. */
	const struct ocienv_options plain = {.size = sizeof(plain),
					     .allocator = run->options->allocator};
	struct ocienv_policy *policy = NULL;

	if (question->documents[QUESTION_POLICY].name)
		policy = policy_read(run, &question->documents[QUESTION_POLICY], &plain);
	else if (builtin[question->builtin])
		(void)went_well(run, ocienv_policy_builtin(&policy, builtin[question->builtin],
							   &plain, NULL));
	(void)settle(run);
	return policy;
}

void question_run(const struct question *question, struct outcome *ret)
{
	struct run run = {.options = &question->options,
			  .outcome = ret,
			  .has_program = question->has_root};
	struct ocienv_options options = question->options;
	struct layers layers = {NULL, NULL, NULL};
	struct ocienv_policy *policy;

	*ret = (struct outcome){.status = OCIENV_OK};
	if (question->documents[QUESTION_OCCLUM].name)
		options.occlum_json = &question->documents[QUESTION_OCCLUM];
	run.options = &options;
	for (size_t i = 0; i < QUESTION_DOCUMENTS; i++)
		run.documents[i] = question->documents[i].name ? &question->documents[i] : NULL;
	layers.image = read_layer(&run, ocienv_layer_from_image_config,
				  &question->documents[QUESTION_IMAGE]);
	layers.spec = read_layer(&run, ocienv_layer_from_runtime_spec,
				 &question->documents[QUESTION_SPEC]);
	layers.pod = read_pod(&run, question);
	policy = make_policy(&run, question);
	ask_layers(&run, question, &layers, policy);
	ocienv_policy_free(policy);
	ocienv_layer_free(layers.image);
	ocienv_layer_free(layers.spec);
	ocienv_layer_free(layers.pod);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A policy, and an answer under it: the image is always the same, the runtime spec may stand
 * behind the policy. What is pinned gives the same answer again. */
#include "promise.h"

#include <string.h>

#define TEXT_ERRORS                                                                      \
	(MAY(NOMEM) | MAY(LIMIT) | MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS) |        \
	 MAY(TYPE) | MAY(VALUE))
#define RESOLVE_ERRORS                                                                   \
	(MAY(NOMEM) | MAY(LIMIT) | MAY(ENCODING) | MAY(VALUE) | MAY(REFERENCE) | MAY(POLICY))

static const char image_text[] =
	"{\"config\": {\"Entrypoint\": [\"x\"], \"Env\": [\"A=1\", \"B=2\", \"PYTHONPATH=/p\"]}}";
static const char spec_text[] =
	"{\"process\": {\"args\": [\"x\"], \"cwd\": \"/\", \"user\": {\"uid\": 0}, \"env\": "
	"[\"A=1\", \"A=3\", \"LD_PRELOAD=x\", \"C=10.0.0.1\", \"D=sealed.x\", \"E=\"]}}";

struct ocienv_policy *policy_read(struct run *run, const struct ocienv_document *document,
				  const struct ocienv_options *options)
{
	struct ocienv_policy *policy = UNTOUCHED(struct ocienv_policy);
	int32_t status;

	error_prepare(&run->error);
	status = ocienv_policy_from_json(&policy, document, options, &run->error);
	if (call_succeeded(run, status, TEXT_ERRORS, &run->error))
		return policy;
	PROMISE(policy == UNTOUCHED(struct ocienv_policy));
	return NULL;
}

struct ocienv_config *answer_resolve(struct run *run, const struct answer *answer,
				     const struct ocienv_policy *policy)
{
	struct ocienv_config *config = UNTOUCHED(struct ocienv_config);
	struct ocienv_options options = answer->options;
	int32_t status;

	options.policy = policy;
	error_prepare(&run->error);
	status = ocienv_resolve(&config, (const struct ocienv_layer *const *)answer->layers,
				answer->count, answer->rootfs_fd, &options, &run->error);
	if (call_succeeded(run, status, answer->errors, &run->error))
		return config;
	PROMISE(config == UNTOUCHED(struct ocienv_config));
	return NULL;
}

static void ask(struct run *run, const struct ocienv_config *config)
{
	const char *const *envp = ocienv_config_envp(config, NULL);
	struct ocienv_ruling ruling;

	for (size_t i = 0; envp[i]; i++) {
		PROMISE(!ocienv_config_ruling(config, i, &ruling));
		PROMISE(!strncmp(ruling.name, envp[i], strlen(ruling.name)));
		PROMISE(!strcmp(ruling.verdict, "allowed"));
		outcome_add(run->outcome, envp[i], strlen(envp[i]));
	}
	for (size_t i = 0; !ocienv_config_ruling(config, i, &ruling); i++)
		outcome_add(run->outcome, &ruling.rule, sizeof(ruling.rule));
}

static void check_texts(const char *const *one, const char *const *other)
{
	size_t i = 0;

	for (; one[i] && other[i]; i++)
		PROMISE(!strcmp(one[i], other[i]));
	PROMISE(!one[i] && !other[i]);
}

void answer_check_same(const struct ocienv_config *a, const struct ocienv_config *b)
{
	struct ocienv_exec exec = {.path = ""}, other_exec = {.path = ""};
	struct ocienv_user user, other;

	check_texts(ocienv_config_envp(a, NULL), ocienv_config_envp(b, NULL));
	check_texts(ocienv_config_argv(a, NULL), ocienv_config_argv(b, NULL));
	PROMISE(!strcmp(ocienv_config_cwd(a), ocienv_config_cwd(b)));
	PROMISE(ocienv_config_exec(a, &exec) == ocienv_config_exec(b, &other_exec));
	PROMISE(!strcmp(exec.path, other_exec.path) && exec.inode == other_exec.inode);
	PROMISE(!ocienv_config_user(a, &user) && !ocienv_config_user(b, &other));
	PROMISE(user.uid == other.uid && user.gid == other.gid && user.umask == other.umask &&
		user.group_count == other.group_count);
}

/* Only a limit, or memory, may come in between. What the first policy left out the second one
 * refuses. */
static void resolve_again(struct run *run, const struct answer *answer,
			  const struct ocienv_config *config, const struct ocienv_document *pin)
{
	struct ocienv_config *again = NULL;
	struct ocienv_policy *policy;

	run->documents[DOCUMENT_BLOB] = pin;
	policy = policy_read(run, pin, &answer->options);
	if (policy)
		again = answer_resolve(run, answer, policy);
	if (again)
		answer_check_same(config, again);
	PROMISE(again || run->outcome->status == OCIENV_ERR_LIMIT ||
		run->outcome->status == OCIENV_ERR_NOMEM);
	ocienv_config_free(again);
	ocienv_policy_free(policy);
	run->documents[DOCUMENT_BLOB] = NULL;
}

static bool left_out(const struct ocienv_config *config)
{
	struct ocienv_ruling ruling;

	for (size_t i = 0; !ocienv_config_ruling(config, i, &ruling); i++)
		if (strcmp(ruling.verdict, "allowed") != 0 || ruling.source == OCIENV_SOURCE_POLICY)
			return true;
	return false;
}

void answer_pin(struct run *run, const struct answer *answer, const struct ocienv_config *config)
{
	static const struct ocienv_buffer untouched = {UNTOUCHED(void), 1, {NULL, NULL, NULL}};
	struct ocienv_buffer buffer = untouched;
	int32_t status;

	error_prepare(&run->error);
	status = ocienv_policy_pin(&buffer, config, &answer->options, &run->error);
	if (!call_succeeded(run, status, MAY(NOMEM) | MAY(LIMIT) | MAY(UNSUPPORTED), &run->error)) {
		PROMISE(!memcmp(&buffer, &untouched, sizeof(untouched)));
		return;
	}
	outcome_add(run->outcome, buffer.data, buffer.size);
	if (!left_out(config))
		resolve_again(run, answer, config,
			      &(struct ocienv_document){"pin", buffer.data, buffer.size});
	ocienv_buffer_free(&buffer);
}

static bool make_layers(struct run *run, struct answer *answer,
			const struct ocienv_document *image, const struct ocienv_document *spec)
{
	int32_t status;

	error_prepare(&run->error);
	status = ocienv_layer_from_image_config(&answer->layers[0], image, &answer->options,
						&run->error);
	if (!call_succeeded(run, status, TEXT_ERRORS, &run->error))
		return false;
	error_prepare(&run->error);
	status = ocienv_layer_from_runtime_spec(&answer->layers[1], spec, &answer->options,
						&run->error);
	return call_succeeded(run, status, TEXT_ERRORS, &run->error);
}

void run_policy(struct run *run)
{
	const struct ocienv_document image = {"image", image_text, sizeof(image_text) - 1};
	const struct ocienv_document spec = {"spec", spec_text, sizeof(spec_text) - 1};
	struct answer answer = {.count = 2,
				.rootfs_fd = OCIENV_NO_ROOTFS,
				.errors = RESOLVE_ERRORS,
				.options = *run->options};
	struct ocienv_policy *policy = policy_read(run, run->documents[0], run->options);
	struct ocienv_config *config = NULL;

	if (!policy)
		return;
	answer.options.flags |= OCIENV_KEEP_DIGEST;
	if (!run->documents[1])
		run->documents[1] = &spec;
	run->documents[2] = &image;
	if (make_layers(run, &answer, &image, run->documents[1]))
		config = answer_resolve(run, &answer, policy);
	if (config) {
		ask(run, config);
		answer_pin(run, &answer, config);
	}
	ocienv_config_free(config);
	ocienv_layer_free(answer.layers[0]);
	ocienv_layer_free(answer.layers[1]);
	ocienv_policy_free(policy);
}

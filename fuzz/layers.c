/* SPDX-License-Identifier: Apache-2.0 */
/* From a layer to its report, its blob, the config that it gives, and back. */
#include "promise.h"

#include "ocienv/boot.h"

#include <string.h>

#define WRITE_ERRORS (MAY(NOMEM) | MAY(LIMIT))
#define RESOLVE_ERRORS                                                                   \
	(MAY(NOMEM) | MAY(LIMIT) | MAY(ENCODING) | MAY(VALUE) | MAY(REFERENCE) |         \
	 MAY(NOTFOUND) | MAY(ACCESS) | MAY(UNSUPPORTED) | MAY(UNSAFE))

typedef int32_t layer_writer(struct ocienv_buffer *ret, const struct ocienv_layer *layer,
			     const struct ocienv_options *options,
			     struct ocienv_error *reterr);
typedef int32_t config_writer(struct ocienv_buffer *ret, const struct ocienv_config *config,
			      const struct ocienv_options *options,
			      struct ocienv_error *reterr);

static const struct ocienv_buffer untouched = {UNTOUCHED(void), 1, {NULL, NULL, NULL}};

static bool buffer_made(struct run *run, int32_t status, uint32_t listed,
			const struct ocienv_error *error, const struct ocienv_buffer *buffer)
{
	if (!call_succeeded(run, status, listed, error)) {
		PROMISE(!memcmp(buffer, &untouched, sizeof(untouched)));
		return false;
	}
	PROMISE(buffer->data != untouched.data);
	outcome_add(run->outcome, buffer->data, buffer->size);
	return true;
}

static bool write_layer(struct run *run, layer_writer *write, const struct ocienv_layer *layer,
			struct ocienv_buffer *ret)
{
	int32_t status;

	*ret = untouched;
	error_prepare(&run->error);
	status = write(ret, layer, run->options, &run->error);
	return buffer_made(run, status, WRITE_ERRORS, &run->error, ret);
}

static bool write_config(struct run *run, config_writer *write,
			 const struct ocienv_config *config, uint32_t listed,
			 struct ocienv_buffer *ret)
{
	int32_t status;

	*ret = untouched;
	error_prepare(&run->error);
	status = write(ret, config, run->options, &run->error);
	return buffer_made(run, status, listed, &run->error, ret);
}

static void check_same(struct ocienv_buffer *a, struct ocienv_buffer *b)
{
	PROMISE(a->size == b->size && !memcmp(a->data, b->data, a->size));
	ocienv_buffer_free(b);
}

/* What a blob gives encodes to the same blob. */
static void read_layer_back(struct run *run, struct ocienv_buffer *blob)
{
	struct ocienv_document document = {"blob", blob->data, blob->size};
	struct ocienv_layer *layer = UNTOUCHED(struct ocienv_layer);
	struct ocienv_buffer again;
	int32_t status;

	error_prepare(&run->error);
	run->documents[DOCUMENT_BLOB] = &document;
	status = ocienv_layer_decode(&layer, &document, run->options, &run->error);
	if (call_succeeded(run, status, WRITE_ERRORS, &run->error)) {
		if (write_layer(run, ocienv_layer_encode, layer, &again))
			check_same(blob, &again);
		ocienv_layer_free(layer);
	} else {
		PROMISE(layer == UNTOUCHED(struct ocienv_layer));
	}
	run->documents[DOCUMENT_BLOB] = NULL;
}

static void check_argv(struct run *run, const char *const *texts, size_t count)
{
	PROMISE(texts);
	for (size_t i = 0; i < count; i++)
		outcome_add(run->outcome, texts[i], strlen(texts[i]));
	PROMISE(!texts[count]);
}

/* All that a config can be asked. */
static void ask_config(struct run *run, const struct ocienv_config *config)
{
	struct ocienv_exec exec;
	struct ocienv_user user;
	struct ocienv_warning warning;
	struct ocienv_origin origin;
	size_t argc, envc, depth = 0;
	const char *const *argv = ocienv_config_argv(config, &argc);
	const char *const *envp = ocienv_config_envp(config, &envc);

	check_argv(run, argv, argc);
	check_argv(run, envp, envc);
	PROMISE(ocienv_config_cwd(config)[0] == '/');
	PROMISE(ocienv_config_exec(config, &exec) ==
		(run->has_program ? OCIENV_OK : OCIENV_ERR_ARGUMENT));
	PROMISE(!ocienv_config_user(config, &user));
	outcome_add(run->outcome, user.groups, user.group_count * sizeof(user.groups[0]));
	for (size_t i = 0; i < envc; i++) {
		PROMISE(strchr(envp[i], '='));
		while (!ocienv_config_origin(config, OCIENV_ITEM_ENV, i, depth, &origin))
			PROMISE(depth++ < UINT32_MAX);
		PROMISE(depth);
		depth = 0;
	}
	for (size_t i = 0; !ocienv_config_warning(config, i, &warning); i++) {
		PROMISE(warning.code[0] && warning.message[0] && warning.subject);
		outcome_add(run->outcome, warning.subject, strlen(warning.subject));
	}
}

/* The public form of a config and of what its blob was read back as: the same, and no blob. */
static void check_public(struct run *run, const struct ocienv_config *config,
			 const struct ocienv_config *again)
{
	static const uint8_t key[32];
	struct ocienv_buffer form, second;
	struct ocienv_boot boot;

	if (ocienv_config_encode_public(&form, config, key, sizeof(key), run->options, NULL))
		return;
	PROMISE(ocienv_boot_open(&boot, form.data, form.size));
	if (!ocienv_config_encode_public(&second, again, key, sizeof(key), run->options, NULL))
		check_same(&form, &second);
	ocienv_buffer_free(&form);
}

static void read_config_back(struct run *run, const struct ocienv_config *origin,
			     struct ocienv_buffer *blob)
{
	struct ocienv_document document = {"blob", blob->data, blob->size};
	struct ocienv_config *config = UNTOUCHED(struct ocienv_config);
	struct ocienv_boot boot;
	struct ocienv_buffer again;
	int32_t status;

	error_prepare(&run->error);
	run->documents[DOCUMENT_BLOB] = &document;
	status = ocienv_config_decode(&config, &document, run->options, &run->error);
	if (call_succeeded(run, status, WRITE_ERRORS, &run->error)) {
		PROMISE(!ocienv_boot_open(&boot, blob->data, blob->size));
		if (write_config(run, ocienv_config_encode, config, WRITE_ERRORS, &again))
			check_same(blob, &again);
		check_public(run, origin, config);
		ocienv_config_free(config);
	} else {
		PROMISE(config == UNTOUCHED(struct ocienv_config));
	}
	run->documents[DOCUMENT_BLOB] = NULL;
}

void run_config(struct run *run, const struct ocienv_config *config)
{
	uint8_t digest[OCIENV_DIGEST_SIZE];
	struct ocienv_buffer report, blob;
	int32_t status;

	ask_config(run, config);
	if (!write_config(run, ocienv_config_report, config, WRITE_ERRORS, &report))
		return;
	ocienv_buffer_free(&report);
	if (!write_config(run, ocienv_config_encode, config, WRITE_ERRORS | MAY(UNSUPPORTED),
			  &blob))
		return;
	read_config_back(run, config, &blob);
	ocienv_buffer_free(&blob);
	error_prepare(&run->error);
	status = ocienv_config_digest(digest, config, &run->error);
	if (call_succeeded(run, status, WRITE_ERRORS, &run->error))
		outcome_add(run->outcome, digest, sizeof(digest));
}

static void resolve_layer(struct run *run, const struct ocienv_layer *layer)
{
	struct ocienv_config *config = UNTOUCHED(struct ocienv_config);
	int32_t status;

	error_prepare(&run->error);
	status = ocienv_resolve(&config, &layer, 1, OCIENV_NO_ROOTFS, run->options, &run->error);
	if (!call_succeeded(run, status, RESOLVE_ERRORS, &run->error)) {
		PROMISE(config == UNTOUCHED(struct ocienv_config));
		return;
	}
	run_config(run, config);
	ocienv_config_free(config);
}

void run_layer(struct run *run, const struct ocienv_layer *layer)
{
	struct ocienv_buffer report, blob;

	if (!write_layer(run, ocienv_layer_report, layer, &report))
		return;
	ocienv_buffer_free(&report);
	if (!write_layer(run, ocienv_layer_encode, layer, &blob))
		return;
	read_layer_back(run, &blob);
	ocienv_buffer_free(&blob);
	if (!run->outcome->status)
		resolve_layer(run, layer);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* resolve, layer, show. */
#include "tool.h"

#include "ocienv/boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What sha384sum gives for the blob. A blob that was read can be hashed. */
static void print_digest(FILE *to, const struct ocienv_config *config)
{
	uint8_t digest[OCIENV_DIGEST_SIZE];

	if (ocienv_config_digest(digest, config, NULL))
		return;
	(void)fputs("digest sha384:", to);
	for (size_t i = 0; i < sizeof(digest); i++)
		(void)fprintf(to, "%02x", digest[i]);
	(void)fputc('\n', to);
}

static int write_text(const struct flags *flags, const struct ocienv_config *config,
		      const struct ocienv_buffer *blob)
{
	struct printed text;
	int status = text_begin(&text);

	text.labels = true;
	if (!status && flags->output == OUTPUT_OCCLUM)
		status = print_occlum(text.to, blob);
	else if (!status)
		print_config(text.to, config, flags->show_secrets);
	if (!status && flags->output == OUTPUT_TEXT && flags->operand_count)
		print_digest(text.to, config);
	return text_end(&text, status, flags->out);
}

/* Each string and its NUL: what Gramine's argument serializer writes. The blob holds them
 * like that already. */
static int write_strings(const struct flags *flags, const struct ocienv_buffer *blob)
{
	bool env = flags->output == OUTPUT_ENV0;
	struct ocienv_boot boot;
	size_t count, size = 0;
	char **vec;
	int status;

	if (ocienv_boot_open(&boot, blob->data, blob->size))
		return say_unreadable();
	count = env ? ocienv_boot_envc(&boot) : ocienv_boot_argc(&boot);
	vec = calloc(count + 1, sizeof(*vec));
	if (!vec)
		return say_system("ocienv", "cannot print", errno);
	if (env)
		(void)ocienv_boot_envp(&boot, vec, count + 1);
	else
		(void)ocienv_boot_argv(&boot, vec, count + 1);
	for (size_t i = 0; i < count; i++)
		size += strlen(vec[i]) + 1;
	status = file_write(flags->out, count ? vec[0] : "", size);
	free(vec);
	return status;
}

static int write_blob_form(const struct flags *flags, const struct ocienv_config *config)
{
	struct ocienv_error error;
	struct ocienv_buffer blob;
	int status;

	if (ocienv_config_encode(&blob, config, NULL, &error))
		return say_error(&error);
	if (flags->output == OUTPUT_BLOB)
		status = file_write(flags->out, blob.data, blob.size);
	else if (flags->output == OUTPUT_OCCLUM)
		status = write_text(flags, config, &blob);
	else
		status = write_strings(flags, &blob);
	ocienv_buffer_free(&blob);
	return status;
}

static int write_json(const struct flags *flags, const struct ocienv_config *config)
{
	struct ocienv_error error;
	struct ocienv_buffer report;

	if (ocienv_config_report(&report, config, NULL, &error))
		return say_error(&error);
	return buffer_write(flags->out, &report);
}

static int write_gramine(const struct flags *flags, const struct ocienv_config *config)
{
	struct ocienv_options options = {.size = sizeof(options),
					 .libos = OCIENV_LIBOS_GRAMINE,
					 .stack_size = flags->stack_size};
	struct ocienv_error error;
	struct ocienv_buffer manifest;

	if (ocienv_config_gramine(&manifest, config, &options, &error))
		return say_error(&error);
	return buffer_write(flags->out, &manifest);
}

/* The form whose digest may be told to everybody. */
static int write_public(const struct flags *flags, const struct ocienv_config *config)
{
	struct ocienv_document key;
	struct ocienv_error error;
	struct ocienv_buffer blob;
	int status = input_read(flags->digest_key, &key);

	if (!status && ocienv_config_encode_public(&blob, config, key.data, key.size, NULL, &error))
		status = say_error(&error);
	else if (!status)
		status = buffer_write(flags->out, &blob);
	free((void *)(uintptr_t)key.data);
	return status;
}

static int check_key(const struct flags *flags)
{
	bool is_public = flags->output == OUTPUT_PUBLIC;

	if (is_public == (flags->digest_key != NULL))
		return EXIT_ANSWER;
	return say_usage(is_public ? "expected --digest-key FILE for --output public, found none"
				   : "expected --output public beside --digest-key, found another "
				     "form");
}

static int write_config(const struct flags *flags, const struct ocienv_config *config)
{
	if (flags->output != OUTPUT_JSON)
		say_warnings(config);
	if (flags->output == OUTPUT_TEXT)
		return write_text(flags, config, NULL);
	if (flags->output == OUTPUT_JSON)
		return write_json(flags, config);
	if (flags->output == OUTPUT_GRAMINE)
		return write_gramine(flags, config);
	if (flags->output == OUTPUT_PUBLIC)
		return write_public(flags, config);
	return write_blob_form(flags, config);
}

int resolve_inputs(const struct flags *flags, struct ocienv_config **ret)
{
	struct ocienv_options options;
	struct ocienv_error error;
	struct inputs inputs;
	int status = inputs_read(&inputs, flags);

	options = options_of(flags, &inputs);
	if (!status && ocienv_resolve(ret, (const struct ocienv_layer *const *)inputs.layers,
				      inputs.count, inputs.rootfs, &options, &error))
		status = say_error(&error);
	inputs_free(&inputs);
	return status;
}

int command_resolve(const struct flags *flags)
{
	struct ocienv_config *config = NULL;
	int status = check_key(flags);

	if (status)
		return status;
	if (flags->output == OUTPUT_GRAMINE && flags->libos == OCIENV_LIBOS_OCCLUM)
		return say_usage("expected --libos gramine beside --output gramine, found occlum");
	status = resolve_inputs(flags, &config);
	if (!status)
		status = write_config(flags, config);
	ocienv_config_free(config);
	return status;
}

int command_layer(const struct flags *flags)
{
	struct inputs inputs;
	struct ocienv_buffer blob;
	struct ocienv_error error;
	int status;

	if (!flags->out)
		return say_usage("expected -o FILE for the blob, found none");
	status = inputs_read(&inputs, flags);
	if (!status && inputs.count > 1)
		status = say_usage("expected one document to make a layer of, found several");
	if (!status && ocienv_layer_encode(&blob, inputs.layers[0], NULL, &error))
		status = say_error(&error);
	else if (!status)
		status = buffer_write(flags->out, &blob);
	inputs_free(&inputs);
	return status;
}

/* Inside a JSON string each quote is escaped, so this is found as a member only. */
static bool holds_secret(const struct ocienv_buffer *report)
{
	static const char member[] = "\"secret\":true";
	const char *text = report->data;

	for (size_t i = 0; i + sizeof(member) <= report->size; i++)
		if (memcmp(text + i, member, sizeof(member) - 1) == 0)
			return true;
	return false;
}

/* A layer has one form, JSON, and that one masks nothing. */
static int write_layer(const struct flags *flags, const struct ocienv_buffer *report)
{
	if (flags->output == OUTPUT_TEXT && !flags->show_secrets && holds_secret(report))
		return say_usage("expected --output json or --show-secrets for a LAYER blob with "
				 "values of Secrets, found neither");
	return file_write(flags->out, report->data, report->size);
}

static int show_layer(const struct flags *flags, const struct ocienv_document *blob)
{
	struct ocienv_layer *layer = NULL;
	struct ocienv_buffer report;
	struct ocienv_error error;
	int status;

	if (flags->output != OUTPUT_TEXT && flags->output != OUTPUT_JSON)
		return say_usage("expected --output text or json for a LAYER blob, found another "
				 "form");
	if (ocienv_layer_decode(&layer, blob, NULL, &error) ||
	    ocienv_layer_report(&report, layer, NULL, &error)) {
		ocienv_layer_free(layer);
		return say_error(&error);
	}
	status = write_layer(flags, &report);
	ocienv_buffer_free(&report);
	ocienv_layer_free(layer);
	return status;
}

static int show_config(const struct flags *flags, const struct ocienv_document *blob)
{
	struct ocienv_config *config = NULL;
	struct ocienv_error error;
	int status;

	if (ocienv_config_decode(&config, blob, NULL, &error))
		return say_error(&error);
	status = write_config(flags, config);
	ocienv_config_free(config);
	return status;
}

/* The header says which of the two it is; all else is for the readers to judge. */
static bool is_layer(const struct ocienv_document *blob)
{
	enum { AT_FLAGS = 24, LAYER = 1 };
	const unsigned char *bytes = blob->data;

	return blob->size > AT_FLAGS && bytes[AT_FLAGS] == LAYER;
}

int command_show(const struct flags *flags)
{
	struct ocienv_document blob;
	int status;

	if (!flags->operand_count)
		return say_usage("expected the name of a blob, found none");
	status = check_key(flags);
	if (status)
		return status;
	status = input_read(flags->operands[0], &blob);
	if (!status)
		status = is_layer(&blob) ? show_layer(flags, &blob) : show_config(flags, &blob);
	free((void *)(uintptr_t)blob.data);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* resolve, layer, show. */
#define _POSIX_C_SOURCE 200809L

#include "tool.h"

#include "ocienv/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Text is put together in memory, so that a file is replaced as a whole or not at all. */
static int write_text(const struct flags *flags, const struct ocienv_config *config,
		      const struct ocienv_buffer *blob)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	int status = EXIT_ANSWER;

	if (!to)
		return EXIT_SYSTEM;
	if (flags->output == OUTPUT_OCCLUM)
		status = print_occlum(to, blob);
	else
		print_config(to, config, flags->show_secrets);
	if (fclose(to))
		status = EXIT_SYSTEM;
	if (!status)
		status = file_write(flags->out, text, size);
	free(text);
	return status;
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
		return EXIT_REFUSED;
	count = env ? ocienv_boot_envc(&boot) : ocienv_boot_argc(&boot);
	vec = calloc(count + 1, sizeof(*vec));
	if (!vec)
		return EXIT_SYSTEM;
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
	int status;

	if (ocienv_config_report(&report, config, NULL, &error))
		return say_error(&error);
	status = file_write(flags->out, report.data, report.size);
	ocienv_buffer_free(&report);
	return status;
}

static int write_config(const struct flags *flags, const struct ocienv_config *config)
{
	if (flags->output != OUTPUT_JSON)
		say_warnings(config);
	if (flags->output == OUTPUT_TEXT)
		return write_text(flags, config, NULL);
	if (flags->output == OUTPUT_JSON)
		return write_json(flags, config);
	return write_blob_form(flags, config);
}

static int open_rootfs(const char *name, int *ret)
{
	*ret = OCIENV_NO_ROOTFS;
	if (!name)
		return EXIT_ANSWER;
	*ret = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret >= 0)
		return EXIT_ANSWER;
	return say_system(name, "cannot open", errno);
}

int command_resolve(const struct flags *flags)
{
	struct ocienv_options options = options_of(flags);
	struct ocienv_config *config = NULL;
	struct inputs inputs = {0};
	struct ocienv_error error;
	int rootfs, status = open_rootfs(flags->rootfs, &rootfs);

	if (status)
		return status;
	status = inputs_read(&inputs, flags);
	if (!status && ocienv_resolve(&config, (const struct ocienv_layer *const *)inputs.layers,
				      inputs.count, rootfs, &options, &error))
		status = say_error(&error);
	if (!status)
		status = write_config(flags, config);
	ocienv_config_free(config);
	inputs_free(&inputs);
	if (rootfs >= 0)
		(void)close(rootfs);
	return status;
}

int command_layer(const struct flags *flags)
{
	struct inputs inputs = {0};
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
	else if (!status) {
		status = file_write(flags->out, blob.data, blob.size);
		ocienv_buffer_free(&blob);
	}
	inputs_free(&inputs);
	return status;
}

static int show_layer(const struct flags *flags, const struct ocienv_document *blob)
{
	struct ocienv_layer *layer = NULL;
	struct ocienv_buffer report;
	struct ocienv_error error;
	int status = EXIT_ANSWER;

	if (ocienv_layer_decode(&layer, blob, NULL, &error) ||
	    ocienv_layer_report(&report, layer, NULL, &error)) {
		ocienv_layer_free(layer);
		return say_error(&error);
	}
	status = file_write(flags->out, report.data, report.size);
	ocienv_buffer_free(&report);
	ocienv_layer_free(layer);
	return status;
}

static void print_digest(const struct ocienv_config *config)
{
	uint8_t digest[OCIENV_DIGEST_SIZE];
	struct ocienv_error error;

	if (ocienv_config_digest(digest, config, &error)) {
		(void)say_error(&error);
		return;
	}
	(void)fputs("digest sha384:", stdout);
	for (size_t i = 0; i < sizeof(digest); i++)
		(void)printf("%02x", digest[i]);
	(void)putchar('\n');
}

int command_show(const struct flags *flags)
{
	struct ocienv_config *config = NULL;
	struct ocienv_document blob;
	struct ocienv_error error;
	int status;

	if (!flags->operand)
		return say_usage("expected the name of a blob, found none");
	status = file_read(flags->operand, &blob);
	if (status)
		return status;
	if (!ocienv_config_decode(&config, &blob, NULL, &error)) {
		status = write_config(flags, config);
		if (!status && flags->output == OUTPUT_TEXT && !flags->out)
			print_digest(config);
		ocienv_config_free(config);
	} else {
		status = show_layer(flags, &blob);
	}
	free((void *)(uintptr_t)blob.data);
	return status;
}

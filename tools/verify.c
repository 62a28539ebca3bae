/* SPDX-License-Identifier: Apache-2.0 */
/* verify: one line per difference, and one on stderr if there is one that is not allowed. */
#include "tool.h"

#include <string.h>

static void print_side(FILE *to, const char *word, const struct ocienv_origin *origin)
{
	if (!origin->document)
		return;
	(void)fputs(word, to);
	print_document(to, origin->document);
	(void)fprintf(to, ":%u:%u", origin->line, origin->column);
}

static void print_difference(FILE *to, const struct ocienv_difference *difference)
{
	(void)fprintf(to, "%-11s ", difference->code);
	print_quoted(to, difference->subject);
	print_side(to, "  found ", &difference->found);
	print_side(to, "  expected ", &difference->expected);
	if (difference->allowed)
		(void)fputs("  (allowed)", to);
	(void)fputc('\n', to);
}

static void print_verdict(FILE *to, const struct ocienv_verdict *verdict)
{
	struct ocienv_difference difference;
	size_t count = 0, allowed = 0;

	for (; !ocienv_verdict_difference(verdict, count, &difference); count++) {
		print_difference(to, &difference);
		allowed += difference.allowed;
	}
	(void)fprintf(to, "%zu differences, %zu of them allowed\n", count, allowed);
}

static int write_text(const struct ocienv_verdict *verdict)
{
	struct printed text;
	int status = text_begin(&text);

	text.labels = true;
	if (!status)
		print_verdict(text.to, verdict);
	return text_end(&text, status, NULL);
}

static int write_json(const struct ocienv_verdict *verdict)
{
	struct ocienv_buffer report;
	struct ocienv_error error;

	if (ocienv_verdict_report(&report, verdict, NULL, &error))
		return say_error(&error);
	return buffer_write(NULL, &report);
}

static int verify_inputs(const struct flags *flags, const struct inputs *inputs,
			 struct ocienv_verdict **ret)
{
	struct ocienv_options options = options_of(flags, inputs);
	struct ocienv_error error;

	if (ocienv_verify(ret, (const struct ocienv_layer *const *)inputs->layers, inputs->count,
			  inputs->rootfs, &options, &error))
		return say_error(&error);
	return EXIT_ANSWER;
}

int command_verify(const struct flags *flags)
{
	struct ocienv_verdict *verdict = NULL;
	struct ocienv_error error;
	struct inputs inputs;
	int status;

	if (flags->output != OUTPUT_TEXT && flags->output != OUTPUT_JSON)
		return say_usage("expected --output text or json for a verdict, found another form");
	status = inputs_read(&inputs, flags);
	if (!status)
		status = verify_inputs(flags, &inputs, &verdict);
	if (!status)
		status = flags->output == OUTPUT_JSON ? write_json(verdict) : write_text(verdict);
	if (!status && ocienv_verdict_status(verdict, &error))
		status = say_error(&error);
	ocienv_verdict_free(verdict);
	inputs_free(&inputs);
	return status;
}

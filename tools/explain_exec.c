/* SPDX-License-Identifier: Apache-2.0 */
/* explain --exec: the file that is executed, and each that was passed over, with the reason. */
#include "tool.h"

#include <string.h>

/* "  3  /usr/bin/sh: does not exist", the reason on a line of its own if it is too long. */
static void print_candidate(FILE *to, const struct ocienv_candidate *candidate, bool masked)
{
	const char *path = masked ? "********" : candidate->path;
	const char *reason = candidate->reason ? candidate->reason : "is executed";
	bool narrow = 5 + strlen(path) + 2 + strlen(reason) <= WIDTH;

	if (candidate->path_index < 0)
		(void)fputs("  -  ", to);
	else
		(void)fprintf(to, "%3d  ", candidate->path_index + 1);
	if (masked)
		(void)fputs(path, to);
	else
		print_quoted(to, path);
	(void)fputs(narrow ? ": " : ":\n     ", to);
	print_escaped(to, reason, strlen(reason));
	(void)fputc('\n', to);
}

/* "       libc.so.6 is /lib/libc.so.6 (default directories)" */
static void print_libraries(FILE *to, const struct flags *flags,
			    const struct ocienv_lookup *lookup)
{
	struct ocienv_library library;

	for (size_t i = 0; !ocienv_lookup_library(lookup, i, &library); i++) {
		(void)fputs(i ? "     " : "needs\n     ", to);
		print_quoted(to, library.name);
		if (!library.path) {
			(void)fputs(": found nowhere", to);
		} else {
			(void)fputs(": ", to);
			if (library.secret && !flags->show_secrets)
				(void)fputs("********", to);
			else
				print_quoted(to, library.path);
			(void)fprintf(to, "\n       by %s", library.rule);
		}
		if (library.needed_by) {
			(void)fputs(", for ", to);
			print_quoted(to, library.needed_by);
		}
		(void)fputs(library.broken ? "; it is no library for the machine\n" : "\n", to);
	}
}

static void print_lookup(FILE *to, const struct flags *flags, const struct ocienv_lookup *lookup)
{
	const struct ocienv_config *config = ocienv_lookup_config(lookup);
	struct ocienv_candidate candidate = {.secret = 0};
	bool any = !ocienv_lookup_candidate(lookup, 0, &candidate);
	bool masked = candidate.secret && !flags->show_secrets;

	if (config)
		print_exec(to, config, masked);
	else
		(void)fputs("exec  none\n", to);
	(void)fputs(any ? "tried, by entry of PATH\n" : "tried nothing\n", to);
	for (size_t i = 0; !ocienv_lookup_candidate(lookup, i, &candidate); i++)
		print_candidate(to, &candidate, masked);
	print_libraries(to, flags, lookup);
}

/* The text stands there also if nothing was found: that is when it is needed. */
static int write_text(const struct flags *flags, const struct ocienv_lookup *lookup)
{
	const struct ocienv_config *config = ocienv_lookup_config(lookup);
	int status = EXIT_ANSWER, written;
	struct printed text;

	written = text_begin(&text);
	text.labels = true;
	if (!written) {
		print_lookup(text.to, flags, lookup);
		if (config) {
			say_warnings(config);
			status = explain_names(text.to, flags, config);
		}
	}
	written = text_end(&text, written, NULL);
	return written ? written : status;
}

static int write_json(const struct flags *flags, const struct ocienv_lookup *lookup)
{
	struct ocienv_buffer report;
	struct ocienv_error error;

	if (ocienv_lookup_report(&report, lookup, flags->show_secrets, NULL, &error))
		return say_error(&error);
	return buffer_write(NULL, &report);
}

static int look_up(const struct flags *flags, const struct inputs *inputs,
		   struct ocienv_lookup **ret)
{
	struct ocienv_options options = options_of(flags, inputs);
	struct ocienv_error error;

	if (ocienv_lookup_new(ret, (const struct ocienv_layer *const *)inputs->layers,
			      inputs->count, inputs->rootfs, &options, &error))
		return say_error(&error);
	return EXIT_ANSWER;
}

static int check(const struct flags *flags)
{
	if (!flags->rootfs && !flags->bundle)
		return say_usage("expected --rootfs DIR to look in, found none");
	if (flags->output != OUTPUT_TEXT && flags->output != OUTPUT_JSON)
		return say_usage("expected --output text or json for --exec, found another form");
	if (flags->output == OUTPUT_JSON && flags->operand_count)
		return say_usage("expected no variables beside --output json, found one");
	return EXIT_ANSWER;
}

int command_explain_exec(const struct flags *flags)
{
	struct ocienv_lookup *lookup = NULL;
	struct ocienv_error error;
	struct inputs inputs;
	int status = check(flags);

	if (status)
		return status;
	status = inputs_read(&inputs, flags);
	if (!status)
		status = look_up(flags, &inputs, &lookup);
	if (!status)
		status = flags->output == OUTPUT_JSON ? write_json(flags, lookup)
						      : write_text(flags, lookup);
	if (!status && ocienv_lookup_status(lookup, &error))
		status = say_error(&error);
	ocienv_lookup_free(lookup);
	inputs_free(&inputs);
	return status;
}

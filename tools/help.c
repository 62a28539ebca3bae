/* SPDX-License-Identifier: Apache-2.0 */
/* Help: made of the tables that the command line is read by. */
#include "command_line.h"

#include <string.h>

enum { FLAG_COLUMN = 2, HELP_COLUMN = 23 };

/* Words behind `column` columns that are already there; further lines start at `indent`. */
static void print_words(FILE *to, const char *text, size_t column, size_t indent)
{
	for (;;) {
		size_t length = strcspn(text, " ");

		if (column > indent && column + 1 + length > WIDTH) {
			(void)fprintf(to, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			(void)fputc(' ', to);
			column++;
		}
		(void)fwrite(text, 1, length, to);
		column += length;
		if (!text[length])
			break;
		text += length + 1;
	}
	(void)fputc('\n', to);
}

/* "whose rules: runc (default), crun"; the help of a flag, with the values it takes. */
static void describe(const struct flag *flag, const struct subcommand *sub, char *ret, size_t size)
{
	bool any = false;
	size_t at = 0;

	at += (size_t)snprintf(ret, size, "%s", flag->help);
	for (const struct choice *c = flag->choices; c && c->name; c++) {
		if (flag->kind == OUTPUT && !(sub->forms & 1U << c->value))
			continue;
		at += (size_t)snprintf(ret + at, size - at, "%s%s%s", any ? ", " : ": ", c->name,
				       !any && flag->kind != LIBOS ? " (default)" : "");
		any = true;
	}
}

static void print_flag(FILE *to, const struct flag *flag, const struct subcommand *sub)
{
	char text[512];
	int column = fprintf(to, "%*s%s%s%s", FLAG_COLUMN, "", flag->name, flag->value ? " " : "",
			     flag->value ? flag->value : "");

	describe(flag, sub, text, sizeof(text));
	if (column + 1 < HELP_COLUMN)
		(void)fprintf(to, "%*s", HELP_COLUMN - column, "");
	else
		(void)fprintf(to, "\n%*s", HELP_COLUMN, "");
	print_words(to, text, HELP_COLUMN, HELP_COLUMN);
}

static const char *heading_of(const struct flag *flag)
{
	if (flag->takes & (TAKES_INPUTS | TAKES_ROOTFS))
		return "inputs (FILE may be - for standard input, once):";
	if (flag->takes & (TAKES_LIBOS | TAKES_POLICY))
		return "what it is checked for:";
	return "output:";
}

static void print_flags(FILE *to, const struct subcommand *sub)
{
	const char *last = NULL;

	for (size_t i = 0; flag_at(i); i++) {
		const struct flag *flag = flag_at(i);
		const char *heading = heading_of(flag);

		if (!flag_is_taken(flag, sub->takes))
			continue;
		if (!last || strcmp(last, heading) != 0)
			(void)fprintf(to, "\n%s\n", heading);
		last = heading;
		print_flag(to, flag, sub);
	}
}

static void print_examples(FILE *to, const char *examples)
{
	(void)fputs("\nexamples:\n", to);
	while (*examples) {
		int length = (int)strcspn(examples, "\n");

		(void)fprintf(to, "  %.*s\n", length, examples);
		examples += length + 1;
	}
}

int print_help(const struct subcommand *sub)
{
	struct printed text;
	int status = text_begin(&text);

	if (!status) {
		(void)fprintf(text.to, "usage: ocienv %s %s\n\n", sub->name, sub->usage);
		print_words(text.to, sub->text, 0, 0);
		print_flags(text.to, sub);
		print_examples(text.to, sub->examples);
	}
	return text_end(&text, status, NULL);
}

void write_overview(FILE *to)
{
	(void)fputs("usage: ocienv SUBCOMMAND ...\n\n"
		    "Which file does a container execute, with which argv, environment, working\n"
		    "directory and user, and where did each value come from?\n\n", to);
	for (size_t i = 0; subcommand_at(i); i++)
		(void)fprintf(to, "  %-10s %s\n", subcommand_at(i)->name, subcommand_at(i)->about);
	(void)fputs("\n"
		    "  ocienv SUBCOMMAND --help, ocienv help SUBCOMMAND\n"
		    "             its flags, with examples\n"
		    "  ocienv --version\n\n"
		    "Exit status: 0 an answer; 1 the documents, the root filesystem or the policy\n"
		    "refuse it, or verify found a difference; 2 usage; 3 the system failed.\n"
		    "Diagnostics: FILE:LINE:COLUMN: /pointer: message [status]\n"
		    "Colours: on a terminal, unless NO_COLOR is set or TERM is dumb.\n", to);
}

int print_overview(void)
{
	struct printed text;
	int status = text_begin(&text);

	if (!status)
		write_overview(text.to);
	return text_end(&text, status, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* ocienv: the library at a prompt. */
#include "command_line.h"

#include <string.h>

static const struct subcommand *find_subcommand(const char *name)
{
	for (size_t i = 0; subcommand_at(i); i++)
		if (strcmp(name, subcommand_at(i)->name) == 0)
			return subcommand_at(i);
	return NULL;
}

static int say_no_subcommand(const char *name)
{
	struct nearest nearest = {name, strlen(name), NULL, 0};

	for (size_t i = 0; subcommand_at(i); i++)
		nearest_offer(&nearest, subcommand_at(i)->name);
	nearest_offer(&nearest, "help");
	nearest_offer(&nearest, "--help");
	nearest_offer(&nearest, "--version");
	return say_unknown("a subcommand", &nearest);
}

static int print_version(void)
{
	struct printed text;
	int status = text_begin(&text);

	if (!status)
		(void)fprintf(text.to, "ocienv %s\n", ocienv_version());
	return text_end(&text, status, NULL);
}

/* ocienv help [SUBCOMMAND] */
static int help(int argc, char **argv)
{
	const struct subcommand *sub;

	if (argc == 0)
		return print_overview();
	if (argc > 1)
		return say_usage("expected one subcommand behind help, found several arguments");
	sub = find_subcommand(argv[0]);
	return sub ? print_help(sub) : say_no_subcommand(argv[0]);
}

static int run(const struct subcommand *sub, int argc, char **argv)
{
	struct flags flags = {0};

	if (!flags_parse(&flags, argc, argv, sub->takes))
		return EXIT_USAGE;
	if (sub->takes & OBSERVES)
		flags.policy = "observe";
	return flags.help ? print_help(sub) : sub->run(&flags);
}

int main(int argc, char **argv)
{
	const struct subcommand *sub;

	if (argc < 2) {
		write_overview(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "help") == 0)
		return help(argc - 2, argv + 2);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_overview();
	if (strcmp(argv[1], "--version") == 0)
		return print_version();
	sub = find_subcommand(argv[1]);
	return sub ? run(sub, argc - 2, argv + 2) : say_no_subcommand(argv[1]);
}

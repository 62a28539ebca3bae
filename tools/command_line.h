/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that the command line is read by, and that its help is made of. */
#ifndef OCIENV_TOOLS_COMMAND_LINE_H
#define OCIENV_TOOLS_COMMAND_LINE_H

#include "tool.h"

struct choice {
	const char *name; /* NULL: the end */
	uint32_t value;
};

enum kind {
	ONE,	/* const char *, given at most once */
	MANY,	/* const char *[], with a counter behind `count` */
	CHOICE, /* uint32_t from a table; the first one is the default */
	LIBOS,	/* the same without a default */
	OUTPUT, /* enum output from a table */
	SIZE,	/* uint64_t: bytes, or K, M or G of them */
	OPTION, /* sets a bit of ocienv_options.flags, which stands in `most` */
	SWITCH, /* bool */
};

struct flag {
	const char *name;
	const char *value; /* what stands behind it, or NULL */
	const char *help;
	enum kind kind;
	unsigned int takes;
	size_t at, count, most;
	const struct choice *choices;
};

/* NULL behind the last one. */
const struct flag *flag_at(size_t index);

/* Is it one of that subcommand's? */
bool flag_is_taken(const struct flag *flag, unsigned int takes);

struct subcommand {
	const char *name;
	unsigned int takes;
	unsigned int forms; /* a bit for each enum output */
	int (*run)(const struct flags *flags);
	const char *about; /* one line */
	const char *usage; /* what stands behind the name */
	const char *text;
	const char *examples; /* one a line */
};

/* NULL behind the last one. */
const struct subcommand *subcommand_at(size_t index);

/* On standard output. Both return an exit status. */
int print_help(const struct subcommand *sub);
int print_overview(void);

/* Anywhere. */
void write_overview(FILE *to);

/* Which of some words was meant by one that is none of them? */
struct nearest {
	const char *word;
	size_t length;
	const char *best; /* NULL: nothing like it was offered */
	size_t distance;
};

void nearest_offer(struct nearest *nearest, const char *candidate);

/* expected WHAT, found "WORD"; did you mean BEST? Returns EXIT_USAGE. */
int say_unknown(const char *what, const struct nearest *nearest);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of variables that somebody who is not trusted must not set: one table, which
 * docs/names.md tells row by row.
 */
#ifndef OCIENV_BASE_NAMES_H
#define OCIENV_BASE_NAMES_H

#include "base/sv.h"

/* The stronger, the larger. */
enum name_class {
	NAME_PLAIN,
	NAME_CONSTRAINED, /* C: the value must have a form */
	NAME_DANGEROUS,	  /* D: not from a pod or a host */
	NAME_RESERVED,	  /* R: from no container at all */
};

/* What a constrained value must be. */
enum name_form {
	FORM_ANY,
	FORM_ABSOLUTE, /* an absolute path */
	FORM_PATHS,    /* absolute paths with ":" between them, none empty */
	FORM_WORD,     /* without "/" and "%" */
	FORM_TIMEZONE, /* as sudo takes TZ */
	FORM_BASE,     /* a word, or absolute paths */
	FORM_SERVICE,  /* what a Service's variables hold */
};

struct name_row {
	struct sv glob;
	uint8_t class, form;
	const char *why;
	const char *source;
};

extern const struct name_row names_table[];
extern const size_t names_count;

/* The row of the strongest class that the name falls under, if it is `least` or stronger; NULL:
 * the name is plain, or weaker. */
const struct name_row *names_find(struct sv name, uint8_t least);

/* Has a value the form? */
bool names_form_fits(uint8_t form, struct sv value);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one writer of struct ocienv_error. Whoever fails calls diag_fail() once and hands its
 * result up unchanged; nobody overwrites an error that is already there.
 *
 * A message says what was expected and what was found, in lower case, without a final dot.
 * It may hold names, numbers and lengths, and bytes of the input only through diag_quote();
 * never the value of an environment variable.
 */
#ifndef OCIENV_BASE_ERROR_H
#define OCIENV_BASE_ERROR_H

#include "base/sv.h"
#include "ocienv/ocienv.h"

/* A place in a document: 1-based, line 0 means none. */
struct mark {
	uint32_t line;
	uint32_t column; /* in characters */
};

/* One step of the way from the root of a document to a value: lives on the stack of the
 * function that looks into it, so it costs nothing until something fails. */
struct path {
	const struct path *up; /* NULL: the root */
	struct sv key;	       /* ptr NULL: an element of a list */
	size_t index;
};

/* What a call knows when something fails. */
struct diag {
	struct ocienv_error *error; /* the caller's, may be NULL */
	const char *document;	    /* its name, may be NULL */
	struct sv text;		    /* its bytes, to find the offset of a mark */
};

/* Fills the error and returns `status` (never OCIENV_OK). path NULL: the root. */
int32_t diag_fail(const struct diag *diag, int32_t status, struct mark mark,
		  const struct path *path, const char *format, ...)
	__attribute__((format(printf, 5, 6), cold));

/* The same for a byte that need not start a character: one that is no UTF-8, or a byte
 * order mark. */
int32_t diag_fail_at(const struct diag *diag, int32_t status, size_t offset,
		     const struct path *path, const char *message) __attribute__((cold));

/* A failed system call, said with its errno. */
int32_t diag_system(const struct diag *diag, int sys_errno, const char *what)
	__attribute__((cold));

/* NOMEM or LIMIT, as `status` says (arena_status()), without a place. */
int32_t diag_memory(const struct diag *diag, int32_t status) __attribute__((cold));

enum { DIAG_QUOTE_SIZE = 160 };

/* Input bytes made fit for one line of a terminal: control and non-ASCII bytes escaped, cut
 * at 32 bytes. `buffer` has DIAG_QUOTE_SIZE bytes; returns it. */
const char *diag_quote(char *buffer, struct sv v);

/* The same for what should be the name of a variable: what stands behind a "=" in it could
 * be the value, and is left out. */
const char *diag_quote_name(char *buffer, struct sv name);

/* Writes the RFC 6901 pointer of a path; what does not fit is cut in the middle by "...". */
void path_pointer(const struct path *path, char *buffer, size_t size);

/* Byte offset of a mark in a text, by the line rule of ocienv.h (LF, CR LF, CR). A byte order
 * mark at the start of a line starts a document there, and belongs to no column. */
size_t mark_offset(struct sv text, struct mark mark);

/* The mark of a byte offset; counts from the start, for errors only. */
struct mark mark_at(struct sv text, size_t offset);

const char *status_name(int32_t status);

#endif

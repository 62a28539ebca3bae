/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON into an arena. json-c is not used for it: its printer drops what it cannot
 * allocate and reports success.
 */
#ifndef OCIENV_EMIT_JSON_WRITER_H
#define OCIENV_EMIT_JSON_WRITER_H

#include "emit/out.h"

struct json_writer {
	struct out out;
	bool comma; /* the next value is not the first of its container */
	bool line;  /* the next value or member starts a line */
};

/* A value inside a list, or behind json_key(). The text must be UTF-8: for what may be
 * something else there are json_member() and json_element(). */
void json_string(struct json_writer *w, struct sv text);
void json_number(struct json_writer *w, int64_t number);
void json_bool(struct json_writer *w, bool value);
void json_null(struct json_writer *w);

/* '{', '[' and their ends. */
void json_open(struct json_writer *w, char bracket);
void json_close(struct json_writer *w, char bracket);

/* The name of the next member. */
void json_key(struct json_writer *w, const char *name);

/* "NAME": "..."; bytes that are not UTF-8 become "NAME_base64": "...". */
void json_member(struct json_writer *w, const char *name, struct sv bytes);

/* The same; null where it is NULL. */
void json_member_cstr(struct json_writer *w, const char *name, const char *text);

/* An element of a list of strings; bytes that are not UTF-8 become {"value_base64": "..."}. */
void json_element(struct json_writer *w, struct sv bytes);

/* A string, or null where it is NULL. */
void json_cstr(struct json_writer *w, const char *text);

/* Starts a line with the next value or member. */
static inline void json_line(struct json_writer *w)
{
	w->line = true;
}

/* Ends the text with a line feed. Returns 0 or the arena's status. */
int32_t json_finish(struct json_writer *w, struct sv *ret);

#endif

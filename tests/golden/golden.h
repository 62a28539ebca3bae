/* SPDX-License-Identifier: Apache-2.0 */
/* One golden document: its files, and one reading of it through the public API. */
#ifndef TESTS_GOLDEN_GOLDEN_H
#define TESTS_GOLDEN_GOLDEN_H

#include "ocienv/ocienv.h"

#include <stdbool.h>

enum golden_reader {
	GOLDEN_IMAGE,
	GOLDEN_SPEC,
	GOLDEN_POD,
	GOLDEN_OBJECTS,
	GOLDEN_OCCLUM,
	GOLDEN_POLICY,
};

/* A file in memory, with a NUL behind its end. */
struct golden_file {
	char *data;
	size_t size;
};

struct golden {
	const char *name;
	enum golden_reader reader;
	struct golden_file document, expect, settings;
	struct ocienv_limits limits;
	struct ocienv_options options;
};

struct golden_run {
	int32_t status;
	struct ocienv_error error; /* filled with one byte before the call */
	bool ret_touched, error_touched;
	char *report; /* of a layer; "accepted" for what is none; NULL: it failed */
};

/* Reads NAME, NAME.expect and, if it is there, NAME.options. The name is borrowed. */
bool golden_load(struct golden *g, const char *directory, const char *name);
void golden_free(struct golden *g);

/* One reading; `fill` is what the error holds before it. The caller frees run->report. */
void golden_read(const struct golden *g, unsigned char fill, struct golden_run *run);

/* The status alone: a reading by a caller who wants no error. */
int32_t golden_status(const struct golden *g);

#endif

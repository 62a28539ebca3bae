/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests that replay recorded answers of real programs share. */
#ifndef OCIENV_TESTS_VECTORS_H
#define OCIENV_TESTS_VECTORS_H

#include "base/sv.h"

#include <json-c/json.h>

/* The file's document; a failure ends the program. */
json_object *vectors_load(int argc, char **argv);

/* Members; absent or null: SV_NONE, NULL, 0. */
struct sv vector_text(json_object *object, const char *key);
json_object *vector_get(json_object *object, const char *key);
int vector_int(json_object *object, const char *key);
unsigned int vector_mode(json_object *object);

/* Decodes base64 into `out`; returns the length. */
size_t vector_base64(struct sv text, char *out);

/* Counts of what was replayed and what was not, by reason. */
struct tally {
	unsigned int passed, failed;
	struct {
		const char *reason;
		unsigned int count;
	} skipped[16];
};

void tally_skip(struct tally *tally, const char *reason);

/* Prints the counts; returns the exit status. */
int tally_report(const struct tally *tally, const char *name);

#endif

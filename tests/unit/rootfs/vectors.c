/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/rootfs/vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_object *vectors_load(int argc, char **argv)
{
	json_object *document = argc == 2 ? json_object_from_file(argv[1]) : NULL;

	if (document)
		return document;
	fprintf(stderr, "usage: %s VECTORS.json\n", argv[0]);
	exit(2);
}

json_object *vector_get(json_object *object, const char *key)
{
	json_object *value = NULL;

	if (!json_object_is_type(object, json_type_object))
		return NULL;
	return json_object_object_get_ex(object, key, &value) ? value : NULL;
}

struct sv vector_text(json_object *object, const char *key)
{
	json_object *value = vector_get(object, key);

	if (!json_object_is_type(value, json_type_string))
		return SV_NONE;
	return sv_from(json_object_get_string(value),
		       (size_t)json_object_get_string_len(value));
}

int vector_int(json_object *object, const char *key)
{
	return json_object_get_int(vector_get(object, key));
}

unsigned int vector_mode(json_object *object)
{
	struct sv text = vector_text(object, "mode");

	return text.ptr ? (unsigned int)strtoul(text.ptr, NULL, 8) : 0755;
}

size_t vector_base64(struct sv text, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned int bits = 0, have = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		bits = bits << 6 | (unsigned int)(strchr(digits, text.ptr[i]) - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[len++] = (char)(bits >> have & 0xff);
		}
	}
	return len;
}

void tally_skip(struct tally *tally, const char *reason)
{
	for (size_t i = 0; i < sizeof(tally->skipped) / sizeof(tally->skipped[0]); i++) {
		if (!tally->skipped[i].reason)
			tally->skipped[i].reason = reason;
		if (strcmp(tally->skipped[i].reason, reason) == 0) {
			tally->skipped[i].count++;
			return;
		}
	}
	abort();
}

int tally_report(const struct tally *tally, const char *name)
{
	printf("%s: %u passed, %u failed\n", name, tally->passed, tally->failed);
	for (size_t i = 0; i < sizeof(tally->skipped) / sizeof(tally->skipped[0]); i++)
		if (tally->skipped[i].reason)
			printf("%s: %u not replayed: %s\n", name, tally->skipped[i].count,
			       tally->skipped[i].reason);
	return tally->failed || !tally->passed ? 1 : 0;
}

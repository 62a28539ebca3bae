/* SPDX-License-Identifier: Apache-2.0 */
/* Blobs put together section by section, so that each can be wrong in one place. */
#ifndef OCIENV_TESTS_WIRE_PARTS_H
#define OCIENV_TESTS_WIRE_PARTS_H

#include "unit/wire/keep.h"

#include "wire/wire.h"
#include "wire/writer.h"

enum { PARTS_MAX = 20 };

struct part_of_blob {
	uint16_t type;
	uint16_t flags;
	const char *bytes;
	size_t length;
};

struct parts {
	struct part_of_blob items[PARTS_MAX];
	size_t count;
};

#define BYTES(literal) literal, sizeof(literal) - 1

static inline void parts_put(struct writer *writer, const void *object)
{
	const struct parts *parts = object;

	for (size_t i = 0; i < parts->count; i++) {
		const struct part_of_blob *part = &parts->items[i];

		begin_section(writer, part->type, part->flags);
		for (size_t k = 0; k < part->length; k++)
			put_u8(writer, (uint8_t)part->bytes[k]);
		end_section(writer);
	}
}

static inline struct sv parts_blob(const struct parts *parts, uint32_t kind,
				   struct arena *arena)
{
	static const struct diag silent = {NULL, NULL, {NULL, 0}};
	struct sv blob = SV_NONE;

	assert_int_equal(write_blob(kind, parts_put, parts, arena, &silent, &blob), 0);
	keep_blob(blob);
	return blob;
}

/* Takes the place of the section of that type, or goes where it belongs; bytes NULL takes
 * the section away. */
static inline void parts_set(struct parts *parts, struct part_of_blob part)
{
	size_t at = 0;

	while (at < parts->count && parts->items[at].type < part.type)
		at++;
	if (at == parts->count || parts->items[at].type != part.type) {
		if (!part.bytes)
			return;
		assert_true(parts->count < PARTS_MAX);
		memmove(&parts->items[at + 1], &parts->items[at],
			(parts->count++ - at) * sizeof(part));
	}
	if (part.bytes) {
		parts->items[at] = part;
		return;
	}
	memmove(&parts->items[at], &parts->items[at + 1],
		(--parts->count - at) * sizeof(part));
}

static const struct parts parts_config = {
	{
		{WIRE_EXEC, 1, BYTES("/bin/sh\0")},
		{WIRE_ARGV, 1, BYTES("\2\0\0\0\6\0\0\0\0\0\0\0\3\0\0\0sh\0-c\0")},
		{WIRE_ENVP, 1, BYTES("\2\0\0\0\10\0\0\0\0\0\0\0\4\0\0\0A=1\0B=2\0")},
		{WIRE_CWD, 1, BYTES("/\0")},
		{WIRE_USER, 1,
		 BYTES("\1\0\0\0\2\0\0\0\22\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0")},
		{WIRE_ENVSRC, 0, BYTES("\1\2")},
		{WIRE_ROOTFS, 1,
		 BYTES("\5\0\0\0\15\0\0\0\0\0\0\0\1\0\0\0\4\0\0\0\11\0\0\0\13\0\0\0"
		       "\0lo\0/bin\0h\0/\0")},
		{WIRE_ARGSRC, 0, BYTES("\1\2\3\4")},
	},
	8,
};

/* Two documents, an environment of A=1 that replaced another value. */
static const struct parts parts_layer = {
	{
		{WIRE_FACTS, 1,
		 BYTES("\3\0\0\0\37\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0"
		       "\0")},
		{WIRE_DOCUMENTS, 1, BYTES("\2\0\0\0\4\0\0\0\0\0\0\0\2\0\0\0a\0b\0")},
		{WIRE_ENV, 1, BYTES("\1\0\0\0\4\0\0\0\0\0\0\0A=1\0")},
		{WIRE_ENV + 1, 1, BYTES("\1\0\0\0\2\0\0\0\0\0\7\0")},
		{WIRE_OVERRODE, 1, BYTES("\1\0\0\0\0\0\0\0")},
		{WIRE_OVERRODE + 1, 1, BYTES("\0\0\0\0\0\0\0\0\377\377\5\1")},
		{WIRE_LAYER_CWD, 1, BYTES("\1\0\0\0\2\0\0\0\0\0\0\0w\0")},
		{WIRE_LAYER_CWD + 1, 1, BYTES("\1\0\0\0\2\0\0\0\1\0\7\0")},
		{WIRE_UID, 1, BYTES("\1\0\0\0\0\0\0\0")},
		{WIRE_UID + 1, 1, BYTES("\1\0\0\0\2\0\0\0\1\0\7\0")},
		{WIRE_NON_ROOT, 1, BYTES("\1\0\0\0\0\0\0\0")},
		{WIRE_NON_ROOT + 1, 1, BYTES("\1\0\0\0\2\0\0\0\1\0\7\0")},
		{WIRE_GROUPS, 1, BYTES("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
		{WIRE_GROUPS + 1, 1,
		 BYTES("\1\0\0\0\2\0\0\0\1\0\7\0\1\0\0\0\2\0\0\0\1\0\7\0")},
		{WIRE_WARNINGS, 0,
		 BYTES("\3\0\0\0\5\0\0\0\0\0\0\0\2\0\0\0\3\0\0\0w\0\0m\0")},
		{WIRE_WARNINGS + 1, 0, BYTES("\1\0\0\0\2\0\0\0\1\0\7\0")},
	},
	16,
};

#endif

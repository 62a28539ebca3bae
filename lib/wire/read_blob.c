/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blob to memory, fault to words. Says which rule of docs/wire.md is broken and in which
 * section, and must never quote what is in one.
 */
#include "wire/reader.h"

#include "ocienv/ocienv.h"

_Static_assert((int)WIRE_SOURCE_MAX == (int)OCIENV_SOURCE_CALLER,
	       "layout.h knows all sources");
_Static_assert((int)OCIENV_BOOT_ERR_BLOB == (int)OCIENV_ERR_BLOB, "one set of numbers");

static const char *const rules[] = {
	[WIRE_FAULT_MAGIC] = "does not begin with OCIENVB",
	[WIRE_FAULT_VERSION] = "is of a version that is not known here",
	[WIRE_FAULT_HEADER] = "has a wrong header size or a reserved field that is not 0",
	[WIRE_FAULT_KIND] = "is of the other kind (layer, config) or has unknown flags",
	[WIRE_FAULT_SIZE] = "has a wrong total size",
	[WIRE_FAULT_SECTIONS] = "has more sections than bytes",
	[WIRE_FAULT_ORDER] = "section types do not ascend",
	[WIRE_FAULT_ENTRY] = "unknown flags or a reserved field that is not 0",
	[WIRE_FAULT_CRITICAL] = "critical where it must not be, or the other way round",
	[WIRE_FAULT_UNKNOWN] = "no section of this version",
	[WIRE_FAULT_OFFSET] = "not where the section before it ends, or too long",
	[WIRE_FAULT_PADDING] = "padding that is not 0",
	[WIRE_FAULT_MISSING] = "is missing",
	[WIRE_FAULT_LENGTH] = "its length is not that of its content",
	[WIRE_FAULT_STRINGS] = "an offset or a NUL in a wrong place",
	[WIRE_FAULT_COUNT] = "a wrong number of values",
	[WIRE_FAULT_PATH] = "not a path of the form that is wanted",
	[WIRE_FAULT_VARIABLE] = "an entry that is not NAME=VALUE",
	[WIRE_FAULT_UNSORTED] = "not sorted, or a value twice",
	[WIRE_FAULT_SOURCE] = "an unknown source, or a seal that is not there",
	[WIRE_FAULT_ID] = "a number that is no id or umask",
	[WIRE_FAULT_ORIGIN] = "an origin with an unknown source or document",
	[WIRE_FAULT_NUMBER] = "a number out of range",
	[WIRE_FAULT_FACTS] = "an unknown kind of layer, or unknown flags",
	[WIRE_FAULT_CODE] = "a warning code of other than a-z, 0-9 and -",
	[WIRE_FAULT_PAIR] = "values without origins, or origins without values",
	[WIRE_FAULT_DIGEST] = "a digest of an unknown algorithm or document, or a document twice",
	[WIRE_FAULT_TRAILER] = "has bytes behind its end that are no trailer",
	[WIRE_FAULT_UNHELD] = "a section that a config object has no place for",
};

_Static_assert(sizeof(rules) / sizeof(rules[0]) == WIRE_FAULT_COUNT_OF,
	       "a text for each");

int32_t wire_say(const struct diag *diag, int32_t status, uint32_t fault)
{
	const char *rule = rules[fault & 0xffff];

	if (fault >> 16)
		return diag_fail(diag, status, (struct mark){0, 0}, NULL,
				 "expected a canonical blob, found one with section %u wrong: %s", fault >> 16,
				 rule);
	return diag_fail(diag, status, (struct mark){0, 0}, NULL,
			 "expected a canonical blob, found one that %s", rule);
}

int32_t wire_copy(struct sv blob, struct arena *arena, const struct ocienv_limits *limits,
		  const struct diag *diag, const uint8_t **ret)
{
	char *copy;

	if (blob.len > limits->max_result)
		return diag_fail(diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
				 "expected a blob of at most %u bytes, found %zu", limits->max_result,
				 blob.len);
	copy = arena_strdup(arena, blob);
	if (!copy)
		return diag_memory(diag, arena_status(arena));
	*ret = (const uint8_t *)copy;
	return OCIENV_OK;
}

uint32_t wire_check_trailer(const uint8_t *bytes, size_t size)
{
	if (!size)
		return 0;
	if (size < WIRE_TRAILER_SIZE || size % WIRE_ALIGN ||
	    memcmp(bytes, WIRE_TRAILER_MAGIC, WIRE_MAGIC_SIZE) != 0 ||
	    wire_u32(bytes + WIRE_TRAILER_AT_SIZE) != size ||
	    wire_u32(bytes + WIRE_TRAILER_AT_RESERVED) != 0)
		return WIRE_FAULT_TRAILER;
	return 0;
}

struct sv wire_string(const struct wire_list *list, uint32_t i)
{
	uint32_t start = wire_list_offset(list, i);

	return sv_from((const char *)list->pool + start,
		       wire_list_offset(list, i + 1) - start - 1);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a LAYER blob has to be, item by item. The decoder reads nothing that did not pass
 * here, and the encoder writes nothing that would not: the ranges are those that the
 * readers of documents keep, since nobody looks at them again before they are used.
 */
#include "base/utf8.h"
#include "wire/reader.h"

#include "ocienv/ocienv.h"

enum {
	NEEDED = WIRE_SLOT_KNOWN | WIRE_SLOT_CRITICAL | WIRE_SLOT_MANDATORY,
	CHOICE = WIRE_SLOT_KNOWN | WIRE_SLOT_CRITICAL,
	ADVICE = WIRE_SLOT_KNOWN, /* an answer does not depend on it */
	ANY = 0,                  /* as many as there are */
};

#define PAIR(type, slot)                                                                 \
	[(type) - WIRE_FACTS] = (slot), [(type) + WIRE_ORIGINS - WIRE_FACTS] = (slot)

static const struct wire_form layer_form = {
	WIRE_LAYER,
	WIRE_FACTS,
	{[WIRE_FACTS - WIRE_FACTS] = NEEDED,
	 [WIRE_DOCUMENTS - WIRE_FACTS] = NEEDED,
	 PAIR(WIRE_ENTRYPOINT, CHOICE),
	 PAIR(WIRE_ARGS, CHOICE),
	 PAIR(WIRE_ENV, CHOICE),
	 PAIR(WIRE_OVERRODE, CHOICE),
	 PAIR(WIRE_LAYER_CWD, CHOICE),
	 PAIR(WIRE_HOSTNAME, CHOICE),
	 PAIR(WIRE_IMAGE_USER, CHOICE),
	 PAIR(WIRE_UID, CHOICE),
	 PAIR(WIRE_GID, CHOICE),
	 PAIR(WIRE_UMASK, CHOICE),
	 PAIR(WIRE_NON_ROOT, CHOICE),
	 PAIR(WIRE_GROUPS, CHOICE),
	 PAIR(WIRE_WARNINGS, ADVICE),
	 PAIR(WIRE_ARCHITECTURE, CHOICE),
	 PAIR(WIRE_MOUNTS, CHOICE),
	 [WIRE_DIGEST - WIRE_FACTS] = CHOICE},
};

/* An item: values, and origins for them. */
struct pair {
	uint8_t type;
	bool numbers;
	bool utf8;          /* false: may be any bytes (of a Secret) */
	bool own;           /* the first origin is that of the list */
	uint8_t count;      /* exactly so many values, or ANY */
	uint8_t per_origin; /* values that share an origin */
	uint32_t max;       /* of a number */
};

static const struct pair pairs[] = {
	{WIRE_ENTRYPOINT, false, true, true, ANY, 1, 0},
	{WIRE_ARGS, false, true, true, ANY, 1, 0},
	{WIRE_ENV, false, false, false, ANY, 1, 0},
	{WIRE_LAYER_CWD, false, true, false, 1, 1, 0},
	{WIRE_HOSTNAME, false, true, false, 1, 1, 0},
	{WIRE_IMAGE_USER, false, true, false, 1, 1, 0},
	{WIRE_UID, true, false, false, 1, 1, UINT32_MAX},
	{WIRE_GID, true, false, false, 1, 1, UINT32_MAX},
	{WIRE_UMASK, true, false, false, 1, 1, UINT32_MAX},
	{WIRE_NON_ROOT, true, false, false, 1, 1, 1},
	{WIRE_GROUPS, true, false, false, ANY, 1, UINT32_MAX},
	{WIRE_WARNINGS, false, true, false, ANY, WIRE_WARNING_STRINGS, 0},
	{WIRE_ARCHITECTURE, false, true, false, 1, 1, 0},
	{WIRE_MOUNTS, false, true, true, ANY, 1, 0},
};

static uint32_t check_facts(const uint8_t *p, uint32_t length)
{
	uint32_t kind;

	if (length != WIRE_FACTS_SIZE)
		return WIRE_FAULT_LENGTH;
	kind = wire_u32(p);
	if (kind < OCIENV_LAYER_IMAGE || kind > OCIENV_LAYER_POD ||
	    wire_u32(p + WIRE_FACTS_FLAGS) & ~(uint32_t)WIRE_FACT_MASK)
		return WIRE_FAULT_FACTS;
	return 0;
}

static uint32_t check_documents(const uint8_t *p, uint32_t length)
{
	uint32_t fault = wire_check_strings(p, length);

	if (!fault && wire_list(p, length).count > WIRE_DOCUMENTS_MAX)
		return WIRE_FAULT_COUNT;
	return fault;
}

static uint32_t check_numbers(const uint8_t *p, uint32_t length, uint32_t max)
{
	if (length % WIRE_NUMBER_SIZE)
		return WIRE_FAULT_LENGTH;
	for (; length; length -= WIRE_NUMBER_SIZE, p += WIRE_NUMBER_SIZE)
		if (wire_u64(p) > max) /* a negative one is too */
			return WIRE_FAULT_NUMBER;
	return 0;
}

static uint32_t check_origins(const uint8_t *p, uint32_t length, uint64_t count,
			      uint32_t documents)
{
	if (length != count * WIRE_ORIGIN_SIZE)
		return WIRE_FAULT_LENGTH;
	for (; count; count--, p += WIRE_ORIGIN_SIZE) {
		uint32_t document = wire_u16(p + WIRE_ORIGIN_DOCUMENT);

		if (p[WIRE_ORIGIN_SOURCE] > WIRE_SOURCE_MAX ||
		    p[WIRE_ORIGIN_FLAGS] & ~WIRE_ORIGIN_MASK ||
		    (document >= documents && document != WIRE_DOCUMENT_NONE))
			return WIRE_FAULT_ORIGIN;
	}
	return 0;
}

static uint32_t check_values(const struct pair *pair, struct wire_part part,
			     uint32_t *ret_count)
{
	struct wire_list list;
	uint32_t fault;

	if (pair->numbers) {
		*ret_count = part.length / WIRE_NUMBER_SIZE;
		return check_numbers(part.bytes, part.length, pair->max);
	}
	fault = wire_check_strings(part.bytes, part.length);
	if (fault)
		return fault;
	list = wire_list(part.bytes, part.length);
	*ret_count = list.count;
	/* A NUL is a character of its own, so the pool is text if its strings are. */
	if (pair->utf8 && !utf8_valid(sv_from((const char *)list.pool, list.pool_size)))
		return WIRE_FAULT_PATH;
	return 0;
}

static uint32_t check_pair(const struct pair *pair, const struct wire_view *view,
			   uint32_t documents)
{
	struct wire_part values = wire_part(view, pair->type);
	struct wire_part origins = wire_part(view, pair->type + (uint32_t)WIRE_ORIGINS);
	uint32_t count, fault;

	if (!values.bytes != !origins.bytes)
		return wire_fault(pair->type, WIRE_FAULT_PAIR);
	if (!values.bytes)
		return 0;
	fault = check_values(pair, values, &count);
	if (fault)
		return wire_fault(pair->type, fault);
	if ((pair->count != ANY && count != pair->count) || count % pair->per_origin)
		return wire_fault(pair->type, WIRE_FAULT_COUNT);
	/* Said with fewer bytes by no section at all. */
	if (!count && (pair->type == WIRE_GROUPS || pair->type == WIRE_WARNINGS))
		return wire_fault(pair->type, WIRE_FAULT_COUNT);
	fault = check_origins(origins.bytes, origins.length,
			      (uint64_t)count / pair->per_origin + pair->own, documents);
	return fault ? wire_fault(pair->type + (uint32_t)WIRE_ORIGINS, fault) : 0;
}

/* For each entry of the environment, how many it replaced, not all 0; and where those were
 * written. */
static uint32_t check_overrode(const struct wire_view *view, uint32_t documents)
{
	struct wire_part part = wire_part(view, WIRE_OVERRODE);
	struct wire_part origins = wire_part(view, WIRE_OVERRODE + (uint32_t)WIRE_ORIGINS);
	struct wire_part env = wire_part(view, WIRE_ENV);
	uint32_t count = part.length / WIRE_NUMBER_SIZE, fault;
	uint64_t sum = 0;

	if (!part.bytes != !origins.bytes)
		return wire_fault(WIRE_OVERRODE, WIRE_FAULT_PAIR);
	if (!part.bytes)
		return 0;
	fault = check_numbers(part.bytes, part.length, origins.length / WIRE_ORIGIN_SIZE);
	if (fault)
		return wire_fault(WIRE_OVERRODE, fault);
	for (uint32_t i = 0; i < count; i++)
		sum += wire_u64(part.bytes + (size_t)WIRE_NUMBER_SIZE * i);
	if (!sum || !env.bytes || count != wire_list(env.bytes, env.length).count)
		return wire_fault(WIRE_OVERRODE, WIRE_FAULT_COUNT);
	fault = check_origins(origins.bytes, origins.length, sum, documents);
	return fault ? wire_fault(WIRE_OVERRODE + (uint32_t)WIRE_ORIGINS, fault) : 0;
}

static uint32_t check_digest(const struct wire_view *view)
{
	struct wire_part part = wire_part(view, WIRE_DIGEST);

	if (!part.bytes)
		return 0;
	if (part.length != WIRE_DIGEST_SIZE)
		return wire_fault(WIRE_DIGEST, WIRE_FAULT_LENGTH);
	return wire_u32(part.bytes) == WIRE_DIGEST_SHA256
		       ? 0
		       : wire_fault(WIRE_DIGEST, WIRE_FAULT_DIGEST);
}

static bool is_code(struct sv v)
{
	for (size_t i = 0; i < v.len; i++) {
		char c = v.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return v.len > 0;
}

static uint32_t check_codes(const struct wire_view *view)
{
	struct wire_part part = wire_part(view, WIRE_WARNINGS);
	struct wire_list list;

	if (!part.bytes)
		return 0;
	list = wire_list(part.bytes, part.length);
	for (uint32_t i = 0; i < list.count; i += WIRE_WARNING_STRINGS)
		if (!is_code(wire_string(&list, i)))
			return wire_fault(WIRE_WARNINGS, WIRE_FAULT_CODE);
	return 0;
}

struct wire_part wire_part(const struct wire_view *view, uint32_t type)
{
	uint32_t slot = type - WIRE_FACTS;

	if (!view->section[slot])
		return (struct wire_part){NULL, 0};
	return (struct wire_part){view->bytes + view->section[slot], view->length[slot]};
}

uint32_t wire_check_layer(const uint8_t *bytes, size_t size, struct wire_view *ret)
{
	uint32_t fault = wire_check_container(bytes, size, &layer_form, ret), documents;
	struct wire_part part;

	if (fault)
		return fault;
	part = wire_part(ret, WIRE_FACTS);
	fault = check_facts(part.bytes, part.length);
	if (fault)
		return wire_fault(WIRE_FACTS, fault);
	part = wire_part(ret, WIRE_DOCUMENTS);
	fault = check_documents(part.bytes, part.length);
	if (fault)
		return wire_fault(WIRE_DOCUMENTS, fault);
	documents = wire_list(part.bytes, part.length).count;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		fault = check_pair(&pairs[i], ret, documents);
		if (fault)
			return fault;
	}
	fault = check_overrode(ret, documents);
	if (!fault)
		fault = check_digest(ret);
	return fault ? fault : check_codes(ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, strings, sections, header. Knows nothing about what a blob says, and must
 * never write anything that depends on more than what it is given: one content, one
 * encoding.
 */
#include "wire/writer.h"

#include "ocienv/boot.h"

static void put_bytes(struct writer *writer, const void *from, size_t n)
{
	if (writer->bytes && n)
		memcpy(writer->bytes + writer->at, from, n);
	writer->at += n;
}

static void put_number(struct writer *writer, uint64_t value, size_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	put_bytes(writer, bytes, n);
}

void put_u8(struct writer *writer, uint8_t value)
{
	put_number(writer, value, 1);
}

void put_u32(struct writer *writer, uint32_t value)
{
	put_number(writer, value, 4);
}

void put_u64(struct writer *writer, uint64_t value)
{
	put_number(writer, value, 8);
}

void put_string(struct writer *writer, struct sv v)
{
	put_bytes(writer, v.ptr, v.len);
	put_u8(writer, 0);
}

void put_digest(struct writer *writer, const uint8_t sha256[DIGEST_SHA256])
{
	put_u32(writer, WIRE_DIGEST_SHA256);
	put_bytes(writer, sha256, DIGEST_SHA256);
}

/* Offsets that are cut to 32 bits here do not matter: write_blob() refuses the size. */
void put_strings(struct writer *writer, const struct sv *items, uint32_t count)
{
	uint64_t pool = 0;

	for (uint32_t i = 0; i < count; i++)
		pool += (uint64_t)items[i].len + 1;
	put_u32(writer, count);
	put_u32(writer, (uint32_t)pool);
	pool = 0;
	for (uint32_t i = 0; i < count; i++) {
		put_u32(writer, (uint32_t)pool);
		pool += (uint64_t)items[i].len + 1;
	}
	for (uint32_t i = 0; i < count; i++)
		put_string(writer, items[i]);
}

/* Entry number `index` of the section table; NULL while measuring. */
static uint8_t *entry_of(const struct writer *writer, uint32_t index)
{
	if (!writer->bytes)
		return NULL;
	return writer->bytes + WIRE_HEADER_SIZE + (size_t)WIRE_ENTRY_SIZE * index;
}

static void store(uint8_t *at, uint64_t value, size_t n)
{
	struct writer field = {.bytes = at};

	put_number(&field, value, n);
}

void begin_section(struct writer *writer, uint32_t type, uint32_t flags)
{
	uint8_t *entry = entry_of(writer, writer->sections++);

	if (!entry)
		return;
	store(entry + WIRE_ENTRY_TYPE, type, 2);
	store(entry + WIRE_ENTRY_FLAGS, flags, 2);
	store(entry + WIRE_ENTRY_OFFSET, writer->at, 4);
}

void end_section(struct writer *writer)
{
	uint8_t *entry = entry_of(writer, writer->sections - 1);

	if (entry)
		store(entry + WIRE_ENTRY_LENGTH,
		      writer->at - wire_u32(entry + WIRE_ENTRY_OFFSET), 4);
	put_number(writer, 0, (size_t)(wire_align(writer->at) - writer->at));
}

static void put_header(struct writer *writer, uint32_t kind, uint32_t size,
		       uint32_t sections)
{
	put_bytes(writer, WIRE_MAGIC, WIRE_MAGIC_SIZE);
	put_number(writer, WIRE_MAJOR, 2);
	put_number(writer, WIRE_MINOR, 2);
	put_u32(writer, WIRE_HEADER_SIZE);
	put_u32(writer, size);
	put_u32(writer, sections);
	put_u32(writer, kind);
	put_u32(writer, 0);
}

int32_t write_blob(uint32_t kind, void (*put)(struct writer *writer, const void *object),
		   const void *object, struct arena *arena, const struct diag *diag,
		   struct sv *ret)
{
	struct writer measure = {0}, writer = {0};
	uint64_t table, size;

	put(&measure, object); /* all lengths here are multiples of 8: the start is too */
	table = WIRE_HEADER_SIZE + (uint64_t)WIRE_ENTRY_SIZE * measure.sections;
	size = table + measure.at;
	if (size > OCIENV_BOOT_MAX_SIZE)
		return diag_fail(diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
				 "the blob would take %llu bytes, a reader takes %zu",
				 (unsigned long long)size, OCIENV_BOOT_MAX_SIZE);
	writer.bytes = arena_alloc(arena, (size_t)size); /* zeroed: reserved fields */
	if (!writer.bytes)
		return diag_memory(diag, arena_status(arena));
	put_header(&writer, kind, (uint32_t)size, measure.sections);
	writer.at = table;
	put(&writer, object);
	*ret = sv_from((const char *)writer.bytes, (size_t)size);
	return OCIENV_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Header, section table and padding of a blob. A part of decode.c, kept apart to be read
 * alone. Each field is read once: the bytes may be somebody else's to write.
 */
#ifndef OCIENV_WIRE_CONTAINER_H
#define OCIENV_WIRE_CONTAINER_H

#include "ocienv/boot.h"
#include "wire/layout.h"

#include <stdbool.h>
#include <string.h>

static uint32_t check_header(struct wire_view *view, size_t size,
			     const struct wire_form *form, uint32_t *ret_sections)
{
	const uint8_t *bytes = view->bytes;
	uint32_t total, sections;

	if (size < WIRE_HEADER_SIZE)
		return WIRE_FAULT_SIZE;
	if (memcmp(bytes, WIRE_MAGIC, WIRE_MAGIC_SIZE) != 0)
		return WIRE_FAULT_MAGIC;
	if (wire_u16(bytes + WIRE_AT_MAJOR) != WIRE_MAJOR)
		return WIRE_FAULT_VERSION;
	if (wire_u32(bytes + WIRE_AT_HEADER_SIZE) != WIRE_HEADER_SIZE ||
	    wire_u32(bytes + WIRE_AT_RESERVED) != 0)
		return WIRE_FAULT_HEADER;
	if (wire_u32(bytes + WIRE_AT_FLAGS) != form->kind)
		return WIRE_FAULT_KIND;
	total = wire_u32(bytes + WIRE_AT_TOTAL_SIZE);
	if (total < WIRE_HEADER_SIZE || total > size || total > OCIENV_BOOT_MAX_SIZE ||
	    total % WIRE_ALIGN)
		return WIRE_FAULT_SIZE;
	sections = wire_u32(bytes + WIRE_AT_SECTIONS);
	if (sections > (total - WIRE_HEADER_SIZE) / WIRE_ENTRY_SIZE)
		return WIRE_FAULT_SECTIONS;
	view->size = total;
	*ret_sections = sections;
	return 0;
}

/* What the reader has to do with a section. */
enum meaning { READ, SKIP_NEWER, SKIP_VENDOR, REFUSE };

static enum meaning meaning_of(const struct wire_form *form, uint32_t type,
			       uint32_t flags, uint32_t minor, uint32_t *ret_fault)
{
	uint32_t slot = type - form->first; /* wraps below the first type */
	bool critical = flags & WIRE_ENTRY_CRITICAL;

	*ret_fault = WIRE_FAULT_CRITICAL;
	if (slot < WIRE_SLOTS && form->slots[slot]) {
		bool wanted = form->slots[slot] & WIRE_SLOT_CRITICAL;

		return critical == wanted ? READ : REFUSE;
	}
	if (critical)
		return REFUSE;
	if (type >= WIRE_VENDOR)
		return SKIP_VENDOR;
	*ret_fault = WIRE_FAULT_UNKNOWN;
	return minor > WIRE_MINOR ? SKIP_NEWER : REFUSE;
}

/* Checks that content and padding of an entry begin at *at, and moves *at behind them. */
static uint32_t check_place(const struct wire_view *view, uint32_t offset,
			    uint32_t length, uint32_t *at)
{
	uint32_t end;

	if (offset != *at || length > view->size - offset)
		return WIRE_FAULT_OFFSET;
	end = (uint32_t)wire_align(offset + length); /* the size is a multiple of 8 too */
	for (uint32_t i = offset + length; i < end; i++)
		if (view->bytes[i])
			return WIRE_FAULT_PADDING;
	*at = end;
	return 0;
}

static uint32_t check_table(struct wire_view *view, const struct wire_form *form,
			    uint32_t sections)
{
	uint32_t at = WIRE_HEADER_SIZE + WIRE_ENTRY_SIZE * sections;
	uint32_t minor = wire_u16(view->bytes + WIRE_AT_MINOR), last = 0, fault;
	bool newer = false;

	for (uint32_t i = 0; i < sections; i++) {
		const uint8_t *entry =
			view->bytes + WIRE_HEADER_SIZE + (size_t)WIRE_ENTRY_SIZE * i;
		uint32_t type = wire_u16(entry + WIRE_ENTRY_TYPE);
		uint32_t flags = wire_u16(entry + WIRE_ENTRY_FLAGS);
		uint32_t offset = wire_u32(entry + WIRE_ENTRY_OFFSET);
		uint32_t length = wire_u32(entry + WIRE_ENTRY_LENGTH);
		enum meaning meaning;

		if (type <= last)
			return wire_fault(type, WIRE_FAULT_ORDER);
		if (flags & ~(uint32_t)WIRE_ENTRY_CRITICAL ||
		    wire_u32(entry + WIRE_ENTRY_RESERVED))
			return wire_fault(type, WIRE_FAULT_ENTRY);
		meaning = meaning_of(form, type, flags, minor, &fault);
		if (meaning == REFUSE)
			return wire_fault(type, fault);
		fault = check_place(view, offset, length, &at);
		if (fault)
			return wire_fault(type, fault);
		if (meaning == READ) {
			view->section[type - form->first] = offset;
			view->length[type - form->first] = length;
		}
		newer |= meaning == SKIP_NEWER;
		last = type;
	}
	if (at != view->size)
		return WIRE_FAULT_SIZE;
	/* The minor number is the lowest that knows all sections. */
	return minor > WIRE_MINOR && !newer ? WIRE_FAULT_VERSION : 0;
}

#endif

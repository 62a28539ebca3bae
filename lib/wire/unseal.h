/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed values, opened by a callback into the caller's scratch. A part of decode.c, kept
 * apart to be read alone. The blob's bytes may be somebody else's to write, and what the
 * callback answers is not believed: sizes are compared with what is kept here.
 */
#ifndef OCIENV_WIRE_UNSEAL_H
#define OCIENV_WIRE_UNSEAL_H

#include "ocienv/boot.h"
#include "wire/entries.h"
#include "wire/layout.h"
#include "wire/scan.h"

#include <string.h>

/* What is left of the scratch. */
struct room {
	char *at;
	size_t left;
};

/* Through volatile: nobody reads the bytes again, and they must go all the same. */
static void clear_room(char *bytes, size_t size)
{
	volatile char *p = bytes;

	while (size--)
		*p++ = 0;
}

/* "NAME=" from `entry` and the plain text of `value` behind it, if the callback has one. */
static int32_t open_value(const struct ocienv_boot_unseal *unseal, const uint8_t *entry,
			  uint32_t name, const uint8_t *value, uint32_t length, struct room *room)
{
	int64_t got;
	char *plain;
	size_t most;

	if (room->left < (size_t)name + 3)
		return OCIENV_BOOT_ERR_ARGUMENT;
	memcpy(room->at, entry, name);
	room->at[name] = '\0';
	plain = room->at + name + 1;
	most = room->left - name - 2; /* without the NUL at the end */
	got = unseal->open(unseal->ctx, room->at, (const char *)value, length, plain, most);
	if (got <= 0)
		return OCIENV_BOOT_ERR_VALUE;
	if ((uint64_t)got > most)
		return OCIENV_BOOT_ERR_ARGUMENT;
	if (scan_find((const uint8_t *)plain, (uint32_t)got, 0) != got ||
	    !scan_is_utf8((const uint8_t *)plain, (size_t)got))
		return OCIENV_BOOT_ERR_ENCODING;
	room->at[name] = '=';
	plain[got] = '\0';
	room->at = plain + got + 1;
	room->left = most - (size_t)got;
	return OCIENV_BOOT_OK;
}

/* Replaces the sealed ones among the entries of `vec`, which lie before `end`. How many there
 * are was read from the blob once, and is in `vec` now. */
static int32_t open_values(const struct ocienv_boot_unseal *unseal, char **vec,
			   const uint8_t *end, struct room room)
{
	int32_t result = OCIENV_BOOT_OK;

	for (; *vec && !result; vec++) {
		const uint8_t *entry = (const uint8_t *)*vec, *value;
		uint32_t left = (uint32_t)(end - entry), name = scan_find(entry, left, '=');
		char *opened = room.at;

		if (name == left)
			return OCIENV_BOOT_ERR_BLOB; /* it had one when it was checked */
		value = entry + name + 1;
		left -= name + 1;
		if (!is_sealed(value))
			continue;
		result = open_value(unseal, entry, name, value, scan_find(value, left, 0), &room);
		*vec = opened;
	}
	return result;
}

#endif

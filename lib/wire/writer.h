/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both encoders write with. A blob is written twice by the same function: once to
 * measure it, once into memory of that size; so no length is ever worked out by hand.
 */
#ifndef OCIENV_WIRE_WRITER_H
#define OCIENV_WIRE_WRITER_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "wire/layout.h"

struct writer {
	uint8_t *bytes;    /* NULL: measure only */
	uint64_t at;       /* bytes so far */
	uint32_t sections; /* begun so far */
};

void put_u8(struct writer *writer, uint8_t value);
void put_u32(struct writer *writer, uint32_t value);
void put_u64(struct writer *writer, uint64_t value);
void put_strings(struct writer *writer, const struct sv *items, uint32_t count);
void put_digest(struct writer *writer, const uint8_t sha256[DIGEST_SHA256]);
void put_string(struct writer *writer, struct sv v); /* with a NUL behind it */

/* A section: its content is what is put in between. Types must ascend. */
void begin_section(struct writer *writer, uint32_t type, uint32_t flags);
void end_section(struct writer *writer);

/* Runs `put` twice and gives the blob. Errors: NOMEM, LIMIT (no reader takes it). */
int32_t write_blob(uint32_t kind, void (*put)(struct writer *writer, const void *object),
		   const void *object, struct arena *arena, const struct diag *diag,
		   struct sv *ret);

#endif

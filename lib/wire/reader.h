/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both host decoders share on top of the enclave's reader (decode.c).
 */
#ifndef OCIENV_WIRE_READER_H
#define OCIENV_WIRE_READER_H

#include "base/arena.h"
#include "base/error.h"
#include "ocienv/boot.h"
#include "wire/layout.h"

/* Puts a fault of layout.h into the words of an error. Returns `status`. */
int32_t wire_say(const struct diag *diag, int32_t status, uint32_t fault)
	__attribute__((cold));

/* Copies a blob into the arena, so that nobody can change it any more and the strings of
 * the object can stay where they are. Errors: NOMEM, LIMIT. */
int32_t wire_copy(struct sv blob, struct arena *arena, const struct ocienv_limits *limits,
		  const struct diag *diag, const uint8_t **ret);

/* What is behind the measured prefix: nothing, or one trailer. Returns a fault or 0. */
uint32_t wire_check_trailer(const uint8_t *bytes, size_t size);

/* String i of a list that wire_check_strings() accepted. */
struct sv wire_string(const struct wire_list *list, uint32_t i);

/* Checks a whole LAYER blob. Returns a fault or 0; `ret` is good on 0 only. */
uint32_t wire_check_layer(const uint8_t *bytes, size_t size, struct wire_view *ret);

/* The content of a section of a LAYER blob. */
struct wire_part {
	const uint8_t *bytes; /* NULL: no such section */
	uint32_t length;
};

struct wire_part wire_part(const struct wire_view *view, uint32_t type);

#endif

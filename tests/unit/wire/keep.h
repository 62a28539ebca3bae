/* SPDX-License-Identifier: Apache-2.0 */
/* Blobs that a test makes are written down for tests/wire/compare.py, if it asks for them. */
#ifndef OCIENV_TESTS_WIRE_KEEP_H
#define OCIENV_TESTS_WIRE_KEEP_H

#include "unit/unit.h"

#include "base/sv.h"

#include <stdio.h>
#include <stdlib.h>

/* Each with its size in front, u32, little-endian. */
static inline void keep_blob(struct sv blob)
{
	const char *name = getenv("OCIENV_TEST_BLOBS");
	FILE *file = name ? fopen(name, "ab") : NULL;

	if (!name)
		return;
	assert_non_null(file);
	for (int i = 0; i < 4; i++)
		assert_int_not_equal(fputc((int)(blob.len >> 8 * i & 0xff), file), EOF);
	assert_int_equal(fwrite(blob.ptr, 1, blob.len, file), blob.len);
	assert_int_equal(fclose(file), 0);
}

#endif

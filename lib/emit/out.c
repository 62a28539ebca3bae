/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/out.h"

#include <stdio.h>

static bool grow(struct out *out, size_t more)
{
	size_t capacity = out->capacity ? out->capacity : 2048;
	char *text;

	if (more > SIZE_MAX / 4 - out->size) {
		out->failed = true;
		return false;
	}
	while (capacity - out->size < more)
		capacity *= 2;
	text = arena_chars(out->arena, capacity);
	if (!text) {
		out->failed = true;
		return false;
	}
	if (out->size)
		memcpy(text, out->text, out->size);
	out->text = text;
	out->capacity = capacity;
	return true;
}

void out_bytes(struct out *out, struct sv bytes)
{
	if (out->failed || !bytes.len ||
	    (out->capacity - out->size < bytes.len && !grow(out, bytes.len)))
		return;
	memcpy(out->text + out->size, bytes.ptr, bytes.len);
	out->size += bytes.len;
}

void out_cstr(struct out *out, const char *text)
{
	out_bytes(out, sv_of(text));
}

void out_number(struct out *out, int64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)number);
	out_cstr(out, text);
}

int32_t out_finish(const struct out *out, struct sv *ret)
{
	if (out->failed)
		return arena_failed(out->arena) ? arena_status(out->arena) : OCIENV_ERR_LIMIT;
	*ret = sv_from(out->text, out->size);
	return OCIENV_OK;
}

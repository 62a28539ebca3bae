/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/json_writer.h"

#include "base/base64.h"
#include "base/utf8.h"

#include <stdio.h>

static bool grow(struct json_writer *w, size_t more)
{
	size_t capacity = w->capacity ? w->capacity : 2048;
	char *text;

	if (more > SIZE_MAX / 4 - w->size) {
		w->failed = true;
		return false;
	}
	while (capacity - w->size < more)
		capacity *= 2;
	text = arena_chars(w->arena, capacity);
	if (!text) {
		w->failed = true;
		return false;
	}
	if (w->size)
		memcpy(text, w->text, w->size);
	w->text = text;
	w->capacity = capacity;
	return true;
}

static void put(struct json_writer *w, const char *bytes, size_t size)
{
	if (w->failed || (w->capacity - w->size < size && !grow(w, size)))
		return;
	memcpy(w->text + w->size, bytes, size);
	w->size += size;
}

static void put_cstr(struct json_writer *w, const char *text)
{
	put(w, text, strlen(text));
}

static void before_value(struct json_writer *w)
{
	if (w->comma)
		put(w, ",", 1);
	if (w->line)
		put(w, "\n", 1);
	w->line = false;
	w->comma = true;
}

/* RFC 8259 section 7: quote, backslash and control characters. */
static void put_escaped(struct json_writer *w, char c)
{
	static const char short_form[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	char text[8];

	for (size_t i = 0; i + 1 < sizeof(short_form); i += 2) {
		if (short_form[i] != c)
			continue;
		put(w, "\\", 1);
		put(w, &short_form[i + 1], 1);
		return;
	}
	(void)snprintf(text, sizeof(text), "\\u%04x", (unsigned int)(unsigned char)c);
	put_cstr(w, text);
}

static void put_string(struct json_writer *w, struct sv text)
{
	size_t plain = 0;

	put(w, "\"", 1);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		put(w, text.ptr + plain, i - plain);
		put_escaped(w, text.ptr[i]);
		plain = i + 1;
	}
	if (text.len > plain)
		put(w, text.ptr + plain, text.len - plain);
	put(w, "\"", 1);
}

void json_string(struct json_writer *w, struct sv text)
{
	before_value(w);
	put_string(w, text);
}

/* Base64 stands for bytes that JSON cannot hold as text. */
static struct sv as_text(struct json_writer *w, struct sv bytes)
{
	char *encoded = arena_chars(w->arena, base64_size(bytes.len));

	if (!encoded) {
		w->failed = true;
		return SV("");
	}
	base64_encode(bytes, encoded);
	return sv_from(encoded, base64_size(bytes.len));
}

void json_member(struct json_writer *w, const char *name, struct sv bytes)
{
	if (utf8_valid(bytes)) {
		json_key(w, name);
		json_string(w, bytes);
		return;
	}
	before_value(w);
	put(w, "\"", 1);
	put_cstr(w, name);
	put_cstr(w, "_base64\":");
	put_string(w, as_text(w, bytes));
}

void json_member_cstr(struct json_writer *w, const char *name, const char *text)
{
	if (text) {
		json_member(w, name, sv_of(text));
		return;
	}
	json_key(w, name);
	json_null(w);
}

void json_element(struct json_writer *w, struct sv bytes)
{
	if (utf8_valid(bytes)) {
		json_string(w, bytes);
		return;
	}
	json_open(w, '{');
	json_member(w, "value", bytes);
	json_close(w, '}');
}

void json_cstr(struct json_writer *w, const char *text)
{
	if (text)
		json_string(w, sv_of(text));
	else
		json_null(w);
}

void json_number(struct json_writer *w, int64_t number)
{
	char text[24];

	before_value(w);
	(void)snprintf(text, sizeof(text), "%lld", (long long)number);
	put_cstr(w, text);
}

void json_bool(struct json_writer *w, bool value)
{
	before_value(w);
	put_cstr(w, value ? "true" : "false");
}

void json_null(struct json_writer *w)
{
	before_value(w);
	put_cstr(w, "null");
}

void json_open(struct json_writer *w, char bracket)
{
	before_value(w);
	put(w, &bracket, 1);
	w->comma = false;
}

void json_close(struct json_writer *w, char bracket)
{
	put(w, &bracket, 1);
	w->comma = true;
}

void json_key(struct json_writer *w, const char *name)
{
	before_value(w);
	put_string(w, sv_of(name));
	put(w, ":", 1);
	w->comma = false;
}

int32_t json_finish(struct json_writer *w, struct sv *ret)
{
	put(w, "\n", 1);
	if (w->failed)
		return arena_failed(w->arena) ? arena_status(w->arena) : OCIENV_ERR_LIMIT;
	*ret = sv_from(w->text, w->size);
	return OCIENV_OK;
}

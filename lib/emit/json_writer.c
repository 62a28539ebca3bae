/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/json_writer.h"

#include "base/base64.h"
#include "base/utf8.h"

#include <stdio.h>

static void before_value(struct json_writer *w)
{
	if (w->comma)
		out_cstr(&w->out, ",");
	if (w->line)
		out_cstr(&w->out, "\n");
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
		out_cstr(&w->out, "\\");
		out_bytes(&w->out, sv_from(&short_form[i + 1], 1));
		return;
	}
	(void)snprintf(text, sizeof(text), "\\u%04x", (unsigned int)(unsigned char)c);
	out_cstr(&w->out, text);
}

static void put_string(struct json_writer *w, struct sv text)
{
	size_t plain = 0;

	out_cstr(&w->out, "\"");
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		out_bytes(&w->out, sv_from(text.ptr + plain, i - plain));
		put_escaped(w, text.ptr[i]);
		plain = i + 1;
	}
	if (text.len > plain)
		out_bytes(&w->out, sv_from(text.ptr + plain, text.len - plain));
	out_cstr(&w->out, "\"");
}

void json_string(struct json_writer *w, struct sv text)
{
	before_value(w);
	put_string(w, text);
}

/* Base64 stands for bytes that JSON cannot hold as text. */
static struct sv as_text(struct json_writer *w, struct sv bytes)
{
	char *encoded = arena_chars(w->out.arena, base64_size(bytes.len));

	if (!encoded) {
		w->out.failed = true;
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
	out_cstr(&w->out, "\"");
	out_cstr(&w->out, name);
	out_cstr(&w->out, "_base64\":");
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
	json_string(w, sv_of(text));
}

void json_number(struct json_writer *w, int64_t number)
{
	before_value(w);
	out_number(&w->out, number);
}

void json_bool(struct json_writer *w, bool value)
{
	before_value(w);
	out_cstr(&w->out, value ? "true" : "false");
}

void json_null(struct json_writer *w)
{
	before_value(w);
	out_cstr(&w->out, "null");
}

void json_open(struct json_writer *w, char bracket)
{
	before_value(w);
	out_bytes(&w->out, sv_from(&bracket, 1));
	w->comma = false;
}

void json_close(struct json_writer *w, char bracket)
{
	out_bytes(&w->out, sv_from(&bracket, 1));
	w->comma = true;
}

void json_key(struct json_writer *w, const char *name)
{
	before_value(w);
	put_string(w, sv_of(name));
	out_cstr(&w->out, ":");
	w->comma = false;
}

int32_t json_finish(struct json_writer *w, struct sv *ret)
{
	out_cstr(&w->out, "\n");
	return out_finish(&w->out, ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON strings. The check here is complete, so json-c only ever sees a single string that is
 * known to be well-formed. It must never see an object: with memory short, releases up to
 * 0.17 crash on them or drop members in silence.
 */
#include "text/json_string.h"

#include "base/utf8.h"

#include <json-c/json.h>

enum { PAIR = 12 }; /* bytes of two escapes */

static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at p; -1 if they are not there. */
static int32_t hex4(const unsigned char *p, size_t left)
{
	int32_t code = 0;

	if (left < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

static bool is_surrogate(int32_t code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

/* What the two escapes at p stand for ("\u....\u...."); -1 if they are no pair. */
static int32_t pair_at(const unsigned char *p, size_t left)
{
	int32_t high, low;

	if (left < PAIR || p[0] != '\\' || p[1] != 'u' || p[6] != '\\' || p[7] != 'u')
		return -1;
	high = hex4(p + 2, 4);
	low = hex4(p + 8, 4);
	if (!is_surrogate(high) || high >= 0xdc00 || !is_surrogate(low) || low < 0xdc00)
		return -1;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* The escape at s->end ("\u...."): moves behind it. */
static void check_unicode(const unsigned char *p, size_t left, struct json_string *s)
{
	int32_t code = hex4(p + 2, left - 2);
	size_t length = 6;
	char bytes[4];

	if (code < 0) {
		s->fault = JSON_STRING_HEX;
		return;
	}
	if (code == 0) {
		s->fault = JSON_STRING_NUL;
		return;
	}
	if (is_surrogate(code)) {
		code = pair_at(p, left);
		if (code < 0) {
			s->fault = JSON_STRING_SURROGATE;
			return;
		}
		s->pairs = true;
		length = PAIR;
	}
	s->decoded += utf8_encode((uint32_t)code, bytes);
	s->end += length;
}

static void check_escape(const unsigned char *p, size_t left, struct json_string *s)
{
	s->escaped = true;
	if (left < 2) {
		s->fault = JSON_STRING_OPEN;
		s->end += left;
	} else if (p[1] == 'u') {
		check_unicode(p, left, s);
	} else if (memchr("\"\\/bfnrt", p[1], 8)) {
		s->decoded++;
		s->end += 2;
	} else {
		s->fault = JSON_STRING_ESCAPE;
	}
}

struct json_string json_string_check(struct sv text, size_t start)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	struct json_string s = {.end = start};

	while (s.fault == JSON_STRING_OK) {
		size_t run = json_plain_run(text.ptr + s.end, text.ptr + text.len);

		s.end += run;
		s.decoded += run;
		if (s.end == text.len) {
			s.fault = JSON_STRING_OPEN;
		} else if (p[s.end] == '"') {
			break;
		} else if (p[s.end] == '\\') {
			check_escape(p + s.end, text.len - s.end, &s);
		} else if (p[s.end] < 0x20) {
			s.fault = JSON_STRING_CONTROL;
		} else {
			size_t n = utf8_sequence(p + s.end, text.len - s.end);

			if (!n)
				s.fault = JSON_STRING_UTF8;
			s.end += n;
			s.decoded += n;
			s.continuation += n ? n - 1 : 0;
		}
	}
	return s;
}

/* A checked string, quotes and all, with its pairs as UTF-8, which is shorter: json-c, up to
 * 0.18 at least, puts a pair together, and then takes the character for half of another pair
 * if its last 16 bits look like one (U+1DE00). */
static struct sv without_pairs(struct sv quoted, struct arena *arena)
{
	const unsigned char *p = (const unsigned char *)quoted.ptr;
	char *copy = arena_chars(arena, quoted.len);
	size_t i = 0, len = 0;

	while (copy && i < quoted.len) {
		int32_t code = pair_at(p + i, quoted.len - i);
		size_t step = p[i] == '\\' ? 2 : 1;

		if (code < 0) {
			memcpy(copy + len, p + i, step);
			len += step;
			i += step;
		} else {
			len += utf8_encode((uint32_t)code, copy + len);
			i += PAIR;
		}
	}
	return sv_from(copy, len);
}

int32_t json_string_decode(struct sv raw, struct arena *arena, struct sv *ret)
{
	/* The quote behind it ends the check. */
	struct json_string s = json_string_check(sv_from(raw.ptr, raw.len + 1), 0);
	struct sv quoted = sv_from(raw.ptr - 1, raw.len + 2);
	struct json_tokener *tokener = json_tokener_new_ex(1);
	struct json_object *string = NULL;
	int32_t status = OCIENV_ERR_NOMEM;
	char *copy;

	if (s.pairs)
		quoted = without_pairs(quoted, arena);
	if (!quoted.ptr)
		status = arena_status(arena);
	if (tokener && quoted.ptr) {
		json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
		string = json_tokener_parse_ex(tokener, quoted.ptr, (int)quoted.len);
	}
	/* NULL here is always want of memory, whatever the tokener's error code says; so is
	 * a string that came out too short. */
	if (string && json_object_is_type(string, json_type_string) &&
	    (size_t)json_object_get_string_len(string) == s.decoded) {
		copy = arena_strdup(arena, sv_from(json_object_get_string(string), s.decoded));
		status = copy ? OCIENV_OK : arena_status(arena);
		*ret = sv_from(copy, s.decoded);
	}
	json_object_put(string);
	if (tokener)
		json_tokener_free(tokener);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input is lines NAME=VALUE, an empty line, and a text in which $(NAME) stands for the value:
 * another expansion, a byte at a time, must give the same. A first byte 0xff stands in front of
 * one that limits the result.
 */
#include "fuzz.h"

#include "promise.h"
#include "resolve/expand.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 4096, NAMES = 64, LIMIT = 1 << 18 };

struct names {
	struct sv name[NAMES], value[NAMES];
	size_t count;
};

/* Of names that come twice the later one counts. */
static bool find(void *ctx, struct sv name, struct sv *ret_value)
{
	const struct names *names = ctx;

	for (size_t i = names->count; i-- > 0;) {
		if (!sv_eq(names->name[i], name))
			continue;
		*ret_value = names->value[i];
		return true;
	}
	return false;
}

/* Takes the definitions off; what is left is the text. */
static struct sv read_names(struct sv input, struct names *names)
{
	struct sv line;

	while (names->count < NAMES && sv_cut(&input, '\n', &line) && line.len) {
		size_t equals = sv_find(line, '=');

		names->name[names->count] = sv_from(line.ptr, equals);
		names->value[names->count++] = sv_skip(line, equals + 1);
	}
	return input.ptr ? input : SV("");
}

/* --- the other expansion --------------------------------------------------------------- */

struct other {
	char *out;
	size_t len, limit; /* len goes on beyond the limit, what is written does not */
	struct sv unresolved;
};

static void add(struct other *other, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++, other->len++)
		if (other->len < other->limit)
			other->out[other->len] = bytes[i];
}

/* Bytes of the character at p, 0: Go would call it an error. */
static size_t character(const unsigned char *p, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t count = p[0] < 0x80   ? 1
		       : p[0] < 0xc0 ? 0
		       : p[0] < 0xe0 ? 2
		       : p[0] < 0xf0 ? 3
				     : 4;
	uint32_t code = p[0] & (0xffU >> (count + 1));

	if (count < 2 || count > left || p[0] >= 0xf8)
		return count == 1;
	for (size_t i = 1; i < count; i++) {
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	return code < least[count] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)
		   ? 0
		   : count;
}

/* The "$" at text[at]; returns where to go on. */
static size_t expand_at(struct other *other, struct names *names, struct sv text,
			size_t at)
{
	const char *p = text.ptr + at + 1;
	size_t left = text.len - at - 1, size;
	const char *end = left ? memchr(p, ')', left) : NULL;
	struct sv name, value;

	if (!left || *p == '$') {
		add(other, "$", 1);
		return at + (left ? 2 : 1);
	}
	if (*p != '(') {
		size = character((const unsigned char *)p, left);
		add(other, "$", 1);
		add(other, size ? p : "\xef\xbf\xbd", size ? size : 3);
		return at + 1 + (size ? size : 1);
	}
	if (!end) {
		add(other, "$(", 2);
		return at + 2;
	}
	name = sv_from(p + 1, (size_t)(end - p - 1));
	if (!find(names, name, &value)) {
		other->unresolved = name;
		value = sv_from(text.ptr + at, (size_t)(end + 1 - text.ptr) - at);
	}
	add(other, value.ptr, value.len);
	return (size_t)(end + 1 - text.ptr);
}

static void expand_other(struct other *other, struct names *names, struct sv text)
{
	size_t at = 0;

	while (at < text.len && other->len <= other->limit) {
		if (text.ptr[at] == '$') {
			at = expand_at(other, names, text, at);
		} else {
			add(other, text.ptr + at, 1);
			at++;
		}
	}
}

/* --- both ------------------------------------------------------------------------------ */

static void check(struct names *names, struct sv text, size_t limit)
{
	static char kept[LIMIT];
	struct expansion expansion = {.find = find, .ctx = names, .limit = limit};
	struct other other = {.out = kept, .limit = limit};
	size_t size = expand_size(&expansion, text);
	char *out;

	expand_other(&other, names, text);
	PROMISE((size == SIZE_MAX) == (other.len > limit));
	if (size == SIZE_MAX)
		return;
	PROMISE(size == other.len);
	PROMISE(expansion.unresolved.ptr == other.unresolved.ptr &&
		expansion.unresolved.len == other.unresolved.len);
	out = malloc(size ? size : 1); /* exact, so that ASan sees its end */
	PROMISE(out);
	expand_write(&expansion, text, out);
	PROMISE(!memcmp(out, kept, size));
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct names names = {.count = 0};
	struct sv input = sv_from((const char *)data, size);
	size_t limit = LIMIT;

	if (size > MOST)
		return 0;
	if (size >= 2 && data[0] == 0xff) {
		limit = data[1];
		input = sv_skip(input, 2);
	}
	check(&names, read_names(input, &names), limit);
	return 0;
}

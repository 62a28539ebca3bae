/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of go-yaml v2's resolve(), with what encoding/json makes of the result. They
 * are YAML 1.1's with exceptions, and older than anybody's intuition: `y` is a boolean,
 * 0755 is 493, 08 is 8. Must never be "improved": the cluster decides by these rules.
 */
#include "text/scalar.h"

#include "base/base64.h"

#include "text/yaml_number.h"

struct tag_row {
	struct sv tag;
	enum scalar_tag meaning;
};

static const struct tag_row tags[] = {
	{{"tag:yaml.org,2002:int", 21}, SCALAR_TAG_INT},
	{{"tag:yaml.org,2002:float", 23}, SCALAR_TAG_FLOAT},
	{{"tag:yaml.org,2002:bool", 22}, SCALAR_TAG_BOOL},
	{{"tag:yaml.org,2002:null", 22}, SCALAR_TAG_NULL},
	{{"tag:yaml.org,2002:binary", 24}, SCALAR_TAG_BINARY},
	{{"tag:yaml.org,2002:timestamp", 27}, SCALAR_TAG_TIMESTAMP},
};

enum scalar_tag scalar_tag_of(struct sv tag)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (sv_eq(tag, tags[i].tag))
			return tags[i].meaning;
	return SCALAR_TAG_STR;
}

const char *scalar_tag_name(enum scalar_tag tag)
{
	static const char *const names[] = {
	    [SCALAR_TAG_NONE] = "a value",   [SCALAR_TAG_STR] = "a string",
	    [SCALAR_TAG_INT] = "an integer", [SCALAR_TAG_FLOAT] = "a number",
	    [SCALAR_TAG_BOOL] = "a boolean", [SCALAR_TAG_NULL] = "null",
	    [SCALAR_TAG_BINARY] = "base64",  [SCALAR_TAG_TIMESTAMP] = "a timestamp",
	};

	return names[tag];
}

struct word {
	struct sv text;
	enum node_kind kind;
	struct sv value;
};

#define WORD(literal, kind, value)                                                       \
	{                                                                                \
		{literal, sizeof(literal) - 1}, kind,                                    \
		{                                                                        \
			value, sizeof(value) - 1                                         \
		}                                                                        \
	}

enum { LONGEST_WORD = 5, MOST_WORDS = 12 };

/* go-yaml: these and no other casing. By their length: the keys of a manifest are short words,
 * too. */
static const struct word words[LONGEST_WORD][MOST_WORDS] = {
	{WORD("y", NODE_BOOL, "true"), WORD("Y", NODE_BOOL, "true"),
	 WORD("n", NODE_BOOL, "false"), WORD("N", NODE_BOOL, "false"),
	 WORD("~", NODE_NULL, "")},
	{WORD("on", NODE_BOOL, "true"), WORD("On", NODE_BOOL, "true"),
	 WORD("ON", NODE_BOOL, "true"), WORD("no", NODE_BOOL, "false"),
	 WORD("No", NODE_BOOL, "false"), WORD("NO", NODE_BOOL, "false")},
	{WORD("yes", NODE_BOOL, "true"), WORD("Yes", NODE_BOOL, "true"),
	 WORD("YES", NODE_BOOL, "true"), WORD("off", NODE_BOOL, "false"),
	 WORD("Off", NODE_BOOL, "false"), WORD("OFF", NODE_BOOL, "false")},
	{WORD("true", NODE_BOOL, "true"), WORD("True", NODE_BOOL, "true"),
	 WORD("TRUE", NODE_BOOL, "true"), WORD("null", NODE_NULL, ""),
	 WORD("Null", NODE_NULL, ""), WORD("NULL", NODE_NULL, ""),
	 WORD(".nan", NODE_FLOAT, ".nan"), WORD(".NaN", NODE_FLOAT, ".nan"),
	 WORD(".NAN", NODE_FLOAT, ".nan"), WORD(".inf", NODE_FLOAT, ".inf"),
	 WORD(".Inf", NODE_FLOAT, ".inf"), WORD(".INF", NODE_FLOAT, ".inf")},
	{WORD("false", NODE_BOOL, "false"), WORD("False", NODE_BOOL, "false"),
	 WORD("FALSE", NODE_BOOL, "false"), WORD("+.inf", NODE_FLOAT, ".inf"),
	 WORD("+.Inf", NODE_FLOAT, ".inf"), WORD("+.INF", NODE_FLOAT, ".inf"),
	 WORD("-.inf", NODE_FLOAT, "-.inf"), WORD("-.Inf", NODE_FLOAT, "-.inf"),
	 WORD("-.INF", NODE_FLOAT, "-.inf")},
};

/* The text is not empty. */
static bool find_word(struct sv text, struct scalar *ret)
{
	const struct word *word;

	if (text.len > LONGEST_WORD)
		return false;
	word = words[text.len - 1];
	for (size_t i = 0; i < MOST_WORDS && word[i].text.len; i++) {
		if (word[i].text.ptr[0] != text.ptr[0] || !sv_eq(word[i].text, text))
			continue;
		ret->kind = word[i].kind;
		ret->text = word[i].value;
		ret->not_finite = word[i].kind == NODE_FLOAT;
		return true;
	}
	return false;
}

/* go-yaml looks at the first byte to see what a scalar can be. */
enum hint { HINT_STRING, HINT_WORD, HINT_POINT, HINT_NUMBER };

static enum hint hint_of(char c)
{
	if (c >= '0' && c <= '9')
		return HINT_NUMBER;
	switch (c) {
	case '+':
	case '-':
		return HINT_NUMBER;
	case '.':
		return HINT_POINT;
	case 'y':
	case 'Y':
	case 'n':
	case 'N':
	case 't':
	case 'T':
	case 'f':
	case 'F':
	case 'o':
	case 'O':
	case '~':
		return HINT_WORD;
	default:
		return HINT_STRING;
	}
}

/* Go's ParseFloat: a "_" stands between two digits and nowhere else. */
static bool underscores_fit(struct sv v)
{
	char before = '^';

	for (size_t i = 0; i < v.len; i++) {
		bool digit = v.ptr[i] >= '0' && v.ptr[i] <= '9';

		if (v.ptr[i] == '_' ? before != '0' : before == '_' && !digit)
			return false;
		before = digit ? '0' : v.ptr[i];
	}
	return before != '_';
}

static enum scalar_outcome set_integer(struct yaml_integer integer, struct arena *arena,
				       struct scalar *ret)
{
	char *buffer = arena_alloc(arena, YAML_INTEGER_SIZE);

	if (!buffer)
		return SCALAR_NO_MEMORY;
	ret->kind = NODE_INT;
	ret->text = yaml_integer_print(integer, buffer);
	ret->above_int64 = !integer.negative && integer.magnitude > INT64_MAX;
	return SCALAR_OK;
}

static enum scalar_outcome set_float(const struct yaml_decimal *decimal,
				     struct arena *arena, struct scalar *ret)
{
	struct yaml_decimal printed = *decimal;
	char digits[YAML_ROUND_SIZE], *buffer;

	if (yaml_decimal_is_long(&printed))
		yaml_decimal_round(&printed, digits);
	buffer = arena_alloc(arena, yaml_decimal_size(&printed));
	if (!buffer)
		return SCALAR_NO_MEMORY;
	ret->kind = NODE_FLOAT;
	ret->text = yaml_decimal_print(&printed, buffer);
	return SCALAR_OK;
}

/* *text without its "_"; NULL in it: no memory. */
static void strip_underscores(struct sv *text, struct arena *arena)
{
	size_t n = 0;
	char *copy;

	if (!sv_contains(*text, '_'))
		return;
	copy = arena_chars(arena, text->len);
	for (size_t i = 0; copy && i < text->len; i++)
		if (text->ptr[i] != '_')
			copy[n++] = text->ptr[i];
	*text = sv_from(copy, n);
}

static enum scalar_outcome resolve_float(struct sv text, struct arena *arena,
					 struct scalar *ret)
{
	struct yaml_decimal decimal;
	struct sv plain = text;

	strip_underscores(&plain, arena);
	if (!plain.ptr)
		return SCALAR_NO_MEMORY;
	return yaml_decimal_read(plain, &decimal) ? set_float(&decimal, arena, ret)
						  : SCALAR_OK;
}

static bool has_two_points(struct sv text)
{
	return sv_contains(sv_skip(text, sv_find(text, '.') + 1), '.');
}

/* The text alone decides. `ret` starts as the string that it otherwise is. */
static enum scalar_outcome resolve_text(struct sv text, struct arena *arena,
					struct scalar *ret)
{
	struct yaml_integer integer;
	enum hint hint = text.len ? hint_of(text.ptr[0]) : HINT_STRING;

	ret->kind = text.len ? NODE_STRING : NODE_NULL;
	if (hint == HINT_STRING || find_word(text, ret) || hint == HINT_WORD)
		return SCALAR_OK;
	if (hint == HINT_POINT)
		return underscores_fit(text) ? resolve_float(text, arena, ret)
					     : SCALAR_OK;
	/* An address or a version. A timestamp ("2001-01-01") is no number either: both stay the
	 * text that they are. */
	if (has_two_points(text))
		return SCALAR_OK;
	if (yaml_integer_read(text, &integer))
		return set_integer(integer, arena, ret);
	return resolve_float(text, arena, ret);
}

static enum scalar_outcome resolve_binary(struct sv text, struct arena *arena,
					  struct scalar *ret)
{
	char *bytes = arena_chars(arena, text.len / 4 * 3 + 3);
	size_t len = 0;

	if (!bytes)
		return SCALAR_NO_MEMORY;
	if (!base64_decode(text, bytes, &len))
		return SCALAR_BAD_BASE64;
	ret->text = sv_from(bytes, len);
	return SCALAR_OK;
}

enum scalar_outcome scalar_resolve(struct sv text, enum scalar_tag tag,
				   struct arena *arena, struct scalar *ret)
{
	/* What go-yaml accepts for a tag, beside an integer for !!float. */
	static const enum node_kind wanted[] = {
	    [SCALAR_TAG_INT] = NODE_INT,
	    [SCALAR_TAG_FLOAT] = NODE_FLOAT,
	    [SCALAR_TAG_BOOL] = NODE_BOOL,
	    [SCALAR_TAG_NULL] = NODE_NULL,
	};
	enum scalar_outcome outcome;
	struct yaml_decimal decimal;

	*ret = (struct scalar){.kind = NODE_STRING, .text = text};
	if (tag == SCALAR_TAG_STR)
		return SCALAR_OK;
	if (tag == SCALAR_TAG_BINARY)
		return resolve_binary(text, arena, ret);
	if (tag == SCALAR_TAG_TIMESTAMP)
		return yaml_timestamp_valid(text) ? SCALAR_OK : SCALAR_MISFIT;
	outcome = resolve_text(text, arena, ret);
	if (outcome || tag == SCALAR_TAG_NONE || ret->kind == wanted[tag])
		return outcome;
	if (tag != SCALAR_TAG_FLOAT || ret->kind != NODE_INT || ret->above_int64 ||
	    !yaml_decimal_read(ret->text, &decimal))
		return SCALAR_MISFIT;
	return set_float(&decimal, arena, ret);
}

bool scalar_float_key(struct sv text, char buffer[32], struct sv *ret)
{
	/* So many digits survive 32 bits; the exponents stay clear of the ends of its
	 * range. */
	enum { DIGITS = 6, LOW = -36, HIGH = 38 };
	struct yaml_decimal decimal;

	if (!yaml_decimal_read(text, &decimal) || decimal.digits > DIGITS ||
	    decimal.point < LOW || decimal.point > HIGH)
		return false;
	*ret = yaml_decimal_print_key(&decimal, buffer);
	return true;
}

bool scalar_text_is_typed(struct sv text)
{
	struct yaml_integer integer;
	struct yaml_decimal decimal;
	struct scalar word;

	if (!text.len)
		return true;
	if (find_word(text, &word))
		return true;
	return yaml_integer_read(text, &integer) || yaml_decimal_read(text, &decimal);
}

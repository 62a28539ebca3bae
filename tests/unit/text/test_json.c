/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/limits.h"
#include "text/text.h"

#include <json-c/json.h>

static struct arena arena;
static struct ocienv_error error;
static struct ocienv_limits limits;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	limits = limits_of(NULL);
	memset(&error, 0, sizeof(error));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static int32_t parse(struct sv text, const struct node **ret)
{
	struct diag diag = {&error, "doc.json", text};
	struct text_input in = {text, &diag, &limits, &arena, false, NULL};

	return json_parse(&in, ret);
}

static void values_keep_kind_text_and_place(void **state)
{
	const struct node *root = NULL, *list;

	(void)state;
	assert_int_equal(parse(SV("{\"a\": [1, -2.5e3, \"x\",\r\n null, true, false, {}],\n"
				  "  \"\xc3\xa9\": \"y\"}"),
			       &root),
			 OCIENV_OK);
	assert_int_equal(root->kind, NODE_MAP);
	assert_int_equal(node_size(root), 2);
	assert_sv_equal(node_sv(node_key(root, 0)), "a");
	list = node_value(root, 0);
	assert_int_equal(node_size(list), 7);
	assert_int_equal(list->children[0].kind, NODE_INT);
	assert_sv_equal(node_sv(&list->children[0]), "1");
	assert_int_equal(list->children[1].kind, NODE_FLOAT);
	assert_sv_equal(node_sv(&list->children[1]), "-2.5e3");
	assert_int_equal(list->children[2].mark.column, 19);
	assert_int_equal(list->children[3].kind, NODE_NULL);
	assert_int_equal(list->children[3].mark.line, 2);
	assert_int_equal(list->children[3].mark.column, 2);
	assert_sv_equal(node_sv(&list->children[4]), "true");
	assert_int_equal(list->children[6].kind, NODE_MAP);
	assert_int_equal(node_size(&list->children[6]), 0);
	/* columns count characters */
	assert_int_equal(node_value(root, 1)->mark.line, 3);
	assert_int_equal(node_value(root, 1)->mark.column, 8);
}

/* json-c is the judge of what an escape means. */
static void escapes_decode_as_json_c_says(void **state)
{
	static const char text[] = "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d"
				   "\\ude00 plain\", \"none\", \"\\uD83D\\uDE00\"]";
	struct json_object *expected = json_tokener_parse(text);
	const struct node *root = NULL;

	(void)state;
	assert_int_equal(parse(sv_of(text), &root), OCIENV_OK);
	for (uint32_t i = 0; i < node_size(root); i++) {
		struct json_object *item = json_object_array_get_idx(expected, i);
		struct sv got;

		assert_int_equal(node_string(&root->children[i], &arena, &got), OCIENV_OK);
		assert_int_equal(got.len, json_object_get_string_len(item));
		assert_memory_equal(got.ptr, json_object_get_string(item), got.len);
	}
	json_object_put(expected);
}

/* All pairs of one first half, as the rule has it: json-c itself takes some for halves. */
static void check_pairs(uint32_t high)
{
	static char text[16 * 1024], expected[4 * 1024 + 1];
	const struct node *root = NULL;
	size_t len = 2, n = 0;
	struct sv got;

	memcpy(text, "[\"", 2);
	for (uint32_t low = 0xdc00; low <= 0xdfff; low++) {
		uint32_t code = 0x10000 + (high - 0xd800) * 0x400 + low - 0xdc00;

		len += (size_t)snprintf(text + len, sizeof(text) - len, "\\u%04x\\u%04X", high, low);
		expected[n++] = (char)(0xf0 | code >> 18);
		expected[n++] = (char)(0x80 | (code >> 12 & 0x3f));
		expected[n++] = (char)(0x80 | (code >> 6 & 0x3f));
		expected[n++] = (char)(0x80 | (code & 0x3f));
	}
	memcpy(text + len, "\"]", 2);
	assert_int_equal(parse(sv_from(text, len + 2), &root), OCIENV_OK);
	assert_int_equal(node_string(&root->children[0], &arena, &got), OCIENV_OK);
	assert_int_equal(got.len, n);
	assert_memory_equal(got.ptr, expected, n);
}

static void a_pair_stands_for_its_character(void **state)
{
	const struct node *root = NULL;

	for (uint32_t high = 0xd800; high <= 0xdbff; high++) {
		check_pairs(high);
		arena_free(&arena);
	}
	(void)state;
	/* What only looks like a pair stays, before one and behind. */
	assert_int_equal(parse(SV("{\"\\\\ud837\\ud837\\ude00\\\\\\ude00\": 1}"), &root),
			 OCIENV_ERR_ENCODING);
	assert_int_equal(parse(SV("{\"\\\\ud837\\ud837\\ude00\\\\ude00\\n\": 1}"), &root),
			 OCIENV_OK);
	assert_sv_equal(node_sv(node_key(root, 0)), "\\ud837\xf0\x9d\xb8\x80\\ude00\n");
}

static void keys_are_compared_decoded(void **state)
{
	const struct node *root = NULL;

	(void)state;
	assert_int_equal(parse(SV("{\"\\u0065nv\": 1}"), &root), OCIENV_OK);
	assert_sv_equal(node_sv(node_key(root, 0)), "env");
	assert_int_equal(parse(SV("{\"env\": 1,\n \"\\u0065nv\": 2}"), &root),
			 OCIENV_ERR_AMBIGUOUS);
	assert_int_equal(error.line, 2);
	assert_int_equal(error.column, 2);
	assert_string_equal(error.pointer, "/env");
}

static void a_duplicate_among_many_keys_is_the_second_in_the_text(void **state)
{
	const struct node *root = NULL;

	(void)state;
	assert_int_equal(parse(SV("{\"k\":[{\"z\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,"
				  "\"g\":0,\"h\":0,\"i\":0,\"z\":0,\"b\":0}]}"),
			       &root),
			 OCIENV_ERR_AMBIGUOUS);
	assert_string_equal(error.pointer, "/k/0/z");
	assert_int_equal(error.offset, 61);
	assert_null(root); /* outputs untouched */
}

struct refusal {
	struct sv text;
	int32_t status;
	uint32_t line, column;
	const char *pointer, *found;
};

#define BAD(text, status, line, column, pointer, found)                                  \
	{{text, sizeof(text) - 1}, OCIENV_ERR_##status, line, column, pointer, found}

static const struct refusal refusals[] = {
	BAD("", SYNTAX, 1, 1, "", "the end of the text"),
	BAD("  \n ", SYNTAX, 2, 2, "", "the end of the text"),
	BAD("\xef\xbb\xbf{}", SYNTAX, 1, 1, "", "byte order mark"),
	BAD("\xff\xfe{\0}\0", ENCODING, 1, 1, "", "another encoding"),
	BAD("{\0}\0", ENCODING, 1, 1, "", "another encoding"),
	BAD("\0{\0}", ENCODING, 1, 1, "", "another encoding"),
	BAD("[1]\0junk", SYNTAX, 1, 4, "", "\\x00"),
	BAD("[1] x", SYNTAX, 1, 5, "", "x"),
	BAD("{\"a\":1}}", SYNTAX, 1, 8, "", "}"),
	BAD("[1,]", SYNTAX, 1, 4, "/1", "]"),
	BAD("[,1]", SYNTAX, 1, 2, "/0", ","),
	BAD("[1 2]", SYNTAX, 1, 4, "/1", "2"),
	BAD("{\"a\" 1}", SYNTAX, 1, 6, "/a", "1"),
	BAD("{\"a\":1,}", SYNTAX, 1, 8, "", "}"),
	BAD("{a:1}", SYNTAX, 1, 2, "", "a"),
	BAD("{'a':1}", SYNTAX, 1, 2, "", "'"),
	BAD("{\"a\":[1,{\"b\":}]}", SYNTAX, 1, 14, "/a/1/b", "}"),
	BAD("[\"a", SYNTAX, 1, 4, "/0", "the end of the text"),
	BAD("[\"a\\", SYNTAX, 1, 5, "/0", "the end of the text"),
	BAD("[\"a\tb\"]", SYNTAX, 1, 4, "/0", "a raw one"),
	BAD("[\"\\x41\"]", SYNTAX, 1, 3, "/0", "another character"),
	BAD("[\"\\u12g4\"]", SYNTAX, 1, 3, "/0", "fewer"),
	BAD("[\"\\u0000\"]", ENCODING, 1, 3, "/0", "\\u0000"),
	BAD("{\"a\\u0000\":1}", ENCODING, 1, 4, "", "\\u0000"),
	BAD("[\"\\ud800x\"]", ENCODING, 1, 3, "/0", "half"),
	BAD("[\"\\udc00\"]", ENCODING, 1, 3, "/0", "half"),
	BAD("[\"\\ud800\\ud800\"]", ENCODING, 1, 3, "/0", "half"),
	BAD("[\"\xc3\xa9\xff\"]", ENCODING, 1, 4, "/0", "a byte that is not"),
	BAD("[\"\xed\xa0\x80\"]", ENCODING, 1, 3, "/0", "a byte that is not"),
	BAD("[\xff]", ENCODING, 1, 2, "/0", "a byte that is not"),
	BAD("[01]", SYNTAX, 1, 3, "/0", "1"),
	BAD("[+1]", SYNTAX, 1, 2, "/0", "+"),
	BAD("[.5]", SYNTAX, 1, 2, "/0", "."),
	BAD("[1.]", SYNTAX, 1, 4, "/0", "]"),
	BAD("[1e]", SYNTAX, 1, 4, "/0", "]"),
	BAD("[1e+]", SYNTAX, 1, 5, "/0", "]"),
	BAD("[-]", SYNTAX, 1, 3, "/0", "]"),
	BAD("[NaN]", SYNTAX, 1, 2, "/0", "N"),
	BAD("[nul]", SYNTAX, 1, 2, "/0", "n"),
	BAD("[nullx]", SYNTAX, 1, 6, "/1", "x"),
	BAD("[1] // c", SYNTAX, 1, 5, "", "/"),
	BAD("\v[1]", SYNTAX, 1, 1, "", "\\x0b"),
};

static void what_is_refused_is_said_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *row = &refusals[i];
		const struct node *root = NULL;

		memset(&error, 0, sizeof(error));
		if (parse(row->text, &root) != row->status || error.line != row->line ||
		    error.column != row->column || strcmp(error.pointer, row->pointer) != 0 ||
		    !strstr(error.message, row->found) || root)
			fail_msg("row %zu: %d at %u:%u %s: %s", i, error.status, error.line,
				 error.column, error.pointer, error.message);
	}
}

static void every_prefix_of_a_text_is_refused(void **state)
{
	static const char text[] = "{\"a\":[1,\"\\u00e9\xc3\xa9\",{\"b\":null}],\"c\":-0.5e1}";
	const struct node *root = NULL;

	(void)state;
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		char *copy = malloc(n + 1); /* exact size: a read behind it is seen */

		memcpy(copy, text, n);
		assert_int_not_equal(parse(sv_from(copy, n), &root), OCIENV_OK);
		free(copy);
	}
	assert_int_equal(parse(sv_of(text), &root), OCIENV_OK);
}

static void limits_hold_exactly(void **state)
{
	const struct node *root = NULL;

	(void)state;
	limits.max_depth = 3;
	assert_int_equal(parse(SV("[[[1]]]"), &root), OCIENV_OK);
	assert_int_equal(parse(SV("[[[[]]]]"), &root), OCIENV_ERR_LIMIT);
	assert_int_equal(error.column, 4);
	limits.max_nodes = 5;
	assert_int_equal(parse(SV("[1,2,3,4]"), &root), OCIENV_OK);
	assert_int_equal(parse(SV("[1,2,3,4,5]"), &root), OCIENV_ERR_LIMIT);
	assert_int_equal(parse(SV("{\"a\":1,\"b\":2}"), &root), OCIENV_OK);
	limits.max_nodes = 1;
	assert_int_equal(parse(SV("[]"), &root), OCIENV_OK);
	assert_int_equal(parse(SV("[1]"), &root), OCIENV_ERR_LIMIT);
	limits.max_nodes = 5;
	limits.max_string = 4;
	assert_int_equal(parse(SV("[\"abcd\"]"), &root), OCIENV_OK);
	assert_int_equal(parse(SV("[\"\\u00e9\\u00e9\"]"), &root), OCIENV_OK);
	assert_int_equal(parse(SV("[\"abcde\"]"), &root), OCIENV_ERR_LIMIT);
	assert_int_equal(parse(SV("[12345]"), &root), OCIENV_ERR_LIMIT);
	limits.max_document = 4;
	assert_int_equal(parse(SV("[11]"), &root), OCIENV_OK);
	assert_int_equal(parse(SV("[111]"), &root), OCIENV_ERR_LIMIT);
}

static void json_is_told_from_yaml_by_its_first_character(void **state)
{
	(void)state;
	assert_true(text_is_json(SV(" \t\r\n{")));
	assert_false(text_is_json(SV("[1]")));
	assert_false(text_is_json(SV("a: {b: c}")));
	assert_false(text_is_json(SV("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_keep_kind_text_and_place, setup, teardown),
		cmocka_unit_test_setup_teardown(escapes_decode_as_json_c_says, setup, teardown),
		cmocka_unit_test_setup_teardown(a_pair_stands_for_its_character, setup, teardown),
		cmocka_unit_test_setup_teardown(keys_are_compared_decoded, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_duplicate_among_many_keys_is_the_second_in_the_text, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_refused_is_said_with_its_place, setup,
						teardown),
		cmocka_unit_test_setup_teardown(every_prefix_of_a_text_is_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(limits_hold_exactly, setup, teardown),
		cmocka_unit_test_setup_teardown(json_is_told_from_yaml_by_its_first_character,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

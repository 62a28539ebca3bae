/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/limits.h"
#include "read/bind.h"
#include "text/text.h"

struct object {
	struct text string;
	struct text_list strings;
	struct number boolean, small, large;
	struct number_list smalls, larges;
	const struct node *map, *list, *any;
};

static const struct field fields[] = {
	FIELD("string", STRING, struct object, string),
	FIELD("strings", STRINGS, struct object, strings),
	FIELD("bool", BOOL, struct object, boolean),
	FIELD("uint32", UINT32, struct object, small),
	FIELD("int64", INT64, struct object, large),
	FIELD("uint32s", UINT32S, struct object, smalls),
	FIELD("int64s", INT64S, struct object, larges),
	FIELD("mask", MAP, struct object, map),
	FIELD("list", LIST, struct object, list),
	FIELD("any", ANY, struct object, any),
	FIELD_IGNORED("unread"),
};

static struct arena arena;
static struct ocienv_error error;
static struct ocienv_limits limits;
static struct diag diag;
static struct vec warnings;
static struct reader reader;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, NULL, SIZE_MAX);
	limits = limits_of(NULL);
	error = (struct ocienv_error){0};
	warnings = (struct vec){0};
	diag = (struct diag){&error, "doc.json", SV_NONE};
	reader = (struct reader){.diag = &diag,
				 .limits = &limits,
				 .scratch = &arena,
				 .source = OCIENV_SOURCE_IMAGE,
				 .document = 5,
				 .warnings = &warnings,
				 .keep = &arena};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static int32_t bind_json(const char *json, struct object *ret)
{
	struct path root = {NULL, {NULL, 0}, 0}, path = path_key(&root, SV("at"));
	struct text_input in = {sv_of(json), &diag, &limits, &arena, false, NULL};
	const struct node *node = NULL;

	*ret = (struct object){.map = NULL};
	diag.text = in.bytes;
	assert_int_equal(json_parse(&in, &node), OCIENV_OK);
	return bind_members(&reader, node, &path, fields, FIELD_COUNT(fields), ret);
}

static void every_type_is_filled(void **state)
{
	struct object o;

	(void)state;
	assert_int_equal(bind_json("{\"string\": \"a\\u0062\", \"strings\": [\"x\", \"\"],\n"
				   " \"bool\": true, \"uint32\": 4294967295,\n"
				   " \"int64\": -9223372036854775807, \"uint32s\": [1, 0],\n"
				   " \"int64s\": [-1], \"mask\": {\"k\": 1}, \"list\": [1],\n"
				   " \"any\": 1.5, \"unread\": [[]]}",
				   &o),
			 OCIENV_OK);
	assert_sv_equal(o.string.value, "ab");
	assert_true(o.strings.present);
	assert_int_equal(o.strings.count, 2);
	assert_sv_equal(o.strings.items[0].value, "x");
	assert_sv_equal(o.strings.items[1].value, "");
	assert_true(o.boolean.present && o.boolean.value == 1);
	assert_true(o.small.present && o.small.value == 4294967295);
	assert_true(o.large.present && o.large.value == -INT64_MAX);
	assert_int_equal(o.smalls.count, 2);
	assert_int_equal(o.smalls.items[0].value, 1);
	assert_int_equal(o.larges.items[0].value, -1);
	assert_int_equal(node_size(o.map), 1);
	assert_int_equal(node_size(o.list), 1);
	assert_int_equal(o.any->kind, NODE_FLOAT);
	assert_int_equal(warnings.count, 0);
}

static void what_is_kept_is_a_copy_and_absent_stays_absent(void **state)
{
	const struct node *kept, *absent = NULL;
	struct arena none, *scratch = reader.scratch;
	struct object o;

	(void)state;
	assert_int_equal(bind_json("{\"mask\": {\"k\": 1}}", &o), OCIENV_OK);
	kept = o.map;
	assert_int_equal(bind_keep(&reader, &kept), OCIENV_OK);
	assert_ptr_not_equal(kept, o.map);
	assert_sv_equal(node_sv(node_value(kept, 0)), "1");
	assert_int_equal(bind_keep(&reader, &absent), OCIENV_OK);
	assert_null(absent);
	assert_int_equal(bind_keep_flat(&reader, &absent), OCIENV_OK);
	assert_null(absent);
	assert_int_equal(bind_keep_flat(&reader, &kept), OCIENV_OK);
	assert_int_equal(node_size(kept), 0);
	arena_init(&none, NULL, 0);
	reader.scratch = &none;
	kept = o.map;
	assert_int_equal(bind_keep(&reader, &kept), OCIENV_ERR_LIMIT);
	assert_int_equal(bind_keep_flat(&reader, &o.map), OCIENV_ERR_LIMIT);
	reader.scratch = scratch;
}

static void a_value_knows_where_it_was_written(void **state)
{
	struct object o;

	(void)state;
	assert_int_equal(bind_json("{\"string\": \"a\",\n \"strings\": [\"x\"], \"bool\": false}",
				   &o),
			 OCIENV_OK);
	assert_int_equal(o.string.from.source, OCIENV_SOURCE_IMAGE);
	assert_int_equal(o.string.from.document, 5);
	assert_int_equal(o.string.from.mark.line, 1);
	assert_int_equal(o.string.from.mark.column, 12);
	assert_int_equal(o.strings.from.mark.line, 2);
	assert_int_equal(o.strings.from.mark.column, 13);
	assert_int_equal(o.strings.items[0].from.mark.column, 14);
	assert_int_equal(o.boolean.from.mark.column, 28);
}

static void null_is_the_same_as_absent(void **state)
{
	struct object o, empty = {.map = NULL};

	(void)state;
	assert_int_equal(bind_json("{\"string\": null, \"strings\": null, \"bool\": null,"
				   " \"uint32\": null, \"int64\": null, \"uint32s\": null,"
				   " \"int64s\": null, \"mask\": null, \"list\": null,"
				   " \"any\": null, \"unread\": null}",
				   &o),
			 OCIENV_OK);
	assert_memory_equal(&o, &empty, sizeof(o));
}

static void an_empty_list_is_not_an_absent_one(void **state)
{
	struct object o;

	(void)state;
	assert_int_equal(bind_json("{\"strings\": []}", &o), OCIENV_OK);
	assert_true(o.strings.present);
	assert_int_equal(o.strings.count, 0);
}

static void a_null_element_is_an_empty_string(void **state)
{
	struct object o;

	(void)state;
	assert_int_equal(bind_json("{\"strings\": [\"a\", null]}", &o), OCIENV_OK);
	assert_int_equal(o.strings.count, 2);
	assert_sv_equal(o.strings.items[1].value, "");
	assert_int_equal(o.strings.items[1].from.mark.column, 19);
}

static void a_wrong_type_is_named_with_its_place(void **state)
{
	static const struct {
		const char *json, *pointer, *message;
		int32_t status;
		uint32_t column;
	} rows[] = {
		{"[]", "/at", "expected a map, found a list", OCIENV_ERR_TYPE, 1},
		{"null", "/at", "expected a map, found null", OCIENV_ERR_TYPE, 1},
		{"{\"string\": 1}", "/at/string",
		 "expected a string, found an integer (put it in quotes)", OCIENV_ERR_TYPE, 12},
		{"{\"string\": true}", "/at/string",
		 "expected a string, found a boolean (put it in quotes)", OCIENV_ERR_TYPE, 12},
		{"{\"string\": []}", "/at/string", "expected a string, found a list",
		 OCIENV_ERR_TYPE, 12},
		{"{\"strings\": \"x\"}", "/at/strings", "expected a list, found a string",
		 OCIENV_ERR_TYPE, 13},
		{"{\"strings\": {}}", "/at/strings", "expected a list, found a map",
		 OCIENV_ERR_TYPE, 13},
		{"{\"strings\": [\"x\", 7]}", "/at/strings/1",
		 "expected a string, found an integer (put it in quotes)", OCIENV_ERR_TYPE, 19},
		{"{\"bool\": \"true\"}", "/at/bool", "expected a boolean, found a string",
		 OCIENV_ERR_TYPE, 10},
		{"{\"bool\": 1}", "/at/bool", "expected a boolean, found an integer",
		 OCIENV_ERR_TYPE, 10},
		{"{\"uint32\": \"0\"}", "/at/uint32", "expected an integer, found a string",
		 OCIENV_ERR_TYPE, 12},
		{"{\"uint32\": 1.0}", "/at/uint32", "expected an integer", OCIENV_ERR_TYPE, 12},
		{"{\"uint32\": 1e1}", "/at/uint32", "expected an integer", OCIENV_ERR_TYPE, 12},
		{"{\"uint32\": 4294967296}", "/at/uint32", "from 0 to 4294967295",
		 OCIENV_ERR_VALUE, 12},
		{"{\"uint32\": -1}", "/at/uint32", "from 0 to 4294967295", OCIENV_ERR_VALUE, 12},
		{"{\"uint32\": -0}", "/at/uint32", "from 0 to 4294967295", OCIENV_ERR_VALUE, 12},
		{"{\"uint32\": 99999999999999999999}", "/at/uint32", "from 0 to 4294967295",
		 OCIENV_ERR_VALUE, 12},
		{"{\"int64\": 9223372036854775808}", "/at/int64", "64 bits", OCIENV_ERR_VALUE,
		 11},
		{"{\"int64\": -99999999999999999999}", "/at/int64", "64 bits", OCIENV_ERR_VALUE,
		 11},
		{"{\"uint32s\": 1}", "/at/uint32s", "expected a list, found an integer",
		 OCIENV_ERR_TYPE, 13},
		{"{\"uint32s\": [1, -1]}", "/at/uint32s/1", "from 0 to 4294967295",
		 OCIENV_ERR_VALUE, 17},
		{"{\"int64s\": [null]}", "/at/int64s/0", "expected an integer, found null",
		 OCIENV_ERR_TYPE, 13},
		{"{\"mask\": []}", "/at/mask", "expected a map, found a list", OCIENV_ERR_TYPE,
		 10},
		{"{\"list\": {}}", "/at/list", "expected a list, found a map", OCIENV_ERR_TYPE,
		 10},
	};
	struct object o;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(bind_json(rows[i].json, &o), rows[i].status);
		assert_string_equal(error.pointer, rows[i].pointer);
		assert_non_null(strstr(error.message, rows[i].message));
		assert_int_equal(error.line, 1);
		assert_int_equal(error.column, rows[i].column);
		assert_int_equal(error.offset, rows[i].column - 1);
		assert_string_equal(error.document, "doc.json");
	}
}

static void an_unknown_member_is_a_warning(void **state)
{
	const struct layer_warning *warning;
	struct object o;

	(void)state;
	assert_int_equal(bind_json("{\"string\": \"a\",\n \"other\": {}}", &o), OCIENV_OK);
	assert_int_equal(warnings.count, 1);
	warning = warnings.items;
	assert_string_equal(warning->code, "unknown-field");
	assert_sv_equal(warning->subject, "other");
	assert_int_equal(warning->from.mark.line, 2);
	assert_int_equal(warning->from.mark.column, 2);
}

static void with_strict_an_unknown_member_is_an_error(void **state)
{
	struct object o;

	(void)state;
	reader.strict = true;
	assert_int_equal(bind_json("{\"x\\ny\": 1}", &o), OCIENV_ERR_VALUE);
	assert_string_equal(error.pointer, "/at/x?y");
	assert_non_null(strstr(error.message, "\"x\\x0ay\""));
	assert_int_equal(error.column, 2);
	assert_int_equal(bind_json("{\"STRING\": 1}", &o), OCIENV_ERR_VALUE);
	assert_non_null(strstr(error.message, "(\"string\"?)"));
	assert_int_equal(warnings.count, 0);
}

/* Go folds letters, the long s and the Kelvin sign; nobody else does. */
static void another_letter_case_is_ambiguous_for_oci_documents(void **state)
{
	static const char *const rows[] = {
		"{\"String\": \"a\"}",	    "{\"STRING\": \"a\"}",
		"{\"\xc5\xbftring\": \"a\"}", "{\"\\u017ftring\": \"a\"}",
		"{\"string\xc5\xbf\": []}",   "{\"mas\xe2\x84\xaa\": {}}",
		"{\"ma\\u017f\\u212a\": {}}", "{\"unREAD\": 1}",
	};
	struct object o;

	(void)state;
	reader.any_case = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(bind_json(rows[i], &o), OCIENV_ERR_AMBIGUOUS);
		assert_int_equal(error.column, 2);
	}
}

static void another_letter_case_is_unknown_to_pods(void **state)
{
	struct object o;

	(void)state;
	assert_int_equal(bind_json("{\"String\": 5, \"\xc5\xbftrings\": 5}", &o), OCIENV_OK);
	assert_null(o.string.value.ptr);
	assert_int_equal(warnings.count, 2);
}

static void other_look_alikes_are_only_unknown(void **state)
{
	static const char *const rows[] = {
		"{\"string \": 1}",	 "{\"strin\": 1}",	     "{\"stringss\": 1}",
		"{\"\xc4\xb0nt64\": 1}", "{\"\xef\xbd\x93tring\": 1}", "{\"\": 1}",
	};
	struct object o;

	(void)state;
	reader.any_case = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(bind_json(rows[i], &o), OCIENV_OK);
	assert_int_equal(warnings.count, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_type_is_filled),
		TEST(what_is_kept_is_a_copy_and_absent_stays_absent),
		TEST(a_value_knows_where_it_was_written),
		TEST(null_is_the_same_as_absent),
		TEST(an_empty_list_is_not_an_absent_one),
		TEST(a_null_element_is_an_empty_string),
		TEST(a_wrong_type_is_named_with_its_place),
		TEST(an_unknown_member_is_a_warning),
		TEST(with_strict_an_unknown_member_is_an_error),
		TEST(another_letter_case_is_ambiguous_for_oci_documents),
		TEST(another_letter_case_is_unknown_to_pods),
		TEST(other_look_alikes_are_only_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

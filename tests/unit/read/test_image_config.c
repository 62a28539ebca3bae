/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/read/given.h"

#define IMAGE(members) "{\"config\": {" members "}}"

static void only_the_config_says_anything(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	layer = image_of("{\"container_config\": {\"Cmd\": [\"no\"], \"Env\": [\"NO=1\"]},\n"
			 " \"architecture\": \"amd64\", \"config\": {\"Entrypoint\": [\"/e\"],"
			 " \"Cmd\": [], \"Env\": [\"A=1\", \"B\", \"A=2\"],\n"
			 " \"WorkingDir\": \"/w\", \"User\": \"u:g\"}}");
	assert_int_equal(ocienv_layer_kind(layer), OCIENV_LAYER_IMAGE);
	assert_int_equal(layer->entrypoint.count, 1);
	assert_true(layer->args.present);
	assert_int_equal(layer->args.count, 0);
	assert_layer_env(layer, "A=1", "B", "A=2", NULL);
	assert_int_equal(layer->env.items[1].name_length, 1);
	assert_string_equal(layer->cwd.value.ptr, "/w");
	assert_int_equal(layer->cwd.from.mark.line, 3);
	assert_int_equal(layer->cwd.from.mark.column, 16);
	assert_string_equal(layer->user.image_user.value.ptr, "u:g");
	assert_string_equal(layer->architecture.value.ptr, "amd64");
	assert_int_equal(layer->architecture.from.mark.line, 2);
}

static void nothing_said_is_nothing_asked(void **state)
{
	static const char *const rows[] = {
		"{}", "{\"config\": null}", "{\"config\": {}}",
		IMAGE("\"Entrypoint\": null, \"Cmd\": null, \"Env\": null, \"WorkingDir\": null,"
		      "\"User\": null"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ocienv_layer *layer = image_of(rows[i]);

		assert_false(layer->entrypoint.present || layer->args.present);
		assert_layer_env(layer, NULL);
		assert_null(layer->cwd.value.ptr);
		assert_null(layer->user.image_user.value.ptr);
		assert_null(layer->architecture.value.ptr);
	}
}

static void a_null_element_is_an_empty_string(void **state)
{
	struct ocienv_layer *layer;

	(void)state;
	layer = image_of(IMAGE("\"Cmd\": [\"a\", null], \"Env\": [null]"));
	assert_string_equal(layer->args.items[1].value.ptr, "");
	assert_layer_env(layer, "", NULL);
}

static void broken_configs_are_refused_with_their_place(void **state)
{
	static const struct refusal rows[] = {
		{IMAGE("\"Cmd\": \"sh -c x\""), OCIENV_ERR_TYPE, 1, 20, "/config/Cmd",
		 "expected a list, found a string"},
		{IMAGE("\"Env\": [\"A=1\", {\"B\": 2}]"), OCIENV_ERR_TYPE, 1, 28,
		 "/config/Env/1", "a map"},
		{IMAGE("\"User\": 1000"), OCIENV_ERR_TYPE, 1, 21, "/config/User", "in quotes"},
		{IMAGE("\"WorkingDir\": []"), OCIENV_ERR_TYPE, 1, 27, "/config/WorkingDir", NULL},
		{"{\"config\": []}", OCIENV_ERR_TYPE, 1, 12, "/config", "a map"},
		{"[]", OCIENV_ERR_TYPE, 1, 1, "", "a map"},
		{"", OCIENV_ERR_SYNTAX, 1, 1, "", NULL},
		{"{} {}", OCIENV_ERR_SYNTAX, 1, 4, "", NULL},
		{"\xef\xbb\xbf{}", OCIENV_ERR_SYNTAX, 1, 1, "", NULL},
		{"{\"Config\": {}}", OCIENV_ERR_AMBIGUOUS, 1, 2, "/Config", "letter case"},
		{IMAGE("\"ENV\": []"), OCIENV_ERR_AMBIGUOUS, 1, 13, "/config/ENV", NULL},
		{IMAGE("\"wor\xe2\x84\xaaingdir\": 1"), OCIENV_ERR_AMBIGUOUS, 1, 13,
		 "/config/wor\xe2\x84\xaaingdir", "\"WorkingDir\""},
		{IMAGE("\"U\\u017fer\": \"0\""), OCIENV_ERR_AMBIGUOUS, 1, 13,
		 "/config/U\xc5\xbf" "er", "\"User\""},
		{IMAGE("\"Cmd\": [], \"Cmd\": []"), OCIENV_ERR_AMBIGUOUS, 1, 24, "/config/Cmd",
		 NULL},
	};

	(void)state;
	ASSERT_ALL_REFUSED(GIVEN_IMAGE, rows);
}

static void unknown_members_are_errors_with_strict_alone(void **state)
{
	static const struct refusal row = {IMAGE("\"Other\": 1"), OCIENV_ERR_VALUE, 1, 13,
					   "/config/Other", "a known field"};

	(void)state;
	(void)image_of(IMAGE("\"Other\": {\"any\": [1]}"));
	given.options.flags = OCIENV_STRICT;
	assert_refused(GIVEN_IMAGE, &row);
}

static void lists_over_their_limit_are_refused(void **state)
{
	static const char *const rows[] = {
		IMAGE("\"Entrypoint\": [\"1\", \"2\", \"3\"]"),
		IMAGE("\"Cmd\": [\"1\", \"2\", \"3\"]"),
		IMAGE("\"Env\": [\"A=\", \"B=\", \"C=\"]"),
	};
	struct ocienv_limits limits = {.size = sizeof(limits), .max_args = 2, .max_env = 2};
	struct ocienv_document document = {"image.json", NULL, 0};
	struct ocienv_layer *layer = NULL;

	(void)state;
	given.options.limits = &limits;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		document.data = rows[i];
		document.size = strlen(rows[i]);
		assert_int_equal(ocienv_layer_from_image_config(&layer, &document,
								&given.options, &given.error),
				 OCIENV_ERR_LIMIT);
		assert_int_equal(given.error.line, 1);
		assert_null(layer);
	}
}

/* By sha256sum. */
static void the_digest_is_of_the_documents_bytes(void **state)
{
	static const uint8_t expected[32] = {
		0xa4, 0x4f, 0x1e, 0xe3, 0x29, 0x66, 0x2b, 0x9a, 0xad, 0xcc, 0x68, 0x00, 0x95,
		0x63, 0x87, 0x8b, 0x30, 0x4a, 0x3d, 0x34, 0xa4, 0x64, 0x95, 0x61, 0xc9, 0x52,
		0x35, 0xac, 0xf9, 0x04, 0x28, 0xd3};
	static const char document[] = "{\"config\": {\"Cmd\": [\"/bin/sh\"]}}\n";
	struct ocienv_layer *layer;

	(void)state;
	assert_false(image_of(document)->has_digest);
	given.options.flags = OCIENV_KEEP_DIGEST;
	layer = image_of(document);
	assert_true(layer->has_digest);
	assert_memory_equal(layer->digest, expected, sizeof(expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_the_config_says_anything),
		TEST(nothing_said_is_nothing_asked),
		TEST(a_null_element_is_an_empty_string),
		TEST(broken_configs_are_refused_with_their_place),
		TEST(unknown_members_are_errors_with_strict_alone),
		TEST(lists_over_their_limit_are_refused),
		TEST(the_digest_is_of_the_documents_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

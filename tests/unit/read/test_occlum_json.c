/* SPDX-License-Identifier: Apache-2.0 */
/* Occlum.json as Occlum 0.31 reads it, as far as it matters to an answer. */
#include "unit/unit.h"

#include "base/limits.h"
#include "read/occlum_json.h"
#include "read/read.h"

static struct arena arena;
static struct ocienv_error error;

static int32_t read_text(const char *text, struct occlum_json *ret)
{
	static const struct ocienv_options options = {.size = sizeof(options)};
	static struct ocienv_limits limits;
	struct diag diag = {&error, "Occlum.json", sv_of(text)};
	struct read_input in = {sv_of(text), &diag, &options, &limits, &arena};
	int32_t status;

	limits = limits_of(NULL);
	arena_free(&arena);
	arena_init(&arena, NULL, 1 << 20);
	status = read_occlum_json(&in, ret);
	return status;
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, NULL, 1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* etc/template/Occlum.json of Occlum, shortened. */
static void the_template(void **state)
{
	static const char text[] =
		"{\"resource_limits\": {\"user_space_size\": \"300MB\"},\n"
		" \"process\": {\"default_stack_size\": \"4MB\", \"default_heap_size\": \"32MB\"},\n"
		" \"entry_points\": [\"/bin\"],\n"
		" \"env\": {\"default\": [\"OCCLUM=yes\", \"A\"],\n"
		"         \"untrusted\": [\"EXAMPLE\"]},\n"
		" \"metadata\": {\"debuggable\": true},\n"
		" \"mount\": [{\"target\": \"/\", \"type\": \"unionfs\", \"options\": {\"layers\": []}},\n"
		"   {\"target\": \"/host\", \"type\": \"hostfs\", \"source\": \".\"},\n"
		"   {\"target\": \"/proc\", \"type\": \"procfs\"}]}";
	struct occlum_json occlum;

	(void)state;
	assert_int_equal(read_text(text, &occlum), 0);
	assert_int_equal(occlum.stack_size, 4 << 20);
	assert_int_equal(occlum.defaults.count, 2);
	assert_true(sv_eq(occlum.defaults.items[0].value, SV("OCCLUM=yes")));
	assert_int_equal(occlum.untrusted.count, 1);
	assert_int_equal(occlum.untrusted.items[0].from.mark.line, 5);
	assert_int_equal(occlum.untrusted.items[0].from.source, OCIENV_SOURCE_LIBOS);
	assert_int_equal(occlum.host_targets.count, 1);
	assert_true(sv_eq(occlum.host_targets.items[0].value, SV("/host")));
	assert_int_equal(read_text("{}", &occlum), 0);
	assert_int_equal(occlum.stack_size, 0);
	assert_int_equal(occlum.untrusted.count + occlum.host_targets.count, 0);
}

/* parse_memory_size: white space at both ends and before the unit; capitals. */
static void sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t size; /* 0: refused */
	} rows[] = {
		{"4MB", 4 << 20},  {"64 KB", 64 << 10}, {" 1GB ", 1 << 30}, {"4096B", 4096},
		{"2TB", UINT64_C(2) << 40}, {"4M", 0},	{"4096", 0},	{"4mb", 0},
		{"", 0},	   {"MB", 0},		{"-1MB", 0},	{"0B", 0},
		{"4.5MB", 0},	   {"0x4MB", 0},	{"99999999999999999999B", 0},
		{"18446744073709551615KB", 0},
	};
	char text[128];
	struct occlum_json occlum;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "{\"process\": {\"default_stack_size\": \"%s\"}}",
			 rows[i].text);
		assert_int_equal(read_text(text, &occlum),
				 rows[i].size ? 0 : OCIENV_ERR_VALUE);
		if (rows[i].size)
			assert_true(occlum.stack_size == rows[i].size);
		else
			assert_string_equal(error.pointer, "/process/default_stack_size");
	}
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
	static const struct {
		const char *text;
		int32_t status;
		uint32_t line, column;
		const char *pointer;
	} rows[] = {
		{"[]", OCIENV_ERR_TYPE, 1, 1, ""},
		{"{\"env\": []}", OCIENV_ERR_TYPE, 1, 9, "/env"},
		{"{\"env\":\n {\"untrusted\": \"A\"}}", OCIENV_ERR_TYPE, 2, 16,
		 "/env/untrusted"},
		{"{\"env\": {\"default\": [1]}}", OCIENV_ERR_TYPE, 1, 22, "/env/default/0"},
		{"{\"mount\": [{\"target\": 1}]}", OCIENV_ERR_TYPE, 1, 23, "/mount/0/target"},
		{"{\"mount\": [7]}", OCIENV_ERR_TYPE, 1, 12, "/mount/0"},
		{"{\"process\": {\"default_stack_size\": 4}}", OCIENV_ERR_TYPE, 1, 36,
		 "/process/default_stack_size"},
		{"{", OCIENV_ERR_SYNTAX, 1, 2, ""},
		{"{\"env\": {}, \"env\": {}}", OCIENV_ERR_AMBIGUOUS, 1, 13, "/env"},
	};
	struct occlum_json occlum;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_text(rows[i].text, &occlum), rows[i].status);
		assert_int_equal(error.line, rows[i].line);
		assert_int_equal(error.column, rows[i].column);
		assert_string_equal(error.pointer, rows[i].pointer);
		assert_string_equal(error.document, "Occlum.json");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_template),
		cmocka_unit_test(sizes),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "unit/unit.h"

#include "rootfs/execution.h"

struct row {
	const char *text;
	const char *path; /* NULL: ENOEXEC */
	const char *arg;  /* NULL: none */
};

/* A script's head as the kernel has it: zeros behind the end of the file. */
static bool parse(const char *text, char *head, struct interpreter *ret)
{
	size_t len = strlen(text);

	memset(head, 0, EXECUTION_HEAD);
	memcpy(head, text, len < EXECUTION_HEAD ? len : EXECUTION_HEAD);
	return script_parse(head, ret);
}

static void check(const struct row *row)
{
	char head[EXECUTION_HEAD];
	struct interpreter got;

	if (!parse(row->text, head, &got)) {
		assert_null(row->path);
		return;
	}
	assert_non_null(row->path);
	assert_true(sv_eq(got.path, sv_of(row->path)));
	assert_int_equal(!got.arg.ptr, !row->arg);
	assert_true(sv_eq(got.arg, sv_of(row->arg)));
}

static void the_line_is_read_as_the_kernel_reads_it(void **state)
{
	static const struct row rows[] = {
		{"#!/i\n", "/i", NULL},
		{"#! \t /i\t-x\t\n", "/i", "-x"},
		{"#!/i -x  -y z \nmore", "/i", "-x  -y z"},
		{"#!/i  \n", "/i", NULL},
		{"#!/i\r\n", "/i\r", NULL},
		{"#!/i -x\r\n", "/i", "-x\r"},
		{"#!/i\v-x\n", "/i\v-x", NULL},
		{"#!/i", "/i", NULL},
		{"#!/i -x", "/i", "-x"},
		{"#!/i -x ", "/i", "-x "}, /* blanks before the end of the file stay */
		{"#!/i ", "/i", ""},	   /* and alone they are an empty argument */
		{"#!", "", NULL},
		{"#!\n", NULL, NULL},
		{"#!  \t \n", NULL, NULL},
		{" #!/i\n", NULL, NULL},
		{"\xef\xbb\xbf#!/i\n", NULL, NULL},
		{"#", NULL, NULL},
		{"", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i]);
}

/* Occlum takes everything from the first byte that is no blank to the line feed for a name. */
static void a_bare_line_is_told_from_others(void **state)
{
	static const struct {
		const char *text;
		uint32_t bare;
	} rows[] = {
		{"#!/i\n", 5},	  {"#! \t/i\nx\n", 7}, {"#!/i\r\n", 6}, {"#!/i \n", 0},
		{"#!/i\t\n", 0}, {"#!/i -x\n", 0},	  {"#!/i", 0},	   {"#!/i ", 0},
		{"#!", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char head[EXECUTION_HEAD];
		struct interpreter got;

		assert_true(parse(rows[i].text, head, &got));
		assert_int_equal(got.bare, rows[i].bare);
	}
}

static void a_name_that_may_be_cut_off_is_refused(void **state)
{
	char text[400], head[EXECUTION_HEAD];
	struct interpreter got;

	(void)state;
	for (size_t total = 240; total < 270; total++) {
		memset(text, 'n', sizeof(text));
		memcpy(text, "#!/", 3);
		text[total] = '\n';
		text[total + 1] = '\0';
		assert_int_equal(parse(text, head, &got), total <= 255);
		text[total] = '\0';
		assert_int_equal(parse(text, head, &got), total <= 255);
	}
}

static void a_long_argument_is_cut_in_silence(void **state)
{
	char text[400] = "#!/i ", head[EXECUTION_HEAD];
	struct interpreter got;

	(void)state;
	memset(text + 5, 'z', 300);
	assert_true(parse(text, head, &got));
	assert_sv_equal(got.path, "/i");
	assert_int_equal(got.arg.len, 255 - 5);
}

/* Whatever bytes: the result lies in the head. */
static void no_bytes_lead_out_of_the_head(void **state)
{
	static const char alphabet[] = {' ', '\t', '\n', '\0', 'a', '#', '!'};
	char head[EXECUTION_HEAD];
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		struct interpreter got;

		for (size_t i = 0; i < sizeof(head); i++) {
			seed = seed * 1664525 + 1013904223;
			head[i] = round & 1 ? alphabet[(seed >> 24) % 7] : ' ';
		}
		head[0] = '#';
		head[1] = '!';
		head[2 + (seed >> 20) % 254] = alphabet[(seed >> 8) % 7];
		if (!script_parse(head, &got))
			continue;
		assert_true(got.path.ptr >= head + 2);
		assert_true(got.path.ptr + got.path.len < head + sizeof(head));
		if (got.arg.ptr) {
			assert_true(got.arg.ptr > got.path.ptr + got.path.len);
			assert_true(got.arg.ptr + got.arg.len < head + sizeof(head));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_is_read_as_the_kernel_reads_it),
		cmocka_unit_test(a_bare_line_is_told_from_others),
		cmocka_unit_test(a_name_that_may_be_cut_off_is_refused),
		cmocka_unit_test(a_long_argument_is_cut_in_silence),
		cmocka_unit_test(no_bytes_lead_out_of_the_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "base/error.h"

static const struct path root = {NULL, {NULL, 0}, 0};

static void the_error_is_512_bytes(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct ocienv_error), 512);
}

static void a_failure_says_where_and_what(void **state)
{
	struct path spec = {&root, SV("spec"), 0};
	struct path containers = {&spec, SV("containers"), 0};
	struct path first = {&containers, SV_NONE, 12};
	struct path odd = {&first, SV("a/b~c"), 0};
	struct ocienv_error error;
	struct diag diag = {&error, "pod.yaml", SV("ab\ncd\xc3\xa9" "f")};

	(void)state;
	assert_int_equal(diag_fail(&diag, OCIENV_ERR_TYPE, (struct mark){2, 4}, &odd,
				   "expected %s, found %d", "a list", 7),
			 OCIENV_ERR_TYPE);
	assert_int_equal(error.status, OCIENV_ERR_TYPE);
	assert_int_equal(error.sys_errno, 0);
	assert_int_equal(error.line, 2);
	assert_int_equal(error.column, 4);
	assert_int_equal(error.offset, 7);
	assert_string_equal(error.document, "pod.yaml");
	assert_string_equal(error.pointer, "/spec/containers/12/a~1b~0c");
	assert_string_equal(error.message, "expected a list, found 7");
}

static void no_error_struct_is_fine(void **state)
{
	struct diag diag = {NULL, NULL, SV_NONE};

	(void)state;
	assert_int_equal(diag_fail(&diag, OCIENV_ERR_VALUE, (struct mark){1, 1}, &root, "x"),
			 OCIENV_ERR_VALUE);
}

static void long_parts_are_cut_and_end_in_nul(void **state)
{
	char name[2000], small[16];
	struct path key = {&root, {name, sizeof(name)}, 0};
	struct path last = {&key, SV("tail"), 0};
	struct ocienv_error error;
	struct diag diag = {&error, name, SV_NONE};

	(void)state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	diag_fail(&diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, &last, "%s", name);
	assert_int_equal(strlen(error.document), sizeof(error.document) - 1);
	assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
	assert_true(strlen(error.pointer) < sizeof(error.pointer));
	assert_memory_equal(error.pointer, "...", 3);
	assert_string_equal(error.pointer + strlen(error.pointer) - 5, "/tail");
	for (size_t size = 5; size < sizeof(small); size++) {
		memset(small, 'x', sizeof(small));
		path_pointer(&last, small, size);
		assert_true(strlen(small) < size);
	}
}

static void pointers_keep_to_one_line(void **state)
{
	struct path key = {&root, SV("a\nb\x7f"), 0};
	char out[32];

	(void)state;
	path_pointer(&key, out, sizeof(out));
	assert_string_equal(out, "/a?b?");
	path_pointer(&root, out, sizeof(out));
	assert_string_equal(out, "");
	path_pointer(NULL, out, sizeof(out));
	assert_string_equal(out, "");
}

static void quotes_are_escaped_and_cut(void **state)
{
	char out[DIAG_QUOTE_SIZE], all[256];

	(void)state;
	assert_string_equal(diag_quote(out, SV("a\"b\\\n\xff")), "a\\x22b\\x5c\\x0a\\xff");
	assert_string_equal(diag_quote(out, SV("0123456789012345678901234567890123")),
			    "01234567890123456789012345678901...");
	memset(all, 0xff, sizeof(all));
	assert_true(strlen(diag_quote(out, sv_from(all, sizeof(all)))) < DIAG_QUOTE_SIZE);
}

static void marks_and_offsets_agree(void **state)
{
	static const struct sv text = {"\xef\xbb\xbf" "a\r\nb\xc3\xa9" "c\rd\n\ne", 15};

	(void)state;
	for (size_t i = 3; i < text.len; i++) {
		struct mark mark = mark_at(text, i);

		if (((unsigned char)text.ptr[i] & 0xc0) == 0x80 || text.ptr[i - 1] == '\r')
			continue; /* the middle of a character or of a line end */
		assert_int_equal(mark_offset(text, mark), i);
	}
	assert_int_equal(mark_at(text, 6).line, 2); /* b, behind CR LF */
	assert_int_equal(mark_at(text, 9).column, 3); /* c, behind a two-byte character */
	assert_int_equal(mark_at(text, 11).line, 3); /* d, behind a lone CR */
	assert_int_equal(mark_at(text, 14).line, 5);
	assert_int_equal(mark_offset(text, (struct mark){99, 1}), text.len);
}

/* A place that is not there is the end of what is: of the line, or of the document. */
static void a_column_too_far_is_the_end_of_its_line(void **state)
{
	(void)state;
	assert_int_equal(mark_offset(SV("ab\ncd\n"), (struct mark){1, 9}), 2);
	assert_int_equal(mark_offset(SV("ab\ncd\n"), (struct mark){2, 9}), 5);
	assert_int_equal(mark_offset(SV("ab\ncd"), (struct mark){2, 9}), 5);
}

/* Quoted bytes are four characters each, a cut text says so behind them. */
static void the_longest_quote_is_whole(void **state)
{
	char out[DIAG_QUOTE_SIZE], bytes[33];

	(void)state;
	memset(bytes, 0x01, sizeof(bytes));
	diag_quote(out, sv_from(bytes, 32));
	assert_int_equal(strlen(out), 128);
	diag_quote(out, sv_from(bytes, 33));
	assert_int_equal(strlen(out), 131);
	assert_string_equal(out + 124, "\\x01...");
	bytes[32] = '=';
	assert_int_equal(strlen(diag_quote_name(out, sv_from(bytes, 33))), 132);
}

/* An escape is two characters: it is not cut in half. */
static void a_pointer_is_cut_before_an_escape(void **state)
{
	struct path first = {&root, SV("aaaa"), 0};
	struct path key = {&first, SV("~~~~~~"), 0};
	char out[12];

	(void)state;
	for (size_t size = 5; size <= sizeof(out); size++) {
		size_t dots;

		memset(out, 'x', sizeof(out)); /* nothing of it may be left */
		path_pointer(&key, out, size);
		dots = strspn(out, ".");
		assert_in_range(dots, 3, 4);
		assert_int_equal(strlen(out), size - 1);
		for (size_t i = dots; out[i]; i += 2)
			assert_memory_equal(out + i, "~0", 2);
	}
}

static void every_status_has_its_name(void **state)
{
	static const char *const frozen[] = {
		"ok",	  "argument", "nomem",	"limit",    "syntax", "encoding",
		"ambiguous", "type",  "value",	"reference", "notfound", "access",
		"unsupported", "unsafe", "policy", "mismatch", "blob", "system",
	};

	(void)state;
	for (int i = 0; i <= 17; i++)
		assert_string_equal(status_name(-i), frozen[i]);
	assert_string_equal(status_name(1), "unknown");
	assert_string_equal(status_name(-18), "unknown");
	assert_string_equal(status_name(INT32_MIN), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_error_is_512_bytes),
		cmocka_unit_test(a_failure_says_where_and_what),
		cmocka_unit_test(no_error_struct_is_fine),
		cmocka_unit_test(long_parts_are_cut_and_end_in_nul),
		cmocka_unit_test(pointers_keep_to_one_line),
		cmocka_unit_test(quotes_are_escaped_and_cut),
		cmocka_unit_test(marks_and_offsets_agree),
		cmocka_unit_test(a_column_too_far_is_the_end_of_its_line),
		cmocka_unit_test(the_longest_quote_is_whole),
		cmocka_unit_test(a_pointer_is_cut_before_an_escape),
		cmocka_unit_test(every_status_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

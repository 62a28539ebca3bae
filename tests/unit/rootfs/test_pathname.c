/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

#include "rootfs/pathname.h"

struct row {
	const char *path, *expect;
};

static void check(const struct row *row, size_t (*change)(char *path, size_t len))
{
	char text[64];
	size_t len = strlen(row->path);

	memcpy(text, row->path, len + 1);
	len = change(text, len);
	text[len] = '\0';
	assert_string_equal(text, row->expect);
}

static void clean_is_gos_filepath_clean(void **state)
{
	static const struct row rows[] = {
		{"/a/b", "/a/b"},
		{"//a//b//", "/a/b"},
		{"/a/./b/.", "/a/b"},
		{"/a/../b", "/b"},
		{"/../../b", "/b"},
		{"/a/b/..", "/a"},
		{"/a/..", "/"},
		{"/", "/"},
		{"///", "/"},
		{"a/..", "."},
		{"a/../..", ".."},
		{"../a", "../a"},
		{"../../a/../b", "../../b"},
		{"./a", "a"},
		{".", "."},
		{"", "."},
		{"a//b/", "a/b"},
		{"...", "..."},
		{"a/b/../../c", "c"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], pathname_clean);
}

static void squeeze_keeps_dotdot(void **state)
{
	static const struct row rows[] = {
		{"/a//b/./c", "/a/b/c"},
		{"/a/../b", "/a/../b"},
		{"//./..//x", "/../x"},
		{"/", "/"},
		{"/./", "/"},
		{"a/./b", "a/b"},
		{"/a/", "/a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], pathname_squeeze);
}

static void proc_is_seen_wherever_it_is_entered(void **state)
{
	(void)state;
	assert_true(pathname_enters_proc(SV("/proc")));
	assert_true(pathname_enters_proc(SV("proc/x")));
	assert_true(pathname_enters_proc(SV("/a/../proc/../b")));
	assert_true(pathname_enters_proc(SV("/.././/proc")));
	assert_false(pathname_enters_proc(SV("/a/proc")));
	assert_false(pathname_enters_proc(SV("/procs")));
	assert_false(pathname_enters_proc(SV("/")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_is_gos_filepath_clean),
		cmocka_unit_test(squeeze_keeps_dotdot),
		cmocka_unit_test(proc_is_seen_wherever_it_is_entered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

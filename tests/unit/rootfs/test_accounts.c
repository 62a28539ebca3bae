/* SPDX-License-Identifier: Apache-2.0 */
/* What may lie in place of etc/passwd, and the judgement of lines; the rules of the parser
 * are in the vectors. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	struct tree tree;
	struct arena arena;
	struct ocienv_error error;
	struct accounts accounts;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof(fixture));
	tree_make(&fixture.tree);
	tree_dir(&fixture.tree, "/etc", 0755);
	arena_init(&fixture.arena, NULL, 64 << 20);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	arena_free(&fixture->arena);
	tree_remove(&fixture->tree);
	return 0;
}

/* With either walker, and nothing stays open. */
static int32_t read_files(struct fixture *fixture)
{
	static const enum walker walkers[] = {WALKER_OPENAT2, WALKER_STACK};
	const struct diag diag = {.error = &fixture->error};
	int32_t status[2];

	for (int i = 0; i < 2; i++) {
		struct rootfs rootfs = {.fd = fixture->tree.fd, .walker = walkers[i]};
		int before = open_descriptors();

		fixture->error = (struct ocienv_error){0};
		status[i] = rootfs_accounts(&rootfs, &fixture->arena, &diag,
					    &fixture->accounts);
		assert_int_equal(open_descriptors(), before);
	}
	assert_int_equal(status[0], status[1]);
	return status[0];
}

static void absent_files_have_no_bytes(void **state)
{
	struct fixture *fixture = *state;

	tree_link(&fixture->tree, "/etc/group", "/nowhere");
	assert_int_equal(read_files(fixture), OCIENV_OK);
	assert_null(fixture->accounts.passwd.ptr);
	assert_null(fixture->accounts.group.ptr);
}

static void links_are_followed_in_the_root(void **state)
{
	struct fixture *fixture = *state;

	tree_text(&fixture->tree, "/etc/real", 0644, "a:x:1:2:::\n");
	tree_link(&fixture->tree, "/etc/passwd", "../../../etc/real");
	tree_text(&fixture->tree, "/etc/group", 0644, "");
	assert_int_equal(read_files(fixture), OCIENV_OK);
	assert_sv_equal(fixture->accounts.passwd, "a:x:1:2:::\n");
	assert_non_null(fixture->accounts.group.ptr); /* empty is not absent */
	assert_int_equal(fixture->accounts.group.len, 0);
}

/* A FIFO hangs every reader upstream. */
static void what_is_no_file_is_an_error_at_once(void **state)
{
	struct fixture *fixture = *state;
	const struct tree *tree = &fixture->tree;

	tree_fifo(tree, "/etc/passwd", 0644);
	assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
	unlinkat(tree->fd, "etc/passwd", 0);
	tree_dir(tree, "/etc/passwd", 0755);
	assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
	unlinkat(tree->fd, "etc/passwd", AT_REMOVEDIR);
	tree_link(tree, "/etc/passwd", "passwd");
	assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
	unlinkat(tree->fd, "etc/passwd", 0);
	tree_link(tree, "/etc/passwd", "/proc/self/environ");
	assert_int_equal(read_files(fixture), OCIENV_ERR_UNSAFE);
	unlinkat(tree->fd, "etc/passwd", 0);
	tree_node(tree, "/etc/passwd", S_IFCHR, 0666, 1, 5); /* /dev/zero */
	assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
}

static void a_large_file_is_not_read(void **state)
{
	struct fixture *fixture = *state;
	int fd;

	tree_text(&fixture->tree, "/etc/passwd", 0644, "");
	fd = openat(fixture->tree.fd, "etc/passwd", O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, (10 << 20) + 1), 0);
	assert_int_equal(read_files(fixture), OCIENV_ERR_LIMIT);
	assert_int_equal(ftruncate(fd, 10 << 20), 0);
	assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE); /* one long line */
	close(fd);
}

static void a_long_line_is_named(void **state)
{
	static char text[70000];
	struct fixture *fixture = *state;

	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "root:x:0:0:::\n", 14);
	tree_text(&fixture->tree, "/etc/passwd", 0644, text);
	assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
	assert_non_null(strstr(fixture->error.message, "line 2 of /etc/passwd"));
}

static void unreadable_for_us_is_not_absent(void **state)
{
	struct fixture *fixture = *state;
	int32_t status;

	if (geteuid() != 0)
		skip();
	tree_text(&fixture->tree, "/etc/passwd", 0600, "root:x:0:0:::\n");
	assert_int_equal(seteuid(65534), 0);
	status = read_files(fixture);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(status, OCIENV_ERR_ACCESS);
}

static void a_line_is_clean_if_every_reader_takes_it_so(void **state)
{
	static const struct {
		const char *text;
		bool clean;
	} rows[] = {
		{"a:x:0:10:::", true},
		{"a:x:4294967295:0:::", true},
		{"a:x::10:::", false},
		{"a:x:1", false},
		{"a", false},
		{":x:1:1:::", false},
		{"#a:x:1:1:::", false},
		{"+a:x:1:1:::", false},
		{"-a:x:1:1:::", false},
		{"a:x:+1:1:::", false},
		{"a:x:01:1:::", false},
		{"a:x:1:-1:::", false},
		{"a:x:1 :1:::", false},
		{"a:x:0x1:1:::", false},
		{"a:x:99999999999999999999:1:::", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv rest = sv_of(rows[i].text);
		struct passwd_entry entry;
		uint32_t line = 0;

		assert_true(passwd_next(&rest, &line, &entry));
		assert_int_equal(entry.clean, rows[i].clean);
		assert_int_equal(entry.line, 1);
	}
}

static void lines_are_counted_with_those_passed_over(void **state)
{
	struct sv rest = SV("\n# no\n \t\ng:x:5:a,,b\n\nh:x:6:\ni:x:7:,\n");
	struct group_entry group;
	uint32_t line = 0;

	(void)state;
	assert_true(group_next(&rest, &line, &group));
	assert_int_equal(group.line, 4);
	assert_true(group_has_member(&group, SV("a")));
	assert_true(group_has_member(&group, SV("")));
	assert_false(group_has_member(&group, SV("a,")));
	assert_true(group_next(&rest, &line, &group));
	assert_int_equal(group.line, 6);
	assert_false(group_has_member(&group, SV("")));
	assert_true(group_next(&rest, &line, &group));
	assert_true(group_has_member(&group, SV("")));
	assert_false(group_next(&rest, &line, &group));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(absent_files_have_no_bytes),
		TEST(links_are_followed_in_the_root),
		TEST(what_is_no_file_is_an_error_at_once),
		TEST(a_large_file_is_not_read),
		TEST(a_long_line_is_named),
		TEST(unreadable_for_us_is_not_absent),
		TEST(a_line_is_clean_if_every_reader_takes_it_so),
		TEST(lines_are_counted_with_those_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

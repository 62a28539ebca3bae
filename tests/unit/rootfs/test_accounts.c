/* SPDX-License-Identifier: Apache-2.0 */
/* What may lie in place of etc/passwd, and the judgement of lines; the rules of the parser
 * are in the vectors. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/rootfs/walkers.h"
#include "unit/unit.h"

#include "rootfs/accounts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	struct tree tree;
	struct arena arena;
	struct ocienv_error error;
	struct accounts accounts;
	enum account which;
	bool docker;
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

/* With each walker, and nothing stays open. */
static int32_t read_files(struct fixture *fixture)
{
	enum walker walkers[WALKERS_MAX];
	unsigned int count = walkers_here(walkers);
	const struct diag diag = {.error = &fixture->error};
	int32_t status[WALKERS_MAX] = {0};

	for (unsigned int i = 0; i < count; i++) {
		struct rootfs rootfs = {.fd = fixture->tree.fd, .walker = walkers[i]};
		int before = open_descriptors();

		fixture->error = (struct ocienv_error){0};
		fixture->accounts = (struct accounts){.rootfs = &rootfs,
						      .arena = &fixture->arena,
						      .diag = &diag,
						      .directory_is_absent = fixture->docker};
		status[i] = accounts_read(&fixture->accounts, fixture->which);
		assert_int_equal(open_descriptors(), before);
		assert_int_equal(status[i], status[0]);
	}
	return status[0];
}

static void absent_files_have_no_bytes(void **state)
{
	struct fixture *fixture = *state;

	tree_link(&fixture->tree, "/etc/group", "/nowhere");
	assert_int_equal(read_files(fixture), OCIENV_OK);
	assert_null(fixture->accounts.files[ACCOUNT_PASSWD].text.ptr);
	assert_false(fixture->accounts.files[ACCOUNT_GROUP].read); /* nobody asked for it */
	fixture->which = ACCOUNT_GROUP;
	assert_int_equal(read_files(fixture), OCIENV_OK);
	assert_null(fixture->accounts.files[ACCOUNT_GROUP].text.ptr);
	assert_true(fixture->accounts.files[ACCOUNT_GROUP].read);
}

static void links_are_followed_in_the_root(void **state)
{
	struct fixture *fixture = *state;

	tree_text(&fixture->tree, "/etc/real", 0644, "a:x:1:2:::\n");
	tree_link(&fixture->tree, "/etc/passwd", "../../../etc/real");
	tree_text(&fixture->tree, "/etc/group", 0664, "");
	assert_int_equal(read_files(fixture), OCIENV_OK);
	assert_sv_equal(fixture->accounts.files[ACCOUNT_PASSWD].text, "a:x:1:2:::\n");
	fixture->which = ACCOUNT_GROUP;
	assert_int_equal(read_files(fixture), OCIENV_OK);
	assert_non_null(fixture->accounts.files[ACCOUNT_GROUP].text.ptr); /* empty is not absent */
	assert_int_equal(fixture->accounts.files[ACCOUNT_GROUP].text.len, 0);
	assert_int_equal(fixture->accounts.files[ACCOUNT_GROUP].mode & 0777, 0664);
}

/* A FIFO hangs every reader upstream. */
static void what_is_no_file_is_an_error_at_once(void **state)
{
	struct fixture *fixture = *state;
	const struct tree *tree = &fixture->tree;

	(void)alarm(60);
	for (enum account i = 0; i < ACCOUNT_COUNT; i++) {
		const char *path = account_name(i);

		fixture->which = i;
		tree_fifo(tree, path, 0644);
		assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
		assert_non_null(strstr(fixture->error.message, path));
		unlinkat(tree->fd, path + 1, 0);
		tree_dir(tree, path, 0755);
		assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
		fixture->docker = true; /* to which a directory is no file */
		assert_int_equal(read_files(fixture), OCIENV_OK);
		assert_null(fixture->accounts.files[i].text.ptr);
		fixture->docker = false;
		unlinkat(tree->fd, path + 1, AT_REMOVEDIR);
		tree_link(tree, path, path);
		assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
		unlinkat(tree->fd, path + 1, 0);
		tree_link(tree, path, "/proc/self/environ");
		assert_int_equal(read_files(fixture), OCIENV_ERR_UNSAFE);
		unlinkat(tree->fd, path + 1, 0);
		tree_node(tree, path, S_IFCHR, 0666, 1, 5); /* /dev/zero */
		assert_int_equal(read_files(fixture), OCIENV_ERR_VALUE);
		unlinkat(tree->fd, path + 1, 0);
	}
	(void)alarm(0);
}

static void a_large_file_is_not_read(void **state)
{
	struct fixture *fixture = *state;

	for (enum account i = 0; i < ACCOUNT_COUNT; i++) {
		int fd;

		fixture->which = i;
		tree_text(&fixture->tree, account_name(i), 0644, "");
		fd = openat(fixture->tree.fd, account_name(i) + 1, O_WRONLY | O_CLOEXEC);
		assert_int_equal(ftruncate(fd, (10 << 20) + 1), 0);
		assert_int_equal(read_files(fixture), OCIENV_ERR_LIMIT);
		assert_int_equal(ftruncate(fd, 10 << 20), 0);
		assert_int_equal(read_files(fixture), OCIENV_OK);
		assert_int_equal(fixture->accounts.files[i].long_line, 1);
		close(fd);
	}
}

static void a_long_line_is_noted(void **state)
{
	static char text[70000];
	struct fixture *fixture = *state;

	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "root:x:0:0:::\n", 14);
	tree_text(&fixture->tree, "/etc/passwd", 0644, text);
	assert_int_equal(read_files(fixture), OCIENV_OK);
	assert_int_equal(fixture->accounts.files[ACCOUNT_PASSWD].long_line, 2);
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

/* Each tried with fgetpwent_r() of glibc 2.36, and read in musl 1.2.3. */
static void c_libraries_read_their_own_entries(void **state)
{
	static const struct {
		const char *line, *glibc, *musl; /* "uid:gid:home", NULL: no entry */
		bool clean;			  /* to glibc */
	} rows[] = {
		{"n:x:5:6:g:/h:s", "5:6:/h", "5:6:/h", true},
		{"n:x:5:6", "5:6:", NULL, true},
		{"n:x:5", NULL, NULL, false},
		{"n:x: 5:\t6:g:/h:s", "5:6:/h", NULL, false},
		{"n:x:+5:-0:g:/h:s", "5:0:/h", NULL, false},
		{"n:x:05:6:g:/h:s", "5:6:/h", "5:6:/h", false},
		{"n:x:-1:6:g:/h:s", NULL, NULL, false},
		{"n:x:-18446744073709551615:6:g:/h:s", "1:6:/h", NULL, false},
		{"n:x:18446744073709551617:6:g:/h:s", NULL, "1:6:/h", false},
		{"n:x:4294967295:6:g:/h:s", "4294967295:6:/h", "4294967295:6:/h", true},
		{"n:x:4294967296:6:g:/h:s", NULL, "0:6:/h", false},
		{"n:x:5 :6:g:/h:s", NULL, NULL, false},
		{"n:x:5:6\r", NULL, NULL, false},
		{"  n:x:5:6:g:/h:s", "5:6:/h", "5:6:/h", true},
		{"# n:x:5:6:g:/h:s", NULL, "5:6:/h", false},
		{" #n:x:5:6:g:/h:s", NULL, "5:6:/h", false},
		{":x:5:6:g:/h:s", "5:6:/h", NULL, false},
		{"::x:5:6:g:/h:s", NULL, "5:6:/h", false},
		{"+n:x::7:g:/h:s", "0:7:/h", "0:7:/h", false},
		{"+n:x:6:", NULL, NULL, false},
		{"+n:x:y:7:g:/h:s", NULL, NULL, false},
		{"+", "0:0:-", NULL, false},
		{"-:", "0:0:-", NULL, false},
		{"", NULL, NULL, false},
	};
	static passwd_reader *const readers[] = {passwd_next_glibc, passwd_next_musl};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *expected[] = {rows[i].glibc, rows[i].musl};
		char text[128], got[128];

		(void)snprintf(text, sizeof(text), "%s\n", rows[i].line);
		for (int k = 0; k < 2; k++) {
			struct sv rest = sv_of(text);
			struct passwd_entry entry;
			uint32_t line = 0;

			if (!readers[k](&rest, &line, &entry)) {
				assert_null(expected[k]);
				continue;
			}
			(void)snprintf(got, sizeof(got), "%lld:%lld:%.*s", (long long)entry.uid,
				       (long long)entry.gid,
				       SV_ARG(entry.home.ptr ? entry.home : SV("-")));
			assert_non_null(expected[k]);
			assert_string_equal(got, expected[k]);
			if (k == 0)
				assert_int_equal(entry.clean, rows[i].clean);
		}
	}
}

/* musl takes the last byte of a last line for its line end. */
static void a_last_line_without_end_loses_a_byte_in_musl(void **state)
{
	struct sv rest = SV("a:x:1:2:g:/h:\nb:x:3:4:g:/h:s"), cut = SV("a:x:1:2:g:/h:");
	struct passwd_entry entry;
	uint32_t line = 0;

	(void)state;
	assert_true(passwd_next_musl(&rest, &line, &entry));
	assert_int_equal(entry.uid, 1);
	assert_true(passwd_next_musl(&rest, &line, &entry));
	assert_int_equal(entry.uid, 3);
	assert_int_equal(entry.line, 2);
	assert_false(passwd_next_musl(&rest, &line, &entry));
	assert_false(passwd_next_musl(&cut, &line, &entry));
}

/* A line ends there for C, and without a line feed. fgetpwent_r() of glibc 2.36 answers the home
 * "/hh" for the first line and the name "++" for the second. */
static void a_line_with_a_nul_behind_blanks_has_no_home_in_glibc(void **state)
{
	struct sv rest = SV(" a:x:1:2:g:/h\0\n +\0\nb:x:3:4:g:/h\0\n");
	struct passwd_entry entry;
	uint32_t line = 0;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(passwd_next_glibc(&rest, &line, &entry));
		assert_null(entry.home.ptr);
		assert_false(entry.clean);
	}
	assert_true(passwd_next_glibc(&rest, &line, &entry));
	assert_sv_equal(entry.home, "/h");
}

static void a_last_line_without_end_behind_blanks_has_no_home_in_glibc(void **state)
{
	struct sv rest = SV(" a:x:1:2:g:/h:\n b:x:3:4:g:/h");
	struct passwd_entry entry;
	uint32_t line = 0;

	(void)state;
	assert_true(passwd_next_glibc(&rest, &line, &entry));
	assert_sv_equal(entry.home, "/h");
	assert_true(passwd_next_glibc(&rest, &line, &entry));
	assert_null(entry.home.ptr);
	assert_false(entry.clean);
	assert_false(passwd_next_glibc(&rest, &line, &entry));
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
		TEST(a_long_line_is_noted),
		TEST(unreadable_for_us_is_not_absent),
		TEST(a_line_is_clean_if_every_reader_takes_it_so),
		TEST(c_libraries_read_their_own_entries),
		TEST(a_last_line_without_end_loses_a_byte_in_musl),
		TEST(a_line_with_a_nul_behind_blanks_has_no_home_in_glibc),
		TEST(a_last_line_without_end_behind_blanks_has_no_home_in_glibc),
		TEST(lines_are_counted_with_those_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

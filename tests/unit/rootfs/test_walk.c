/* SPDX-License-Identifier: Apache-2.0 */
/* All walkers must give the same answer; each test runs once with each. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/rootfs/walkers.h"

#include "unit/unit.h"

#include "rootfs/file.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	struct tree tree;
	struct rootfs rootfs;
	struct arena arena;
	struct found found;
};

static int set_up(void **state)
{
	static struct fixture fixture;
	struct tree *tree = &fixture.tree;

	tree_make(tree);
	arena_init(&fixture.arena, NULL, 64 << 20);
	fixture.rootfs = (struct rootfs){.fd = tree->fd, .max_symlinks = 40};
	tree_dir(tree, "/d1", 0755);
	tree_dir(tree, "/d1/d2", 0755);
	tree_dir(tree, "/priv", 0700);
	tree_dir(tree, "/priv/open", 0755);
	tree_text(tree, "/priv/f", 0644, "");
	tree_text(tree, "/f", 0644, "");
	tree_text(tree, "/d1/d2/y", 0644, "");
	tree_link(tree, "/dirlink", "/d1/d2");
	tree_link(tree, "/up", "../../../../f");
	tree_link(tree, "/loop", "loop");
	tree_link(tree, "/toproc", "/proc/self/exe");
	tree_link(tree, "/proc", "d1");
	tree_link(tree, "/slash", "f/");
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

static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};

/* Each walker gives `error`, and on success the canonical name; nothing stays open. */
static void check(struct fixture *fixture, const char *cwd, const char *path,
		  const struct identity *who, int error, const char *canonical)
{
	enum walker walkers[WALKERS_MAX + 1] = {WALKER_AUTO};
	unsigned int count = 1 + walkers_here(walkers + 1);

	for (unsigned int i = 0; i < count; i++) {
		int before = open_descriptors(), got;

		fixture->rootfs.walker = walkers[i];
		got = rootfs_walk(&fixture->rootfs, sv_of(cwd), sv_of(path), who,
				  &fixture->arena, &fixture->found);
		assert_int_equal(got, error);
		if (!got) {
			assert_string_equal(fixture->found.canonical.ptr, canonical);
			assert_int_equal(fixture->found.canonical.len, strlen(canonical));
			close(fixture->found.fd);
		}
		assert_int_equal(open_descriptors(), before);
	}
}

static void links_stay_in_the_root(void **state)
{
	check(*state, "/", "/up", &identity_root, 0, "/f");
	check(*state, "/", "../../../f", &identity_root, 0, "/f");
	check(*state, "/", "/dirlink/../..", &identity_root, 0, "/");
	check(*state, "/", "/dirlink/../d2/y", &identity_root, 0, "/d1/d2/y");
	check(*state, "/dirlink", "y", &identity_root, 0, "/d1/d2/y");
	check(*state, "/", "//d1/./d2//../d2/y", &identity_root, 0, "/d1/d2/y");
}

static void failures_are_the_kernels(void **state)
{
	check(*state, "/", "", &identity_root, ENOENT, NULL);
	check(*state, "/", "/nope", &identity_root, ENOENT, NULL);
	check(*state, "/", "/nope/../f", &identity_root, ENOENT, NULL);
	check(*state, "/", "/f/", &identity_root, ENOTDIR, NULL);
	check(*state, "/", "/f/..", &identity_root, ENOTDIR, NULL);
	check(*state, "/", "/slash", &identity_root, ENOTDIR, NULL);
	check(*state, "/", "/loop", &identity_root, ELOOP, NULL);
	check(*state, "/f", "x", &identity_root, ENOTDIR, NULL);
}

/* What no call of the kernel could be asked, and what is only there on some. */
static void strings_that_are_no_paths(void **state)
{
	struct fixture *fixture = *state;

	for (int walker = WALKER_AUTO; walker <= WALKER_STRING; walker++) {
		fixture->rootfs.walker = (enum walker)walker;
		if (walker == WALKER_OPENAT2 && !openat2_works()) {
			assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/"), SV("/f"),
						     &identity_root, &fixture->arena,
						     &fixture->found),
					 ENOSYS);
			continue;
		}
		assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/"), SV("/f\0x"),
					     &identity_root, &fixture->arena, &fixture->found),
				 EINVAL);
		assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/d\0x"), SV("f"),
					     &identity_root, &fixture->arena, &fixture->found),
				 EINVAL);
	}
}

static void search_permission_is_asked_for_each_directory(void **state)
{
	check(*state, "/", "/priv/f", &identity_root, 0, "/priv/f");
	check(*state, "/", "/priv/f", &user, EACCES, NULL);
	check(*state, "/", "/priv/nope", &user, EACCES, NULL);
	check(*state, "/", "/priv/../f", &user, EACCES, NULL);
	check(*state, "/", "/priv/.", &user, EACCES, NULL);
	check(*state, "/", "/priv", &user, 0, "/priv");
	check(*state, "/", "/d1/../f", &user, 0, "/f");
}

static void the_working_directory_is_entered_as_root(void **state)
{
	check(*state, "/priv/open", "../../f", &user, EACCES, NULL);
	check(*state, "/priv/open", ".", &user, 0, "/priv/open");
	check(*state, "/priv", "f", &user, EACCES, NULL);
}

/* Also where /proc of the image is a link, a file or missing: the container has procfs. */
static void proc_is_never_entered(void **state)
{
	check(*state, "/", "/toproc", &identity_root, EXDEV, NULL);
	check(*state, "/", "/proc", &identity_root, EXDEV, NULL);
	check(*state, "/", "/proc/../f", &identity_root, EXDEV, NULL);
	check(*state, "/", "/d1/../proc/x", &identity_root, EXDEV, NULL);
	check(*state, "/proc", "x", &identity_root, EXDEV, NULL);
	check(*state, "/", "/d1/proc", &identity_root, ENOENT, NULL);
}

/* More levels than descriptors are kept: going up again must find the way. */
static void depth_costs_no_descriptors(void **state)
{
	enum { DEPTH = 200 };
	struct fixture *fixture = *state;
	char path[3 * DEPTH * 2 + 8] = "";

	for (int i = 0; i < DEPTH; i++) {
		strcat(path, "/x");
		tree_dir(&fixture->tree, path, 0755);
	}
	for (int i = 0; i < DEPTH - 1; i++)
		strcat(path, "/..");
	strcat(path, "/..");
	check(fixture, "/", path, &user, 0, "/");
	strcat(path, "/f");
	check(fixture, "/", path, &user, 0, "/f");
}

/* 32 directories in each other whose names are as long as may be, with a file in each, and
 * links that go down eight at a time. */
static void make_deep(const struct tree *tree, char *name, char *way)
{
	int dir = dup(tree->fd), fd;

	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	for (int i = 0; i < 8; i++)
		(void)snprintf(way + (size_t)i * (NAME_MAX + 1), NAME_MAX + 2, "/%s", name);
	for (int i = 0; i <= 32; i++) {
		fd = openat(dir, "e", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		assert_true(fd >= 0);
		close(fd);
		assert_int_equal(symlinkat(way + 1, dir, "j"), 0);
		assert_int_equal(mkdirat(dir, name, 0755), 0);
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(fd >= 0);
		close(dir);
		dir = fd;
	}
	close(dir);
}

static void check_deep(struct fixture *fixture, const char *name)
{
	static char path[PATH_MAX], canonical[40 * (NAME_MAX + 1)];

	for (size_t up = 0; up <= 32; up++) {
		size_t len = 0;

		(void)snprintf(path, sizeof(path), "/j/j/j/j");
		for (size_t i = 0; i < up; i++)
			strcat(path, "/..");
		strcat(path, "/e");
		for (size_t i = up; i < 32; i++)
			len += (size_t)snprintf(canonical + len, NAME_MAX + 2, "/%s", name);
		strcpy(canonical + len, "/e");
		check(fixture, "/", path, &user, 0, canonical);
		*strrchr(path, '/') = '\0'; /* the directory itself */
		canonical[up < 32 ? len : 1] = '\0';
		check(fixture, "/", path, &user, 0, canonical);
	}
}

static void a_place_may_lie_deeper_than_a_path_can_say(void **state)
{
	struct fixture *fixture = *state;
	char name[NAME_MAX + 1], way[8 * (NAME_MAX + 1) + 1];
	int input;

	make_deep(&fixture->tree, name, way);
	check_deep(fixture, name);
	input = dup(0);
	(void)close(0); /* a number like any other from now on */
	check_deep(fixture, name);
	if (input >= 0) {
		assert_int_equal(dup2(input, 0), 0);
		close(input);
	}
}

/* However few steps there are, the walk ends, and leaves nothing open. */
static void steps_run_out_anywhere(void **state)
{
	enum { DEPTH = 100 };
	struct fixture *fixture = *state;
	char path[3 * DEPTH * 2] = "";
	uint32_t most = 0;
	int error = ETIME;

	for (int i = 0; i < DEPTH; i++) {
		strcat(path, "/x");
		tree_dir(&fixture->tree, path, 0755);
	}
	for (int i = 0; i < DEPTH; i++)
		strcat(path, "/..");
	fixture->rootfs.walker = WALKER_STACK;
	for (; error == ETIME; most++) {
		int before = open_descriptors();
		uint32_t steps = most;

		error = walk_within(&fixture->rootfs, SV("/"), sv_of(path), &identity_root, true,
				    &steps, &fixture->arena, &fixture->found);
		assert_true(error == 0 || error == ETIME);
		assert_true(steps <= most);
		if (!error)
			close(fixture->found.fd);
		assert_int_equal(open_descriptors(), before);
	}
	assert_true(most > 2 * DEPTH); /* a step for each name, and those back down */
}

/* Only regular files are opened to be read. */
static void what_is_no_file_is_not_opened(void **state)
{
	struct fixture *fixture = *state;
	int error = 0;

	assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/"), SV("/d1"), &identity_root,
				     &fixture->arena, &fixture->found),
			 0);
	close(fixture->found.fd);
	assert_int_equal(file_open(&fixture->rootfs, &fixture->found, &error), -1);
	assert_int_equal(error, EINVAL);
}

/* Around PATH_MAX, of which the NUL takes a byte: below 15 such names, which are 3840 bytes, a
 * name of i and "/xxxxx". */
static void no_length_is_beyond_a_string(void **state)
{
	struct fixture *fixture = *state;
	char name[NAME_MAX + 1], way[8 * (NAME_MAX + 1) + 1], last[NAME_MAX + 8];
	static char path[PATH_MAX], canonical[PATH_MAX + NAME_MAX];
	size_t len = 0;
	int fd;

	make_deep(&fixture->tree, name, way);
	(void)snprintf(path, sizeof(path), "/j%.*s", 7 * (NAME_MAX + 1), way);
	fd = openat(fixture->tree.fd, path + 1, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < 15; i++)
		len += (size_t)snprintf(canonical + len, NAME_MAX + 2, "/%s", name);
	for (int i = 248; i < 254; i++) {
		(void)snprintf(last, sizeof(last), "%.*s", i, name);
		assert_int_equal(mkdirat(fd, last, 0755), 0);
		strcat(last, "/xxxxx");
		assert_int_equal(mkdirat(fd, last, 0755), 0);
		(void)snprintf(path, sizeof(path), "/j%.*s/%s", 7 * (NAME_MAX + 1), way, last);
		(void)snprintf(canonical + len, sizeof(canonical) - len, "/%s", last);
		check(fixture, "/", path, &user, 0, canonical);
	}
	close(fd);
}

static void a_directory_that_only_we_may_not_search_leaves_it_open(void **state)
{
	struct fixture *fixture = *state;
	const struct identity owner = {.known = true, .uid = 0, .gid = 0};

	if (geteuid() != 0)
		skip();
	/* As root we may search everything; as nobody we may not. */
	assert_int_equal(seteuid(65534), 0);
	check(fixture, "/", "/priv/f", &owner, EPERM, NULL);
	check(fixture, "/", "/priv/f", &identity_root, EPERM, NULL);
	check(fixture, "/", "/priv/f", &user, EACCES, NULL);
	assert_int_equal(seteuid(0), 0);
}

static void fewer_links_may_be_asked_for(void **state)
{
	struct fixture *fixture = *state;

	fixture->rootfs.max_symlinks = 1;
	tree_link(&fixture->tree, "/two", "up");
	check(fixture, "/", "/up", &identity_root, 0, "/f");
	check(fixture, "/", "/two", &identity_root, ELOOP, NULL);
}

/* One string alone stays below the bound; the working directory and the path together do
 * not, if both lead over long links. */
static void the_steps_of_a_walk_are_bounded(void **state)
{
	enum { LINKS = 35, DOTS = 1950 };
	struct fixture *fixture = *state;
	char name[16], target[2 * DOTS + 16];

	for (int i = 0; i < LINKS; i++) {
		snprintf(name, sizeof(name), "/l%d", i);
		for (size_t k = 0; k < DOTS; k++)
			memcpy(target + 2 * k, "./", 3);
		snprintf(target + (size_t)2 * DOTS, 16, "l%d", i + 1);
		tree_link(&fixture->tree, name, target);
	}
	tree_dir(&fixture->tree, "/l35", 0755);
	fixture->rootfs.walker = WALKER_STACK;
	assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/l0"), SV("../l0"), &identity_root,
				     &fixture->arena, &fixture->found),
			 ETIME);
	assert_int_equal(rootfs_walk(&fixture->rootfs, SV("/"), SV("../l0"), &identity_root,
				     &fixture->arena, &fixture->found),
			 0);
	close(fixture->found.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(links_stay_in_the_root, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(failures_are_the_kernels, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(strings_that_are_no_paths, set_up, tear_down),
		cmocka_unit_test_setup_teardown(steps_run_out_anywhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_not_opened, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			search_permission_is_asked_for_each_directory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_working_directory_is_entered_as_root,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(proc_is_never_entered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(depth_costs_no_descriptors, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_place_may_lie_deeper_than_a_path_can_say,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_length_is_beyond_a_string, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			a_directory_that_only_we_may_not_search_leaves_it_open, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(fewer_links_may_be_asked_for, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_steps_of_a_walk_are_bounded, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

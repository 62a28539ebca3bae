/* SPDX-License-Identifier: Apache-2.0 */
/* Which links are followed, and what is told of them; with each walker. */
#define _GNU_SOURCE
#include "leave.h"
#include "unit/rootfs/tree.h"
#include "unit/rootfs/walkers.h"
#include "unit/unit.h"

#include "rootfs/permission.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

struct fixture {
	struct tree tree;
	struct arena arena;
	enum walker walkers[WALKERS_MAX];
	unsigned int count;
};

static const struct identity user = {.known = true, .uid = 1000, .gid = 1000},
			     owner = {.known = true, .uid = 1001, .gid = 1001},
			     anybody = {.known = false};

static int set_up(void **state)
{
	static struct fixture fixture;
	struct tree *tree = &fixture.tree;

	tree_make(tree);
	arena_init(&fixture.arena, NULL, 64 << 20);
	fixture.count = walkers_here(fixture.walkers);
	tree_dir(tree, "/d", 0755);
	tree_text(tree, "/f", 0644, "");
	tree_text(tree, "/d/f", 0644, "");
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

static int ask(struct fixture *fixture, enum walker walker, const char *path,
	       const struct identity *who, struct found *ret)
{
	struct rootfs rootfs = {.fd = fixture->tree.fd, .walker = walker};
	int error = rootfs_walk(&rootfs, SV("/"), sv_of(path), who,
				&fixture->arena, ret);

	if (!error)
		close(ret->fd);
	return error;
}

static void check(struct fixture *fixture, const char *path, const struct identity *who,
		  int error)
{
	for (unsigned int i = 0; i < fixture->count; i++) {
		struct found found;

		assert_int_equal(ask(fixture, fixture->walkers[i], path, who, &found), error);
	}
}

static void check_leaves(struct fixture *fixture, const char *path, bool leaves)
{
	for (unsigned int i = 0; i < fixture->count; i++) {
		struct found found = {.leaves_root = !leaves};

		assert_int_equal(
			ask(fixture, fixture->walkers[i], path, &identity_root, &found), 0);
		assert_int_equal(found.leaves_root, leaves);
	}
}

/* Root owns the directory, and another user the links. */
static void make_sticky(const struct tree *tree, unsigned int mode)
{
	tree_dir(tree, "/t", mode);
	tree_link(tree, "/t/l", "/f");
	tree_link(tree, "/t/dir", "/d");
	tree_link(tree, "/t/own", "/f");
	tree_link(tree, "/to", "t/l");
	tree_link(tree, "/into", "t/dir/f");
	tree_own(tree, "/t/l", 1001, 1001);
	tree_own(tree, "/t/dir", 1001, 1001);
}

static void others_links_in_a_sticky_directory_are_not_followed(void **state)
{
	struct fixture *fixture = *state;

	make_sticky(&fixture->tree, 01777);
	check(fixture, "/t/l", &user, EACCES);
	check(fixture, "/t/l", &identity_root, EACCES);
	check(fixture, "/t/l", &owner, 0);
	check(fixture, "/t/l", &anybody, 0);
	check(fixture, "/t/own", &user, 0);
	check(fixture, "/t/dir/", &user, EACCES);
	check(fixture, "/to", &user, EACCES);
}

/* The kernel asks for the end of a path, and of a link that is the end, alone. */
static void a_link_on_the_way_is_followed(void **state)
{
	struct fixture *fixture = *state;

	make_sticky(&fixture->tree, 01777);
	check(fixture, "/t/dir/f", &user, 0);
	check(fixture, "/t/dir/.", &user, 0);
	check(fixture, "/into", &user, 0);
}

static void other_directories_protect_no_link(void **state)
{
	struct fixture *fixture = *state;

	make_sticky(&fixture->tree, 0777);
	check(fixture, "/t/l", &user, 0);
	assert_int_equal(fchmodat(fixture->tree.fd, "t", 01775, 0), 0);
	check(fixture, "/t/l", &user, 0);
}

static void links_that_leave_the_root_are_told(void **state)
{
	struct fixture *fixture = *state;
	const struct tree *tree = &fixture->tree;

	tree_link(tree, "/absolute", "/f");
	tree_link(tree, "/relative", "d/../f");
	tree_link(tree, "/above", "../f");
	tree_link(tree, "/d/up", "../f");
	tree_link(tree, "/d/above", "../../f");
	tree_link(tree, "/d/second", "../relative");
	tree_link(tree, "/d/third", "above");
	tree_link(tree, "/dot", "d/..");
	check_leaves(fixture, "/f", false);
	check_leaves(fixture, "/../../f", false);
	check_leaves(fixture, "/relative", false);
	check_leaves(fixture, "/d/up", false);
	check_leaves(fixture, "/d/second", false);
	check_leaves(fixture, "/dot/../../f", false);
	check_leaves(fixture, "/absolute", true);
	check_leaves(fixture, "/above", true);
	check_leaves(fixture, "/d/above", true);
	check_leaves(fixture, "/d/third", true);
	check_leaves(fixture, "/../d/third", true);
}

/* In the child: the number of the failed question, 0 for none, 77 where nothing may be mounted. */
static int ask_on_mount(struct fixture *fixture)
{
	struct tree *tree = &fixture->tree;
	char root[80], place[80];
	struct found found;

	(void)snprintf(root, sizeof(root), "%s/root", tree->path);
	(void)snprintf(place, sizeof(place), "%s/root/d", tree->path);
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("t", place, "tmpfs", MS_NOSYMFOLLOW, NULL))
		return 77;
	/* What was opened before is in the mounts of before. */
	tree->fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	tree_text(tree, "/d/g", 0644, "");
	tree_link(tree, "/d/l", "g");
	tree_link(tree, "/d/self", ".");
	tree_link(tree, "/in", "d/g");
	for (unsigned int i = 0; i < fixture->count; i++) {
		enum walker walker = fixture->walkers[i];

		if (ask(fixture, walker, "/d/l", &identity_root, &found) != ELOOP)
			return 1;
		if (ask(fixture, walker, "/d/self/g", &identity_root, &found) != ELOOP)
			return 2;
		if (ask(fixture, walker, "/in", &user, &found) != 0)
			return 3;
	}
	return 0;
}

static void no_link_of_a_nosymfollow_mount_is_followed(void **state)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		leave(ask_on_mount(*state));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(others_links_in_a_sticky_directory_are_not_followed),
		TEST(a_link_on_the_way_is_followed),
		TEST(other_directories_protect_no_link),
		TEST(links_that_leave_the_root_are_told),
		TEST(no_link_of_a_nosymfollow_mount_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

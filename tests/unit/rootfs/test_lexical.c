/* SPDX-License-Identifier: Apache-2.0 */
/* Links by their text: ways to etc/passwd that the kernel does not go (rule 4.8). */
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/lexical.h"

#include <errno.h>

struct fixture {
	struct tree tree;
	struct arena arena;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof(fixture));
	tree_make(&fixture.tree);
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

static int join(struct fixture *fixture, const char *path, struct sv *ret)
{
	struct rootfs rootfs = {.fd = fixture->tree.fd, .max_symlinks = 40};
	int before = open_descriptors();
	uint32_t steps = ROOTFS_STEPS;
	int error = lexical_join(&rootfs, sv_of(path), &steps, &fixture->arena, ret);

	assert_int_equal(open_descriptors(), before);
	return error;
}

static void links_are_written_out(void **state)
{
	static const struct {
		const char *path, *expected;
	} rows[] = {
		{"/etc/passwd", "/etc/passwd"},
		{"etc//./passwd/", "/etc/passwd"},
		{"/absolute", "/etc/passwd"},
		{"/dir/up", "/up/x"},
		{"/escape", "/etc/passwd"},
		{"/through-file", "/etc/p2"},
		{"/through-nothing", "/etc/p2"},
		{"/dangling", "/nowhere/at/all"},
		{"/dirlink/passwd", "/etc/passwd"},
		{"/dirlink/../x", "/x"},
		{"/nosuch/../dirlink/x", "/etc/x"},
		{"/etc/passwd/../../dirlink/x", "/etc/x"},
		{"/nosuch/./x//y/", "/nosuch/x/y"},
		{"/../..", "/"},
		{"/absolute/more", "/etc/passwd/more"},
	};
	struct fixture *fixture = *state;
	const struct tree *tree = &fixture->tree;

	tree_dir(tree, "/etc", 0755);
	tree_dir(tree, "/dir", 0755);
	tree_text(tree, "/etc/passwd", 0644, "");
	tree_link(tree, "/absolute", "/etc/passwd");
	tree_link(tree, "/dir/up", "../up/x");
	tree_link(tree, "/escape", "../../../etc/passwd");
	tree_link(tree, "/through-file", "/etc/passwd/../p2");
	tree_link(tree, "/through-nothing", "/nosuch/../etc/p2/");
	tree_link(tree, "/dangling", "nowhere/at/all");
	tree_link(tree, "/dirlink", "etc");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv got;

		assert_int_equal(join(fixture, rows[i].path, &got), 0);
		if (!sv_eq(got, sv_of(rows[i].expected)))
			fail_msg("%s: got %.*s", rows[i].path, SV_ARG(got));
	}
}

/* A chain of links, the last of which points at nothing. */
static int walk_chain(struct fixture *fixture, unsigned int links)
{
	struct sv got;
	char name[32], target[32];

	tree_dir(&fixture->tree, "/c", 0755);
	for (unsigned int i = 0; i < links; i++) {
		(void)snprintf(name, sizeof(name), "/c/%u", i);
		(void)snprintf(target, sizeof(target), "%u", i + 1);
		tree_link(&fixture->tree, name, target);
	}
	return join(fixture, "/c/0", &got);
}

static void links_up_to_255_are_followed(void **state)
{
	assert_int_equal(walk_chain(*state, 255), 0);
}

static void more_links_are_a_loop(void **state)
{
	struct fixture *fixture = *state;
	struct sv got;

	assert_int_equal(walk_chain(fixture, 256), ELOOP);
	tree_link(&fixture->tree, "/self", "self");
	assert_int_equal(join(fixture, "/self", &got), ELOOP);
}

/* Links that make their own path longer each time. */
static void what_grows_comes_to_an_end(void **state)
{
	struct fixture *fixture = *state;
	static char target[4096];
	struct sv got;

	tree_link(&fixture->tree, "/grows", "grows/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x");
	assert_int_equal(join(fixture, "/grows", &got), ENAMETOOLONG);
	for (size_t i = 0; i + 10 < sizeof(target); i += 2)
		memcpy(target + i, "./", 3);
	strcat(target, "again");
	tree_link(&fixture->tree, "/again", target);
	assert_int_equal(join(fixture, "/again", &got), ENAMETOOLONG);
}

/* Only what is not there is taken for a name; each other failure of the look is one. */
static void a_name_that_cannot_be_is_an_error(void **state)
{
	char name[257] = "", whole[300];
	struct sv got;

	memset(name, 'n', 255);
	(void)snprintf(whole, sizeof(whole), "/nosuch/../%s/../x", name);
	assert_int_equal(join(*state, whole, &got), 0);
	assert_sv_equal(got, "/x");
	name[255] = 'n';
	(void)snprintf(whole, sizeof(whole), "/nosuch/../%s/../x", name);
	assert_int_equal(join(*state, whole, &got), ENAMETOOLONG);
}

static void proc_is_not_entered(void **state)
{
	struct fixture *fixture = *state;
	struct sv got;

	tree_dir(&fixture->tree, "/proc", 0755);
	tree_link(&fixture->tree, "/environ", "/proc/self/environ");
	assert_int_equal(join(fixture, "/environ", &got), EXDEV);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(links_are_written_out),	   TEST(links_up_to_255_are_followed),
		TEST(more_links_are_a_loop),	   TEST(what_grows_comes_to_an_end),
		TEST(a_name_that_cannot_be_is_an_error), TEST(proc_is_not_entered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

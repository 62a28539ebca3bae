/* SPDX-License-Identifier: Apache-2.0 */
/* The quick way past links must say what the stack walk says, or nothing. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/shortcut.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROUNDS = 200, LINKS = 12, PATHS = 60 };

/* A sequence that is the same on every machine. */
static unsigned int draw(uint32_t *seed, unsigned int below)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (*seed >> 16) % below;
}

static const char *const names[] = {"a",  "b",    "c",	"bin", "usr", "f",
				    "..", "proc", "l0", "l1",  "l2",  "."};

static void draw_path(uint32_t *seed, char out[64], bool absolute)
{
	size_t len = 0;
	unsigned int count = 1 + draw(seed, 4);

	if (absolute)
		out[len++] = '/';
	for (unsigned int i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, 64 - len, "%s%s", i ? "/" : "",
					names[draw(seed, sizeof(names) / sizeof(names[0]))]);
	if (!draw(seed, 8))
		(void)snprintf(out + len, 64 - len, "/");
}

static void plant(const struct tree *tree, uint32_t *seed)
{
	static const char *const dirs[] = {"a", "b", "usr", "usr/bin", "usr/a", "proc", "a/b"};
	static const char *const places[] = {"", "a/", "usr/", "usr/bin/", "b/"};
	char name[64], target[64];

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		assert_int_equal(mkdirat(tree->fd, dirs[i], 0755), 0);
	assert_int_equal(mknodat(tree->fd, "usr/bin/f", S_IFREG | 0755, 0), 0);
	for (int i = 0; i < LINKS; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", places[draw(seed, 5)],
			       names[draw(seed, 6)]);
		if (!draw(seed, 2))
			(void)snprintf(name, sizeof(name), "l%u", draw(seed, 3));
		draw_path(seed, target, draw(seed, 2));
		(void)symlinkat(target, tree->fd, name); /* or something is there */
	}
}

static void compare(const struct rootfs *rootfs, const char *path, struct arena *arena,
		    unsigned int *decided)
{
	const struct identity *who = &identity_root;
	struct rootfs stack = {.fd = rootfs->fd, .walker = WALKER_STACK};
	struct found quick, exact;
	int expected = rootfs_walk(&stack, SV("/"), sv_of(path), who, arena, &exact);
	int error = shortcut_walk(rootfs, sv_of(path), who, false, arena, &quick);

	if (error != WALK_UNDECIDED) {
		++*decided;
		if (error != expected)
			fail_msg("%s: got %d, expected %d", path, error, expected);
	}
	if (!error) {
		assert_true(sv_eq(quick.canonical, exact.canonical));
		assert_int_equal(quick.st.st_ino, exact.st.st_ino);
		if (quick.leaves_root != exact.leaves_root)
			fail_msg("%s: leaves the root: %d, expected %d", path, quick.leaves_root,
				 exact.leaves_root);
		close(quick.fd);
	}
	if (!expected)
		close(exact.fd);
}

static void it_never_differs_from_the_stack(void **state)
{
	unsigned int decided = 0;
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct shortcut shortcut = {.count = 0};
		struct rootfs rootfs = {.shortcut = &shortcut};
		struct arena arena;
		struct tree tree;

		tree_make(&tree);
		plant(&tree, &seed);
		rootfs.fd = tree.fd;
		arena_init(&arena, NULL, 16 << 20);
		for (int i = 0; i < PATHS; i++) {
			char path[64];

			draw_path(&seed, path, true);
			compare(&rootfs, path, &arena, &decided);
		}
		arena_free(&arena);
		tree_remove(&tree);
	}
	print_message("%u of %u decided\n", decided, ROUNDS * PATHS);
	assert_true(decided > ROUNDS * PATHS / 4);
}

struct fixture {
	struct tree tree;
	struct shortcut shortcut;
	struct rootfs rootfs;
	struct arena arena;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof(fixture));
	tree_make(&fixture.tree);
	tree_dir(&fixture.tree, "/usr", 0755);
	tree_dir(&fixture.tree, "/proc", 0755);
	tree_text(&fixture.tree, "/usr/file", 0755, "");
	tree_link(&fixture.tree, "/bin", "usr");
	tree_link(&fixture.tree, "/usr/link", "file");
	tree_link(&fixture.tree, "/p", "proc/x");
	tree_link(&fixture.tree, "/usr/p", "/proc/x");
	tree_link(&fixture.tree, "/usr/q", "../p/x");
	arena_init(&fixture.arena, NULL, 16 << 20);
	fixture.rootfs = (struct rootfs){.fd = fixture.tree.fd, .shortcut = &fixture.shortcut};
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

static int walk(struct fixture *fixture, const char *path, const struct identity *who)
{
	struct found found;
	int before = open_descriptors();
	int error = shortcut_walk(&fixture->rootfs, sv_of(path), who, false, &fixture->arena, &found);

	if (!error)
		close(found.fd);
	assert_int_equal(open_descriptors(), before);
	return error;
}

/* In the container something is there, whatever the image has in its place. */
static void what_leads_into_proc_is_left_open(void **state)
{
	static const char *const paths[] = {"/proc/x", "/p", "/p/nope", "/usr/p", "/bin/p",
					    "/usr/q", "/bin/../proc/x"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(walk(*state, paths[i], &identity_root), WALK_UNDECIDED);
	assert_int_equal(walk(*state, "/bin/nope", &identity_root), ENOENT);
}

/* Outside of a chroot, where such a link goes up further than the root. */
static void links_that_leave_the_root_are_told(void **state)
{
	static const struct {
		const char *path;
		bool leaves;
	} rows[] = {
		{"/usr/up", false},	   {"/usr/up2", true},	    {"/usr/d/../up", false},
		{"/usr/d/../up2", true},   {"/usr/./up2", true},    {"/usr/d/up2", false},
		{"/usr/d/e/../up2", false}, {"/usr/../usr/up", false}, {"/usr/../out", true},
		{"/../usr/up", false},	   {"/../usr/up2", true},   {"/usr/link", false},
		{"/usr/round", false},	   {"/usr/round2", true},   {"/usr/absolute", true},
		{"/out", true},		   {"/bin/up", true},
	};
	struct fixture *fixture = *state;
	const struct tree *tree = &fixture->tree;

	tree_dir(tree, "/usr/d", 0755);
	tree_dir(tree, "/usr/d/e", 0755);
	tree_text(tree, "/f", 0644, "");
	tree_link(tree, "/usr/up", "../f");
	tree_link(tree, "/usr/up2", "../../f");
	tree_link(tree, "/usr/d/up2", "../../f");
	tree_link(tree, "/usr/round", "./d/../../f");
	tree_link(tree, "/usr/round2", "./d/../../../f");
	tree_link(tree, "/usr/absolute", "/f");
	tree_link(tree, "/out", "../f");
	assert_int_equal(unlinkat(tree->fd, "bin", 0), 0);
	tree_link(tree, "/bin", "../usr");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct found found;

		assert_int_equal(shortcut_walk(&fixture->rootfs, sv_of(rows[i].path), &identity_root,
					       false, &fixture->arena, &found),
				 0);
		close(found.fd);
		if (found.leaves_root != rows[i].leaves)
			fail_msg("%s", rows[i].path);
	}
}

/* Where links lead further than a path can say, and what is too long to be remembered. */
static void what_is_too_long_is_left_open(void **state)
{
	enum { PIECE = 200, LENGTH = 4093 };
	struct fixture *fixture = *state;
	static char target[LENGTH + 1], path[256];
	char name[PIECE + 1];

	memset(name, 'd', PIECE);
	name[PIECE] = '\0';
	for (size_t i = 0; i < LENGTH; i++)
		target[i] = i % (PIECE + 1) ? 'd' : '/';
	tree_link(&fixture->tree, "/usr/far", target + 1);
	assert_int_equal(walk(fixture, "/usr/far", &identity_root), WALK_UNDECIDED);
	(void)snprintf(path, sizeof(path), "/usr/%s", name);
	for (int i = 0; i < 2; i++) /* not remembered, and asked again */
		assert_int_equal(walk(fixture, path, &identity_root), ENOENT);
	tree_text(&fixture->tree, path, 0644, "");
	assert_int_equal(walk(fixture, path, &identity_root), 0);
}

/* A name in the root that is asked because another one was a link, and has no room. */
static void a_long_name_in_the_root_is_left_open(void **state)
{
	struct fixture *fixture = *state;
	char path[64] = "/";

	memset(path + 1, 'n', 45);
	tree_dir(&fixture->tree, path, 0755);
	tree_link(&fixture->tree, "/other", "usr");
	assert_int_equal(walk(fixture, path, &identity_root), 0);
	assert_int_equal(walk(fixture, "/other/file", &identity_root), 0);
	assert_int_equal(walk(fixture, path, &identity_root), WALK_UNDECIDED);
}

/* protected_symlinks: a link of somebody else's may be closed to him. */
static void a_link_of_somebody_else_is_left_open(void **state)
{
	static const struct identity user = {.known = true, .uid = 1000};
	static const struct identity unknown = {.known = false};
	struct fixture *fixture = *state;

	assert_int_equal(walk(fixture, "/usr/link", &identity_root), 0);
	assert_int_equal(walk(fixture, "/usr/link", &user), WALK_UNDECIDED);
	assert_int_equal(walk(fixture, "/usr/link", &unknown), WALK_UNDECIDED);
	assert_int_equal(walk(fixture, "/bin/file", &user), 0);
	memset(&fixture->shortcut, 0, sizeof(fixture->shortcut));
	assert_int_equal(fchmodat(fixture->tree.fd, ".", 01777, 0), 0);
	assert_int_equal(walk(fixture, "/bin/file", &user), WALK_UNDECIDED);
	assert_int_equal(walk(fixture, "/usr/file", &user), 0);
}

static void the_limit_of_links_counts(void **state)
{
	struct fixture *fixture = *state;

	fixture->rootfs.max_symlinks = 1;
	assert_int_equal(walk(fixture, "/bin/file", &identity_root), 0);
	assert_int_equal(walk(fixture, "/bin/link", &identity_root), WALK_UNDECIDED);
	fixture->rootfs.max_symlinks = 2;
	assert_int_equal(walk(fixture, "/bin/link", &identity_root), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_never_differs_from_the_stack),
		cmocka_unit_test_setup_teardown(what_is_too_long_is_left_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_name_in_the_root_is_left_open, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(links_that_leave_the_root_are_told, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_leads_into_proc_is_left_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_link_of_somebody_else_is_left_open, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_limit_of_links_counts, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

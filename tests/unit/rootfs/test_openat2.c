/* SPDX-License-Identifier: Apache-2.0 */
/* Where openat2 does not work the stack walks; one process per errno, since it is asked once
 * in each. */
#define _GNU_SOURCE
#include "leave.h"
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* From here on openat2 fails in this process with `error`. */
static bool forbid_openat2(int error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = 4, .filter = filter};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int walk(const struct tree *tree, enum walker walker)
{
	struct rootfs rootfs = {.fd = tree->fd, .walker = walker};
	struct found found;
	struct arena arena;
	int error;

	arena_init(&arena, NULL, 1 << 20);
	error = rootfs_walk(&rootfs, SV("/"), SV("/d/f"), &identity_root, &arena, &found);
	if (!error)
		close(found.fd);
	arena_free(&arena);
	return error;
}

/* In the child: 0 if all is as it should be, 77 if there is no seccomp. */
static int child(const struct tree *tree, int error, bool unsupported)
{
	if (!forbid_openat2(error))
		return 77;
	if (openat2_works() == unsupported)
		return 1;
	if (walk(tree, WALKER_AUTO) != 0)
		return 2;
	if (unsupported && walk(tree, WALKER_OPENAT2) != ENOSYS)
		return 3;
	return 0;
}

static void try_errno(int error, bool unsupported)
{
	struct tree tree;
	int status;
	pid_t pid;

	tree_make(&tree);
	tree_dir(&tree, "/d", 0755);
	tree_text(&tree, "/d/f", 0644, "");
	pid = fork();
	if (pid == 0)
		leave(child(&tree, error, unsupported));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	tree_remove(&tree);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void every_way_to_say_unsupported_is_understood(void **state)
{
	(void)state;
	try_errno(ENOSYS, true);
	try_errno(EINVAL, true);
	try_errno(EPERM, true);
	try_errno(E2BIG, true);
}

static void another_errno_of_the_probe_is_no_answer(void **state)
{
	(void)state;
	try_errno(EMFILE, true);
	try_errno(EACCES, false);
}

/* EAGAIN again and again ends in the stack walk, not in a loop. */
static void endless_eagain_is_given_up(void **state)
{
	(void)state;
	try_errno(EAGAIN, true);
}

static void a_miss_is_one_call_and_needs_no_stack(void **state)
{
	struct rootfs rootfs;
	struct found found;
	struct arena arena;
	struct tree tree;
	uint32_t steps = 1;

	(void)state;
	if (!openat2_works())
		skip();
	tree_make(&tree);
	rootfs = (struct rootfs){.fd = tree.fd};
	arena_init(&arena, NULL, 1 << 20);
	/* A single step is what the call itself costs. */
	assert_int_equal(walk_within(&rootfs, SV("/"), SV("/a/b/c"), &identity_root, true,
				     &steps, &arena, &found),
			 ENOENT);
	assert_int_equal(walk_within(&rootfs, SV("/"), SV("/a/b/c"), &identity_root, true,
				     &steps, &arena, &found),
			 ETIME);
	arena_free(&arena);
	tree_remove(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_to_say_unsupported_is_understood),
		cmocka_unit_test(another_errno_of_the_probe_is_no_answer),
		cmocka_unit_test(endless_eagain_is_given_up),
		/* Asks in this process: the children above must find the question unasked. */
		cmocka_unit_test(a_miss_is_one_call_and_needs_no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

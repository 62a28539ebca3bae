/* SPDX-License-Identifier: Apache-2.0 */
/* What a look-up costs in system calls, counted by the kernel itself. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/walk.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct identity root = {.known = true, .capabilities = 1U << CAPABILITY_DAC_OVERRIDE};
static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};

static const char usual[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

enum {
	MARK = 0x6f63,	/* getpgid() of a process that cannot be */
	GUESS = 1,	/* the first name that is a link is taken for none */
	FOLLOWING = 5,	/* calls for one link that is the program's own name */
	EXACT = 18,	/* calls of the walk for a user who needs permission, with the lists of its directories */
};

static struct tree tree;
static const char *cwd = "/"; /* of the look-ups */

static int set_up(void **state)
{
	static const char *const dirs[] = {"/usr", "/usr/bin", "/usr/sbin", "/usr/local",
					   "/usr/local/bin", "/usr/local/sbin"};
	unsigned char elf[TREE_ELF];

	(void)state;
	tree_make(&tree);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		tree_dir(&tree, dirs[i], 0755);
	tree_link(&tree, "/bin", "usr/bin");
	tree_link(&tree, "/sbin", "usr/sbin");
	tree_file(&tree, "/usr/bin/dash", 0755, elf, tree_elf(elf, NULL));
	tree_link(&tree, "/usr/bin/sh", "dash");
	for (int i = 0; i < 64; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "/link%d", i);
		tree_link(&tree, name, "usr/sbin");
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tree_remove(&tree);
	return 0;
}

static void look_up(const struct identity *who, const char *path, const char *name)
{
	struct rootfs rootfs = {.fd = tree.fd};
	struct lookup_request request = {
		.name = sv_of(name), .path = sv_of(path), .cwd = sv_of(cwd), .who = who};
	struct diag diag = {.error = NULL};
	struct lookup_result result;
	struct arena arena;

	arena_init(&arena, NULL, 16 << 20);
	(void)syscall(SYS_getpgid, MARK);
	(void)rootfs_lookup(&rootfs, &request, &arena, &diag, (struct mark){0, 0}, &result);
	(void)syscall(SYS_getpgid, MARK);
}

static bool is_memory(uint64_t call)
{
	return call == SYS_brk || call == SYS_mmap || call == SYS_munmap || call == SYS_mprotect ||
	       call == SYS_madvise || call == SYS_mremap;
}

/* Calls of the traced child between the marks, without those of malloc. */
static long count_calls(pid_t child)
{
	long marks = 0, calls = 0;
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD), 0);
	for (;;) {
		struct __ptrace_syscall_info info;

		assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFEXITED(status))
			break;
		assert_true(WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80));
		assert_true(ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) > 0);
		if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
			continue;
		if (info.entry.nr == SYS_getpgid && info.entry.args[0] == MARK)
			marks++;
		else if (marks == 1 && !is_memory(info.entry.nr))
			calls++;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(marks, 2);
	return calls;
}

static long cost(const struct identity *who, const char *path, const char *name)
{
	pid_t child;

	assert_true(openat2_works()); /* asked once in a process, and not of the child */
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		(void)raise(SIGSTOP);
		look_up(who, path, name);
		_exit(0);
	}
	return count_calls(child);
}

/* The first `count` entries. */
static const char *entries(const char *path, int count)
{
	static char text[1024];
	char *end = text;

	(void)snprintf(text, sizeof(text), "%s", path);
	while (count-- && end)
		end = strchr(end + 1, ':');
	if (end)
		*end = '\0';
	return text;
}

static void report(const char *what, int count, long calls, long bound)
{
	print_message("%s, %d entries: %ld calls, at most %ld\n", what, count, calls, bound);
	assert_true(calls <= bound);
}

/* At most two for each candidate, and two in all: also where an entry is a link. */
static void misses_cost_two_calls_each(void **state)
{
	char links[1024] = "";

	(void)state;
	for (int n = 1; n <= 6; n++)
		report("misses", n, cost(&root, entries(usual, n), "nope"), 2 * n + 2);
	for (int n = 1; n <= 64; n++) {
		(void)snprintf(links + strlen(links), sizeof(links) - strlen(links), "%s/link%d",
			       n > 1 ? ":" : "", n - 1);
		if (n == 8 || n == 9 || n == 64)
			report("links", n, cost(&root, links, "nope"), 2 * n + 2 + GUESS);
	}
}

/* Beyond what the file costs when it is named by its path. */
static void a_hit_behind_misses(void **state)
{
	long direct = cost(&root, usual, "/usr/bin/dash");

	(void)state;
	print_message("named by its path: %ld calls\n", direct);
	for (int n = 0; n < 3; n++) {
		const char *path = strchr(entries(usual, 4), '/');

		for (int i = 0; i < n; i++)
			path = strchr(path, ':') + 1;
		report("hit in the last", 4 - n, cost(&root, path, "dash") - direct,
		       2 * (3 - n) + 2);
		report("hit by a link", 4 - n, cost(&root, path, "sh") - direct,
		       2 * (3 - n) + 2 + FOLLOWING);
	}
	/* The candidate that is hit may take two calls as well; by its path it took one. */
	report("hit behind a link", 2, cost(&root, "/sbin:/bin", "dash") - direct, 2 + 1 + 2);
	report("links twice", 2, cost(&root, "/sbin:/bin", "sh") - direct, 2 + 1 + 2 + FOLLOWING);
}

/* Where a permission matters, absence is as cheap, and a hit is walked to. */
static void a_user_without_capabilities(void **state)
{
	long direct = cost(&user, usual, "/usr/bin/dash");

	(void)state;
	print_message("named by its path: %ld calls\n", direct);
	report("user, hit in the last", 4, cost(&user, entries(usual, 4), "dash") - direct,
	       2 * 4 + 2);
	for (int n = 1; n <= 6; n++)
		report("user, misses", n, cost(&user, entries(usual, n), "nope"),
		       (2 + EXACT) * n + 2);
}

/* Most images have one in the root. */
static void a_working_directory(void **state)
{
	long without = cost(&root, usual, "dash");

	(void)state;
	cwd = "/usr";
	report("in the root", 1, cost(&root, usual, "dash") - without, 1);
	cwd = "/usr/bin";
	report("elsewhere", 1, cost(&root, usual, "dash") - without, 3);
	cwd = "/";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(misses_cost_two_calls_each),
		cmocka_unit_test(a_hit_behind_misses),
		cmocka_unit_test(a_user_without_capabilities),
		cmocka_unit_test(a_working_directory),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

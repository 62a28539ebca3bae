/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Look-ups for somebody, by somebody else. What the library says is what execve says to a
 * process that has become the one, chrooted into the tree; what the other may not see stays
 * open.
 */
#define _GNU_SOURCE
#include "leave.h"
#include "unit/rootfs/person.h"
#include "unit/unit.h"

#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- execve ---------------------------------------------------------------------------- */

/* 0 or the errno of execve in the tree. */
static int ask_kernel(int root, const struct person *person, const char *path)
{
	char *argv[] = {(char[]){"x"}, NULL}, *envp[] = {NULL};
	int pipes[2], error = 0;
	pid_t pid;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (fchdir(root) != 0 || chroot(".") != 0 || !person_become(person))
			_exit(write(pipes[1], &(int){-1}, sizeof(int)) != sizeof(int));
		execve(path, argv, envp);
		_exit(write(pipes[1], &errno, sizeof(errno)) != sizeof(errno));
	}
	close(pipes[1]);
	/* Nothing to read: execve closed the pipe. What ran then does not matter. */
	if (read(pipes[0], &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(pipes[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return error;
}

static int32_t ask_profile(enum lookup_profile profile, const struct rootfs *rootfs,
			   const struct identity *who, const char *name, const char *path,
			   struct ocienv_error *error)
{
	const struct lookup_request request = {
		.profile = profile,
		.name = sv_of(name),
		.path = path ? sv_of(path) : SV_NONE,
		.cwd = SV("/"),
		.who = who,
	};
	const struct diag diag = {.error = error};
	struct lookup_result result;
	struct arena arena;
	int32_t status;

	arena_init(&arena, NULL, 16 << 20);
	status = rootfs_lookup(rootfs, &request, &arena, &diag, (struct mark){1, 1}, &result);
	if (!status)
		close(result.file.fd);
	arena_free(&arena);
	return status;
}

static int32_t ask_library(const struct rootfs *rootfs, const struct identity *who,
			   const char *name, const char *path, struct ocienv_error *error)
{
	return ask_profile(LOOKUP_RUNC, rootfs, who, name, path, error);
}

static int32_t status_of(int error)
{
	return error == 0	 ? OCIENV_OK
	       : error == EACCES ? OCIENV_ERR_ACCESS
	       : error == ENOENT ? OCIENV_ERR_NOTFOUND
				 : 1;
}

static const char *const programs[] = {
	"/bin/elf",	   "/bin/private",    "/bin/script",	  "/bin/dyn",
	"/bin/dyn-nx",	   "/bin/script-nx",  "/nx/elf",	  "/nx/to-elf",
	"/bin/granted",	   "/bin/refused",    "/bin/group",	  "/granted/elf",
	"/refused/elf",	   "/group/elf",      "/refused/../bin/elf", "/bin/script-refused",
	"/bin/dyn-refused", "/bin/script-in-refused", "/bin/nothing", "/bin/script-granted",
};

static void build(const struct tree *tree)
{
	static const char *const folders[] = {
		"/bin", "/lib", "/nx", "/granted", "/refused", "/group",
	};
	unsigned char elf[TREE_ELF];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		tree_dir(tree, folders[i], 0755);
		if (i > 2) {
			char path[32];

			snprintf(path, sizeof(path), "%s/elf", folders[i]);
			tree_file(tree, path, 0755, elf, tree_elf(elf, NULL));
		}
	}
	tree_file(tree, "/bin/elf", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/lib/ld", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/lib/refused", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/private", 0700, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/granted", 0700, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/refused", 0755, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/group", 0700, elf, tree_elf(elf, NULL));
	tree_file(tree, "/bin/dyn", 0755, elf, tree_elf(elf, "/lib/ld"));
	tree_file(tree, "/bin/dyn-nx", 0755, elf, tree_elf(elf, "/nx/elf"));
	tree_file(tree, "/bin/dyn-refused", 0755, elf, tree_elf(elf, "/lib/refused"));
	tree_text(tree, "/bin/script", 0755, "#!/bin/elf\n");
	tree_text(tree, "/bin/script-nx", 0755, "#!/nx/elf\n");
	tree_text(tree, "/bin/script-refused", 0755, "#!/bin/refused\n");
	tree_text(tree, "/bin/script-granted", 0755, "#!/granted/elf\n");
	tree_text(tree, "/bin/script-in-refused", 0755, "#!/refused/elf\n");
	list_name(tree, "/granted", TAG_USER, 1000, 1, 0);
	list_name(tree, "/refused", TAG_USER, 1000, 6, 5);
	list_name(tree, "/group", TAG_GROUP, 2000, 1, 0);
	list_name(tree, "/bin/granted", TAG_USER, 1000, 1, 0);
	list_name(tree, "/bin/refused", TAG_USER, 1000, 0, 5);
	list_name(tree, "/lib/refused", TAG_USER, 1000, 6, 5);
	list_name(tree, "/bin/group", TAG_GROUP, 2000, 1, 0);
}

static const struct person people[] = {
	{.uid = 0, .capabilities = 1 << CAPABILITY_DAC_OVERRIDE},
	{.uid = 0},
	{.uid = 1000, .gid = 1000, .capabilities = 1 << CAPABILITY_DAC_READ_SEARCH},
	{.uid = 1000, .gid = 1000},
	{.uid = 1001, .gid = 1001},
	{.uid = 1001, .gid = 2000},
	{.uid = 1002, .gid = 1, .groups = {7, 2000}, .group_count = 2},
};

static unsigned int compare(const struct rootfs *rootfs)
{
	unsigned int differ = 0, refused = 0, count = 0;

	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		struct identity who = person_identity(&people[i]);

		for (size_t k = 0; k < sizeof(programs) / sizeof(programs[0]); k++, count++) {
			struct ocienv_error error = {0};
			int expect = ask_kernel(rootfs->fd, &people[i], programs[k]);
			int32_t got = ask_library(rootfs, &who, programs[k], NULL, &error);

			refused += expect == EACCES;
			if (got == status_of(expect))
				continue;
			differ++;
			fprintf(stderr, "%s for %u: %d, the kernel's errno is %d\n",
				programs[k], who.uid, (int)got, expect);
		}
	}
	fprintf(stderr, "walker %d: %u compared, %u refused, %u differ\n",
		(int)rootfs->walker, count, refused, differ);
	return refused > 10 ? differ : 1;
}

/* In a child that has its mounts for itself; the status is its exit status. */
static int run_mounted(const struct tree *tree)
{
	struct rootfs rootfs = {.walker = WALKER_AUTO};
	struct tree again = *tree;
	unsigned char elf[TREE_ELF];
	char path[128];

	snprintf(path, sizeof(path), "%s/root/nx", tree->path);
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", path, "tmpfs", MS_NOEXEC, "mode=755") != 0)
		return 2;
	path[strlen(path) - strlen("/nx")] = '\0';
	again.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	tree_file(&again, "/nx/elf", 0755, elf, tree_elf(elf, NULL));
	tree_link(&again, "/nx/to-elf", "../bin/elf");
	rootfs.fd = again.fd;
	if (compare(&rootfs))
		return 1;
	rootfs.walker = WALKER_STACK;
	return compare(&rootfs) ? 1 : 0;
}

static void run_in_child(int (*run)(const struct tree *tree), const struct tree *tree)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		leave(run(tree));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void execve_says_the_same(void **state)
{
	struct tree tree;

	(void)state;
	if (geteuid() != 0)
		skip();
	tree_make(&tree);
	build(&tree);
	run_in_child(run_mounted, &tree);
	tree_remove(&tree);
}

/* --- who looks ------------------------------------------------------------------------- */

static const struct person nobody = {.uid = 65534, .gid = 65534};

/* ACCESS, and the reason is the library's own lack of permission. */
static bool is_open(const struct rootfs *rootfs, const struct identity *who, const char *name,
		    const char *path)
{
	struct ocienv_error error = {0};

	return ask_library(rootfs, who, name, path, &error) == OCIENV_ERR_ACCESS &&
	       strstr(error.message, "cannot be judged");
}

static int look_as_nobody(const struct tree *tree)
{
	static const enum walker walkers[] = {WALKER_AUTO, WALKER_OPENAT2, WALKER_STACK,
					      WALKER_STRING};
	const struct person owner = {.uid = 1000, .gid = 1000}, other = {.uid = 1001};
	struct identity who = person_identity(&owner), not_who = person_identity(&other);
	struct ocienv_error error;

	if (!person_become(&nobody))
		return 1;
	for (size_t i = 0; i < sizeof(walkers) / sizeof(walkers[0]); i++) {
		struct rootfs rootfs = {.fd = tree->fd, .walker = walkers[i]};

		if (walkers[i] == WALKER_OPENAT2 && !openat2_works())
			continue;
		/* The owner may, root may; we may not: no other candidate is taken. */
		if (!is_open(&rootfs, &who, "elf", "/own:/bin") ||
		    !is_open(&rootfs, &identity_root, "elf", "/own:/bin") ||
		    !is_open(&rootfs, &who, "/own/elf", NULL) ||
		    !is_open(&rootfs, &who, "nope", "/own") ||
		    !is_open(&rootfs, &who, "script", "/bin"))
			return 2;
		/* Who may not search it either goes on, as the runtime does. */
		if (ask_library(&rootfs, &not_who, "elf", "/own:/bin", &error) != 0)
			return 3;
		/* crun looks as root first; its user is asked only about what root sees. */
		if (ask_profile(LOOKUP_CRUN, &rootfs, &not_who, "elf", "/nox:/own:/bin", &error) !=
			    OCIENV_ERR_ACCESS ||
		    !strstr(error.message, "cannot be judged"))
			return 5;
		/* Nor does it matter behind what is found. */
		if (ask_library(&rootfs, &who, "elf", "/bin:/own", &error) != 0)
			return 4;
	}
	return 0;
}

static void what_we_may_not_see_is_not_absent(void **state)
{
	unsigned char elf[TREE_ELF];
	struct tree tree;

	(void)state;
	if (geteuid() != 0)
		skip();
	tree_make(&tree);
	tree_dir(&tree, "/own", 0700);
	tree_dir(&tree, "/bin", 0755);
	tree_file(&tree, "/own/elf", 0755, elf, tree_elf(elf, NULL));
	tree_file(&tree, "/bin/elf", 0755, elf, tree_elf(elf, NULL));
	tree_text(&tree, "/bin/script", 0755, "#!/own/elf\n");
	tree_dir(&tree, "/nox", 0755);
	tree_text(&tree, "/nox/elf", 0644, "");
	tree_own(&tree, "/own", 1000, 1000);
	run_in_child(look_as_nobody, &tree);
	tree_remove(&tree);
}

/* Without procfs the mode is all there is. */
static int look_without_proc(const struct tree *tree)
{
	struct rootfs rootfs = {.walker = WALKER_AUTO};
	const struct person named = {.uid = 1000, .gid = 1000};
	struct identity who = person_identity(&named);
	struct ocienv_error error;
	char path[128];

	snprintf(path, sizeof(path), "%s/root", tree->path);
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", "/proc", "tmpfs", 0, "mode=755") != 0)
		return 1;
	rootfs.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ask_library(&rootfs, &who, "/bin/elf", NULL, &error) != 0)
		return 2;
	/* The mode, which is the mask's and the others', refuses one and lets the other. */
	if (ask_library(&rootfs, &who, "/bin/granted", NULL, &error) != OCIENV_ERR_ACCESS)
		return 3;
	return ask_library(&rootfs, &who, "/bin/refused", NULL, &error) ? 4 : 0;
}

static void without_procfs_the_mode_decides(void **state)
{
	struct tree tree;

	(void)state;
	if (geteuid() != 0)
		skip();
	tree_make(&tree);
	build(&tree);
	run_in_child(look_without_proc, &tree);
	tree_remove(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(execve_says_the_same),
		cmocka_unit_test(what_we_may_not_see_is_not_absent),
		cmocka_unit_test(without_procfs_the_mode_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

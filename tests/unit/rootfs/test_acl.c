/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access control lists and noexec, against the kernel: each question is put to a process that
 * has become the identity (faccessat2 with AT_EACCESS in the tree), and to the library.
 */
#define _GNU_SOURCE
#include "leave.h"
#include "unit/rootfs/person.h"
#include "unit/rootfs/tree.h"
#include "unit/unit.h"

#include "rootfs/permission.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/* 0 or an errno for each of the paths below the directory. */
static void ask_kernel(const struct tree *tree, const struct person *person,
		       const char *const *paths, unsigned char *answers, size_t count)
{
	int pipes[2], status;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (fchdir(tree->fd) != 0 || chroot(".") != 0 || !person_become(person))
			leave(1);
		for (size_t i = 0; i < count; i++) {
			long ret = syscall(SYS_faccessat2, AT_FDCWD, paths[i], X_OK, AT_EACCESS);
			unsigned char answer = ret < 0 ? (unsigned char)errno : 0;

			if (write(pipes[1], &answer, 1) != 1)
				leave(2);
		}
		leave(0);
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(read(pipes[0], &answers[i], 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(pipes[0]);
	close(pipes[1]);
}

/* The library's answer to "may it be searched or executed", the walk included. */
static int ask_library(const struct tree *tree, const struct identity *who, const char *path)
{
	struct rootfs rootfs = {.fd = tree->fd};
	struct acl_source acls = {0};
	struct found found;
	struct arena arena;
	int error;

	arena_init(&arena, NULL, 1 << 20);
	error = rootfs_walk(&rootfs, SV("/"), sv_of(path), who, &arena, &found);
	if (!error) {
		error = S_ISDIR(found.st.st_mode)
				? permission_search(who, found.fd, &found.st, &acls)
				: permission_execute(who, found.fd, &found.st);
		close(found.fd);
	}
	arena_free(&arena);
	return error;
}

/* --- a random comparison --------------------------------------------------------------- */

static uint32_t next_random(void)
{
	static uint64_t state = 88172645463325252U;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static const uid_t uids[] = {0, 1000, 1001, 1002};
static const gid_t gids[] = {0, 1000, 2000, 2001, 2002};

static uid_t some_uid(void)
{
	return uids[next_random() % 4];
}

static gid_t some_gid(void)
{
	return gids[next_random() % 5];
}

/* Permissions in which the x bit is as likely as not. */
static unsigned int some_perm(void)
{
	return next_random() & 7;
}

static void some_list(struct list *list)
{
	unsigned int users = next_random() % 3, groups = next_random() % 3;
	bool used[8] = {false};

	list_begin(list);
	list_add(list, TAG_OWNER, some_perm(), UINT32_MAX);
	for (unsigned int i = 0; i < users; i++) {
		unsigned int k = next_random() % 4;

		if (!used[k])
			list_add(list, TAG_USER, some_perm(), uids[k]);
		used[k] = true;
	}
	memset(used, 0, sizeof(used));
	list_add(list, TAG_OWNING_GROUP, some_perm(), UINT32_MAX);
	for (unsigned int i = 0; i < groups; i++) {
		unsigned int k = next_random() % 5;

		if (!used[k])
			list_add(list, TAG_GROUP, some_perm(), gids[k]);
		used[k] = true;
	}
	if (users || groups || next_random() % 2)
		list_add(list, TAG_MASK, some_perm(), UINT32_MAX);
	list_add(list, TAG_OTHER, some_perm(), UINT32_MAX);
}

enum { FILES = 300, PEOPLE = 90 };

static void build_at_random(const struct tree *tree, char names[FILES][16])
{
	for (int i = 0; i < FILES; i++) {
		static struct list list;

		snprintf(names[i], sizeof(names[i]), "/f%d", i);
		if (i % 2)
			tree_dir(tree, names[i], 0);
		else
			tree_text(tree, names[i], 0, "");
		assert_int_equal(fchownat(tree->fd, names[i] + 1, some_uid(), some_gid(), 0), 0);
		assert_int_equal(fchmodat(tree->fd, names[i] + 1, next_random() & 0777, 0), 0);
		some_list(&list);
		if (next_random() % 4)
			list_set(&list, tree, names[i]);
	}
}

static struct person somebody(void)
{
	struct person person = {.gid = some_gid(), .group_count = next_random() % 4};

	static const uint64_t capabilities[] = {
		0, 0, 0, 0, 1 << CAPABILITY_DAC_READ_SEARCH, 1 << CAPABILITY_DAC_OVERRIDE,
	};

	/* uid 0 without capabilities is a user like any other. */
	person.uid = some_uid();
	person.capabilities = capabilities[next_random() % 6];
	for (uint32_t i = 0; i < person.group_count; i++)
		person.groups[i] = some_gid();
	return person;
}

static void the_kernel_gives_the_same_answers(void **state)
{
	static char names[FILES][16];
	static unsigned char answers[FILES];
	const char *paths[FILES];
	unsigned int compared = 0, differ = 0, granted = 0;
	struct tree tree;

	(void)state;
	if (geteuid() != 0)
		skip();
	tree_make(&tree);
	build_at_random(&tree, names);
	for (int i = 0; i < FILES; i++)
		paths[i] = names[i];
	for (int i = 0; i < PEOPLE; i++) {
		struct person person = somebody();
		struct identity who = person_identity(&person);

		ask_kernel(&tree, &person, paths, answers, FILES);
		for (int k = 0; k < FILES; k++) {
			int got = ask_library(&tree, &who, paths[k]);

			compared++;
			granted += !answers[k];
			if (got == answers[k])
				continue;
			differ++;
			printf("%s for uid %u gid %u capabilities %jx: %d, expected %d\n",
			       paths[k], person.uid, person.gid,
			       (uintmax_t)person.capabilities, got, answers[k]);
		}
	}
	printf("%u compared, %u granted, %u differ\n", compared, granted, differ);
	assert_int_equal(differ, 0);
	assert_true(compared >= 20000);
	assert_true(granted > compared / 10 && granted < compared - compared / 10);
	tree_remove(&tree);
}

/* --- bytes that are no list ------------------------------------------------------------ */

static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};
static const struct stat owned_by_root = {.st_mode = S_IFREG | 0777};

static int judge(const struct list *list)
{
	/* A copy of the exact size: what reads behind it is seen by a sanitizer. */
	unsigned char *copy = malloc(list->size ? list->size : 1);
	int error;

	assert_non_null(copy);
	memcpy(copy, list->bytes, list->size);
	error = acl_judge(copy, list->size, &user, &owned_by_root);
	free(copy);
	return error;
}

static void begin_good(struct list *list)
{
	list_begin(list);
	list_add(list, TAG_OWNER, 7, UINT32_MAX);
	list_add(list, TAG_USER, 1, 1000);
	list_add(list, TAG_OWNING_GROUP, 0, UINT32_MAX);
	list_add(list, TAG_MASK, 7, UINT32_MAX);
	list_add(list, TAG_OTHER, 0, UINT32_MAX);
}

static void broken_lists_tell_nothing(void **state)
{
	static struct list list;
	size_t whole;

	(void)state;
	begin_good(&list);
	assert_int_equal(judge(&list), 0);
	whole = list.size;
	for (list.size = 0; list.size < whole; list.size++)
		assert_int_equal(judge(&list), EPERM);
	/* Each byte is either one that does not matter, or makes another list, or none. */
	for (size_t at = 0; at < whole; at++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			int error;

			begin_good(&list);
			list.bytes[at] ^= (unsigned char)(1U << bit);
			error = judge(&list);
			assert_true(!error || error == EPERM || error == EACCES);
			if (at < 4)
				assert_int_equal(error, EPERM);
		}
	}
	list_begin(&list);
	assert_int_equal(judge(&list), EPERM);
	begin_good(&list);
	list_add(&list, TAG_OTHER, 7, UINT32_MAX); /* twice */
	assert_int_equal(judge(&list), EPERM);
	list_begin(&list); /* named, but no mask */
	list_add(&list, TAG_OWNER, 7, UINT32_MAX);
	list_add(&list, TAG_USER, 7, 1000);
	list_add(&list, TAG_OWNING_GROUP, 7, UINT32_MAX);
	list_add(&list, TAG_OTHER, 7, UINT32_MAX);
	assert_int_equal(judge(&list), EPERM);
	list_begin(&list); /* somebody of another user namespace */
	list_add(&list, TAG_OWNER, 7, UINT32_MAX);
	list_add(&list, TAG_USER, 7, UINT32_MAX);
	list_add(&list, TAG_OWNING_GROUP, 7, UINT32_MAX);
	list_add(&list, TAG_MASK, 7, UINT32_MAX);
	list_add(&list, TAG_OTHER, 7, UINT32_MAX);
	assert_int_equal(judge(&list), EPERM);
}

static void random_bytes_are_survived(void **state)
{
	(void)state;
	for (int i = 0; i < 100000; i++) {
		static struct list list;
		int error;

		begin_good(&list);
		list.size = next_random() % (list.size + 8);
		for (int k = 0; k < 3; k++)
			list.bytes[next_random() % 44] = (unsigned char)next_random();
		error = judge(&list);
		assert_true(!error || error == EPERM || error == EACCES);
	}
}

static void long_lists_and_many_groups_are_bounded(void **state)
{
	static uint32_t groups[65536];
	const struct identity many = {
		.known = true, .uid = 1, .gid = 1, .groups = groups, .group_count = 65536};
	static struct list list;

	(void)state;
	list_begin(&list);
	list_add(&list, TAG_OWNER, 7, UINT32_MAX);
	list_add(&list, TAG_OWNING_GROUP, 0, UINT32_MAX);
	while (list.size < ACL_SIZE - 16)
		list_add(&list, TAG_GROUP, 7, 5);
	list_add(&list, TAG_MASK, 7, UINT32_MAX);
	list_add(&list, TAG_OTHER, 7, UINT32_MAX);
	assert_int_equal(list.size, ACL_SIZE);
	assert_int_equal(judge(&list), 0);
	assert_int_equal(acl_judge(list.bytes, list.size, &many, &owned_by_root), EPERM);
	list_add(&list, TAG_OTHER, 7, UINT32_MAX);
	assert_int_equal(judge(&list), EPERM);
}

/* A list that the kernel has and that does not fit: not "there is none". */
static void a_list_that_is_too_long_tells_nothing(void **state)
{
	static unsigned char big[4 + 8 * 300];
	static struct list list;
	struct tree tree;
	char path[128];
	size_t size;

	(void)state;
	if (geteuid() != 0)
		skip();
	tree_make(&tree);
	tree_text(&tree, "/f", 0711, "");
	list_begin(&list);
	list_add(&list, TAG_OWNER, 7, UINT32_MAX);
	memcpy(big, list.bytes, list.size);
	size = list.size;
	for (uint32_t i = 0; i < 290; i++) {
		list.size = 0;
		list_add(&list, TAG_USER, 1, 5000 + i);
		memcpy(big + size, list.bytes, 8);
		size += 8;
	}
	list.size = 0;
	list_add(&list, TAG_OWNING_GROUP, 1, UINT32_MAX);
	list_add(&list, TAG_MASK, 1, UINT32_MAX);
	list_add(&list, TAG_OTHER, 1, UINT32_MAX);
	memcpy(big + size, list.bytes, list.size);
	size += list.size;
	snprintf(path, sizeof(path), "%s/root/f", tree.path);
	assert_int_equal(setxattr(path, "system.posix_acl_access", big, size, 0), 0);
	assert_int_equal(ask_library(&tree, &user, "/f"), EPERM);
	assert_int_equal(ask_library(&tree, &identity_root, "/f"), 0);
	tree_remove(&tree);
}

/* --- mounts ---------------------------------------------------------------------------- */

/* In a child with mounts of its own: 0, or the line that failed. */
static int compare_mounts(struct tree *tree)
{
	static const char *const paths[] = {"/nx", "/nx/x", "/nx/rw", "/ok/x", "/nx/link", "/nx/d"};
	static const struct person people[] = {
		{.uid = 0, .capabilities = 1 << CAPABILITY_DAC_OVERRIDE},
		{.uid = 1000, .gid = 1000},
	};
	unsigned char answers[6];
	char path[128];

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return __LINE__;
	snprintf(path, sizeof(path), "%s/root/nx", tree->path);
	if (mount("none", path, "tmpfs", MS_NOEXEC, "mode=755") != 0)
		return __LINE__;
	/* The descriptor is of the mounts before. */
	snprintf(path, sizeof(path), "%s/root", tree->path);
	tree->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	tree_text(tree, "/nx/x", 0755, "");
	tree_text(tree, "/nx/rw", 0644, "");
	tree_dir(tree, "/nx/d", 0755);
	tree_link(tree, "/nx/link", "../ok/x");
	for (int i = 0; i < 2; i++) {
		struct identity who = person_identity(&people[i]);

		ask_kernel(tree, &people[i], paths, answers, 6);
		if (answers[0] || answers[1] != EACCES || answers[3] || answers[4])
			return __LINE__;
		for (int k = 0; k < 6; k++)
			if (ask_library(tree, &who, paths[k]) != answers[k])
				return __LINE__;
	}
	return 0;
}

static void a_noexec_mount_executes_nothing(void **state)
{
	struct tree tree;
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	tree_make(&tree);
	tree_dir(&tree, "/nx", 0755);
	tree_dir(&tree, "/ok", 0755);
	tree_text(&tree, "/ok/x", 0755, "");
	pid = fork();
	if (pid == 0) {
		int line = compare_mounts(&tree);

		if (line)
			fprintf(stderr, "line %d failed\n", line);
		leave(line != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	tree_remove(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_gives_the_same_answers),
		cmocka_unit_test(broken_lists_tell_nothing),
		cmocka_unit_test(random_bytes_are_survived),
		cmocka_unit_test(long_lists_and_many_groups_are_bounded),
		cmocka_unit_test(a_list_that_is_too_long_tells_nothing),
		cmocka_unit_test(a_noexec_mount_executes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

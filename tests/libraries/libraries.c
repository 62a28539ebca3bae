/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libraries list ROOT PROGRAM CWD UID [LD_LIBRARY_PATH]: what the library makes of a program,
 * one line for each entry: "NAME", its rule, its path, and what is wrong, with tabs between.
 *
 * libraries run ROOT CWD UID PROGRAM NAME=VALUE... -- ARGUMENT...: executes a program in the
 * root, with /proc there, in a mount namespace of its own. Root only.
 */
#define _GNU_SOURCE
#include "rootfs/library.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 2;
}

static void print(const struct library_list *list)
{
	printf("libc=%d readable=%d linked=%d pie=%d secure=%d unsure=%d cut=%d\n", (int)list->libc,
	       list->readable, list->linked, list->pie, list->secure, list->unsure, list->cut);
	for (uint32_t i = 0; i < list->count; i++) {
		const struct library *library = &list->items[i];

		printf("%s\t%s\t%s\t%s\t%s\n", library->name.ptr,
		       library_rule_name(library->rule),
		       library->path.ptr ? library->path.ptr : "-",
		       library->broken ? "broken" : library->unread ? "unread" : "",
		       library->same_as >= 0 || library->rule == LIBRARY_LOADED ? "again" : "");
	}
}

static int list_libraries(char **argv, const char *library_path)
{
	struct rootfs rootfs = {.fd = open(argv[0], O_PATH | O_DIRECTORY | O_CLOEXEC)};
	struct identity who = {.known = true, .uid = (uint32_t)atoi(argv[3])};
	struct library_request request = {.rootfs = &rootfs,
					  .who = &who,
					  .cwd = sv_of(argv[2]),
					  .library_path = sv_of(library_path)};
	struct ocienv_error error = {0};
	struct diag diag = {.error = &error};
	struct library_list list;
	struct found program;
	struct arena arena;
	int32_t status;

	who.gid = who.uid;
	who.capabilities = who.uid ? 0 : UINT64_MAX;
	arena_init(&arena, NULL, 64 << 20);
	if (rootfs.fd < 0)
		return fail(argv[0]);
	status = rootfs_walk(&rootfs, request.cwd, sv_of(argv[1]), &who, &arena, &program);
	if (status) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(status));
		return 2;
	}
	close(program.fd);
	request.program = &program;
	status = library_find(&request, &arena, &diag, (struct mark){0, 0}, &list);
	if (status)
		printf("status %d: %s\n", (int)status, error.message);
	else
		print(&list);
	arena_free(&arena);
	close(rootfs.fd);
	return 0;
}

static int run(int argc, char **argv)
{
	char *env[64], *arguments[64], proc[256];
	uid_t uid = (uid_t)atoi(argv[2]);
	int envc = 0, count = 0, i = 4;

	for (; i < argc && strcmp(argv[i], "--") != 0 && envc < 63; i++)
		env[envc++] = argv[i];
	for (i++; i < argc && count < 63; i++)
		arguments[count++] = argv[i];
	env[envc] = arguments[count] = NULL;
	snprintf(proc, sizeof(proc), "%s/proc", argv[0]);
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("proc", proc, "proc", 0, NULL))
		return fail("the namespace");
	if (chroot(argv[0]) || chdir(argv[1]))
		return fail("the root");
	if (uid && (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
		return fail("the user");
	execve(argv[3], arguments, env);
	return fail(argv[3]);
}

int main(int argc, char **argv)
{
	if (argc >= 6 && strcmp(argv[1], "list") == 0)
		return list_libraries(argv + 2, argc > 6 ? argv[6] : NULL);
	if (argc >= 7 && strcmp(argv[1], "run") == 0)
		return run(argc - 2, argv + 2);
	fprintf(stderr, "usage: libraries list|run ROOT ...\n");
	return 2;
}

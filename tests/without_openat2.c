/* SPDX-License-Identifier: Apache-2.0 */
/*
 * without_openat2 ERRNO COMMAND [ARG...]: runs the command where openat2 fails, as on kernels
 * before 5.6 and in Gramine (ENOSYS), in Occlum (EINVAL) and under seccomp (EPERM). Also:
 * meson test --wrapper 'build/tests/without_openat2 ENOSYS'
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static const struct {
	const char *name;
	unsigned int value;
} errors[] = {{"ENOSYS", ENOSYS}, {"EPERM", EPERM}, {"EINVAL", EINVAL}};

static int usage(void)
{
	(void)fprintf(stderr, "usage: without_openat2 ENOSYS|EPERM|EINVAL COMMAND [ARG...]\n");
	return 2;
}

/* For this process and all that come from it. Who may do without PR_SET_NO_NEW_PRIVS, does. */
static int forbid(unsigned int error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = 4, .filter = filter};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
	size_t i = 0, count = sizeof(errors) / sizeof(errors[0]);

	while (argc > 2 && i < count && strcmp(argv[1], errors[i].name) != 0)
		i++;
	if (argc < 3 || i == count)
		return usage();
	if (forbid(errors[i].value) < 0) {
		perror("without_openat2: seccomp");
		return 1;
	}
	errno = 0;
	if (syscall(SYS_openat2, -1, "", NULL, 0) != -1 || errno != (int)errors[i].value) {
		(void)fprintf(stderr, "without_openat2: openat2 still works\n");
		return 1;
	}
	(void)execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}

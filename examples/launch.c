/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch [--show] BLOB [ROOTFS]: the pinned launcher.
 *
 * In a LibOS the host chooses the program, its arguments and its environment at will, as
 * long as the program is this one. So this one takes nothing from the host: a verified
 * CONFIG blob says what is executed, with which arguments, environment, working directory
 * and user. It needs libocienv-boot and libc, and parses neither JSON nor YAML.
 *
 * Here the kernel and chroot stand in for the LibOS. Under Occlum take_identity() is left
 * out (there is only uid 0), ROOTFS is what system call 363 mounted, and the struct that
 * --show prints is the argument of that call.
 *
 * Exit status: 1 the blob or the system refuses, 2 usage, 126 the program cannot be
 * executed, 127 it is not there; else that of the program.
 */
#define _GNU_SOURCE
#include <ocienv/boot.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Noreturn void die(int status, const char *what, const char *why)
{
	fprintf(stderr, "launch: %s: %s\n", what, why);
	exit(status);
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		die(1, "memory", strerror(ENOMEM));
	return memory;
}

/* Whose file system is in user space may say EINTR for ever. */
enum { INTERRUPTED_MOST = 100 };

/* Into memory of our own: whoever can write to the file cannot change what was checked. */
static void *read_blob(const char *path, size_t *ret_size)
{
	struct stat st;
	uint8_t *bytes;
	unsigned int interrupted = 0;
	size_t have = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		die(1, path, strerror(errno));
	if (!S_ISREG(st.st_mode) || (uintmax_t)st.st_size > OCIENV_BOOT_MAX_SIZE)
		die(1, path, "not a regular file, or too large");
	bytes = allocate((size_t)st.st_size + 1, 1);
	while (have < (size_t)st.st_size) {
		ssize_t n = read(fd, bytes + have, (size_t)st.st_size - have);

		if (n < 0 && errno == EINTR && ++interrupted < INTERRUPTED_MOST)
			continue;
		if (n < 0)
			die(1, path, strerror(errno));
		if (n == 0)
			break;
		have += (size_t)n;
	}
	close(fd);
	*ret_size = have;
	return bytes;
}

/* One line whatever the string holds: a line feed in it must not look like another value. */
static void show(const char *label, const char *text, size_t length)
{
	printf("%s", label);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f || c == '\\')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	putchar('\n');
}

static void show_path(const char *label, const char *path)
{
	path = path ? path : "NULL";
	show(label, path, strlen(path));
}

static void show_all(const struct ocienv_boot *boot, char *const *argv,
		     const struct ocienv_boot_user *user)
{
	struct ocienv_occlum_rootfs_config occlum;
	size_t capacity = ocienv_boot_envc(boot) + 1;
	char **scratch = allocate(capacity, sizeof(*scratch));

	if (ocienv_boot_occlum(boot, &occlum, scratch, capacity) != OCIENV_BOOT_OK)
		die(1, "blob", "not for Occlum: a string is not UTF-8");

	show_path("exec: ", ocienv_boot_exec(boot));
	for (size_t i = 0; argv[i]; i++)
		show_path("argv: ", argv[i]);
	show_path("cwd: ", ocienv_boot_cwd(boot));
	printf("uid: %u\ngid: %u\n", user->uid, user->gid);
	printf("umask: %04o\ngroups:", user->umask);
	for (uint32_t i = 0; i < user->group_count; i++)
		printf(" %u", ocienv_boot_group(user, i));
	printf("\nstruct user_rootfs_config (Occlum, system call 363):\n");
	printf("  len: %zu\n", occlum.len);
	show_path("  upper_layer_path: ", occlum.upper_layer_path);
	show_path("  lower_layer_path: ", occlum.lower_layer_path);
	show_path("  entry_point: ", occlum.entry_point);
	show_path("  hostfs_source: ", occlum.hostfs_source);
	show_path("  hostfs_target: ", occlum.hostfs_target);
	printf("  envp: %zu variables (values can be secrets)\n", capacity - 1);
	for (size_t i = 0; occlum.envp[i]; i++)
		show("    ", occlum.envp[i], strcspn(occlum.envp[i], "="));
	free(scratch);
}

/* A descriptor of the host's file system would be a way out of the new root. */
static void close_descriptors(void)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
		return;
#endif
	for (long fd = 3, end = sysconf(_SC_OPEN_MAX); fd < end; fd++)
		close((int)fd);
}

/* Groups first, as nothing of this is allowed any more once the uid has changed. */
static void take_identity(const struct ocienv_boot_user *user)
{
	gid_t *groups = allocate((size_t)user->group_count + 1, sizeof(*groups));

	for (uint32_t i = 0; i < user->group_count; i++)
		groups[i] = ocienv_boot_group(user, i);
	if (setgroups(user->group_count, groups) < 0)
		die(1, "setgroups", strerror(errno));
	if (setgid(user->gid) < 0)
		die(1, "setgid", strerror(errno));
	if (setuid(user->uid) < 0)
		die(1, "setuid", strerror(errno));
	if (getuid() != user->uid || geteuid() != user->uid || getgid() != user->gid ||
	    getegid() != user->gid || (user->uid != 0 && setuid(0) == 0))
		die(1, "user", "the change did not hold");
	free(groups);
}

int main(int argc, char **args)
{
	int only_show = argc > 1 && strcmp(args[1], "--show") == 0;
	const char *root, *exec;
	struct ocienv_boot boot;
	struct ocienv_boot_user user;
	static char **argv, **envp; /* these three live until the end of the process */
	static void *blob;
	size_t size, argv_size, envp_size;

	args += only_show;
	argc -= only_show;
	if (argc < 2 || argc > 3 || args[1][0] == '-')
		die(2, "usage", "launch [--show] BLOB [ROOTFS]");
	root = args[2]; /* NULL without ROOTFS */
	blob = read_blob(args[1], &size);
	if (ocienv_boot_open(&boot, blob, size) != OCIENV_BOOT_OK)
		die(1, args[1], "not a canonical CONFIG blob");
	exec = ocienv_boot_exec(&boot);
	if (!exec || ocienv_boot_user(&boot, &user) != OCIENV_BOOT_OK)
		die(1, args[1], "made without a rootfs: it names no program or user");
	argv_size = ocienv_boot_argc(&boot) + 1;
	envp_size = ocienv_boot_envc(&boot) + 1;
	argv = allocate(argv_size, sizeof(*argv));
	envp = allocate(envp_size, sizeof(*envp));
	if (ocienv_boot_argv(&boot, argv, argv_size) != OCIENV_BOOT_OK ||
	    ocienv_boot_envp(&boot, envp, envp_size) != OCIENV_BOOT_OK)
		die(1, args[1], "argv or envp cannot be read");

	if (only_show) {
		show_all(&boot, argv, &user);
		return fflush(stdout) ? 1 : 0;
	}
	close_descriptors();
	if (root && (chroot(root) < 0 || chdir("/") < 0))
		die(1, root, strerror(errno));
	take_identity(&user);
	umask((mode_t)user.umask);
	if (chdir(ocienv_boot_cwd(&boot)) < 0)
		die(1, ocienv_boot_cwd(&boot), strerror(errno));
	execve(exec, argv, envp);
	die(errno == ENOENT ? 127 : 126, exec, strerror(errno));
}

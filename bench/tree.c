/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "tree.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static char folder[] = "/tmp/ocienv-bench-XXXXXX";

static bool write_program(int fd)
{
	Elf64_Ehdr header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
			     .e_type = ET_EXEC,
			     .e_machine = EM_X86_64,
			     .e_version = EV_CURRENT,
			     .e_phoff = sizeof(header),
			     .e_ehsize = sizeof(header),
			     .e_phentsize = sizeof(Elf64_Phdr),
			     .e_phnum = 1};
	Elf64_Phdr segment = {.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000};

	return write(fd, &header, sizeof(header)) == sizeof(header) &&
	       write(fd, &segment, sizeof(segment)) == sizeof(segment) && fchmod(fd, 0755) == 0;
}

int tree_make(void)
{
	static const char *const dirs[] = {"usr", "usr/bin", "usr/sbin", "usr/local",
					   "usr/local/bin", "usr/local/sbin", "data", "etc"};
	int dir, fd, failed = 0;

	if (!mkdtemp(folder) || chmod(folder, 0755))
		return -1;
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		failed |= mkdirat(dir, dirs[i], 0755);
	failed |= symlinkat("usr/bin", dir, "bin") | symlinkat("usr/sbin", dir, "sbin");
	failed |= symlinkat("dash", dir, "usr/bin/sh");
	fd = openat(dir, "usr/bin/dash", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	failed |= (write_program(fd) ? 0 : 1) | close(fd);
	return failed ? -1 : dir;
}

static int open_in(int dir, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(unsigned int)(flags | O_CLOEXEC),
			       .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS |
					  RESOLVE_NO_SYMLINKS};

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

bool tree_calls(int dir)
{
	static const char *const missing[] = {"/etc/passwd", "/etc/group", "/usr/local/sbin/dash",
					      "/usr/local/bin/dash", "/usr/sbin/dash"};
	static const char program[] = "/usr/bin/dash";
	char head[1024];
	struct statfs fs;
	struct stat st;
	int found, fd;
	bool good = fstat(dir, &st) == 0 && fstatat(dir, "data", &st, AT_SYMLINK_NOFOLLOW) == 0;

	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		good = open_in(dir, missing[i], O_PATH) < 0 && errno == ENOENT && good;
	found = open_in(dir, program, O_PATH | O_NOFOLLOW);
	good = fstat(found, &st) == 0 && fstatfs(found, &fs) == 0 && good;
	fd = open_in(dir, program, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	good = fstat(fd, &st) == 0 && st.st_size <= (off_t)sizeof(head) &&
	       pread(fd, head, (size_t)st.st_size, 0) == st.st_size && good;
	return close(fd) == 0 && close(found) == 0 && good;
}

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(name);
}

void tree_remove(int dir)
{
	if (dir >= 0)
		(void)close(dir);
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

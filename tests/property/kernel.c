/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "property/kernel.h"

#include "rootfs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DAC = 1 << CAPABILITY_DAC_OVERRIDE | 1 << CAPABILITY_DAC_READ_SEARCH };

bool kernel_can_be_asked(void)
{
	return geteuid() == 0 && openat2_works();
}

bool kernel_protects_links(void)
{
	int fd = open("/proc/sys/fs/protected_symlinks", O_RDONLY | O_CLOEXEC);
	char digit = '0';

	if (fd >= 0 && read(fd, &digit, 1) != 1)
		digit = '0';
	if (fd >= 0)
		close(fd);
	return digit == '1';
}

static void end(const char *what)
{
	perror(what);
	exit(1);
}

/* The thread's, of which there is one. */
static void set_capabilities(uint32_t dac)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		end("capget");
	data[0].effective = (data[0].effective & ~(uint32_t)DAC) | (data[0].permitted & dac);
	if (syscall(SYS_capset, &header, data) < 0)
		end("capset");
}

/* Files are opened as this user; all else stays as it is. */
static void become(const struct identity *who)
{
	static gid_t groups[16];

	for (uint32_t i = 0; i < who->group_count; i++)
		groups[i] = who->groups[i];
	if (setgroups(who->group_count, groups) < 0)
		end("setgroups");
	(void)setfsgid(who->gid);
	(void)setfsuid(who->uid);
	set_capabilities((uint32_t)who->capabilities & DAC);
}

int kernel_resolve(int root, const char *path, const struct identity *who, bool beneath,
		   struct stat *ret)
{
	static const struct identity back = {.known = true, .capabilities = UINT64_MAX};
	struct open_how how = {.flags = O_PATH | O_CLOEXEC,
			       .resolve = RESOLVE_NO_MAGICLINKS |
					  (beneath ? RESOLVE_BENEATH : RESOLVE_IN_ROOT)};
	int error = EAGAIN, fd = -1;

	become(who);
	/* Somebody renames somewhere, and the kernel is not sure about a "..". */
	for (int i = 0; i < 1000 && error == EAGAIN; i++) {
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
		error = fd < 0 ? errno : 0;
	}
	become(&back);
	if (!error && fstat(fd, ret) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	return error;
}

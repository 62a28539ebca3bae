/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's rules of search and execute permission, for an identity that is not ours.
 *
 * Must never ask the kernel with our own credentials (access, faccessat): that answers
 * another question. Capabilities, mode bits, groups, access control lists and the mount's
 * noexec are what decides.
 */
#define _GNU_SOURCE
#include "rootfs/permission.h"

#include "rootfs/outcome.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

enum { ANY_X = S_IXUSR | S_IXGRP | S_IXOTH };

const struct identity identity_root = {.known = true, .capabilities = UINT64_MAX};

static bool capable(const struct identity *who, unsigned int capability)
{
	return who->known && (who->capabilities >> capability & 1);
}

bool permission_in_group(const struct identity *who, uint32_t gid)
{
	if (who->gid == gid)
		return true;
	for (uint32_t i = 0; i < who->group_count; i++)
		if (who->groups[i] == gid)
			return true;
	return false;
}

bool permission_searches_all(const struct identity *who)
{
	return capable(who, CAPABILITY_DAC_OVERRIDE) ||
	       capable(who, CAPABILITY_DAC_READ_SEARCH);
}

static int by_mode(const struct identity *who, const struct stat *st)
{
	unsigned int others = st->st_mode & S_IXOTH, group = st->st_mode & S_IXGRP;

	if (!others == !group)
		return others ? 0 : EACCES;
	return permission_in_group(who, st->st_gid) == !!group ? 0 : EACCES;
}

/*
 * acl_permission_check() of fs/namei.c. The first class that matches decides: the owner of
 * 0077 may not, whatever the others may, and lists do not matter to the owner. Where there is
 * a list, the group's bits are its mask; without any of them the kernel does not look at it.
 */
static int class_may(const struct identity *who, int fd, const struct stat *st,
		     struct acl_source *acls)
{
	unsigned char list[ACL_SIZE];
	size_t size = 0;
	int error = 0;

	if (who->uid == st->st_uid)
		return st->st_mode & S_IXUSR ? 0 : EACCES;
	if (!(st->st_mode & (S_IXGRP | S_IXOTH)))
		return EACCES; /* a list could not grant it */
	if (fd >= 0 && st->st_mode & S_IRWXG)
		error = acl_read(acls, fd, list, &size);
	if (error)
		return error;
	return size ? acl_judge(list, size, who, st) : by_mode(who, st);
}

int permission_search(const struct identity *who, int fd, const struct stat *directory,
		      struct acl_source *acls)
{
	if (!who->known)
		return directory->st_mode & ANY_X ? 0 : EACCES;
	return permission_searches_all(who) ? 0 : class_may(who, fd, directory, acls);
}

/* A LibOS has no mounts that forbid it, and answers with zeros or not at all. */
static int check_mount(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) == 0)
		return (unsigned long)fs.f_flags & ST_NOEXEC ? EACCES : 0;
	return errno == ENOSYS ? 0 : outcome_ours(errno);
}

/* CAP_DAC_OVERRIDE wants one x bit, anybody's. uid 0 without it is an ordinary user. */
int permission_execute(const struct identity *who, int fd, const struct stat *file)
{
	struct acl_source acls = {0};
	int error;

	if (!who->known || capable(who, CAPABILITY_DAC_OVERRIDE))
		error = file->st_mode & ANY_X ? 0 : EACCES;
	else
		error = class_may(who, fd, file, &acls);
	if (!error && fd >= 0 && S_ISREG(file->st_mode))
		error = check_mount(fd);
	return error;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's rules of search and execute permission, for an identity that is not ours.
 *
 * Must never ask the kernel with our own credentials (access, faccessat): that answers
 * another question. Mode bits, groups and capabilities are what is known here. POSIX ACLs
 * replace class_may_execute(), mount options (noexec) come on top of permission_execute().
 */
#define _GNU_SOURCE
#include "rootfs/permission.h"

enum { ANY_X = S_IXUSR | S_IXGRP | S_IXOTH };

const struct identity identity_root = {.known = true, .capabilities = UINT64_MAX};

static bool capable(const struct identity *who, unsigned int capability)
{
	return who->known && (who->capabilities >> capability & 1);
}

static bool in_group(const struct identity *who, gid_t gid)
{
	if (who->gid == gid)
		return true;
	for (uint32_t i = 0; i < who->group_count; i++)
		if (who->groups[i] == gid)
			return true;
	return false;
}

/* The first class that matches decides: the owner of 0077 may not, whatever the others may. */
static bool class_may_execute(const struct identity *who, const struct stat *st)
{
	if (who->uid == st->st_uid)
		return st->st_mode & S_IXUSR;
	if (in_group(who, st->st_gid))
		return st->st_mode & S_IXGRP;
	return st->st_mode & S_IXOTH;
}

bool permission_searches_all(const struct identity *who)
{
	return capable(who, CAPABILITY_DAC_OVERRIDE) ||
	       capable(who, CAPABILITY_DAC_READ_SEARCH);
}

bool permission_search(const struct identity *who, const struct stat *directory)
{
	if (!who->known)
		return directory->st_mode & ANY_X;
	return permission_searches_all(who) || class_may_execute(who, directory);
}

/* CAP_DAC_OVERRIDE wants one x bit, anybody's. uid 0 without it is an ordinary user. */
bool permission_execute(const struct identity *who, const struct stat *file)
{
	if (!who->known || capable(who, CAPABILITY_DAC_OVERRIDE))
		return file->st_mode & ANY_X;
	return class_may_execute(who, file);
}

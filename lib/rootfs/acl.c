/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access control lists: the attribute system.posix_acl_access, and posix_acl_permission() of
 * fs/posix_acl.c for an identity that is not ours.
 *
 * Must never take a list that cannot be read or understood for none: a list may close what
 * the mode leaves open, and open what it closes.
 */
#define _GNU_SOURCE
#include "rootfs/acl.h"

#include "rootfs/outcome.h"
#include "rootfs/permission.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

/* Of the thread, not of the process: a thread may have descriptors of its own. */
#define DESCRIPTORS "/proc/thread-self/fd"

/* fgetxattr() refuses O_PATH, so procfs it must be, and no other file system in its place. */
static int find_source(struct acl_source *source)
{
	struct statfs fs;
	int error = statfs(DESCRIPTORS, &fs) < 0 ? errno : 0;

	/* In a LibOS, or without procfs, there is no way to a list: the mode decides. */
	if (error && error != ENOENT && error != ENOTDIR && error != ENOSYS)
		return outcome_ours(error);
	source->asked = true;
	source->there = !error && fs.f_type == PROC_SUPER_MAGIC;
	return 0;
}

int acl_read(struct acl_source *source, int fd, unsigned char buffer[ACL_SIZE], size_t *size)
{
	char path[sizeof(DESCRIPTORS) + 16];
	int error = source->asked ? 0 : find_source(source);
	ssize_t n;

	*size = 0;
	if (error || !source->there)
		return error;
	(void)snprintf(path, sizeof(path), DESCRIPTORS "/%d", fd);
	n = getxattr(path, "system.posix_acl_access", buffer, ACL_SIZE);
	if (n >= 0) {
		*size = (size_t)n;
		return 0;
	}
	if (errno == ENODATA || errno == EOPNOTSUPP || errno == ENOSYS)
		return 0;
	return errno == ERANGE ? EPERM : outcome_ours(errno);
}

/* The attribute's form: a version, then entries of a tag, permissions and an id, all in the
 * order of the least significant byte first. */
enum { VERSION = 2, HEADER = 4, ENTRY = 8, EXECUTE = 1 };

enum tag {
	TAG_OWNER = 0x01,
	TAG_USER = 0x02,
	TAG_OWNING_GROUP = 0x04,
	TAG_GROUP = 0x08,
	TAG_MASK = 0x10,
	TAG_OTHER = 0x20,
};

struct entry {
	unsigned int tag;
	bool execute;
	uint32_t id;
};

static uint32_t number_at(const unsigned char *p, unsigned int bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

static struct entry entry_at(const unsigned char *list, size_t i)
{
	const unsigned char *p = list + HEADER + i * ENTRY;

	return (struct entry){number_at(p, 2), p[2] & EXECUTE, number_at(p + 4, 4)};
}

/* An id of all ones is one that has no name in our user namespace: it may be anybody's. */
static bool is_valid(const unsigned char *list, size_t count)
{
	static const struct {
		unsigned int tag, next; /* which may follow */
	} order[] = {
		{TAG_OWNER, TAG_USER | TAG_OWNING_GROUP},
		{TAG_USER, TAG_USER | TAG_OWNING_GROUP},
		{TAG_OWNING_GROUP, TAG_GROUP | TAG_MASK | TAG_OTHER},
		{TAG_GROUP, TAG_GROUP | TAG_MASK},
		{TAG_MASK, TAG_OTHER},
		{TAG_OTHER, 0},
	};
	unsigned int allowed = TAG_OWNER;
	bool named = false, masked = false;

	for (size_t i = 0; i < count; i++) {
		struct entry entry = entry_at(list, i);
		size_t at = 0;

		while (at < sizeof(order) / sizeof(order[0]) && order[at].tag != entry.tag)
			at++;
		if (at == sizeof(order) / sizeof(order[0]) || !(allowed & entry.tag) ||
		    number_at(list + HEADER + i * ENTRY + 2, 2) > 7)
			return false;
		allowed = order[at].next;
		masked |= entry.tag == TAG_MASK;
		if (entry.tag != TAG_USER && entry.tag != TAG_GROUP)
			continue;
		named = true;
		if (entry.id == UINT32_MAX)
			return false;
	}
	return count && !allowed && (masked || !named);
}

/* What the mask leaves of an entry that is not the owner's and not the others'. */
static int masked(const unsigned char *list, size_t count, struct entry entry)
{
	struct entry mask = entry_at(list, count - 2);

	return entry.execute && (mask.tag != TAG_MASK || mask.execute) ? 0 : EACCES;
}

static int judge(const unsigned char *list, size_t count, const struct identity *who,
		 const struct stat *st)
{
	struct entry others = entry_at(list, count - 1);
	bool member = false;

	/* Users come first, and the first that is `who` decides. */
	for (size_t i = 0; i < count; i++) {
		struct entry entry = entry_at(list, i);
		bool group = entry.tag == TAG_OWNING_GROUP || entry.tag == TAG_GROUP;

		if (entry.tag == TAG_USER && entry.id == who->uid)
			return masked(list, count, entry);
		if (!group || !permission_in_group(who, entry.tag == TAG_GROUP ? entry.id
									       : st->st_gid))
			continue;
		member = true;
		if (entry.execute) /* any group that grants will do */
			return masked(list, count, entry);
	}
	return !member && others.execute ? 0 : EACCES;
}

int acl_judge(const unsigned char *list, size_t size, const struct identity *who,
	      const struct stat *st)
{
	size_t count = size < HEADER ? 0 : (size - HEADER) / ENTRY;

	if (count > ACL_ENTRIES || size != HEADER + count * ENTRY ||
	    number_at(list, HEADER) != VERSION || !is_valid(list, count))
		return EPERM;
	if (count * who->group_count > ACL_COMPARISONS)
		return EPERM;
	return judge(list, count, who, st);
}

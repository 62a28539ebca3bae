/* SPDX-License-Identifier: Apache-2.0 */
/* POSIX access control lists, as the kernel reads them out of an extended attribute. */
#ifndef OCIENV_ROOTFS_ACL_H
#define OCIENV_ROOTFS_ACL_H

#include "rootfs/rootfs.h"

enum {
	ACL_ENTRIES = 255, /* the most that are read */
	ACL_SIZE = 4 + 8 * ACL_ENTRIES,
	ACL_COMPARISONS = 1 << 18, /* of an entry with a group of the user, at most */
};

/* Can lists be read in this process? Asked once for a walk; starts as zeros. */
struct acl_source {
	bool asked, there;
};

/*
 * The list of an open file (O_PATH will do) in `buffer`; *size 0: the file has none, or there
 * are none here. Returns 0 or a positive errno in the words of rootfs_walk(); EPERM: whether
 * there is one is not known, or it is larger than the buffer.
 */
int acl_read(struct acl_source *source, int fd, unsigned char buffer[ACL_SIZE], size_t *size);

/*
 * May `who`, who is not the owner, execute or search a file with this list? Pure. Returns 0,
 * EACCES, or EPERM: it is not a list that the kernel would have taken.
 */
int acl_judge(const unsigned char *list, size_t size, const struct identity *who,
	      const struct stat *st);

#endif

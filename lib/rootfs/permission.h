/* SPDX-License-Identifier: Apache-2.0 */
/* May this user search that directory, execute that file? Asks the stat, the file's access
 * control list and its mount, never the kernel's opinion of us. */
#ifndef OCIENV_ROOTFS_PERMISSION_H
#define OCIENV_ROOTFS_PERMISSION_H

#include "rootfs/acl.h"

/* root as a runtime starts with: every capability. */
extern const struct identity identity_root;

/* True if no directory is closed to `who`, so that none need be looked at. */
bool permission_searches_all(const struct identity *who);

/* Is that `who`'s group, or one of the supplementary ones? */
bool permission_in_group(const struct identity *who, uint32_t gid);

/*
 * May `who` look up a name in the directory? `fd` is the directory, open in any way; -1: the
 * mode alone decides, as in a LibOS. Returns 0, EACCES: no; EPERM: that cannot be told; or
 * another errno of a system call that failed. One call at most where a list could matter,
 * none for who searches all; one more for the first directory that `acls` is used for.
 */
int permission_search(const struct identity *who, int fd, const struct stat *directory,
		      struct acl_source *acls);

/*
 * May `who` execute the file (as far as the file and its mount decide; not its directories)?
 * Returns as permission_search(). One call for the mount, of a file that is executable else.
 */
int permission_execute(const struct identity *who, int fd, const struct stat *file);

#endif

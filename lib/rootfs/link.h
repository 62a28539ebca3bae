/* SPDX-License-Identifier: Apache-2.0 */
/* May a link be followed, and where does it lead? */
#ifndef OCIENV_ROOTFS_LINK_H
#define OCIENV_ROOTFS_LINK_H

#include "rootfs/components.h"

#include <sys/types.h>

/* fs.protected_symlinks: in a directory where everybody may put links and nobody may take
 * those of others away, only one's own and those of the directory's owner are followed. */
bool link_is_trusted(const struct identity *who, const struct stat *link,
		     const struct stat *directory);

/* EXDEV: the link is of procfs. ELOOP: its mount lets no link be followed. */
int link_mount_refuses(int fd);

/* The target, at most PATH_MAX bytes; -1: see errno, EAGAIN if it is another link by now. */
ssize_t link_read(const struct entry *link, int dir, const char *name, char *buffer);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* May a link be followed, and where does it lead? */
#ifndef OCIENV_ROOTFS_LINK_H
#define OCIENV_ROOTFS_LINK_H

#include "rootfs/components.h"

#include <sys/types.h>

/* EXDEV: the link is of procfs. */
int link_mount_refuses(int fd);

/* The target, at most PATH_MAX bytes; -1: see errno, EAGAIN if it is another link by now. */
ssize_t link_read(const struct entry *link, int dir, const char *name, char *buffer);

#endif

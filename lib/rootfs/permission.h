/* SPDX-License-Identifier: Apache-2.0 */
/* May this user search that directory, execute that file? Pure: asks the stat, not the kernel. */
#ifndef OCIENV_ROOTFS_PERMISSION_H
#define OCIENV_ROOTFS_PERMISSION_H

#include "rootfs/rootfs.h"

/* root as a runtime starts with: every capability. */
extern const struct identity identity_root;

/* True if no directory is closed to `who`, so that none need be looked at. */
bool permission_searches_all(const struct identity *who);

/* May `who` look up a name in the directory? */
bool permission_search(const struct identity *who, const struct stat *directory);

/* May `who` execute the file (as far as the file decides; not its directories)? */
bool permission_execute(const struct identity *who, const struct stat *file);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's own answer to a question. */
#ifndef OCIENV_TESTS_KERNEL_H
#define OCIENV_TESTS_KERNEL_H

#include "rootfs/rootfs.h"

/* False: not by this user, or there is no openat2. */
bool kernel_can_be_asked(void);

/* fs.protected_symlinks */
bool kernel_protects_links(void);

/* Resolves in the root, or beneath it, as that user; 0 and the file's stat, or the errno. */
int kernel_resolve(int root, const char *path, const struct identity *who, bool beneath,
		   struct stat *ret);

#endif

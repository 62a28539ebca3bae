/* SPDX-License-Identifier: Apache-2.0 */
/* Links followed by their text, as programs do that must not be led out of a root. */
#ifndef OCIENV_ROOTFS_LEXICAL_H
#define OCIENV_ROOTFS_LEXICAL_H

#include "rootfs/rootfs.h"

/*
 * The absolute path in the root that is left when every link of `path` is written out: ".."
 * takes away the name before it even if that is a file or is not there, a name that is not
 * there is no link, and a slash at the end says nothing. Go's filepath-securejoin (CRI-O) and
 * docker do so. The path need not exist.
 *
 * Steps are taken off *steps. Returns 0 or a positive errno: ELOOP (more than 255 links),
 * ENAMETOOLONG (4,096 bytes or names), ENOMEM, E2BIG, and those of rootfs_walk() for a directory
 * that cannot be looked into.
 */
int lexical_join(const struct rootfs *rootfs, struct sv path, uint32_t *steps,
		 struct arena *arena, struct sv *ret);

#endif

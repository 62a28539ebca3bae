/* SPDX-License-Identifier: Apache-2.0 */
/* Path strings, without a look at any file. Pure. */
#ifndef OCIENV_ROOTFS_PATHNAME_H
#define OCIENV_ROOTFS_PATHNAME_H

#include "base/arena.h"

/* The next component of *rest and what is behind it; false at the end. Slashes are skipped. */
bool pathname_next(struct sv *rest, struct sv *ret);

/* directory + "/" + name, ended by NUL. ptr NULL: no memory. */
struct sv pathname_join(struct arena *arena, struct sv directory, struct sv name);

/* Drops "." components and doubled slashes in place, keeps "..": the file meant stays the
 * same. A slash at the end goes as well. Returns the new length. */
size_t pathname_squeeze(char *path, size_t len);

/* Go's filepath.Clean in place: ".." is taken off by the name before it, which means another
 * file where that name is a link. Returns the new length; never longer, "" becomes ".". The
 * buffer has room for one byte at least. */
size_t pathname_clean(char *path, size_t len);

/* The canonical name of a path from the root that passes no link: there taking ".." off the
 * string is what the kernel does. ptr NULL: no memory. */
struct sv pathname_canonical(struct arena *arena, struct sv path);

/* What stands behind the last slash, or all of it. */
struct sv pathname_last(struct sv path);

/* True if the path, were there no links, would pass a "proc" in the root. */
bool pathname_enters_proc(struct sv path);

#endif

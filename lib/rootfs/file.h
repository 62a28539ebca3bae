/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a file that a walk has found. */
#ifndef OCIENV_ROOTFS_FILE_H
#define OCIENV_ROOTFS_FILE_H

#include "rootfs/rootfs.h"

#include <sys/types.h>

/* Opens the found file, which must be a regular one, for reading. A positive errno in *error
 * and -1: EAGAIN if another file has its name by now. Never blocks. */
int file_open(const struct rootfs *rootfs, const struct found *found, int *error);

/* Opens "/a/b" below a directory, component by component, following no link; the last one
 * with `flags`. A positive errno in *error and -1: it cannot. */
int file_descend(int from, struct sv path, int flags, int *error);

/* Reads `size` bytes at `offset`, fewer at the end; -1: see errno. */
ssize_t file_read(int fd, void *buffer, size_t size, uint64_t offset);

/* The same of a file that is said to end at `end`: one that does is not asked for more. */
ssize_t file_read_until(int fd, void *buffer, size_t size, uint64_t offset, uint64_t end);

/* All of them: 0, ENOEXEC if the file ends before, or the errno of what failed. */
int file_read_all(int fd, void *buffer, size_t size, uint64_t offset);

/* Reads what there is at the start of a file of that size, at most `room` bytes, with zeros
 * behind it. -1: errno says why. */
ssize_t file_read_start(int fd, const struct stat *st, void *buffer, size_t room);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Builds a directory tree for a test, and takes it away again. */
#ifndef OCIENV_TESTS_TREE_H
#define OCIENV_TESTS_TREE_H

#include "rootfs/rootfs.h"

struct tree {
	char path
		[64]; /* of the directory made; the root is below it, so that a file beside
			* the root is there to be not found */
	int fd;	      /* the root */
};

void tree_make(struct tree *tree);
void tree_remove(struct tree *tree);

/* Paths below are absolute in the tree; parents must be there. A failure ends the test. */
void tree_dir(const struct tree *tree, const char *path, unsigned int mode);
void tree_file(const struct tree *tree, const char *path, unsigned int mode,
	       const void *bytes, size_t len);
void tree_text(const struct tree *tree, const char *path, unsigned int mode,
	       const char *text);
void tree_link(const struct tree *tree, const char *path, const char *target);
void tree_fifo(const struct tree *tree, const char *path, unsigned int mode);
void tree_node(const struct tree *tree, const char *path, unsigned int type,
	       unsigned int mode, unsigned int major, unsigned int minor);
void tree_own(const struct tree *tree, const char *path, unsigned int uid,
	      unsigned int gid);

enum { TREE_ELF = 512 };

/* A small static ELF program in `buffer` (TREE_ELF bytes), with PT_INTERP if not NULL. */
size_t tree_elf(unsigned char *buffer, const char *interp);

/* Open descriptors of this process. */
int open_descriptors(void);

#endif

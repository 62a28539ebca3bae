/* SPDX-License-Identifier: Apache-2.0 */
/* Random trees with all that makes a path hard, and random paths in them. */
#ifndef OCIENV_TESTS_FOREST_H
#define OCIENV_TESTS_FOREST_H

#include "base/sv.h"

#include <limits.h>
#include <sys/stat.h>

enum { NODES = 400, TEXT = 2 * PATH_MAX };

struct node {
	unsigned int parent;
	char name[NAME_MAX + 1];
	mode_t type;
	int fd; /* of a directory */
	ino_t inode;
};

struct forest {
	uint64_t random;
	unsigned int count; /* of nodes; the first is the root */
	struct node nodes[NODES];
	bool sticky; /* there is a directory whose links are protected */
	bool shaft;  /* the second node is the first of many directories in each other */
};

/* Grows a tree in the empty directory `fd`, which stays the caller's. False: see errno. */
bool forest_grow(struct forest *forest, int fd, uint64_t seed);

/* Takes it away again. */
bool forest_cut(struct forest *forest);

/* A path of less than PATH_MAX bytes, nearly always. */
struct sv forest_path(struct forest *forest, char text[TEXT]);

/* The path without links of the file with this inode, in as many bytes as it takes; ptr NULL:
 * there is none, or it is too long. */
struct sv forest_canonical(const struct forest *forest, ino_t inode, char *text, size_t size);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Lets the kernel execute a file of a tree, and says what became of it. Root only. */
#ifndef OCIENV_TESTS_REALLY_H
#define OCIENV_TESTS_REALLY_H

#include "rootfs/rootfs.h"
#include "unit/rootfs/tree.h"

/* What execve did. */
struct really {
	int error;	 /* of execve; 0: the old program is gone */
	bool crashed;	 /* and the new one did not get far */
	size_t len;	 /* of argv as show_argv saw it, each with a NUL */
	char argv[8192];
};

/* The file of show_argv, to be put into trees. */
struct show_argv {
	unsigned char *bytes;
	size_t len;
};

void show_argv_load(struct show_argv *ret, const char *path);

/* execve(path, {"zero", "one"}) in the tree, from `cwd`, as that user. */
void really_execute(const struct tree *tree, const char *cwd, const char *path, unsigned int uid,
		    struct really *ret);

/* The argv that a foretelling means, laid out as in struct really; 0: it does not fit. */
size_t really_expect(const struct lookup_result *told, const char *path, char *buffer,
		     size_t size);

#endif

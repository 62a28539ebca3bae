/* SPDX-License-Identifier: Apache-2.0 */
/* The trees of lookpath.json: owners, modes, ACLs, devices, and mounts that nobody else sees. */
#ifndef OCIENV_TESTS_LOOKPATH_TREE_H
#define OCIENV_TESTS_LOOKPATH_TREE_H

#include "root.h"

enum { TREE_MOUNTS = 8 };

struct lookpath_tree {
	struct root root;
	char mounts[TREE_MOUNTS][64]; /* relative to the root, oldest first */
	size_t mount_count;
};

/* Builds the row's tree and mounts; false: row->detail says what could not be made.
 * lookpath_tree_remove() must follow in any case. */
bool lookpath_tree_make(struct lookpath_tree *tree, struct row *row);
void lookpath_tree_remove(struct lookpath_tree *tree);

/* Takes the options off that crun does not know. */
bool lookpath_tree_for_crun(const struct lookpath_tree *tree, struct row *row);

#endif

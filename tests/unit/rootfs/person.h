/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody whom the kernel and the library are asked about, and access control lists. */
#ifndef OCIENV_TESTS_PERSON_H
#define OCIENV_TESTS_PERSON_H

#include "unit/rootfs/tree.h"

#include "rootfs/acl.h"

struct person {
	uint32_t uid, gid;
	uint32_t groups[4];
	uint32_t group_count;
	uint64_t capabilities;
};

struct identity person_identity(const struct person *person);

/* This process, which has those capabilities and more, becomes the person. False: it cannot. */
bool person_become(const struct person *person);

enum {
	TAG_OWNER = 1,
	TAG_USER = 2,
	TAG_OWNING_GROUP = 4,
	TAG_GROUP = 8,
	TAG_MASK = 16,
	TAG_OTHER = 32
};

/* A list as the kernel takes and gives it. */
struct list {
	unsigned char bytes[ACL_SIZE + 16];
	size_t size;
};

void list_begin(struct list *list);
void list_add(struct list *list, unsigned int tag, unsigned int perm, uint32_t id);

/* Gives the file the list; a failure ends the test. */
void list_set(const struct list *list, const struct tree *tree, const char *path);

/* The owner may do all, one user or group what `perm` says, the mask and others `rest`. */
void list_name(const struct tree *tree, const char *path, unsigned int tag, uint32_t id,
	       unsigned int perm, unsigned int rest);

#endif

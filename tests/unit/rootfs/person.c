/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "unit/rootfs/person.h"

#include "unit/unit.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

struct identity person_identity(const struct person *person)
{
	return (struct identity){.known = true,
				 .uid = person->uid,
				 .gid = person->gid,
				 .groups = person->groups,
				 .group_count = person->group_count,
				 .capabilities = person->capabilities};
}

static bool set_capabilities(uint64_t set)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)set, .permitted = (uint32_t)set},
		{.effective = (uint32_t)(set >> 32), .permitted = (uint32_t)(set >> 32)},
	};

	return syscall(SYS_capset, &header, data) == 0;
}

bool person_become(const struct person *person)
{
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
	       setgroups(person->group_count, person->groups) == 0 &&
	       setresgid(person->gid, person->gid, person->gid) == 0 &&
	       setresuid(person->uid, person->uid, person->uid) == 0 &&
	       set_capabilities(person->capabilities);
}

static void put(struct list *list, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		list->bytes[list->size++] = (unsigned char)(value >> 8 * i);
}

void list_begin(struct list *list)
{
	list->size = 0;
	put(list, 2, 4);
}

void list_add(struct list *list, unsigned int tag, unsigned int perm, uint32_t id)
{
	put(list, tag, 2);
	put(list, perm, 2);
	put(list, id, 4);
}

void list_set(const struct list *list, const struct tree *tree, const char *path)
{
	char full[128];

	snprintf(full, sizeof(full), "%s/root%s", tree->path, path);
	assert_int_equal(
		setxattr(full, "system.posix_acl_access", list->bytes, list->size, 0), 0);
}

void list_name(const struct tree *tree, const char *path, unsigned int tag, uint32_t id,
	       unsigned int perm, unsigned int rest)
{
	struct list list;

	list_begin(&list);
	list_add(&list, TAG_OWNER, 7, UINT32_MAX);
	if (tag == TAG_USER)
		list_add(&list, tag, perm, id);
	list_add(&list, TAG_OWNING_GROUP, rest, UINT32_MAX);
	if (tag == TAG_GROUP)
		list_add(&list, tag, perm, id);
	list_add(&list, TAG_MASK, 7, UINT32_MAX);
	list_add(&list, TAG_OTHER, rest, UINT32_MAX);
	list_set(&list, tree, path);
}

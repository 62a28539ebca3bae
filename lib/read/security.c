/* SPDX-License-Identifier: Apache-2.0 */
/* securityContext: who the process is to be. */
#include "base/capability.h"
#include "read/container.h"

struct security {
	struct pod_security kept;
	const struct node *capabilities;
};

static const struct field pod_fields[] = {
	FIELD("runAsUser", INT64, struct security, kept.user),
	FIELD("runAsGroup", INT64, struct security, kept.group),
	FIELD("runAsNonRoot", BOOL, struct security, kept.non_root),
	FIELD("fsGroup", INT64, struct security, kept.fs_group),
	FIELD("supplementalGroups", INT64S, struct security, kept.supplemental_groups),
	FIELD("supplementalGroupsPolicy", STRING, struct security, kept.groups_policy),
	FIELD_IGNORED("appArmorProfile"),
	FIELD_IGNORED("fsGroupChangePolicy"),
	FIELD_IGNORED("seLinuxChangePolicy"),
	FIELD_IGNORED("seLinuxOptions"),
	FIELD_IGNORED("seccompProfile"),
	FIELD_IGNORED("sysctls"),
	FIELD_IGNORED("windowsOptions"),
};

static const struct field container_fields[] = {
	FIELD("runAsUser", INT64, struct security, kept.user),
	FIELD("runAsGroup", INT64, struct security, kept.group),
	FIELD("runAsNonRoot", BOOL, struct security, kept.non_root),
	FIELD("privileged", BOOL, struct security, kept.privileged),
	FIELD("capabilities", MAP, struct security, capabilities),
	FIELD_IGNORED("allowPrivilegeEscalation"),
	FIELD_IGNORED("appArmorProfile"),
	FIELD_IGNORED("procMount"),
	FIELD_IGNORED("readOnlyRootFilesystem"),
	FIELD_IGNORED("seLinuxOptions"),
	FIELD_IGNORED("seccompProfile"),
	FIELD_IGNORED("windowsOptions"),
};

struct capability_lists {
	struct text_list add, drop;
};

static const struct field capability_fields[] = {
	FIELD("add", STRINGS, struct capability_lists, add),
	FIELD("drop", STRINGS, struct capability_lists, drop),
};

/* The named ones; "ALL" is told apart. */
static uint64_t bits_of(const struct text_list *names, bool *all)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < names->count; i++) {
		uint64_t bit = capability_bit_short(names->items[i].value);

		if (bit == CAPABILITIES_ALL)
			*all = true;
		else
			bits |= bit;
	}
	return bits;
}

/*
 * containerd WithCapabilities: "ALL" in add, then "ALL" in drop, then the other names of add,
 * then those of drop. Written down so that CAPABILITIES_ALL in either member means "ALL".
 */
static void set_capabilities(struct pod_security *ret, const struct capability_lists *lists)
{
	bool add_all = false, drop_all = false;
	uint64_t add = bits_of(&lists->add, &add_all), drop = bits_of(&lists->drop, &drop_all);

	if (drop_all || drop == CAPABILITIES_ALL) {
		ret->capabilities_add = add & ~drop;
		ret->capabilities_drop = CAPABILITIES_ALL;
	} else {
		ret->capabilities_add = add_all ? CAPABILITIES_ALL : add;
		ret->capabilities_drop = drop;
	}
	if (ret->capabilities_add == CAPABILITIES_ALL &&
	    ret->capabilities_drop == CAPABILITIES_ALL)
		ret->capabilities_drop = 0;
}

/*
 * Kubernetes writes the names without "CAP_". containerd puts that before whatever it finds, and
 * "CAP_CAP_CHOWN" is nobody's name; CRI-O takes both forms. It shows where the capability
 * decides about files.
 */
static int32_t check_prefix(const struct reader *reader, const struct path *path,
			    const struct text_list *names)
{
	static const uint64_t of_files = UINT64_C(1) << CAPABILITY_DAC_OVERRIDE |
					 UINT64_C(1) << CAPABILITY_DAC_READ_SEARCH;

	for (uint32_t i = 0; i < names->count; i++) {
		struct path here = path_index(path, i);

		if (capability_bit(names->items[i].value) & of_files)
			return diag_fail(reader->diag, OCIENV_ERR_AMBIGUOUS,
					 names->items[i].from.mark, &here,
					 "expected a capability without \"CAP_\", found one with it: "
					 "containerd ignores it, CRI-O does not");
	}
	return OCIENV_OK;
}

static int32_t read_capabilities(const struct reader *reader, const struct node *node,
				 const struct path *up, struct pod_security *ret)
{
	struct path path = path_key(up, SV("capabilities"));
	struct path add = path_key(&path, SV("add")), drop = path_key(&path, SV("drop"));
	struct capability_lists lists = {0};
	int32_t status = OCIENV_OK;

	if (node)
		status = bind_members(reader, node, &path, capability_fields,
				      FIELD_COUNT(capability_fields), &lists);
	if (!status)
		status = check_prefix(reader, &add, &lists.add);
	if (!status)
		status = check_prefix(reader, &drop, &lists.drop);
	if (!status)
		set_capabilities(ret, &lists);
	return status;
}

/* kubernetes IsValidUserID, IsValidGroupID: 0 to 2^31 - 1; the runtimes would wrap. */
static int32_t check_id(const struct reader *reader, const struct path *path,
			const struct number *id)
{
	if (!id->present || (id->value >= 0 && id->value <= INT32_MAX))
		return OCIENV_OK;
	return diag_fail(reader->diag, OCIENV_ERR_VALUE, id->from.mark, path,
			 "expected an id from 0 to 2147483647, found %lld",
			 (long long)id->value);
}

static int32_t check_ids(const struct reader *reader, const struct path *path,
			 const struct pod_security *security)
{
	struct path user = path_key(path, SV("runAsUser"));
	struct path group = path_key(path, SV("runAsGroup"));
	struct path fs_group = path_key(path, SV("fsGroup"));
	struct path groups = path_key(path, SV("supplementalGroups"));
	int32_t status = check_id(reader, &user, &security->user);

	if (!status)
		status = check_id(reader, &group, &security->group);
	if (!status)
		status = check_id(reader, &fs_group, &security->fs_group);
	for (uint32_t i = 0; !status && i < security->supplemental_groups.count; i++) {
		struct path here = path_index(&groups, i);

		status = check_id(reader, &here, &security->supplemental_groups.items[i]);
	}
	return status;
}

int32_t read_security(const struct reader *reader, const struct node *node,
		      const struct path *path, bool of_pod, struct pod_security *ret)
{
	struct path policy = path_key(path, SV("supplementalGroupsPolicy"));
	struct security security = {.capabilities = NULL};
	int32_t status = of_pod ? bind_members(reader, node, path, pod_fields,
					       FIELD_COUNT(pod_fields), &security)
				: bind_members(reader, node, path, container_fields,
					       FIELD_COUNT(container_fields), &security);

	*ret = security.kept;
	if (!status)
		status = check_ids(reader, path, ret);
	if (!status)
		status = read_capabilities(reader, security.capabilities, path, ret);
	if (status)
		return status;
	if (ret->groups_policy.value.len && !sv_eq(ret->groups_policy.value, SV("Merge")) &&
	    !sv_eq(ret->groups_policy.value, SV("Strict")))
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, ret->groups_policy.from.mark,
				 &policy, "expected Merge or Strict, found another text");
	return OCIENV_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* securityContext: who the process is to be. */
#include "base/capability.h"
#include "read/container.h"

static const struct field security_fields[] = {
	FIELD("runAsUser", INT64, struct pod_security, user),
	FIELD("runAsGroup", INT64, struct pod_security, group),
	FIELD("runAsNonRoot", BOOL, struct pod_security, non_root),
	FIELD("fsGroup", INT64, struct pod_security, fs_group),
	FIELD("supplementalGroups", INT64S, struct pod_security, supplemental_groups),
	FIELD("supplementalGroupsPolicy", STRING, struct pod_security, groups_policy),
	FIELD("privileged", BOOL, struct pod_security, privileged),
	FIELD("capabilities", MAP, struct pod_security, capabilities),
	FIELD_IGNORED("allowPrivilegeEscalation"),
	FIELD_IGNORED("appArmorProfile"),
	FIELD_IGNORED("fsGroupChangePolicy"),
	FIELD_IGNORED("procMount"),
	FIELD_IGNORED("readOnlyRootFilesystem"),
	FIELD_IGNORED("seLinuxChangePolicy"),
	FIELD_IGNORED("seLinuxOptions"),
	FIELD_IGNORED("seccompProfile"),
	FIELD_IGNORED("sysctls"),
	FIELD_IGNORED("windowsOptions"),
};

struct capability_lists {
	struct text_list add, drop;
};

static const struct field capability_fields[] = {
	FIELD("add", STRINGS, struct capability_lists, add),
	FIELD("drop", STRINGS, struct capability_lists, drop),
};

/* Kubernetes writes "NET_ADMIN" where the kernel says "CAP_NET_ADMIN"; "ALL" is all. */
static uint64_t bits_of(const struct text_list *names)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < names->count; i++)
		bits |= capability_bit_short(names->items[i].value);
	return bits;
}

/* kubernetes IsValidUserID, IsValidGroupID: 0 to 2^31 - 1; the runtimes would wrap. */
static int32_t check_id(const struct reader *reader, const struct path *path, struct sv member,
			const struct number *id)
{
	struct path here = path_key(path, member);

	if (!id->present || (id->value >= 0 && id->value <= INT32_MAX))
		return OCIENV_OK;
	return diag_fail(reader->diag, OCIENV_ERR_VALUE, id->from.mark, &here,
			 "expected an id from 0 to 2147483647, found %lld",
			 (long long)id->value);
}

static int32_t check_ids(const struct reader *reader, const struct path *path,
			 const struct pod_security *security)
{
	int32_t status = check_id(reader, path, SV("runAsUser"), &security->user);

	if (!status)
		status = check_id(reader, path, SV("runAsGroup"), &security->group);
	if (!status)
		status = check_id(reader, path, SV("fsGroup"), &security->fs_group);
	for (uint32_t i = 0; !status && i < security->supplemental_groups.count; i++)
		status = check_id(reader, path, SV("supplementalGroups"),
				  &security->supplemental_groups.items[i]);
	return status;
}

int32_t read_security(const struct reader *reader, const struct node *node,
		      const struct path *path, struct pod_security *ret)
{
	struct path capabilities = path_key(path, SV("capabilities"));
	struct path policy = path_key(path, SV("supplementalGroupsPolicy"));
	struct capability_lists lists = {0};
	int32_t status = bind(reader, node, path, security_fields, FIELD_COUNT(security_fields),
			      ret);

	if (!status)
		status = check_ids(reader, path, ret);
	if (!status && ret->capabilities)
		status = bind(reader, ret->capabilities, &capabilities, capability_fields,
			      FIELD_COUNT(capability_fields), &lists);
	if (status)
		return status;
	ret->capabilities_add = bits_of(&lists.add);
	ret->capabilities_drop = bits_of(&lists.drop);
	if (ret->groups_policy.value.len && !sv_eq(ret->groups_policy.value, SV("Merge")) &&
	    !sv_eq(ret->groups_policy.value, SV("Strict")))
		return diag_fail(reader->diag, OCIENV_ERR_VALUE, ret->groups_policy.from.mark,
				 &policy, "expected Merge or Strict, found another text");
	return OCIENV_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The programs that look a user up, as a table. */
#include "resolve/user_step.h"

static const struct user_rules table[] = {
	[OCIENV_USER_CONTAINERD] = {.look_up = containerd_look_up,
				    .find_member = containerd_find_member,
				    .kubelet = true,
				    .own_group_left_out = true},
	[OCIENV_USER_CONTAINERD_1_7] = {.look_up = containerd_look_up,
					.find_member = containerd_find_member,
					.policy = POLICY_UNKNOWN,
					.kubelet = true,
					.lexical = true,
					.numbers = NUMBER_IS_NAME,
					.own_group_left_out = true},
	[OCIENV_USER_CRIO] = {.look_up = moby_look_up,
			      .numbers = NUMBER_IF_IN_FILE,
			      .kubelet = true,
			      .gid_replaces = true,
			      .lexical = true,
			      .adds_passwd_line = true},
	[OCIENV_USER_DOCKER] = {.look_up = moby_look_up,
				.policy = POLICY_IGNORED,
				.groups_checked = true,
				.lexical = true,
				.directory_is_absent = true},
};

const struct user_rules *user_rules(uint32_t profile, uint32_t cri)
{
	if (profile != OCIENV_USER_STRICT)
		return &table[profile];
	return &table[cri == OCIENV_CRI_CRIO ? OCIENV_USER_CRIO : OCIENV_USER_CONTAINERD];
}

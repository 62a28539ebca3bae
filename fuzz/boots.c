/* SPDX-License-Identifier: Apache-2.0 */
/* The enclave's reader of blobs against a host's. */
#include "promise.h"

#include "ocienv/boot.h"

#include <stdlib.h>
#include <string.h>

static void check_list(char *const *a, const char *const *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		PROMISE(a[i] && b[i] && !strcmp(a[i], b[i]));
	PROMISE(!a[count] && !b[count]);
}

void boot_check(const struct ocienv_boot *boot, const struct ocienv_config *config)
{
	size_t argc, envc, room = ocienv_boot_argc(boot) + ocienv_boot_envc(boot) + 1;
	const char *const *argv = ocienv_config_argv(config, &argc);
	const char *const *envp = ocienv_config_envp(config, &envc);
	char **vec = malloc(room * sizeof(*vec));
	struct ocienv_exec exec;
	struct ocienv_user user;
	struct ocienv_boot_user other;
	bool has_exec = !ocienv_config_exec(config, &exec);

	if (!vec)
		abort();
	PROMISE(argc == ocienv_boot_argc(boot) && envc == ocienv_boot_envc(boot));
	PROMISE(!ocienv_boot_argv(boot, vec, room));
	check_list(vec, argv, argc);
	PROMISE(!ocienv_boot_envp(boot, vec, room));
	check_list(vec, envp, envc);
	PROMISE(!strcmp(ocienv_boot_cwd(boot), ocienv_config_cwd(config)));
	PROMISE(has_exec == (ocienv_boot_exec(boot) != NULL));
	PROMISE(!has_exec || !strcmp(ocienv_boot_exec(boot), exec.path));
	PROMISE(!ocienv_config_user(config, &user) && !ocienv_boot_user(boot, &other));
	PROMISE(user.uid == other.uid && user.gid == other.gid && user.umask == other.umask &&
		user.group_count == other.group_count);
	for (uint32_t i = 0; i < other.group_count; i++)
		PROMISE(user.groups[i] == ocienv_boot_group(&other, i));
	free(vec);
}

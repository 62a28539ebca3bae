/* SPDX-License-Identifier: Apache-2.0 */
/* What a config answers: everything is borrowed from it. */
#include "api/call.h"
#include "emit/emit.h"
#include "resolve/config.h"

API const char *const *ocienv_config_argv(const struct ocienv_config *config, size_t *ret_count)
{
	if (config && ret_count)
		*ret_count = config->argc;
	return config ? config->argv : NULL;
}

API const char *const *ocienv_config_envp(const struct ocienv_config *config, size_t *ret_count)
{
	if (config && ret_count)
		*ret_count = config->env.count;
	return config ? config->envp : NULL;
}

API const char *ocienv_config_cwd(const struct ocienv_config *config)
{
	return config ? config->cwd.value.ptr : NULL;
}

API int32_t ocienv_config_exec(const struct ocienv_config *config, struct ocienv_exec *ret)
{
	if (!config || !ret || !config->has_exec)
		return OCIENV_ERR_ARGUMENT;
	*ret = config->exec;
	return OCIENV_OK;
}

API int32_t ocienv_config_user(const struct ocienv_config *config, struct ocienv_user *ret)
{
	const struct config_user *user;

	if (!config || !ret)
		return OCIENV_ERR_ARGUMENT;
	user = &config->user;
	*ret = (struct ocienv_user){user->uid,	       user->gid,    user->umask,
				    user->group_count, user->groups,
				    user->resolved ? NULL : user->name.ptr};
	return OCIENV_OK;
}

/* The origin at a depth: the value's own, then those that it overrode. */
static int32_t env_origin(const struct ocienv_config *config, size_t index, size_t depth,
			  struct origin *ret)
{
	const struct overrode *lost;

	if (index >= config->env.count)
		return OCIENV_ERR_ARGUMENT;
	*ret = config->env.items[index].from;
	lost = config->env.items[index].overrode;
	for (size_t i = 0; i < depth; i++) {
		if (!lost)
			return OCIENV_ERR_ARGUMENT;
		*ret = lost->from;
		lost = lost->next;
	}
	return OCIENV_OK;
}

API int32_t ocienv_config_origin(const struct ocienv_config *config, uint32_t item, size_t index,
				 size_t depth, struct ocienv_origin *ret)
{
	struct origin from;
	int32_t status = OCIENV_OK;

	if (!config || !ret || (item != OCIENV_ITEM_ENV && depth))
		return OCIENV_ERR_ARGUMENT;
	switch (item) {
	case OCIENV_ITEM_ENV:
		status = env_origin(config, index, depth, &from);
		break;
	case OCIENV_ITEM_ARGV:
		if (index >= config->argc)
			return OCIENV_ERR_ARGUMENT;
		from = config->argv_from[index];
		break;
	case OCIENV_ITEM_CWD:
		from = config->cwd.from;
		break;
	case OCIENV_ITEM_USER:
		from = config->user.from;
		break;
	default:
		return OCIENV_ERR_ARGUMENT;
	}
	if (!status)
		*ret = config_origin(config, from);
	return status;
}

API int32_t ocienv_config_warning(const struct ocienv_config *config, size_t index,
				  struct ocienv_warning *ret)
{
	const struct layer_warning *warning;

	if (!config || !ret || index >= config->warnings.count)
		return OCIENV_ERR_ARGUMENT;
	warning = (const struct layer_warning *)config->warnings.items + index;
	*ret = (struct ocienv_warning){warning->code, warning->subject.ptr, warning->message,
				       config_origin(config, warning->from)};
	return OCIENV_OK;
}

API int32_t ocienv_config_ruling(const struct ocienv_config *config, size_t index,
				 struct ocienv_ruling *ret)
{
	const struct config_ruling *ruling;

	if (!config || !ret || index >= config->policy.rulings.count)
		return OCIENV_ERR_ARGUMENT;
	ruling = (const struct config_ruling *)config->policy.rulings.items + index;
	*ret = (struct ocienv_ruling){.name = ruling->name.ptr,
				      .verdict = verdict_name(ruling->verdict),
				      .source = ruling->source,
				      .rule = ruling->rule,
				      .line = ruling->line};
	return OCIENV_OK;
}

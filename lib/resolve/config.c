/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/config.h"

#include "base/limits.h"

#include <unistd.h>

int32_t config_new(struct ocienv_config **ret, const struct ocienv_options *options)
{
	struct ocienv_limits limits = limits_of(options->limits);
	struct ocienv_config *config;
	struct arena arena;
	int32_t status;

	config = arena_object(&arena, options->allocator, limits.max_result, sizeof(*config),
			      &status);
	if (!config)
		return status;
	config->arena = arena;
	config->warnings.moves = true;
	config->exec.fd = -1;
	*ret = config;
	return OCIENV_OK;
}

void config_free(struct ocienv_config *config)
{
	struct arena arena = config->arena; /* the config lies in it */

	if (config->exec.fd >= 0)
		(void)close(config->exec.fd);
	arena_free(&arena);
}

int32_t config_set_argv(struct ocienv_config *config, const struct text *items,
			uint32_t count)
{
	config->argv = ARENA_ARRAY(&config->arena, count + 1U, const char *);
	config->argv_from = ARENA_ARRAY(&config->arena, count, struct origin);
	if (!config->argv || !config->argv_from)
		return arena_status(&config->arena);
	for (uint32_t i = 0; i < count; i++) {
		config->argv[i] = arena_strdup(&config->arena, items[i].value);
		config->argv_from[i] = items[i].from;
	}
	config->argc = count;
	return arena_failed(&config->arena) ? arena_status(&config->arena) : OCIENV_OK;
}

int32_t config_set_env(struct ocienv_config *config, const struct env_list *env)
{
	config->envp = ARENA_ARRAY(&config->arena, env->count + 1U, const char *);
	if (!config->envp)
		return arena_status(&config->arena);
	for (uint32_t i = 0; i < env->count; i++)
		config->envp[i] = env->items[i].text.ptr;
	config->env = *env;
	return OCIENV_OK;
}

struct ocienv_origin config_origin(const struct ocienv_config *config, struct origin from)
{
	struct ocienv_origin origin = {
		.source = from.source,
		.secret = from.secret,
		.changed = (from.expanded ? (uint32_t)OCIENV_CHANGED_BY_EXPANSION : 0) |
			   (from.source == OCIENV_SOURCE_DEFAULT ? OCIENV_CHANGED_BY_DEFAULT : 0) |
			   (from.altered ? OCIENV_CHANGED_BY_RUNTIME : 0),
		.lost_in = from.lost_in,
	};
	const struct documents *documents;

	if (from.document == DOCUMENT_NONE)
		return origin;
	documents = &config->documents[document_layer(from.document)];
	if (document_index(from.document) < documents->count)
		origin.document = documents->names[document_index(from.document)].ptr;
	origin.line = from.mark.line;
	origin.column = from.mark.column;
	return origin;
}

struct identity config_identity(const struct ocienv_config *config)
{
	const struct config_user *user = &config->user;

	return (struct identity){.known = true,
				 .uid = user->uid,
				 .gid = user->gid,
				 .groups = user->groups,
				 .group_count = user->group_count,
				 .capabilities = config->capabilities};
}

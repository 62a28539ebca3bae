/* SPDX-License-Identifier: Apache-2.0 */
/* A look-up that is kept also where it fails: that is when people ask what was looked at. */
#include "resolve/resolve.h"

/* What is sealed is a secret of its owner, wherever it was written. */
static bool is_secret(const struct ocienv_config *config, struct sv name)
{
	const struct env_entry *entry = env_find(&config->env, name);

	return entry && (entry->from.secret ||
			 sv_has_prefix(env_value(entry), SV("sealed.")));
}

/* The paths that were tried are made of PATH and of the name. */
static bool holds_secret(const struct ocienv_config *config)
{
	return (config->argc && config->argv_from[0].secret) || is_secret(config, SV("PATH"));
}

/* The reason against a file that was chosen names it. */
static void hide_names(struct ocienv_lookup *lookup)
{
	struct candidate *all = lookup->candidates.items.items;

	for (uint32_t i = 0; i < lookup->candidates.items.count; i++)
		if (all[i].named)
			all[i].reason = "is there, but cannot be executed";
}

int32_t resolve_lookup(const struct resolve_input *in, struct ocienv_lookup *lookup)
{
	struct diag diag = *in->diag;
	struct resolve_input with = *in;
	int32_t status;

	lookup->candidates.arena = &lookup->arena;
	diag.error = &lookup->error;
	with.diag = &diag;
	with.candidates = &lookup->candidates;
	with.libraries = &lookup->libraries;
	status = resolve(&with, lookup->config);
	lookup->secret = holds_secret(lookup->config);
	lookup->secret_library_path = is_secret(lookup->config, SV("LD_LIBRARY_PATH"));
	if (lookup->secret)
		hide_names(lookup);
	if (!status && arena_failed(&lookup->arena))
		status = diag_memory(&diag, arena_status(&lookup->arena));
	if (!status)
		return OCIENV_OK;
	if (lookup->candidates.made && status != OCIENV_ERR_NOMEM &&
	    status != OCIENV_ERR_LIMIT && !arena_failed(&lookup->arena)) {
		config_free(lookup->config);
		lookup->config = NULL;
		return OCIENV_OK;
	}
	if (arena_failed(&lookup->arena))
		status = diag_memory(&diag, arena_status(&lookup->arena));
	if (in->diag->error)
		*in->diag->error = lookup->error;
	return status;
}

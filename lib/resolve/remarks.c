/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/remarks.h"

#include "read/env_name.h"

#include <stdio.h>

/* Sealed, it says nothing to anybody but its owner. */
static bool is_plain_secret(const struct origin *from, struct sv value)
{
	return from->secret && !sv_has_prefix(value, SV("sealed."));
}

static void remark_variable(struct ocienv_config *config, const struct env_entry *entry)
{
	struct sv name = env_name(entry);

	if (!env_name_c_identifier(name))
		add_warning(&config->warnings, &config->arena, "name-not-posix", name,
			    "no shell can name the variable, and some do not hand it on",
			    entry->from);
	if (is_plain_secret(&entry->from, env_value(entry)))
		add_warning(&config->warnings, &config->arena, "secret-in-env", name,
			    "the value comes out of a Secret and is handed over in plain text",
			    entry->from);
}

static void remark_argument(struct ocienv_config *config, uint32_t index)
{
	const struct origin *from = &config->argv_from[index];
	char subject[24];

	if (!is_plain_secret(from, sv_of(config->argv[index])))
		return;
	(void)snprintf(subject, sizeof(subject), "argv[%u]", index);
	add_warning(&config->warnings, &config->arena, "secret-in-argv", sv_of(subject),
		    "the argument comes out of a Secret, and arguments are there for all to see",
		    *from);
}

void remark_values(struct ocienv_config *config)
{
	for (uint32_t i = 0; i < config->env.count; i++)
		remark_variable(config, &config->env.items[i]);
	for (uint32_t i = 0; i < config->argc; i++)
		remark_argument(config, i);
}

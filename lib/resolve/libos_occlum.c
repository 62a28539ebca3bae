/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Occlum makes of the environment: libos.md, environment rules. It adds env.default of the
 * measured Occlum.json where the answer has no such name, and lets the host override the names in
 * env.untrusted, whatever the answer says.
 */
#include "resolve/libos_preflight.h"

#include "base/sort.h"
#include "resolve/libos_budget.h"

/* The names of the answer's variables, to be found in. */
struct names {
	struct sort_item *items;
	uint32_t count;
};

static int32_t names_of(const struct preflight *p, struct names *ret)
{
	const struct env_list *env = &p->config->env;

	ret->count = env->count;
	ret->items = ARENA_ARRAY(p->in->scratch, env->count, struct sort_item);
	if (!ret->items)
		return preflight_memory(p);
	for (uint32_t i = 0; i < env->count; i++)
		ret->items[i] = sort_item(env_name(&env->items[i]), i);
	return sort_names(ret->items, ret->count, p->in->scratch) ? OCIENV_OK
								 : preflight_memory(p);
}

static bool has_name(const struct names *names, struct sv name)
{
	return sort_find(names->items, names->count, name) < names->count;
}

/* The text before the first "=", or all of it: so Occlum keys an entry. */
static struct sv key_of(struct sv entry)
{
	return sv_from(entry.ptr, sv_find(entry, '='));
}

static void warn_of_untrusted(const struct preflight *p, const struct names *names)
{
	const struct text_list *untrusted = &p->in->occlum->untrusted;

	for (uint32_t i = 0; i < untrusted->count; i++)
		if (has_name(names, untrusted->items[i].value))
			preflight_warn(p, "host-overridable", untrusted->items[i].value,
				       "env.untrusted of the Occlum.json lets the host replace it",
				       untrusted->items[i].from);
}

static void warn_of_defaults(const struct preflight *p, const struct names *names)
{
	const struct text_list *defaults = &p->in->occlum->defaults;

	for (uint32_t i = 0; i < defaults->count; i++) {
		struct sv key = key_of(defaults->items[i].value);

		if (!has_name(names, key))
			preflight_warn(p, "libos-default", key,
				       "Occlum adds it: it is in env.default of the Occlum.json, "
				       "and not in the answer",
				       defaults->items[i].from);
	}
}

static bool lies_under(struct sv path, struct sv directory)
{
	while (directory.len > 1 && directory.ptr[directory.len - 1] == '/')
		directory.len--;
	return sv_has_prefix(path, directory) &&
	       (directory.len <= 1 || path.len == directory.len ||
		path.ptr[directory.len] == '/');
}

/* Where the host's own directory is mounted, it decides what is executed. */
static void warn_of_host_files(const struct preflight *p)
{
	const struct text_list *targets = &p->in->occlum->host_targets;
	const struct ocienv_exec *exec = &p->config->exec;
	struct sv path = p->config->has_exec ? sv_of(exec->path) : SV_NONE;

	for (uint32_t i = 0; path.ptr && i < targets->count; i++)
		if (lies_under(path, targets->items[i].value))
			preflight_warn(p, "host-overridable", targets->items[i].value,
				       "the Occlum.json mounts the host's files there, over the "
				       "program",
				       targets->items[i].from);
}

int32_t libos_occlum_json(const struct preflight *p)
{
	struct names names;
	int32_t status;

	if (!p->in->occlum)
		return OCIENV_OK;
	status = names_of(p, &names);
	if (status)
		return status;
	warn_of_untrusted(p, &names);
	warn_of_defaults(p, &names);
	warn_of_host_files(p);
	return OCIENV_OK;
}

static bool has_default(const struct occlum_json *occlum, struct sv name)
{
	for (uint32_t i = 0; i < occlum->defaults.count; i++)
		if (sv_eq(key_of(occlum->defaults.items[i].value), name))
			return true;
	return false;
}

/* What the measured configuration sets is Occlum's own C library, and it is replaced. */
int32_t libos_occlum_libraries(const struct preflight *p)
{
	const struct env_entry *entry = env_find(&p->config->env, SV("LD_LIBRARY_PATH"));

	if (!entry || entry->from.source == OCIENV_SOURCE_LIBOS ||
	    (p->in->occlum && !has_default(p->in->occlum, SV("LD_LIBRARY_PATH"))))
		return OCIENV_OK;
	preflight_warn(p, "library-path-replaced", SV("LD_LIBRARY_PATH"),
		       "it replaces the one that leads to Occlum's own libraries: give their "
		       "directory as library path",
		       entry->from);
	return OCIENV_OK;
}

/* The variables that Occlum adds take room as well. */
static int32_t add_defaults(const struct preflight *p, struct strings *strings)
{
	const struct text_list *defaults = &p->in->occlum->defaults;
	struct names names;
	int32_t status = names_of(p, &names);

	for (uint32_t i = 0; !status && i < defaults->count; i++) {
		if (has_name(&names, key_of(defaults->items[i].value)))
			continue;
		strings->bytes += defaults->items[i].value.len + 1;
		strings->envc++;
	}
	return status;
}

static uint64_t stack_of(const struct preflight *p)
{
	if (p->in->options->stack_size)
		return p->in->options->stack_size;
	return p->in->occlum && p->in->occlum->stack_size ? p->in->occlum->stack_size
							  : OCCLUM_STACK_SIZE;
}

int32_t libos_occlum_budget(const struct preflight *p)
{
	struct strings strings = config_strings(p->config);
	uint64_t room = occlum_stack_room(stack_of(p)), need;
	int32_t status = p->in->occlum ? add_defaults(p, &strings) : OCIENV_OK;

	if (status)
		return status;
	need = occlum_stack_need(&strings);
	if (need <= room)
		return OCIENV_OK;
	return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, ORIGIN_DEFAULT,
		     "expected arguments and variables that take at most %llu bytes of Occlum's "
		     "stack, found %llu: give process.default_stack_size %llu bytes or more",
		     (unsigned long long)room, (unsigned long long)need,
		     (unsigned long long)occlum_stack_for(need));
}

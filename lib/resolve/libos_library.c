/* SPDX-License-Identifier: Apache-2.0 */
/* Where a LibOS, and the loader in it, look for libraries. */
#include "resolve/libos_preflight.h"

#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <unistd.h>

#define NAME SV("LD_LIBRARY_PATH")

/* Directories on their way into the variable. */
struct list {
	struct vec entries; /* struct sv */
	struct vec seen;    /* struct stat */
	size_t length;	    /* of all, with a separator behind each */
};

static bool add_entry(const struct preflight *p, struct list *list, struct sv path)
{
	struct sv *entry = VEC_PUSH(&list->entries, p->in->scratch, struct sv);

	if (!entry)
		return false;
	*entry = path;
	list->length += path.len + 1;
	return true;
}

/* By another name it is the same: /lib is often a link to usr/lib. */
static bool was_seen(const struct list *list, const struct stat *st)
{
	const struct stat *seen = list->seen.items;

	for (uint32_t i = 0; i < list->seen.count; i++)
		if (seen[i].st_dev == st->st_dev && seen[i].st_ino == st->st_ino)
			return true;
	return false;
}

static int32_t add_directory(const struct preflight *p, struct list *list, struct sv path)
{
	struct found found;
	int error = rootfs_walk(p->in->rootfs, SV("/"), path, &identity_root, p->in->scratch,
				&found);
	struct stat *seen;

	if (error)
		return outcome_is_known(error)
			       ? OCIENV_OK
			       : outcome_fail(p->in->blame->diag, (struct mark){0, 0}, error,
					      "a directory of the library path");
	(void)close(found.fd);
	if (!S_ISDIR(found.st.st_mode) || was_seen(list, &found.st))
		return OCIENV_OK;
	seen = VEC_PUSH(&list->seen, p->in->scratch, struct stat);
	if (!seen || !add_entry(p, list, path))
		return preflight_memory(p);
	*seen = found.st;
	return OCIENV_OK;
}

/* An empty entry is the working directory, which nobody means. */
static bool add_value(const struct preflight *p, struct list *list, struct sv value)
{
	struct sv part;

	while (sv_cut(&value, ':', &part))
		if (part.len && !add_entry(p, list, part))
			return false;
	return true;
}

static struct sv join(const struct preflight *p, const struct list *list)
{
	char *text = arena_chars(&p->config->arena, NAME.len + 1 + list->length), *to = text;
	const struct sv *entries = list->entries.items;

	if (!text)
		return SV_NONE;
	to = sv_write(to, NAME);
	for (uint32_t i = 0; i < list->entries.count; i++) {
		*to++ = i ? ':' : '=';
		to = sv_write(to, entries[i]);
	}
	*to = '\0';
	return sv_from(text, (size_t)(to - text));
}

static int32_t set_variable(const struct preflight *p, const struct list *list)
{
	struct origin from = {.source = OCIENV_SOURCE_LIBOS, .document = DOCUMENT_NONE};
	struct env_list env = p->config->env;
	struct env_entry *entry = env_find(&env, NAME);
	const struct overrode *lost = NULL;
	struct sv text = join(p, list);

	if (entry) {
		from.secret = entry->from.secret;
		lost = overrode_new(&p->config->arena, entry->from, OCIENV_STEP_LIBOS,
				    entry->overrode);
	} else {
		const struct env_list *const lists[] = {&p->config->env};

		env = env_list_join(&p->config->arena, lists, 1, 1);
		entry = env.items ? &env.items[env.count++] : NULL;
	}
	if (!entry || !text.ptr)
		return preflight_memory(p);
	env_entry_set(entry, text, from);
	entry->overrode = lost;
	return config_set_env(p->config, &env) ? preflight_memory(p) : OCIENV_OK;
}

int32_t libos_library_path(const struct preflight *p)
{
	const struct ocienv_options *options = p->in->options;
	const struct env_entry *now = env_find(&p->config->env, NAME);
	struct list list = {.length = 0};
	int32_t status = OCIENV_OK;

	if (!options->library_path_count)
		return OCIENV_OK;
	if (!p->in->rootfs) {
		preflight_warn(p, "library-path-missing", NAME,
			       "there is no rootfs to look for the directories in; none is added",
			       ORIGIN_DEFAULT);
		return OCIENV_OK;
	}
	for (size_t i = 0; !status && i < options->library_path_count; i++)
		status = add_directory(p, &list, sv_of(options->library_path[i]));
	if (status)
		return status;
	if (!list.entries.count) {
		preflight_warn(p, "library-path-missing", NAME,
			       "none of the directories is in the rootfs; none is added",
			       ORIGIN_DEFAULT);
		return OCIENV_OK;
	}
	if (now && !add_value(p, &list, env_value(now)))
		return preflight_memory(p);
	return set_variable(p, &list);
}

/* --- Gramine's loader --------------------------------------------------------------- */

/* What one search may cost, as for a search of PATH. */
enum { SEARCH_STEPS = 1 << 20 };

/* Looks for `name` in one entry: 0, or an errno. An empty entry is the root. *leaves: by a link
 * that leads out of it. */
static int look_in(const struct preflight *p, struct sv directory, struct sv name,
		   uint32_t *steps, bool *leaves)
{
	struct sv path = pathname_join(p->in->scratch, directory.len ? directory : SV("/"), name);
	struct found found;
	int error;

	if (!path.ptr)
		return walk_memory(p->in->scratch);
	error = walk_within(p->in->rootfs, p->config->cwd.value, path, &identity_root, true, steps,
			    p->in->scratch, &found);
	if (!error) {
		(void)close(found.fd);
		error = S_ISREG(found.st.st_mode) ? 0 : EACCES;
		*leaves = found.leaves_root;
	}
	return error;
}

static int32_t loader_missing(const struct preflight *p, struct sv interp, struct sv base)
{
	struct sv directory = sv_from(interp.ptr, interp.len - base.len);
	char quoted[DIAG_QUOTE_SIZE];

	if (directory.len > 1)
		directory.len--; /* its slash */
	return blame(p->in->blame, OCIENV_ERR_UNSUPPORTED, p->asked_by,
		     "expected the loader of the program in LD_LIBRARY_PATH, or in /lib or /lib64 "
		     "without one, for Gramine, found none: give \"%s\" as library path",
		     diag_quote(quoted, directory));
}

int32_t libos_gramine_loader(const struct preflight *p)
{
	struct sv interp = p->in->found->elf.interp, base = interp, component, directory;
	const struct env_entry *variable = env_find(&p->config->env, NAME);
	struct sv rest = variable ? env_value(variable) : SV("/lib:/lib64");
	uint32_t steps = SEARCH_STEPS;
	bool leaves = false;
	int error;

	if (!interp.ptr)
		return OCIENV_OK;
	while (sv_cut(&interp, '/', &component))
		base = component;
	interp = p->in->found->elf.interp;
	while (sv_cut(&rest, ':', &directory)) {
		error = look_in(p, directory, base, &steps, &leaves);
		if (!error)
			return leaves ? preflight_refuse(p, interp, LIBOS_LINKS) : OCIENV_OK;
		if (!outcome_is_known(error))
			return outcome_fail(p->in->blame->diag, (struct mark){0, 0}, error,
					    "the loader of the program");
	}
	return loader_missing(p, interp, base);
}

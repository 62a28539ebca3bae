/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec.md, mounts: a tmpfs hides a directory, a bind mount replaces a file, and the place of
 * either is itself resolved through links. The rootfs that is at hand may be without them.
 *
 * Must never show an entry of PATH, which is a value of the environment.
 */
#include "resolve/mounts.h"

#include "rootfs/lexical.h"
#include "rootfs/outcome.h"
#include "rootfs/pathname.h"

#include <errno.h>

/* A mount, and where in the rootfs it comes to lie. */
struct covering {
	struct text destination;
	struct sv place; /* absolute, without links; ptr NULL: nowhere that matters */
};

struct mounts {
	const struct mounts_input *in;
	struct covering *items; /* by the order of the documents */
	uint32_t count;
	uint32_t steps; /* left: of names walked, and of mounts looked at by the dozen */
};

static int32_t no_memory(const struct mounts *m)
{
	return diag_memory(m->in->blame->diag, arena_status(m->in->scratch));
}

static int32_t fail_place(const struct mounts *m, int error)
{
	if (error == ETIME)
		return diag_fail(m->in->blame->diag, OCIENV_ERR_LIMIT, (struct mark){0, 0}, NULL,
				 "the mounts take more steps to find in the rootfs than are "
				 "allowed");
	return outcome_fail(m->in->blame->diag, (struct mark){0, 0}, error, "a mount");
}

/* Where a path leads, or would if it were there. A path that cannot be followed is the
 * runtime's problem, ends in /proc, where nothing is ever executed, or where this process may
 * not look, which the look-up has told of: ptr NULL. A failure says nothing about the path. */
static int32_t place_of(struct mounts *m, struct sv path, struct sv *ret)
{
	int error = lexical_join(m->in->rootfs, path, &m->steps, m->in->scratch, ret);

	if (!error)
		return OCIENV_OK;
	*ret = SV_NONE;
	return outcome_is_known(error) || error == EXDEV || error == EPERM ? OCIENV_OK
									    : fail_place(m, error);
}

static uint32_t count_mounts(const struct mounts_input *in)
{
	uint32_t count = 0;

	for (size_t i = 0; i < 2; i++)
		count += in->layers[i] ? in->layers[i]->mounts.count : 0;
	return count;
}

static int32_t find_mounts(struct mounts *m)
{
	uint32_t count = count_mounts(m->in);
	int32_t status = OCIENV_OK;

	m->items = ARENA_ARRAY(m->in->scratch, count, struct covering);
	if (!m->items)
		return no_memory(m);
	for (size_t i = 0; i < 2; i++) {
		const struct ocienv_layer *layer = m->in->layers[i];

		for (uint32_t k = 0; !status && layer && k < layer->mounts.count; k++) {
			struct covering *item = &m->items[m->count++];

			item->destination = layer->mounts.items[k];
			status = place_of(m, item->destination.value, &item->place);
		}
	}
	return status;
}

static bool covers(struct sv place, struct sv path)
{
	return sv_has_prefix(path, place) && (path.len == place.len || place.len == 1 ||
					      path.ptr[place.len] == '/');
}

/* The mount on top of the others at this place: a later one lies over those before it. */
static const struct covering *mount_over(const struct mounts *m, struct sv place)
{
	for (uint32_t i = m->count; i-- > 0;)
		if (place.ptr && m->items[i].place.ptr && covers(m->items[i].place, place))
			return &m->items[i];
	return NULL;
}

static int32_t find_over(struct mounts *m, struct sv path, const struct covering **ret)
{
	uint32_t price = m->count / 12;
	struct sv place;
	int32_t status;

	*ret = NULL;
	if (price > m->steps)
		return fail_place(m, ETIME);
	m->steps -= price;
	status = place_of(m, path, &place);
	if (!status)
		*ret = mount_over(m, place);
	return status;
}

static void remark(const struct covering *mount, struct ocienv_config *config, const char *message)
{
	if (mount)
		add_warning(&config->warnings, &config->arena, "under-mount",
			    mount->destination.value, message, mount->destination.from);
}

/* Where PATH was searched, up to and without the entry `end`: the first of these that a mount
 * covers. */
static int32_t find_searched(struct mounts *m, const struct ocienv_config *config, uint32_t end,
			     const struct covering **ret)
{
	struct sv list = env_get(&config->env, SV("PATH")), name = sv_of(config->argv[0]), entry;
	int32_t status = OCIENV_OK;

	*ret = NULL;
	while (!status && !*ret && end-- && list.ptr && sv_cut(&list, ':', &entry)) {
		struct sv path = pathname_join(m->in->scratch, entry, name);

		if (path.ptr && (!entry.len || entry.ptr[0] != '/'))
			path = pathname_join(m->in->scratch, config->cwd.value, path);
		status = path.ptr ? find_over(m, path, ret) : no_memory(m);
	}
	return status;
}

static int32_t warn_of_program(struct mounts *m, const struct lookup_result *found,
			       struct ocienv_config *config)
{
	const struct covering *mount = mount_over(m, found->file.canonical);
	int32_t status = OCIENV_OK;

	remark(mount, config,
	     "the program lies under this mount, and the rootfs need not show what is there");
	for (uint32_t i = 0; !status && i <= found->interpreter_count; i++) {
		struct sv path = i < found->interpreter_count ? found->interpreters[i].path
							      : found->elf.interp;

		if (!path.ptr || path.ptr[0] != '/')
			continue;
		status = find_over(m, path, &mount);
		remark(mount, config,
		     "an interpreter of the program lies under this mount, and the rootfs need "
		     "not show what is there");
	}
	return status;
}

int32_t mounts_warn(const struct mounts_input *in, const struct lookup_result *found,
		    struct ocienv_config *config)
{
	struct mounts m = {.in = in, .steps = ROOTFS_STEPS};
	const struct covering *mount = NULL;
	int32_t status;

	if (!count_mounts(in))
		return OCIENV_OK;
	status = find_mounts(&m);
	if (!status)
		status = warn_of_program(&m, found, config);
	if (!status && found->path_index > 0)
		status = find_searched(&m, config, (uint32_t)found->path_index, &mount);
	remark(mount, config,
	     "PATH is searched under this mount before the program is found, and another one "
	     "may be there");
	return status;
}

/* The mount that covers what was looked for: the file that argv[0] names, or a place of PATH. */
static int32_t find_excuse(struct mounts *m, const struct ocienv_config *config,
			   const struct covering **ret)
{
	struct sv name = sv_of(config->argv[0]);

	if (!sv_contains(name, '/'))
		return find_searched(m, config, UINT32_MAX, ret);
	if (name.ptr[0] != '/')
		name = pathname_join(m->in->scratch, config->cwd.value, name);
	return name.ptr ? find_over(m, name, ret) : no_memory(m);
}

int32_t mounts_excuse(const struct mounts_input *in, const struct ocienv_config *config,
		      int32_t status)
{
	struct mounts m = {.in = in, .steps = ROOTFS_STEPS};
	const struct covering *mount = NULL;
	char quoted[DIAG_QUOTE_SIZE];
	int32_t failed;

	if (status != OCIENV_ERR_NOTFOUND || !count_mounts(in))
		return status;
	failed = find_mounts(&m);
	if (!failed)
		failed = find_excuse(&m, config, &mount);
	if (failed)
		return failed;
	if (!mount)
		return status;
	return blame(in->blame, status, config->argv_from[0],
		     "expected the program in the rootfs, found none there; it may be under the "
		     "mount \"%s\", which the rootfs need not show",
		     diag_quote(quoted, mount->destination.value));
}

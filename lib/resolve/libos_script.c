/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A script as its interpreter's arguments, as the kernel puts them together.
 *
 * Must never be done where the LibOS does it itself: the path that is executed is what the
 * host may start, and an interpreter there lets it start more than a script does.
 */
#include "resolve/libos_preflight.h"

#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"

#include <errno.h>
#include <unistd.h>

/* Where Occlum looks for the line feed. */
enum { OCCLUM_LINE = 127 };

static bool is_understood(const struct lookup_result *found)
{
	return !found->interpreter_count ||
	       (found->interpreter_count == 1 && found->interpreters[0].bare &&
		found->interpreters[0].bare <= OCCLUM_LINE &&
		found->interpreters[0].path.ptr[0] == '/');
}

/* The last interpreter, its argument, and so on up to the script, whose path takes the place
 * of argv[0]. */
static uint32_t put_arguments(const struct preflight *p, struct text *to)
{
	const struct lookup_result *found = p->in->found;
	const struct ocienv_config *config = p->config;
	struct origin from = {.source = OCIENV_SOURCE_LIBOS, .document = DOCUMENT_NONE};
	uint32_t count = 0;

	for (uint32_t i = found->interpreter_count; i--;) {
		to[count++] = (struct text){found->interpreters[i].path, from};
		if (found->interpreters[i].arg.ptr)
			to[count++] = (struct text){found->interpreters[i].arg, from};
	}
	from = p->asked_by;
	from.source = OCIENV_SOURCE_LIBOS;
	to[count++] = (struct text){found->path, from};
	for (uint32_t i = 1; i < config->argc; i++)
		to[count++] = (struct text){sv_of(config->argv[i]), config->argv_from[i]};
	return count;
}

static int32_t replace_argv(const struct preflight *p)
{
	size_t most = (size_t)p->config->argc + 2 * (size_t)p->in->found->interpreter_count;
	struct text *items = ARENA_ARRAY(p->in->scratch, most, struct text);
	uint32_t count;

	if (!items)
		return preflight_memory(p);
	count = put_arguments(p, items);
	if (count > p->in->limits->max_args)
		return blame(p->in->blame, OCIENV_ERR_LIMIT, p->asked_by,
			     "expected at most %u arguments with those of the interpreter, found %u",
			     p->in->limits->max_args, count);
	return config_set_argv(p->config, items, count) ? preflight_memory(p) : OCIENV_OK;
}

/* An interpreter is looked for from the working directory, if its name is relative. */
static char *absolute(const struct preflight *p, struct sv path)
{
	struct sv cwd = path.ptr[0] == '/' ? SV("/") : p->config->cwd.value;
	struct sv joined = pathname_join(p->in->scratch, cwd, path);
	char *text = joined.ptr ? arena_strdup(&p->config->arena, joined) : NULL;

	if (text)
		text[pathname_squeeze(text, joined.len)] = '\0';
	return text;
}

static int32_t replace_exec(const struct preflight *p)
{
	const struct lookup_result *found = p->in->found;
	struct ocienv_exec *exec = &p->config->exec;
	char *path = absolute(p, found->interpreters[found->interpreter_count - 1].path);
	struct found file;
	int error;

	if (!path)
		return preflight_memory(p);
	error = rootfs_walk(p->in->rootfs, SV("/"), sv_of(path), &identity_root,
			    &p->config->arena, &file);
	if (!error && (file.st.st_dev != found->program.st.st_dev ||
		       file.st.st_ino != found->program.st.st_ino)) {
		(void)close(file.fd); /* LCOV_EXCL_LINE */
		error = EAGAIN; /* LCOV_EXCL_LINE */
	}
	if (error)
		return outcome_fail(p->in->blame->diag, (struct mark){0, 0}, error,
				    "the interpreter of the script");
	(void)close(exec->fd);
	exec->fd = file.fd;
	exec->path = path;
	exec->canonical = file.canonical.ptr;
	exec->path_index = -1;
	exec->device = file.st.st_dev;
	exec->inode = file.st.st_ino;
	return OCIENV_OK;
}

int32_t libos_expand_script(struct preflight *p)
{
	int32_t status;

	if (is_understood(p->in->found))
		return OCIENV_OK;
	p->expanded = true;
	status = replace_argv(p);
	return status ? status : replace_exec(p);
}

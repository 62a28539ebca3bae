/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kata agent's own look for the program (rustjail: Path::exists, then find_file).
 *
 * Asked behind execvp's search and not before it: what that finds is a regular file below an
 * entry of PATH, so the agent has seen it. Must never ask for an x bit: the agent does not.
 */
#define _GNU_SOURCE
#include "rootfs/agent.h"

#include "rootfs/outcome.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <unistd.h>

/* stat(): 0 and the mode, or an errno. */
static int look(struct search *search, struct sv path, mode_t *mode)
{
	const struct execution *execution = &search->execution;
	struct found found;
	int error = cwd_leave(&execution->cwd, &path);

	if (!error)
		error = walk_within(execution->rootfs, execution->cwd.real, path,
				    execution->who, false, &search->steps,
				    execution->arena, &found);
	if (error == EISDIR)
		*mode = S_IFDIR; /* one that is made */
	if (error)
		return error == EISDIR ? 0 : error;
	*mode = found.st.st_mode;
	close(found.fd);
	return 0;
}

/* The first entry of PATH below which the name is a regular file. 0, ENOENT, or the errno of a
 * walk that gives no answer. */
static int find_file(struct search *search, char *buffer)
{
	struct sv name = search->request->name, list = search->request->path, entry;
	mode_t mode;

	while (sv_cut(&list, ':', &entry)) {
		struct sv path = name;
		int error;

		/* Rust's Path::join: an absolute name stands for itself. */
		if (!name.len || name.ptr[0] != '/')
			path = search_candidate(search, entry, buffer);
		error = look(search, path, &mode);
		if (!error && S_ISREG(mode))
			return 0;
		if (error && !outcome_of(error)->answer)
			return error;
	}
	return ENOENT;
}

static int find(struct search *search)
{
	struct sv name = search->request->name, list = search->request->path;
	struct arena scratch;
	char *buffer;
	mode_t mode;
	int error = look(search, name, &mode);

	if (!error || !outcome_of(error)->answer)
		return error;
	arena_init(&scratch, &search->execution.arena->allocator, WALK_SCRATCH);
	buffer = arena_chars(&scratch, list.len + name.len + 2);
	error = buffer ? find_file(search, buffer) : walk_memory(&scratch);
	arena_free(&scratch);
	return error;
}

/* Where execvp found a file in PATH, or by a path, there is one. */
static bool is_open(const struct search *search, int32_t status)
{
	bool unset = !search->request->path.ptr && !sv_contains(search->request->name, '/');

	return status == OCIENV_ERR_ACCESS ||
	       (unset && (!status || status == OCIENV_ERR_UNSUPPORTED));
}

int32_t agent_check(struct search *search, int32_t status)
{
	int error = is_open(search, status) ? find(search) : 0;

	if (!error)
		return OCIENV_OK;
	if (error != ENOENT)
		return search_fail_errno(search, error);
	return search_fail(search, OCIENV_ERR_NOTFOUND,
			   "is refused by the kata agent, which sees no such file in the working "
			   "directory or in PATH");
}

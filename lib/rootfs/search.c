/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search of PATH for a name without a slash.
 *
 * Must never put the value of PATH, or an entry of it, into a message: it is a value of the
 * environment.
 */
#define _GNU_SOURCE
#include "rootfs/search.h"

#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* entry + "/" + name; runc: by filepath.Join, which cleans lexically. */
struct sv search_candidate(const struct search *search, struct sv entry, char *buffer)
{
	struct sv name = search->request->name;
	size_t len = entry.len;

	if (len)
		memcpy(buffer, entry.ptr, len);
	if (len || search->profile->empty_is_root)
		buffer[len++] = '/';
	memcpy(buffer + len, name.ptr, name.len);
	len += name.len;
	if (search->profile->lexical)
		len = pathname_clean(buffer, len);
	buffer[len] = '\0';
	return sv_from(buffer, len);
}

/* What to do behind a candidate. */
enum next { NEXT_GO_ON, NEXT_FOUND, NEXT_STOP };

/* execvp: these errors of execve let the search go on; any other ends it. */
static bool execvp_goes_on(const struct search *search, int error)
{
	return error == EACCES || error == ENOENT || error == ENOTDIR ||
	       (error == ESTALE && search->profile->stale_passed);
}

static enum next judge_error(struct search *search, int error, int32_t *status)
{
	bool on = outcome_of(error)->answer;

	if (on && search->profile->executes && error != EISDIR)
		on = execvp_goes_on(search, error);
	if (!on) {
		*status = search_fail_errno(search, error);
		return NEXT_STOP;
	}
	/* To runc a directory is not there, to the others it is not executable. */
	search->denied +=
		error == EACCES || (error == EISDIR && search->profile->regular_only);
	return NEXT_GO_ON;
}

static enum next judge_hit(struct search *search, const struct found *file,
			   struct sv path, struct lookup_result *ret, int32_t *status)
{
	/* Go's ErrDot. */
	if (search->profile->relative_refused && path.ptr[0] != '/') {
		close(file->fd);
		*status = search_fail(
			search, OCIENV_ERR_UNSAFE,
			"is found only through a relative entry of PATH, which runc "
			"refuses");
		return NEXT_STOP;
	}
	*status = search_accept(search, file, path, (int32_t)search->searched - 1, ret);
	if (!*status)
		return NEXT_FOUND;
	/* execvp: a missing interpreter is "no such file" like any other. */
	if (search->profile->executes &&
	    execvp_goes_on(search, search->execution.error)) {
		search->denied += search->execution.error == EACCES;
		return NEXT_GO_ON;
	}
	return NEXT_STOP;
}

static int32_t fail_search(const struct search *search)
{
	char quoted[DIAG_QUOTE_SIZE];
	const struct profile *profile = search->profile;
	int32_t status = search->denied ? profile->denied : OCIENV_ERR_NOTFOUND;

	diag_quote(quoted, search->request->name);
	if (!search->denied)
		return diag_fail(search->execution.diag, status, search->execution.mark,
				 NULL,
				 "expected \"%s\" in PATH, found none in %u entries",
				 quoted, search->searched);
	return diag_fail(
		search->execution.diag, status, search->execution.mark, NULL,
		"expected \"%s\" executable for this user in PATH, found none in %u "
		"entries, and %u that it may not search or execute",
		quoted, search->searched, search->denied);
}

static enum next search_list(struct search *search, struct sv list,
			     const struct identity *who, char *buffer,
			     struct lookup_result *ret, int32_t *status)
{
	enum next next = NEXT_GO_ON;
	struct sv entry;

	search->searched = 0;
	search->denied = 0;
	while (next == NEXT_GO_ON && sv_cut(&list, ':', &entry)) {
		struct sv path = search_candidate(search, entry, buffer);
		struct found file;
		int error;

		search->searched++;
		search->why = NULL;
		error = ENAMETOOLONG;
		if (!search->profile->long_skipped || entry.len < PATH_MAX) {
			error = search_try(search, who, path, &file);
			next = error ? judge_error(search, error, status)
				     : judge_hit(search, &file, path, ret, status);
		}
		search_note(search, path, (int32_t)search->searched - 1, error, *status);
	}
	search_note_end(search);
	return next;
}

/* Absence is cheap to see and ends most searches well. Only when nothing was found does it
 * matter which of the absent were merely out of this user's sight. */
static int32_t search_as(struct search *search, struct sv list,
			 const struct identity *who, char *buffer,
			 struct lookup_result *ret)
{
	int32_t status = OCIENV_OK;

	search->exact = permission_searches_all(who);
	if (search_list(search, list, who, buffer, ret, &status) != NEXT_GO_ON)
		return status;
	if (!search->exact) {
		search->exact = true;
		if (search_list(search, list, who, buffer, ret, &status) != NEXT_GO_ON)
			return status;
	}
	search->exhausted = true;
	return fail_search(search);
}

/* Most lists fit, and a search is short: no memory is asked for. */
enum { USUAL_PATH = 512 };

int32_t search_path(struct search *search, struct lookup_result *ret)
{
	const struct profile *profile = search->profile;
	const struct identity *who = search->request->who;
	struct sv list = search->request->path;
	char usual[USUAL_PATH], *buffer = usual;
	struct arena scratch;
	int32_t status;
	size_t room;

	if (!list.ptr)
		list = profile->default_path;
	if (!list.ptr)
		return search_fail(search, OCIENV_ERR_NOTFOUND,
				   "cannot be searched for: there is no PATH");
	if (!list.len && !profile->empty_is_entry)
		list = SV_NONE;
	/* Room for the longest entry that could be, "/", the name and the NUL. */
	room = list.len + search->request->name.len + 2;
	arena_init(&scratch, &search->execution.arena->allocator, WALK_SCRATCH);
	if (room > sizeof(usual))
		buffer = arena_chars(&scratch, room);
	if (!buffer)
		status = diag_memory(search->execution.diag, arena_status(&scratch));
	else
		status = search_as(search, list,
				   profile->root_first ? &identity_root : who, buffer,
				   ret);
	/* crun: what root finds is final, for the user too; and so is what we cannot tell. */
	if (profile->root_first && status == OCIENV_ERR_ACCESS && search->exhausted)
		status = search_as(search, list, who, buffer, ret);
	arena_free(&scratch);
	return status;
}

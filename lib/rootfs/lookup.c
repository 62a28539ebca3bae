/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file that a runtime would hand to execve, and the search of PATH for it.
 *
 * What runtimes do differently is the table `profiles`, nothing else. Must never put the
 * value of PATH into a message.
 */
#define _GNU_SOURCE
#include "rootfs/execution.h"
#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

struct profile {
	const char *name;
	struct sv default_path; /* where PATH is unset */
	bool empty_is_entry;    /* an empty PATH is one entry, the working directory */
	bool lexical;           /* ".." in an entry takes off the name before it */
	bool
	    relative_refused; /* a hit through a relative entry ends the search in error */
	bool dots_refused;    /* "." and ".." are never looked up */
	bool regular_only;    /* a FIFO or device is no hit */
	bool root_first;      /* looks with root's permissions before the user's */
	bool slash_stripped;  /* from the end of a relative name */
	bool executes;        /* tries each candidate, and goes on if execve fails */
	int32_t denied;       /* status where all that was found was denied */
};

static const struct profile profiles[] = {
    [LOOKUP_RUNC] = {.name = "runc",
		     .default_path = {NULL, 0},
		     .lexical = true,
		     .relative_refused = true,
		     .dots_refused = true,
		     .denied = OCIENV_ERR_NOTFOUND},
    [LOOKUP_CRUN] = {.name = "crun",
		     .default_path = {NULL, 0},
		     .empty_is_entry = true,
		     .regular_only = true,
		     .root_first = true,
		     .slash_stripped = true,
		     .denied = OCIENV_ERR_ACCESS},
    [LOOKUP_EXECVP] = {.name = "execvp",
		       .default_path = {"/bin:/usr/bin", 13},
		       .empty_is_entry = true,
		       .regular_only = true,
		       .executes = true,
		       .denied = OCIENV_ERR_ACCESS},
};

struct search {
	const struct lookup_request *request;
	const struct profile *profile;
	struct execution execution; /* rootfs, cwd, who, arena, diag, mark */
	struct arena scratch;
	uint32_t searched; /* entries of PATH */
	uint32_t denied;
};

static int32_t fail(const struct search *search, int32_t status, const char *text)
{
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(search->execution.diag, status, search->execution.mark, NULL,
			 "\"%s\" %s", diag_quote(quoted, search->request->name), text);
}

static int32_t fail_errno(const struct search *search, int error)
{
	char quoted[DIAG_QUOTE_SIZE + 2] = "\"";
	size_t len;

	diag_quote(quoted + 1, search->request->name);
	len = strlen(quoted);
	quoted[len] = '"';
	quoted[len + 1] = '\0';
	return outcome_fail(search->execution.diag, search->execution.mark, error,
			    quoted);
}

static int32_t fail_memory(const struct search *search, const struct arena *arena)
{
	return diag_memory(search->execution.diag, arena_status(arena));
}

/* 0 and an open file, or the errno that the runtime would see. */
static int try_candidate(const struct search *search, const struct identity *who,
			 struct sv path, struct found *ret)
{
	int error = walk_candidate(search->execution.rootfs, search->execution.cwd, path,
				   who, search->execution.arena, ret);

	if (error)
		return error;
	if (S_ISDIR(ret->st.st_mode))
		error = EISDIR;
	else if (search->profile->regular_only && !S_ISREG(ret->st.st_mode))
		error = EACCES;
	else if (!permission_execute(who, &ret->st))
		error = EACCES;
	if (error)
		close(ret->fd);
	return error;
}

/* The path as found: absolute, "//" and "/./" squeezed, ".." kept since it is physical. */
static struct sv as_found(const struct search *search, struct sv path)
{
	struct sv cwd = path.ptr[0] == '/' ? SV("") : search->request->cwd;
	struct arena *arena = search->execution.arena;
	char *text = arena_chars(arena, cwd.len + 2 + path.len);
	size_t len = 0;

	if (!text)
		return SV_NONE;
	text[len++] = '/';
	if (cwd.len)
		memcpy(text + len, cwd.ptr, cwd.len);
	len += cwd.len;
	text[len++] = '/';
	memcpy(text + len, path.ptr, path.len);
	len = pathname_squeeze(text, len + path.len);
	text[len] = '\0';
	return sv_from(text, len);
}

/* crun looks as root: what the user may not execute is chosen, and fails afterwards. */
static int check_user(const struct search *search, struct sv path)
{
	struct found again;
	int error = try_candidate(search, search->request->who, path, &again);

	if (!error)
		close(again.fd);
	return error;
}

/* glibc: a file that the kernel does not know is given to /bin/sh. */
static int32_t foretell(struct search *search, const struct found *file, struct sv path,
			struct lookup_result *ret)
{
	int32_t status;

	search->execution.error = 0;
	status = execution_foretell(&search->execution, file, path, SV_NONE, ret);
	if (status && search->profile->executes && search->execution.error == ENOEXEC)
		status = execution_foretell(&search->execution, file, path, SV("/bin/sh"),
					    ret);
	return status;
}

/* The runtime has chosen; what does execve say? Takes file->fd over. */
static int32_t accept(struct search *search, const struct found *file, struct sv path,
		      int32_t index, struct lookup_result *ret)
{
	int32_t status = OCIENV_OK;
	int error = 0;

	*ret = (struct lookup_result){.file = *file, .path_index = index};
	ret->path = as_found(search, path);
	if (!ret->path.ptr)
		status = fail_memory(search, search->execution.arena);
	else if (!S_ISREG(file->st.st_mode))
		status =
		    fail(search, OCIENV_ERR_ACCESS,
			 "is chosen by the runtime but is no regular file, which cannot "
			 "be executed");
	else if (search->profile->root_first && (error = check_user(search, path)) != 0)
		status = fail_errno(search, error);
	else
		status = foretell(search, file, ret->path, ret);
	if (status) {
		close(file->fd);
		*ret = (struct lookup_result){0};
	}
	return status;
}

static int32_t lookup_slash(struct search *search, struct lookup_result *ret)
{
	struct sv name = search->request->name;
	struct found file;
	int error;

	/* crun: joins the working directory and a relative name, and strips slashes. */
	while (search->profile->slash_stripped && name.ptr[0] != '/' && name.len > 1 &&
	       name.ptr[name.len - 1] == '/')
		name.len--;
	error = rootfs_walk(search->execution.rootfs, search->execution.cwd, name,
			    search->execution.who, search->execution.arena, &file);
	if (!error && S_ISDIR(file.st.st_mode))
		error = EISDIR;
	else if (!error && !permission_execute(search->execution.who, &file.st))
		error = EACCES;
	else if (!error)
		return accept(search, &file, name, -1, ret);
	else
		return fail_errno(search, error);
	close(file.fd);
	return fail_errno(search, error);
}

/* entry + "/" + name; runc: by filepath.Join, which cleans lexically. */
static struct sv candidate_of(const struct search *search, struct sv entry, char *buffer)
{
	struct sv name = search->request->name;
	size_t len = entry.len;

	if (len)
		memcpy(buffer, entry.ptr, len);
	if (len)
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
static bool execvp_goes_on(int error)
{
	return error == EACCES || error == ENOENT || error == ENOTDIR || error == ESTALE;
}

static enum next judge_error(struct search *search, int error, int32_t *status)
{
	bool on = outcome_of(error)->answer;

	if (on && search->profile->executes && error != EISDIR)
		on = execvp_goes_on(error);
	if (!on) {
		*status = fail_errno(search, error);
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
		*status =
		    fail(search, OCIENV_ERR_UNSAFE,
			 "is found only through a relative entry of PATH, which runc "
			 "refuses");
		return NEXT_STOP;
	}
	*status = accept(search, file, path, (int32_t)search->searched - 1, ret);
	if (!*status)
		return NEXT_FOUND;
	/* execvp: a missing interpreter is "no such file" like any other. */
	if (search->profile->executes && execvp_goes_on(search->execution.error)) {
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

static int32_t search_as(struct search *search, struct sv list,
			 const struct identity *who, char *buffer,
			 struct lookup_result *ret)
{
	struct sv entry;

	search->searched = 0;
	search->denied = 0;
	while (sv_cut(&list, ':', &entry)) {
		struct sv path = candidate_of(search, entry, buffer);
		struct found file;
		enum next next;
		int32_t status = OCIENV_OK;
		int error = try_candidate(search, who, path, &file);

		search->searched++;
		next = error ? judge_error(search, error, &status)
			     : judge_hit(search, &file, path, ret, &status);
		if (next != NEXT_GO_ON)
			return status;
	}
	return fail_search(search);
}

static int32_t lookup_bare(struct search *search, struct lookup_result *ret)
{
	const struct profile *profile = search->profile;
	struct sv list = search->request->path;
	size_t room;
	char *buffer;
	int32_t status;

	if (!list.ptr)
		list = profile->default_path;
	if (!list.ptr)
		return fail(search, OCIENV_ERR_NOTFOUND,
			    "cannot be searched for: there is no PATH");
	if (!list.len && !profile->empty_is_entry)
		list = SV_NONE;
	/* Unbounded only by the caller's own limits: the longest entry and the name. */
	room = list.len + search->request->name.len + 2;
	buffer = arena_chars(&search->scratch, room);
	if (!buffer)
		return fail_memory(search, &search->scratch);
	if (!profile->root_first)
		return search_as(search, list, search->request->who, buffer, ret);
	/* crun: only where root found no executable at all for another reason than absence
	 * does the user look. */
	status = search_as(search, list, &identity_root, buffer, ret);
	if (status == OCIENV_ERR_ACCESS && search->denied)
		status = search_as(search, list, search->request->who, buffer, ret);
	return status;
}

/* The working directory is entered before anything is looked up. One that is missing is made
 * by the runtime, so then nothing relative is found; that is no error here. */
static int32_t check_cwd(const struct search *search)
{
	struct sv cwd = search->request->cwd;
	struct found found;
	int error;

	if (sv_eq(cwd, SV("/")))
		return OCIENV_OK;
	error = rootfs_walk(search->execution.rootfs, SV("/"), cwd, &identity_root,
			    search->execution.arena, &found);
	if (!error) {
		close(found.fd);
		error = S_ISDIR(found.st.st_mode) ? 0 : ENOTDIR;
	}
	if (!error || error == ENOENT)
		return OCIENV_OK;
	return outcome_fail(search->execution.diag, (struct mark){0, 0}, error,
			    "the working directory");
}

int32_t rootfs_lookup(const struct rootfs *rootfs, const struct lookup_request *request,
		      struct arena *arena, const struct diag *diag, struct mark mark,
		      struct lookup_result *ret)
{
	struct search search = {
	    .request = request,
	    .profile = &profiles[request->profile],
	    .execution = {.rootfs = rootfs,
			  .cwd = request->cwd,
			  .who = request->who,
			  .arena = arena,
			  .diag = diag,
			  .mark = mark},
	};
	struct sv name = request->name;
	int32_t status = check_cwd(&search);

	if (status)
		return status;
	if (!name.len)
		return fail(&search, OCIENV_ERR_NOTFOUND,
			    "is no name, expected a program");
	if (search.profile->dots_refused &&
	    (sv_eq(name, SV(".")) || sv_eq(name, SV(".."))))
		return fail(&search, OCIENV_ERR_NOTFOUND,
			    "is never searched for by runc");
	if (sv_contains(name, '/'))
		return lookup_slash(&search, ret);
	arena_init(&search.scratch, &arena->allocator, WALK_SCRATCH);
	status = lookup_bare(&search, ret);
	arena_free(&search.scratch);
	return status;
}

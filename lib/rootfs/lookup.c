/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file that a runtime would hand to execve, and what execve would make of it.
 *
 * What runtimes do differently is the table `profiles`, nothing else.
 */
#define _GNU_SOURCE
#include "rootfs/search.h"

#include "rootfs/agent.h"
#include "rootfs/shortcut.h"
#include "rootfs/outcome.h"
#include "rootfs/pathname.h"
#include "rootfs/permission.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <unistd.h>

static const struct profile profiles[] = {
	[LOOKUP_RUNC] = {.default_path = {NULL, 0},
			 .lexical = true,
			 .relative_refused = true,
			 .dots_refused = true,
			 .denied = OCIENV_ERR_NOTFOUND},
	[LOOKUP_CRUN] = {.default_path = {NULL, 0},
			 .empty_is_entry = true,
			 .regular_only = true,
			 .root_first = true,
			 .slash_stripped = true,
			 .denied = OCIENV_ERR_ACCESS},
	[LOOKUP_EXECVP] = {.default_path = {"/bin:/usr/bin", 13},
			   .empty_is_entry = true,
			   .regular_only = true,
			   .long_skipped = true,
			   .executes = true,
			   .stale_passed = true,
			   .shell = true,
			   .denied = OCIENV_ERR_ACCESS},
	/* The agent is linked with musl, and looks for the file itself beforehand. */
	[LOOKUP_KATA] = {.default_path = {"/usr/local/bin:/bin:/usr/bin", 28},
			 .empty_is_entry = true,
			 .regular_only = true,
			 .long_skipped = true,
			 .executes = true,
			 .agent = true,
			 .denied = OCIENV_ERR_ACCESS},
	[LOOKUP_MUSL] = {.default_path = {"/usr/local/bin:/bin:/usr/bin", 28},
			 .empty_is_entry = true,
			 .regular_only = true,
			 .long_skipped = true,
			 .executes = true,
			 .denied = OCIENV_ERR_ACCESS},
	/* Go before 1.20, which has neither its later care nor a look at the user. */
	[LOOKUP_RUNC_1_1] = {.default_path = {NULL, 0},
			     .lexical = true,
			     .relative_refused = true,
			     .empty_searched = true,
			     .any_executes = true,
			     .denied = OCIENV_ERR_NOTFOUND},
	[LOOKUP_CRUN_1_8] = {.default_path = {NULL, 0},
			     .empty_is_entry = true,
			     .regular_only = true,
			     .root_first = true,
			     .dot_relative = true,
			     .empty_searched = true,
			     .empty_is_root = true,
			     .denied = OCIENV_ERR_ACCESS},
};

int32_t search_fail(const struct search *search, int32_t status, const char *text)
{
	char quoted[DIAG_QUOTE_SIZE];

	return diag_fail(search->execution.diag, status, search->execution.mark, NULL,
			 "\"%s\" %s", diag_quote(quoted, search->request->name), text);
}

int32_t search_fail_errno(const struct search *search, int error)
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

/* Old runc picks by the bits alone, and asks for the user only about what it picked. */
static int check_execute(const struct search *search, const struct identity *who,
			 const struct found *file)
{
	if (search->profile->any_executes && !search->chosen)
		return file->st.st_mode & 0111 ? 0 : EACCES;
	return permission_execute(who, file->fd, &file->st);
}

int search_try(struct search *search, const struct identity *who, struct sv path,
	       struct found *ret)
{
	const struct execution *execution = &search->execution;
	int error = cwd_leave(&execution->cwd, &path);

	if (!error)
		error = walk_within(execution->rootfs, execution->cwd.real, path, who,
				    search->exact, &search->steps, execution->arena, ret);
	search->why = error == EACCES ? "lies in a directory closed to this user" : NULL;
	if (error)
		return error;
	if (S_ISDIR(ret->st.st_mode)) {
		error = EISDIR;
	} else if (search->profile->regular_only && !S_ISREG(ret->st.st_mode)) {
		search->why = "is no regular file";
		error = EACCES;
	} else {
		error = check_execute(search, who, ret);
		search->why = error == EACCES ? "is not executable for this user" : NULL;
	}
	if (error)
		close(ret->fd);
	return error;
}

struct sv search_as_found(const struct search *search, struct arena *arena, struct sv path)
{
	struct sv cwd = path.ptr[0] == '/' ? SV("") : search->request->cwd;
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

/* crun looks as root, old runc at anybody's bits: what the user may not execute is chosen,
 * and fails afterwards. */
static int check_user(struct search *search, struct sv path)
{
	struct found again;
	int error = 0;

	if (!search->profile->root_first && !search->profile->any_executes)
		return 0;
	error = search_try(search, search->request->who, path, &again);
	if (!error)
		close(again.fd);
	return error;
}

/* glibc: a file that the kernel does not know is given to /bin/sh. Messages call a file that was
 * found through PATH by its name: its directory is part of a variable's value. */
static int32_t foretell(struct search *search, const struct found *file,
			struct lookup_result *ret)
{
	struct sv name = ret->path_index < 0 ? ret->path : search->request->name;
	int32_t status;

	status = execution_foretell(&search->execution, file, name, SV_NONE, ret);
	if (status && search->profile->shell && search->execution.error == ENOEXEC)
		status = execution_foretell(&search->execution, file, name, SV("/bin/sh"),
					    ret);
	return status;
}

int32_t search_accept(struct search *search, const struct found *file, struct sv path,
		      int32_t index, struct lookup_result *ret)
{
	int32_t status = OCIENV_OK;
	int error = 0;

	search->chosen = true;
	search->execution.error = 0;
	*ret = (struct lookup_result){.file = *file, .path_index = index};
	ret->cwd_missing = search->execution.cwd.made.len > 0;
	ret->path = search_as_found(search, search->execution.arena, path);
	if (!ret->path.ptr)
		status = diag_memory(search->execution.diag,
				     arena_status(search->execution.arena));
	else if (!S_ISREG(file->st.st_mode))
		status = search_fail(
			search, OCIENV_ERR_ACCESS,
			"is chosen by the runtime but is no regular file, which cannot "
			"be executed");
	else if ((error = check_user(search, path)) != 0)
		status = search_fail_errno(search, error);
	else
		status = foretell(search, file, ret);
	if (status)
		close(file->fd);
	return status;
}

/* A name with a slash is not searched for; its errors are told as they are. */
static int32_t lookup_slash(struct search *search, struct lookup_result *ret)
{
	struct sv name = search->request->name;
	struct found file;
	int32_t status;
	int error;

	/* crun: joins the working directory and a relative name, and strips slashes. */
	while (search->profile->slash_stripped && name.ptr[0] != '/' && name.len > 1 &&
	       name.ptr[name.len - 1] == '/')
		name.len--;
	search->exact = true;
	error = search_try(search, search->request->who, name, &file);
	status = error ? search_fail_errno(search, error)
		       : search_accept(search, &file, name, -1, ret);
	search_note(search, name, -1, error, status);
	return status;
}

/* The working directory is entered before anything is looked up. One that is missing is made
 * by the runtime; whether it is one that does is the caller's question. */
static int32_t find_cwd(struct search *search)
{
	struct execution *execution = &search->execution;
	int error = cwd_find(execution->rootfs, search->request->cwd, &search->steps,
			     execution->arena, &execution->cwd);

	if (!error)
		return OCIENV_OK;
	if (error == EEXIST)
		return diag_fail(execution->diag, OCIENV_ERR_NOTFOUND, (struct mark){0, 0}, NULL,
				 "the working directory is a link that leads nowhere, expected "
				 "one that is there or can be made");
	return outcome_fail(execution->diag, (struct mark){0, 0}, error,
			    "the working directory");
}

static int32_t choose(struct search *search, struct lookup_result *ret)
{
	struct sv name = search->request->name;
	int32_t status = find_cwd(search);

	if (status)
		return status;
	if (!name.len && !search->profile->empty_searched)
		return search_fail(search, OCIENV_ERR_NOTFOUND,
				   "is no name, expected a program");
	if (search->profile->dots_refused &&
	    (sv_eq(name, SV(".")) || sv_eq(name, SV(".."))))
		return search_fail(search, OCIENV_ERR_NOTFOUND,
				   "is never searched for by runc");
	if (sv_contains(name, '/') ||
	    (search->profile->dot_relative && sv_has_prefix(name, SV("."))))
		return lookup_slash(search, ret);
	return search_path(search, ret);
}

static int32_t lookup(struct search *search, struct lookup_result *ret)
{
	int32_t status = choose(search, ret), refused;

	if (!search->profile->agent)
		return status;
	refused = agent_check(search, status);
	if (refused && !status)
		close(ret->file.fd);
	return refused ? refused : status;
}

int32_t rootfs_lookup(const struct rootfs *rootfs, const struct lookup_request *request,
		      struct arena *arena, const struct diag *diag, struct mark mark,
		      struct lookup_result *ret)
{
	/* A candidate's failure is not the caller's yet: it is held back until the end. */
	struct ocienv_error error = {0};
	struct diag held = *diag;
	struct shortcut shortcut = {.count = 0};
	struct rootfs with_shortcut = *rootfs;
	struct search search = {
		.request = request,
		.profile = &profiles[request->profile],
		.execution = {.rootfs = &with_shortcut,
			      .who = request->who,
			      .architecture = request->architecture,
			      .arena = arena,
			      .diag = &held,
			      .mark = mark},
	};
	struct lookup_result result = {0};
	int32_t status;

	if (!with_shortcut.shortcut)
		with_shortcut.shortcut = &shortcut;
	search.steps = ROOTFS_STEPS;
	search.error = &error;
	held.error = diag->error || request->candidates ? &error : NULL;
	status = lookup(&search, &result);
	if (!status)
		*ret = result;
	else if (diag->error)
		*diag->error = error;
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foretells execve: follows the interpreters of scripts to the program that runs.
 *
 * Must never refuse for lack of our own permission to read: then the facts are unknown.
 */
#define _GNU_SOURCE
#include "rootfs/execution.h"

#include "rootfs/elf_file.h"
#include "rootfs/file.h"
#include "rootfs/outcome.h"
#include "rootfs/permission.h"

#include <errno.h>
#include <unistd.h>

/* Five scripts may be nested; the kernel opens the sixth one's interpreter and then stops. */
enum { NESTED_SCRIPTS = 5 };

int32_t execution_fail(struct execution *execution, int error, int32_t status,
		       struct sv name, const char *text)
{
	char quoted[DIAG_QUOTE_SIZE];

	execution->error = error;
	return diag_fail(execution->diag, status, execution->mark, NULL, "\"%s\" %s",
			 diag_quote(quoted, name), text);
}

/* The message says whose interpreter it is: "no such file" for a file that is there is what
 * makes people search in vain. */
static int32_t fail_find(struct execution *execution, int error, struct sv path,
			 struct sv of, const char *kind)
{
	const struct outcome *outcome = outcome_of(error);
	char quoted[DIAG_QUOTE_SIZE], of_quoted[DIAG_QUOTE_SIZE];
	int32_t status = outcome->status;

	execution->error = error;
	if (status == OCIENV_ERR_SYSTEM || !*outcome->text)
		return outcome_fail(execution->diag, execution->mark, error, "");
	/* The program is there; it is this tree that cannot run it. */
	if (status == OCIENV_ERR_NOTFOUND)
		status = OCIENV_ERR_UNSUPPORTED;
	return diag_fail(execution->diag, status, execution->mark, NULL,
			 "the interpreter \"%s\" of the %s \"%s\" %s",
			 diag_quote(quoted, path), kind, diag_quote(of_quoted, of),
			 error == ENOENT ? "is missing" : outcome->text);
}

int32_t execution_fail_read(struct execution *execution, int error, struct sv name)
{
	const struct outcome *outcome;

	/* We failed to read, and execve need not. */
	error = outcome_ours(error);
	outcome = outcome_of(error);
	if (outcome->status == OCIENV_ERR_UNSAFE || outcome->status == OCIENV_ERR_ACCESS)
		return execution_fail(execution, error, outcome->status, name,
				      outcome->text);
	execution->error = error;
	return diag_system(execution->diag, error, "reading a file of the rootfs");
}

int32_t execution_find(struct execution *execution, struct sv path, struct sv of,
		       const char *kind, struct found *ret)
{
	/* "#!" and nothing else gives "", which the kernel opens as the working directory. */
	struct sv place = path.len ? path : SV(".");
	int error = cwd_leave(&execution->cwd, &place);

	if (!error)
		error = rootfs_walk(execution->rootfs, execution->cwd.real, place,
				    execution->who, execution->arena, ret);

	if (!error) {
		error = S_ISREG(ret->st.st_mode)
				? permission_execute(execution->who, ret->fd, &ret->st)
				: EACCES;
		if (!error)
			return OCIENV_OK;
		close(ret->fd);
	}
	return fail_find(execution, error, path, of, kind);
}

static bool keep_interpreter(struct execution *execution, const struct interpreter *seen,
			     const struct found *file, struct vec *chain)
{
	struct interpreter *copy = VEC_PUSH(chain, execution->arena, struct interpreter);
	char *path = arena_strdup(execution->arena, seen->path);
	char *arg = arena_strdup(execution->arena, seen->arg);

	if (!copy || !path || !arg)
		return false;
	copy->path = sv_from(path, seen->path.len);
	copy->arg = seen->arg.ptr ? sv_from(arg, seen->arg.len) : SV_NONE;
	copy->bare = seen->bare;
	copy->mode = file->st.st_mode;
	copy->leaves_root = file->leaves_root;
	return true;
}

enum kind { KIND_UNKNOWN, KIND_SCRIPT, KIND_ELF };

/* Reads one file of the chain; *seen is filled from head for a script. */
static int32_t look(struct execution *execution, const struct found *file, struct sv name,
		    char *head, struct interpreter *seen, struct elf_facts *elf,
		    enum kind *kind)
{
	int error, fd = file_open(execution->rootfs, file, &error);
	int32_t status = OCIENV_OK;
	ssize_t got;

	*kind = KIND_UNKNOWN;
	if (fd < 0 && (error == EACCES || error == EPERM))
		return OCIENV_OK;
	if (fd < 0)
		return execution_fail_read(execution, error, name);
	got = file_read_start(fd, &file->st, head, ELF_START);
	if (got < 0) {
		status = execution_fail_read(execution, errno, name);
	} else if (memcmp(head, "\177ELF", 4) == 0) {
		*kind = KIND_ELF;
		status = elf_read(execution, fd, sv_from(head, (size_t)got), name, elf);
	} else if (script_parse(head, seen)) {
		*kind = KIND_SCRIPT;
	} else {
		status = execution_fail(
			execution, ENOEXEC, OCIENV_ERR_UNSUPPORTED, name,
			"is neither an ELF file nor a script (exec format)");
	}
	close(fd);
	return status;
}

/* One script: its interpreter goes on the chain and becomes the file to look at. */
static int32_t enter_script(struct execution *execution, const struct interpreter *seen,
			    struct sv *name, struct vec *chain, struct found *file)
{
	struct interpreter *kept;
	struct found next;
	int32_t status = execution_find(execution, seen->path, *name, "script", &next);

	if (status)
		return status;
	if (file->fd >= 0)
		close(file->fd);
	*file = next;
	if (!keep_interpreter(execution, seen, file, chain))
		return diag_memory(execution->diag, arena_status(execution->arena));
	kept = (struct interpreter *)chain->items + chain->count - 1;
	*name = kept->path;
	return OCIENV_OK;
}

int32_t execution_foretell(struct execution *execution, const struct found *file,
			   struct sv name, struct sv first, struct lookup_result *ret)
{
	struct interpreter seen = {.path = first, .arg = SV_NONE};
	enum kind kind = first.ptr ? KIND_SCRIPT : KIND_UNKNOWN;
	uint32_t allowed = NESTED_SCRIPTS + (first.ptr ? 1 : 0);
	struct vec chain = {0};
	struct found now = {.fd = -1};
	char head[ELF_START]; /* of which EXECUTION_HEAD tell what it is */
	int32_t status = OCIENV_OK;

	ret->elf = (struct elf_facts){0};
	if (!first.ptr)
		status = look(execution, file, name, head, &seen, &ret->elf, &kind);
	while (!status && kind == KIND_SCRIPT) {
		status = enter_script(execution, &seen, &name, &chain, &now);
		if (!status && chain.count > allowed)
			status = execution_fail(
				execution, ELOOP, OCIENV_ERR_UNSUPPORTED, name,
				"is the sixth script in a row, expected at "
				"most 5");
		if (!status)
			status = look(execution, &now, name, head, &seen, &ret->elf,
				      &kind);
	}
	ret->program = chain.count ? now : *file;
	ret->program.fd = -1;
	if (now.fd >= 0)
		close(now.fd);
	ret->interpreters = chain.items;
	ret->interpreter_count = chain.count;
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The one table that turns an errno into a status. Must never guess: what is not listed is a
 * failed system call. */
#include "rootfs/outcome.h"

#include <errno.h>

static const struct outcome outcomes[] = {
	{ENOENT, OCIENV_ERR_NOTFOUND, true, "does not exist"},
	{ENOTDIR, OCIENV_ERR_NOTFOUND, true, "needs a directory where there is none"},
	{ELOOP, OCIENV_ERR_NOTFOUND, true, "passes too many links"},
	{ENAMETOOLONG, OCIENV_ERR_NOTFOUND, true, "is longer than a path or name may be"},
	{EINVAL, OCIENV_ERR_NOTFOUND, true, "holds a NUL byte"},
	{EISDIR, OCIENV_ERR_ACCESS, true, "is a directory, expected an executable file"},
	{EACCES, OCIENV_ERR_ACCESS, true,
	 "is not executable for this user, or lies in a directory or behind a link closed to it"},
	{EPERM, OCIENV_ERR_ACCESS, false,
	 "cannot be judged: the library itself may not look there, or cannot make out an "
	 "access control list"},
	{EXDEV, OCIENV_ERR_UNSAFE, false, "passes /proc or a magic link"},
	{EAGAIN, OCIENV_ERR_UNSAFE, false, "changes while it is looked at"},
	{ENOMEM, OCIENV_ERR_NOMEM, false, ""},
	{E2BIG, OCIENV_ERR_LIMIT, false, ""},
	{ETIME, OCIENV_ERR_LIMIT, false, "takes more steps to look for than are allowed"},
	/* A sick file system: runc goes on with the next entry of PATH all the same. */
	{EIO, OCIENV_ERR_SYSTEM, true, ""},
	{ESTALE, OCIENV_ERR_SYSTEM, true, ""},
};

const struct outcome *outcome_of(int error)
{
	static const struct outcome other = {0, OCIENV_ERR_SYSTEM, false, ""};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (outcomes[i].error == error)
			return &outcomes[i];
	return &other;
}

bool outcome_is_known(int error)
{
	const struct outcome *outcome = outcome_of(error);

	return outcome->answer && outcome->status != OCIENV_ERR_SYSTEM;
}

int outcome_ours(int error)
{
	return outcome_is_known(error) ? EPERM : error;
}

int32_t outcome_fail(const struct diag *diag, struct mark mark, int error,
		     const char *what)
{
	const struct outcome *outcome = outcome_of(error);

	if (outcome->status == OCIENV_ERR_SYSTEM)
		return diag_system(diag, error, "looking into the rootfs");
	if (!*outcome->text)
		return diag_memory(diag, outcome->status);
	return diag_fail(diag, outcome->status, mark, NULL, "%s %s", what, outcome->text);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What an errno of a walk, or of the execve that is foretold, means to the caller. Pure. */
#ifndef OCIENV_ROOTFS_OUTCOME_H
#define OCIENV_ROOTFS_OUTCOME_H

#include "base/error.h"

struct outcome {
	int error;
	int32_t status;
	/* The tree says so, to the container as to us. Else nothing is known about the file
	 * and no search may go on. */
	bool answer;
	const char *text; /* goes behind the name of the file */
};

const struct outcome *outcome_of(int error);

/* True if that is what the tree is like. A sick file system is something that runc goes on
 * behind, but nothing may be concluded from it. */
bool outcome_is_known(int error);

/* The errno of a call that only we make, not the runtime: what would be an answer about the
 * tree is EPERM then. */
int outcome_ours(int error);

/* Fails with the outcome's status; `what` (a quoted name) and the outcome's text say why. */
int32_t outcome_fail(const struct diag *diag, struct mark mark, int error,
		     const char *what);

#endif

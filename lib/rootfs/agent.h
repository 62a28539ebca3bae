/* SPDX-License-Identifier: Apache-2.0 */
/* What the kata agent looks at before it calls execvp. */
#ifndef OCIENV_ROOTFS_AGENT_H
#define OCIENV_ROOTFS_AGENT_H

#include "rootfs/search.h"

/*
 * The agent refuses a program that is neither there as it is named, seen from the working
 * directory, nor a file below an entry of PATH; only then does execvp decide. `status` is what
 * execvp's search has come to. Returns 0 if that stands. Errors: NOTFOUND and those of a walk
 * that gives no answer.
 */
int32_t agent_check(struct search *search, int32_t status);

#endif

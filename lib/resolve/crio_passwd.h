/* SPDX-License-Identifier: Apache-2.0 */
/* CRI-O gives a container a passwd of its own where the image's lacks its uid. */
#ifndef OCIENV_RESOLVE_CRIO_PASSWD_H
#define OCIENV_RESOLVE_CRIO_PASSWD_H

#include "resolve/blame.h"
#include "rootfs/accounts.h"

/* True if it does: nobody has the uid, and the image's file is there, has bytes, and can be
 * written by its owner alone, who is not that user. The file has been read. Pure. */
bool crio_adds_line(const struct account_file *passwd, uint32_t uid);

/* The file with the line behind it. ptr NULL: no memory. */
struct sv crio_passwd(struct sv passwd, struct sv name, uint32_t uid, uint32_t gid,
		      struct sv home, struct arena *arena);

#endif

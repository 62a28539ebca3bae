/* SPDX-License-Identifier: Apache-2.0 */
/* The passwd home of a user, as the runtime finds it inside the container. */
#ifndef OCIENV_RESOLVE_HOME_H
#define OCIENV_RESOLVE_HOME_H

#include "resolve/blame.h"
#include "resolve/runtime.h"
#include "rootfs/accounts.h"

/* Where the runtime step gets HOME from, if it needs it. */
struct home {
	struct home_source source; /* find: home_find */
	uint32_t runtime;	   /* enum ocienv_runtime */
	struct accounts *accounts;
	uint32_t uid;
	struct sv added_name; /* of the line that CRI-O adds; ptr NULL: it adds none */
	uint32_t added_gid;
	bool strict;	      /* refuse an entry that is none to every reader */
	const struct blame *blame;
	struct arena *scratch;
};

/* Errors: those of accounts_read(), VALUE, NOMEM. */
int32_t home_find(const struct home_source *source, struct text *ret, bool *unknown);

#endif

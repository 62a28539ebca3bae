/* SPDX-License-Identifier: Apache-2.0 */
/* The last question: what do argv, PATH, cwd and user make of the rootfs? */
#ifndef OCIENV_RESOLVE_EXECUTABLE_H
#define OCIENV_RESOLVE_EXECUTABLE_H

#include "resolve/blame.h"
#include "resolve/config.h"
#include "rootfs/rootfs.h"

struct executable_input {
	const struct rootfs *rootfs;
	uint32_t runtime; /* enum ocienv_runtime */
	struct sv architecture; /* of the image; empty: not known */
	bool any_cwd;	  /* no runtime enters the working directory */
	const struct blame *blame;
	struct arena *scratch;
	struct candidates *candidates; /* to be filled; NULL: nobody asks */
};

/* Adds the file that is executed to a config that has everything else. *found is what is
 * known of it; the config has its fd. Errors: NOMEM, LIMIT, NOTFOUND, ACCESS, UNSUPPORTED,
 * UNSAFE, SYSTEM. */
int32_t executable_find(const struct executable_input *in, struct ocienv_config *config,
			struct lookup_result *found);

#endif

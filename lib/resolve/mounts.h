/* SPDX-License-Identifier: Apache-2.0 */
/* What the rootfs cannot show: the runtime looks after everything is mounted. */
#ifndef OCIENV_RESOLVE_MOUNTS_H
#define OCIENV_RESOLVE_MOUNTS_H

#include "resolve/blame.h"
#include "resolve/config.h"
#include "rootfs/rootfs.h"

struct mounts_input {
	const struct rootfs *rootfs;
	const struct ocienv_layer *layers[2]; /* of which each may be NULL */
	const struct blame *blame;
	struct arena *scratch;
};

/*
 * Warns of each mount that covers what was found: the program, an interpreter of it, or a place
 * where PATH is searched before. Errors: NOMEM, LIMIT (steps).
 */
int32_t mounts_warn(const struct mounts_input *in, const struct lookup_result *found,
		    struct ocienv_config *config);

/* `status` is what the look-up of argv[0] came to. Where a mount may hold what the rootfs does
 * not, the error says so; the status stays. Errors: `status`, NOMEM, LIMIT. */
int32_t mounts_excuse(const struct mounts_input *in, const struct ocienv_config *config,
		      int32_t status);

#endif

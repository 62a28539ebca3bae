/* SPDX-License-Identifier: Apache-2.0 */
/* The last step before a LibOS: what it needs that a runtime does not give, and whether it can
 * run the answer at all. */
#ifndef OCIENV_RESOLVE_LIBOS_H
#define OCIENV_RESOLVE_LIBOS_H

#include "read/occlum_json.h"
#include "resolve/blame.h"
#include "resolve/config.h"
#include "rootfs/rootfs.h"

struct libos_input {
	const struct ocienv_options *options; /* libos, stack_size, library_path */
	const struct ocienv_limits *limits;
	const struct occlum_json *occlum;  /* NULL: there is none */
	const struct rootfs *rootfs;	   /* NULL: there is none */
	const struct lookup_result *found; /* with a rootfs: what is executed */
	const struct blame *blame;
	struct arena *scratch;
};

/*
 * Puts the LibOS's directories in front of LD_LIBRARY_PATH, takes a script apart that the
 * LibOS would not understand, and then checks what the LibOS wants, as far as it can be told.
 * Without a LibOS only the first, and what an Occlum.json says if there is one. Each refusal names what to do about it.
 * Errors: UNSUPPORTED, NOTFOUND (cwd), UNSAFE, LIMIT, NOMEM, SYSTEM.
 */
int32_t libos_apply(const struct libos_input *in, struct ocienv_config *config);

#endif

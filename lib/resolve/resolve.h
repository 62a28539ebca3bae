/* SPDX-License-Identifier: Apache-2.0 */
/* Layers and a rootfs in, a config out: the order of the steps. */
#ifndef OCIENV_RESOLVE_RESOLVE_H
#define OCIENV_RESOLVE_RESOLVE_H

#include "read/occlum_json.h"
#include "resolve/config.h"

struct resolve_input {
	const struct ocienv_layer *image, *pod, *spec; /* each may be NULL, not all */
	int rootfs_fd;				       /* OCIENV_NO_ROOTFS: none */
	const struct ocienv_options *options;	       /* complete */
	const struct ocienv_limits *limits;	       /* complete */
	const struct occlum_json *occlum;	       /* NULL: there is none */
	const struct diag *diag;
	struct arena *scratch;
};

/* Fills a fresh config. Errors: those of ocienv_resolve(), but ARGUMENT. */
int32_t resolve(const struct resolve_input *in, struct ocienv_config *config);

/* The same without a look-up and without the layers' warnings: what the documents say, to be
 * compared. `process_env` is the list that a runtime gets, in scratch or in the config's
 * arena. */
int32_t resolve_documents(const struct resolve_input *in, struct ocienv_config *config,
			  struct env_list *process_env);

#endif

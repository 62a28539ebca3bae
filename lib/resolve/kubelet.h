/* SPDX-License-Identifier: Apache-2.0 */
/* The kubelet's part: from a pod and what it refers to, to what the CRI plugin is told. */
#ifndef OCIENV_RESOLVE_KUBELET_H
#define OCIENV_RESOLVE_KUBELET_H

#include "read/cluster.h"
#include "read/pod.h"

struct kubelet_input {
	const struct pod *pod;
	const struct objects *own;	      /* of the pod's file; they count as applied last */
	const struct ocienv_cluster *cluster; /* may be NULL */
	const struct ocienv_options *options; /* complete */
	const struct ocienv_limits *limits;   /* complete */
	const struct diag *diag;	      /* of the pod's file */
	struct arena *scratch;
};

/*
 * Fills a fresh pod layer: entrypoint (command), args, env, cwd, hostname, tty, user.
 * A pure function of its input. Errors: NOMEM, LIMIT, ENCODING, VALUE, REFERENCE.
 */
int32_t kubelet(const struct kubelet_input *in, struct ocienv_layer *layer);

#endif

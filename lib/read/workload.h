/* SPDX-License-Identifier: Apache-2.0 */
/* The objects of a file: which of them start pods, and which only answer references. */
#ifndef OCIENV_READ_WORKLOAD_H
#define OCIENV_READ_WORKLOAD_H

#include "read/pod.h"

/* An object that pods come from, or a document that the caller says is a part of a pod. */
struct workload {
	const struct node *node;
	const struct path *path;
	const struct workload_kind *kind; /* NULL: a part */
	struct text name, namespace;
};

/* Where such an object keeps the pod's metadata and spec. */
struct workload_kind {
	struct sv group; /* of apiVersion, with its "/"; "v1" for the core group */
	struct sv kind;
	struct sv way[4]; /* members down to the template; ends at the first empty one */
};

/* Reads every document of a file: objects go to `objects` (not indexed yet), workloads to
 * `workloads` (a vec of struct workload; NULL: passed over). Where the options say that the
 * document is a PodSpec or a container, what is no object goes there instead of workloads. The
 * trees lie in `nodes`; NULL: in the working memory, which has them back one by one where no
 * workload points to them. Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE. */
int32_t read_file(const struct read_input *in, const struct reader *reader, struct arena *nodes,
		  struct objects *objects, struct vec *workloads);

/* The one that the options name, or the only one there is. Errors: VALUE, REFERENCE. */
int32_t workload_choose(const struct read_input *in, const struct vec *workloads,
			const struct workload **ret);

/* A path step that outlives the function that makes it; NULL: no memory. */
const struct path *path_new(struct arena *scratch, struct path step);

#endif

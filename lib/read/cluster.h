/* SPDX-License-Identifier: Apache-2.0 */
/* What the caller knows of the cluster: objects that pods refer to, and facts. */
#ifndef OCIENV_READ_CLUSTER_H
#define OCIENV_READ_CLUSTER_H

#include "read/objects.h"

struct fact {
	struct sv key, value;
};

struct ocienv_cluster {
	struct arena arena;
	struct ocienv_limits limits;
	struct objects objects;
	struct vec facts; /* of struct fact; a handful */
};

/* kubelet fieldpath: the KEY of MAP['KEY'], taken from the first "['". False: it is no such
 * path. */
bool field_subscript(struct sv field, struct sv map, struct sv *key);

/* True for the fieldRef paths, the allocatable resources and the files in volumes that can be
 * stated. */
bool fact_known(struct sv key);

/* Adds or replaces. Errors: NOMEM, LIMIT, ENCODING. */
int32_t cluster_set_fact(const struct diag *diag, struct ocienv_cluster *cluster,
			 struct sv key, struct sv value);

/* The value of a fact; ptr NULL: nobody stated it. cluster may be NULL. */
struct sv cluster_fact(const struct ocienv_cluster *cluster, struct sv key);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The downward API: fields of the pod as values of variables. */
#ifndef OCIENV_RESOLVE_DOWNWARD_H
#define OCIENV_RESOLVE_DOWNWARD_H

#include "read/cluster.h"
#include "read/pod.h"

struct downward {
	const struct pod *pod;
	const struct ocienv_cluster *cluster; /* may be NULL */
	struct arena *scratch;
	const struct diag *diag;
	const struct sort_item *labels, *annotations; /* the pod's, from downward_init() */
};

/* Sorts labels and annotations: any number of variables may ask for them. The members above
 * them are set. Errors: NOMEM, LIMIT. */
int32_t downward_init(struct downward *downward);

/* Name and namespace of the pod; ptr NULL: nobody knows the name. */
struct text downward_pod_name(const struct downward *downward);
struct text downward_namespace(const struct downward *downward);

/*
 * The value of fieldRef.fieldPath `field`. What no document holds must be a fact.
 * Errors: VALUE (no such field), REFERENCE (the fact is not stated), NOMEM.
 */
int32_t downward_field(const struct downward *downward, const struct text *field,
		       const struct path *path, struct text *ret);

/*
 * kubelet GeneratePodHostNameAndDomain: the host name that the sandbox gets. `given` (the
 * caller's) wins. Errors: VALUE, REFERENCE.
 */
int32_t downward_hostname(const struct downward *downward, const char *given,
			  struct text *ret);

#endif

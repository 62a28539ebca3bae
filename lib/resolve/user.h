/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the process is: the pod's way through kubelet and containerd by default, strict about
 * what upstreams only get away with.
 */
#ifndef OCIENV_RESOLVE_USER_H
#define OCIENV_RESOLVE_USER_H

#include "resolve/blame.h"
#include "resolve/config.h"
#include "rootfs/rootfs.h"

struct user_input {
	const struct ocienv_layer *image;    /* may be NULL */
	const struct ocienv_layer *pod;	     /* may be NULL */
	const struct ocienv_layer *spec;     /* not NULL: it has the numbers, and they count */
	const struct accounts *accounts;     /* NULL: no rootfs */
	bool groups_by_name; /* a number of `spec` may be the name of a group, too */
	const struct blame *blame;
	struct arena *arena; /* of the result */
	struct arena *scratch;
	struct vec *warnings;
};

struct user_result {
	struct config_user user;
	struct text home; /* the passwd home of the uid, or "/"; absent: no rootfs */
	bool home_unknown; /* it is "/" because no line of passwd has the uid */
	uint64_t capabilities; /* the effective set at the lookup */
};

/* Errors: NOMEM, LIMIT, VALUE (an id or a line that cannot be trusted; runAsNonRoot),
 * REFERENCE (no such user). */
int32_t user_resolve(const struct user_input *in, struct user_result *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the process is: image User and securityContext become what a CRI plugin is told, that
 * becomes a question to the rootfs, and the answer is numbers. A runtime spec has them
 * already.
 */
#ifndef OCIENV_RESOLVE_USER_H
#define OCIENV_RESOLVE_USER_H

#include "resolve/blame.h"
#include "resolve/config.h"
#include "rootfs/accounts.h"

struct user_input {
	const struct ocienv_layer *image; /* may be NULL */
	const struct ocienv_layer *pod;	  /* may be NULL */
	const struct ocienv_layer *spec;  /* not NULL: it has the numbers, and they count */
	uint32_t profile;		  /* enum ocienv_user_profile */
	uint32_t cri;			  /* enum ocienv_cri */
	bool direct;			  /* OCIENV_CRI_DIRECT */
	bool groups_by_name; /* a number of `spec` may be the name of a group, too */
	struct accounts *accounts;	  /* NULL: no rootfs */
	const struct blame *blame;
	struct arena *arena; /* of the result */
	struct arena *scratch;
	struct vec *warnings;
};

struct user_result {
	struct config_user user;
	uint64_t capabilities; /* the effective set at the lookup */
	struct sv added_name;  /* of the passwd line that CRI-O adds; ptr NULL: it adds none */
	uint32_t added_gid;    /* that of the user, whatever runAsGroup says */
};

/* Errors: NOMEM, LIMIT, VALUE (an id or a line that cannot be trusted; runAsNonRoot),
 * REFERENCE (no such user or group); those of accounts_read(). */
int32_t user_resolve(const struct user_input *in, struct user_result *ret);

#endif

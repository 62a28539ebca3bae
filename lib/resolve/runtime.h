/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime's last step: from process.env to what execve gets. Pure. */
#ifndef OCIENV_RESOLVE_RUNTIME_H
#define OCIENV_RESOLVE_RUNTIME_H

#include "read/layer.h"
#include "resolve/blame.h"

struct runtime_input {
	uint32_t runtime;	    /* enum ocienv_runtime */
	const struct env_list *env; /* process.env */
	struct text home;	    /* the passwd home of the user; absent: nobody knows */
	const struct blame *blame;
	struct arena *arena; /* of the result */
	struct arena *scratch;
};

/*
 * Unique names in the runtime's order, HOME added by its rule. Entries that the runtime
 * refuses are VALUE (no "=", no name) or ENCODING (a NUL). Errors: those, NOMEM, LIMIT.
 */
int32_t runtime_env(const struct runtime_input *in, struct env_list *ret);

/* runc validateProcessSpec: the cwd is absolute, then: there are arguments. Errors: VALUE. */
int32_t runtime_check(const struct text_list *args, const struct text *cwd,
		      const struct blame *blame);

#endif

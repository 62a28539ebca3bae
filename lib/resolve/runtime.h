/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime's last step: from process.env to what execve gets. Pure. */
#ifndef OCIENV_RESOLVE_RUNTIME_H
#define OCIENV_RESOLVE_RUNTIME_H

#include "read/layer.h"
#include "resolve/blame.h"

/* The passwd home of the user, which is looked for only if it is needed. */
struct home_source {
	/* *unknown: passwd is there, but does not know the user, whose home is "/" then. */
	int32_t (*find)(const struct home_source *source, struct text *ret, bool *unknown);
};

struct runtime_input {
	uint32_t runtime;	    /* enum ocienv_runtime */
	bool lenient;		    /* malformed entries as the runtime takes them */
	const struct home_source *home; /* NULL: nobody knows */
	const struct blame *blame;
	struct vec *warnings; /* of struct layer_warning, in `arena`; NULL: nobody reads them */
	struct arena *arena; /* of the list, before and behind */
	struct arena *scratch;
};

/*
 * `env` comes as process.env, which lies in `arena` with room for one entry more, and becomes
 * what execve gets: unique names in the runtime's order, their texts copied into `arena`, HOME
 * added by the runtime's rule. Malformed entries are VALUE (no "=", no name), unless the caller
 * wants the runtime's leniency; a NUL is ENCODING. Errors: those, NOMEM, LIMIT, and what the
 * home's source fails with.
 */
int32_t runtime_env(const struct runtime_input *in, struct env_list *env);

/* runc validateProcessSpec: the cwd is absolute, then: there are arguments. crun and kata
 * take a relative cwd from the root. Errors: VALUE. */
int32_t runtime_check(uint32_t runtime, const struct text_list *args, const struct text *cwd,
		      const struct blame *blame);

/* True if additionalGids are looked up in /etc/group, where their digits may be a name. */
bool runtime_names_groups(uint32_t runtime);

/* Does it leave "=VALUE" out where that is no error? */
bool runtime_skips_nameless(uint32_t runtime);

/* True if a HOME without a value is as good as none. */
bool runtime_fills_home(uint32_t runtime);

/* True if white space at both ends of a name and a value goes. */
bool runtime_trims(uint32_t runtime);

/* True if a working directory that is not there stops the runtime; others make it. */
bool runtime_needs_cwd(uint32_t runtime);

#endif

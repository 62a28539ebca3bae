/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CRI plugin's part: image and pod become the `process` of a runtime spec. Pure.
 */
#ifndef OCIENV_RESOLVE_CRI_H
#define OCIENV_RESOLVE_CRI_H

#include "read/layer.h"
#include "resolve/blame.h"

/* What the plugin writes to config.json. */
struct cri_process {
	struct text_list args;
	struct env_list env; /* names may repeat: the runtime sorts that out, in place */
	struct text cwd;
};

struct cri_input {
	const struct ocienv_layer *image; /* may be NULL */
	const struct ocienv_layer *pod;	  /* may be NULL */
	const struct blame *blame;
	struct arena *arena; /* of the result, with room for one variable more */
	struct arena *scratch;
	struct vec *warnings; /* of struct layer_warning, in `arena` */
};

/* The part of one CRI plugin (enum ocienv_cri). Errors: NOMEM, LIMIT, VALUE (no command; an
 * image entry that CRI-O stumbles over). */
int32_t cri_process(uint32_t cri, const struct cri_input *in, struct cri_process *ret);

/* The same where a runtime spec holds the plugin's result: the image, if there is one, lies
 * below it. Errors: NOMEM, LIMIT. */
int32_t cri_spec_process(const struct cri_input *in, const struct ocienv_layer *spec,
			 struct cri_process *ret);

/* containerd replaceOrAppendEnvValues: `overrides`, one list behind the other, of which any may
 * be NULL, on top of `defaults`; all are left alone. The list is made in `arena`, with room for
 * one entry more. Returns 0 or the status of an arena. */
int32_t cri_merge_env(const struct env_list *defaults, const struct env_list *const overrides[2],
		      struct arena *arena, struct arena *scratch, struct env_list *ret);

#endif

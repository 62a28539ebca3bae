/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the CRI step share: each environment is a file of its own. Private. */
#ifndef OCIENV_RESOLVE_CRI_PROFILES_H
#define OCIENV_RESOLVE_CRI_PROFILES_H

#include "resolve/cri.h"

/* Both start with it. */
extern const struct sv cri_default_path;

/* What the plugin puts into process.env. Errors: NOMEM, LIMIT, VALUE. */
int32_t cri_env_containerd(const struct cri_input *in, struct env_list *ret);
int32_t cri_env_crio(const struct cri_input *in, struct env_list *ret);

/* One list behind the other. Errors: NOMEM, LIMIT. */
int32_t cri_join_lists(const struct cri_input *in, const struct text_list *first,
		       const struct text_list *second, struct text_list *ret);

/* The pod's workingDir, else the image's, else "/": taken as it is. */
struct text cri_working_dir(const struct cri_input *in);

int32_t cri_no_memory(const struct cri_input *in);

#endif

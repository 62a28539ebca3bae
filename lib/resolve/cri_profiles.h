/* SPDX-License-Identifier: Apache-2.0 */
/* The environments of the CRI plugins, one file each. Private to the CRI step. */
#ifndef OCIENV_RESOLVE_CRI_PROFILES_H
#define OCIENV_RESOLVE_CRI_PROFILES_H

#include "resolve/cri.h"

/* Both start with it. */
extern const struct sv cri_default_path;

/* What the plugin puts into process.env. Errors: NOMEM, LIMIT, VALUE. */
int32_t cri_env_containerd(const struct cri_input *in, struct env_list *ret);
int32_t cri_env_crio(const struct cri_input *in, struct env_list *ret);

int32_t cri_no_memory(const struct cri_input *in);

#endif

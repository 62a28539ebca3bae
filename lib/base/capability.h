/* SPDX-License-Identifier: Apache-2.0 */
/* Linux capabilities by name. */
#ifndef OCIENV_BASE_CAPABILITY_H
#define OCIENV_BASE_CAPABILITY_H

#include "base/sv.h"

/* Capability numbers that decide about files. */
enum { CAPABILITY_DAC_OVERRIDE = 1, CAPABILITY_DAC_READ_SEARCH = 2 };

/* Every capability that the kernel has. */
#define CAPABILITIES_ALL ((UINT64_C(1) << 41) - 1)

/* containerd: what a container gets when nobody says otherwise (defaultUnixCaps). */
uint64_t capabilities_containerd(void);

/* CRI-O: the same, by its default_capabilities. */
uint64_t capabilities_crio(void);

/* The bit of "CAP_CHOWN" (any letter case), 0 for a name that the kernel does not have. */
uint64_t capability_bit(struct sv name);

/* As Kubernetes writes it: "NET_ADMIN", "CAP_NET_ADMIN" or "ALL", in any letter case. */
uint64_t capability_bit_short(struct sv name);

#endif

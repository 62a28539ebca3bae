/* SPDX-License-Identifier: Apache-2.0 */
/* What a host may put into an environment although no document says it. Pure. */
#ifndef OCIENV_RESOLVE_HOST_MAY_H
#define OCIENV_RESOLVE_HOST_MAY_H

#include "base/sv.h"

#include <stdbool.h>

/* HOSTNAME, TERM=xterm, and what the kubelet makes of a Service: name and value must both
 * have the form. `links`: of any Service; else of the API server's alone. */
bool host_may_add(struct sv name, struct sv value, bool links);

#endif

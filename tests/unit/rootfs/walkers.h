/* SPDX-License-Identifier: Apache-2.0 */
/* Which walkers a test goes through. */
#ifndef OCIENV_TESTS_WALKERS_H
#define OCIENV_TESTS_WALKERS_H

#include "rootfs/rootfs.h"

enum { WALKERS_MAX = 3 };

/* All that work here, or the one that OCIENV_WALKER (openat2, stack or string) names; says
 * so where openat2 is left out because it does not work. The program ends as skipped if it
 * is the one that was named, and in failure if the name is another. */
unsigned int walkers_here(enum walker ret[WALKERS_MAX]);

const char *walker_name(enum walker walker);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/rootfs/walkers.h"

#include "rootfs/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum walker walkers[WALKERS_MAX] = {WALKER_OPENAT2, WALKER_STACK,
						 WALKER_STRING};

const char *walker_name(enum walker walker)
{
	static const char *const names[] = {"auto", "openat2", "stack", "string"};

	return names[walker];
}

unsigned int walkers_here(enum walker ret[WALKERS_MAX])
{
	const char *wanted = getenv("OCIENV_WALKER");
	unsigned int count = 0;

	for (unsigned int i = 0; i < WALKERS_MAX; i++) {
		if (wanted && strcmp(wanted, walker_name(walkers[i])) != 0)
			continue;
		if (walkers[i] == WALKER_OPENAT2 && !openat2_works()) {
			(void)fprintf(stderr, "openat2 does not work here: not tested\n");
			if (wanted)
				exit(77);
			continue;
		}
		ret[count++] = walkers[i];
	}
	if (!count) {
		(void)fprintf(stderr, "OCIENV_WALKER: expected openat2, stack or string\n");
		exit(1);
	}
	return count;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is cleared although nobody looks at it again. */
#ifndef OCIENV_BASE_WIPE_H
#define OCIENV_BASE_WIPE_H

#include <stddef.h>
#include <string.h>

/* The barrier might read all memory through p, so no compiler drops the writes before it. */
static inline void wipe(void *p, size_t size)
{
	if (size)
		memset(p, 0, size);
	__asm__ __volatile__("" : : "r"(p) : "memory");
}

#endif

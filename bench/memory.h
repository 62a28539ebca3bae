/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All memory of the process that malloc hands out, whoever asks for it: the library through its
 * default allocator, json-c and libyaml by themselves. Counted as what malloc takes for it.
 */
#ifndef OCIENV_BENCH_MEMORY_H
#define OCIENV_BENCH_MEMORY_H

#include <stddef.h>

/* From now on; what is there already does not count. */
void memory_begin(void);
/* The most that there was at one time since then. */
size_t memory_peak(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Times of this thread, in microseconds, and what is told of many of them. */
#ifndef OCIENV_BENCH_TIMING_H
#define OCIENV_BENCH_TIMING_H

#include <stddef.h>

double timing_now(void);

/* Sorts them; part 1, 2, 3 of 4: half of the values lie between the first and the last. */
double timing_quartile(double *values, size_t count, size_t part);

#endif

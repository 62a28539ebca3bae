/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that a seed makes again. */
#ifndef OCIENV_TESTS_RANDOM_H
#define OCIENV_TESTS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* splitmix64 */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15U);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

/* 0 to n - 1 */
static inline unsigned int below(uint64_t *state, unsigned int n)
{
	return (unsigned int)(random_next(state) % n);
}

static inline bool one_in(uint64_t *state, unsigned int n)
{
	return below(state, n) == 0;
}

#endif

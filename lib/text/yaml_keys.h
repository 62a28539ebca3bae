/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a mapping in order, to find those that stand there twice. */
#ifndef OCIENV_TEXT_YAML_KEYS_H
#define OCIENV_TEXT_YAML_KEYS_H

#include "text/node.h"

/* Fills `order` with 0..n-1, sorted by the bytes of the keys and, where these are equal, by
 * place. `spare` has n elements too. n * log n comparisons whatever the keys are. */
void keys_sort(const struct node *children, uint32_t n, uint32_t *order, uint32_t *spare);

/* The first entry whose key stands further up already, n if there is none. For a few
 * entries: looks at every pair. */
uint32_t keys_first_twice(const struct node *children, uint32_t n);

/* The same from what keys_sort() gave. */
uint32_t keys_first_twice_sorted(const struct node *children, uint32_t n,
				 const uint32_t *order);

enum { KEYS_FEW = 8 }; /* up to here keys_first_twice() beats sorting */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A merge sort of indexes. Not a hash table: keys come from an attacker, who could make
 * them collide. Must not recurse.
 */
#include "text/yaml_keys.h"

static struct sv key_at(const struct node *children, uint32_t i)
{
	return node_sv(&children[2 * (size_t)i]);
}

/* Merges two sorted neighbours; the left one goes first among equals. */
static void merge(const struct node *children, const uint32_t *from, uint32_t *to,
		  size_t left_end, size_t right_end)
{
	size_t left = 0, right = left_end;

	for (size_t i = 0; i < right_end; i++) {
		bool take_left = right == right_end ||
				 (left < left_end &&
				  sv_cmp(key_at(children, from[left]),
					 key_at(children, from[right])) <= 0);

		to[i] = take_left ? from[left++] : from[right++];
	}
}

void keys_sort(const struct node *children, uint32_t n, uint32_t *order, uint32_t *spare)
{
	uint32_t *from = order, *to = spare;

	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t width = 1; width < n; width *= 2) {
		uint32_t *swap = from;

		for (size_t i = 0; i < n; i += 2 * width) {
			size_t rest = n - i;
			size_t left = rest < width ? rest : width;
			size_t both = rest < 2 * width ? rest : 2 * width;

			merge(children, from + i, to + i, left, both);
		}
		from = to;
		to = swap;
	}
	if (n && from != order)
		memcpy(order, from, n * sizeof(*order));
}

uint32_t keys_first_twice(const struct node *children, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (sv_eq(key_at(children, i), key_at(children, k)))
				return i;
	return n;
}

uint32_t keys_first_twice_sorted(const struct node *children, uint32_t n,
				 const uint32_t *order)
{
	uint32_t first = n;

	for (uint32_t i = 1; i < n; i++) {
		if (order[i] < first &&
		    sv_eq(key_at(children, order[i - 1]), key_at(children, order[i])))
			first = order[i];
	}
	return first;
}

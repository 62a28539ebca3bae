/* SPDX-License-Identifier: Apache-2.0 */
/* A bottom-up merge sort: stable, n log n whatever the input, no recursion. */
#include "base/sort.h"

enum { PREFIX = sizeof(uint64_t) };

uint64_t sort_short_prefix(struct sv name)
{
	uint64_t prefix = 0;

	for (size_t i = 0; i < PREFIX; i++)
		prefix = prefix << 8 | (i < name.len ? (unsigned char)name.ptr[i] : 0);
	return prefix;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Two names of at least eight bytes whose first eight are the same. The last step looks once more
 * at bytes that are equal. */
static inline int compare_rest(const struct sort_item *a, const struct sort_item *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int result = 0;

	for (size_t at = PREFIX; !result && at < n; at += PREFIX) {
		size_t place = n - at < PREFIX ? n - PREFIX : at;

		result = order(sort_eight(a->ptr + place), sort_eight(b->ptr + place));
	}
	return result ? result : order(a->len, b->len);
}

/* The prefix settles most; it cannot when it is equal (longer names, or a NUL). */
static inline int compare(const struct sort_item *a, const struct sort_item *b)
{
	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	if (a->len < PREFIX || b->len < PREFIX)
		return sv_cmp(sort_name(a), sort_name(b));
	return compare_rest(a, b);
}

/* Short runs first: insertion beats merging there. */
enum { RUN = 8 };

static void sort_run(struct sort_item *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct sort_item item = items[i];
		size_t k = i;

		while (k > 0 && compare(&items[k - 1], &item) > 0) {
			items[k] = items[k - 1];
			k--;
		}
		items[k] = item;
	}
}

static void merge(const struct sort_item *from, struct sort_item *to, size_t start,
		  size_t middle, size_t end)
{
	size_t left = start, right = middle;

	if (right >= end || compare(&from[right - 1], &from[right]) <= 0) {
		memcpy(to + start, from + start, (end - start) * sizeof(*to));
		return; /* in order already */
	}
	for (size_t i = start; i < end; i++) {
		bool take_left = left < middle &&
				 (right >= end || compare(&from[left], &from[right]) <= 0);

		to[i] = take_left ? from[left++] : from[right++];
	}
}

static size_t at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Many lists are written in order: one look, and no memory. */
static bool is_sorted(const struct sort_item *items, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare(&items[i - 1], &items[i]) > 0)
			return false;
	return true;
}

bool sort_names(struct sort_item *items, size_t count, struct arena *arena)
{
	struct sort_item *from = items, *to, *swap;
	struct arena_mark before;

	if (is_sorted(items, count))
		return true;
	for (size_t i = 0; i < count; i += RUN)
		sort_run(items + i, at_most(RUN, count - i));
	if (count <= RUN)
		return true;
	before = arena_mark(arena);
	to = ARENA_RAW(arena, count, struct sort_item);
	if (!to)
		return false;
	for (size_t width = RUN; width < count; width *= 2) {
		for (size_t i = 0; i < count; i += 2 * width)
			merge(from, to, i, at_most(i + width, count),
			      at_most(i + 2 * width, count));
		swap = from;
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(*items));
	arena_rewind(arena, &before);
	return true;
}

size_t sort_find(const struct sort_item *items, size_t count, struct sv name)
{
	struct sort_item wanted = sort_item(name, 0);
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&items[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < count && sv_eq(sort_name(&items[low]), name))
		return low;
	return count;
}

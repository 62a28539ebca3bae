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

/* Two runs in order, one behind the other; `room` holds the smaller of them. */
static void merge(struct sort_item *items, size_t middle, size_t end, struct sort_item *room)
{
	struct sort_item *out = items;
	size_t left = 0, right = middle;

	memcpy(room, items, middle * sizeof(*items));
	while (left < middle && right < end)
		*out++ = compare(&room[left], &items[right]) <= 0 ? room[left++] : items[right++];
	memcpy(out, room + left, (middle - left) * sizeof(*items));
}

/* The same from the end, where the second run is the smaller one. */
static void merge_back(struct sort_item *items, size_t middle, size_t end, struct sort_item *room)
{
	struct sort_item *out = items + end;
	size_t left = middle, right = end - middle;

	memcpy(room, items + middle, right * sizeof(*items));
	while (left && right)
		*--out = compare(&items[left - 1], &room[right - 1]) <= 0 ? room[--right]
									  : items[--left];
	memcpy(items + left, room, right * sizeof(*items));
}

static void merge_runs(struct sort_item *items, size_t middle, size_t end, struct sort_item *room)
{
	if (compare(&items[middle - 1], &items[middle]) <= 0)
		return; /* in order already */
	if (middle <= end - middle)
		merge(items, middle, end, room);
	else
		merge_back(items, middle, end, room);
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
	struct arena_mark before;
	struct sort_item *room;

	if (is_sorted(items, count))
		return true;
	for (size_t i = 0; i < count; i += RUN)
		sort_run(items + i, at_most(RUN, count - i));
	if (count <= RUN)
		return true;
	before = arena_mark(arena);
	room = ARENA_RAW(arena, count / 2, struct sort_item);
	if (!room)
		return false;
	for (size_t width = RUN; width < count; width *= 2)
		for (size_t i = 0; i + width < count; i += 2 * width)
			merge_runs(items + i, width, at_most(2 * width, count - i), room);
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

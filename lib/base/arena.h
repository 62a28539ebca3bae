/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: memory that is taken piece by piece and given back at once.
 *
 * All that belongs to one object lives in one arena; scratch work has its own and ends
 * before the call returns. Nothing is ever moved, so pointers into an arena stay good. What
 * is given back is cleared: it may hold a secret. This is the only file of the library that
 * calls the allocator.
 */
#ifndef OCIENV_BASE_ARENA_H
#define OCIENV_BASE_ARENA_H

#include "base/sv.h"
#include "ocienv/ocienv.h"

struct arena_block;

struct arena {
	struct ocienv_allocator allocator;
	struct arena_block *blocks; /* newest first */
	char *next;		    /* free bytes of the newest block */
	size_t left;
	size_t block; /* bytes of the block that is made next; 0: as `shared` tells */
	size_t shared; /* bytes of the blocks that many pieces lie in */
	size_t taken; /* bytes got from the allocator */
	size_t limit; /* the most that may be got */
	bool over_limit;
	bool out_of_memory;
};

/* allocator NULL: malloc and free. Takes no memory yet. */
void arena_init(struct arena *arena, const struct ocienv_allocator *allocator, size_t limit);

/* How much will be asked for: its next block is made that large, if that is more than it would be
 * and the limit leaves as much. One block in place of ten, and an allocator that sees it come back
 * learns to keep so much. */
void arena_expect(struct arena *arena, size_t size);

/* The same as a share of a document, in quarters of its bytes: as measured with those of up to
 * 16 MiB, so that a larger one promises nothing. */
void arena_expect_quarters(struct arena *arena, size_t bytes, uint32_t quarters);

/* Gives everything back, cleared. The arena may be used again. */
void arena_free(struct arena *arena);

/* `size` zeroed bytes that lie in an arena of their own: an object that keeps *arena has its
 * memory. NULL: nothing is left, and *status says why, NOMEM or LIMIT. */
void *arena_object(struct arena *arena, const struct ocienv_allocator *allocator, size_t limit,
		   size_t size, int32_t *status);

/* What an arena holds at a time. */
struct arena_mark {
	struct arena arena;
	struct arena_block *older; /* behind its newest block */
};

struct arena_mark arena_mark(const struct arena *arena);

/* Gives back all that was taken since the mark, cleared, and forgets failures since then: as if
 * nothing had been asked for. */
void arena_rewind(struct arena *arena, const struct arena_mark *mark);

/* `size` zeroed bytes, aligned for any type; NULL if there are none (out_of_memory or
 * over_limit then stays set, so a loop may look once at its end). */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, alloc_size(2)));

/* count * size bytes, checked. */
void *arena_array(struct arena *arena, size_t count, size_t size)
	__attribute__((malloc, alloc_size(2, 3)));

/* A copy that ends in NUL; v may hold NULs. NULL: no memory. */
char *arena_strdup(struct arena *arena, struct sv v);

/* Like arena_array(), but whatever was in the bytes is still there: for who fills all of them. */
void *arena_raw(struct arena *arena, size_t count, size_t size)
	__attribute__((malloc, alloc_size(2, 3)));

/* `len` bytes to be filled, and a NUL behind them; NULL: no memory. */
char *arena_chars(struct arena *arena, size_t len);

/* True if any request failed since arena_init(). */
static inline bool arena_failed(const struct arena *arena)
{
	return arena->out_of_memory || arena->over_limit;
}

/* Why the last NULL: OCIENV_ERR_NOMEM or OCIENV_ERR_LIMIT. */
int32_t arena_status(const struct arena *arena);

/* The same of two arenas, one of which failed. */
static inline int32_t arenas_status(const struct arena *first, const struct arena *second)
{
	return arena_status(arena_failed(first) ? first : second);
}

/* A copy that the caller of the library owns. Errors: NOMEM. */
int32_t buffer_export(struct ocienv_buffer *ret, const struct ocienv_allocator *allocator,
		      struct sv bytes);

/* Clears and frees it, and leaves an empty one. */
void buffer_release(struct ocienv_buffer *buffer);

/* A growing array in an arena: old copies stay behind (at most as much again). */
struct vec {
	void *items;
	uint32_t count, capacity;
	/* Nobody points into it, and no arena_mark() is older: what it grew out of goes back at
	 * once. */
	bool moves;
};

/* Twice the room, if need be elsewhere. False: no memory. */
bool vec_grow(struct vec *vec, struct arena *arena, size_t size);

/* Room for one more element of `size` bytes at the end, zeroed; NULL: no memory. */
static inline void *vec_push(struct vec *vec, struct arena *arena, size_t size)
{
	if (vec->count == vec->capacity && !vec_grow(vec, arena, size))
		return NULL;
	return memset((char *)vec->items + vec->count++ * size, 0, size);
}

/* Makes an empty one that takes `count` elements before it grows. False: no memory. */
bool vec_reserve(struct vec *vec, struct arena *arena, size_t size, uint32_t count);

#define ARENA_NEW(arena, type)	      ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, n, type)   ((type *)arena_array((arena), (n), sizeof(type)))
#define ARENA_RAW(arena, n, type)     ((type *)arena_raw((arena), (n), sizeof(type)))
#define VEC_PUSH(vec, arena, type)    ((type *)vec_push((vec), (arena), sizeof(type)))

#endif

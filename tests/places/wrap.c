/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stand in for lib/base/arena.c's functions by the linker's --wrap. An arena asks the
 * allocator for a block only now and then, so an allocator that fails reaches only those
 * places where a block happens to end; here each request counts.
 */
#include "places.h"

#include "base/arena.h"

struct places places;

void *__real_arena_alloc(struct arena *arena, size_t size);
void *__real_arena_array(struct arena *arena, size_t count, size_t size);
char *__real_arena_chars(struct arena *arena, size_t len);
char *__real_arena_strdup(struct arena *arena, struct sv v);
void *__real_arena_raw(struct arena *arena, size_t count, size_t size);
bool __real_vec_grow(struct vec *vec, struct arena *arena, size_t size);
bool __real_vec_reserve(struct vec *vec, struct arena *arena, size_t size, uint32_t count);
void *__real_arena_object(struct arena *arena, const struct ocienv_allocator *allocator,
			  size_t limit, size_t size, int32_t *status);

void *__wrap_arena_alloc(struct arena *arena, size_t size);
void *__wrap_arena_array(struct arena *arena, size_t count, size_t size);
char *__wrap_arena_chars(struct arena *arena, size_t len);
char *__wrap_arena_strdup(struct arena *arena, struct sv v);
void *__wrap_arena_raw(struct arena *arena, size_t count, size_t size);
bool __wrap_vec_grow(struct vec *vec, struct arena *arena, size_t size);
bool __wrap_vec_reserve(struct vec *vec, struct arena *arena, size_t size, uint32_t count);
void *__wrap_arena_object(struct arena *arena, const struct ocienv_allocator *allocator,
			  size_t limit, size_t size, int32_t *status);

static bool fails(struct arena *arena)
{
	if (!places.armed || ++places.count != places.at)
		return false;
	places.hit = true;
	if (places.limit)
		arena->over_limit = true;
	else
		arena->out_of_memory = true;
	return true;
}

void *__wrap_arena_alloc(struct arena *arena, size_t size)
{
	return fails(arena) ? NULL : __real_arena_alloc(arena, size);
}

void *__wrap_arena_array(struct arena *arena, size_t count, size_t size)
{
	return fails(arena) ? NULL : __real_arena_array(arena, count, size);
}

char *__wrap_arena_chars(struct arena *arena, size_t len)
{
	return fails(arena) ? NULL : __real_arena_chars(arena, len);
}

char *__wrap_arena_strdup(struct arena *arena, struct sv v)
{
	return fails(arena) ? NULL : __real_arena_strdup(arena, v);
}

void *__wrap_arena_raw(struct arena *arena, size_t count, size_t size)
{
	return fails(arena) ? NULL : __real_arena_raw(arena, count, size);
}

bool __wrap_vec_grow(struct vec *vec, struct arena *arena, size_t size)
{
	return !fails(arena) && __real_vec_grow(vec, arena, size);
}

bool __wrap_vec_reserve(struct vec *vec, struct arena *arena, size_t size, uint32_t count)
{
	return !fails(arena) && __real_vec_reserve(vec, arena, size, count);
}

void *__wrap_arena_object(struct arena *arena, const struct ocienv_allocator *allocator,
			  size_t limit, size_t size, int32_t *status)
{
	arena_init(arena, allocator, limit);
	if (!fails(arena))
		return __real_arena_object(arena, allocator, limit, size, status);
	*status = places.odd ? places.odd : arena_status(arena);
	arena_init(arena, allocator, limit);
	return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block is half as large as those before it together, from 4 KiB up to 64 KiB, or what was
 * expected, and never more than the limit leaves. A larger request gets a block of its own, put
 * behind the newest so that what is left of that one is not lost.
 *
 * What was handed out of a block is cleared before the block is given back: nearly every
 * arena may hold a value of a Secret, and to clear bytes that are in the cache costs less
 * than to know which one does.
 */
#include "base/arena.h"

#include "base/wipe.h"

#include <stdlib.h>

enum { ALIGN = 16, FIRST_BLOCK = 4096, LAST_BLOCK = 64 * 1024 };

struct arena_block {
	_Alignas(ALIGN) struct arena_block *older;
	size_t used; /* with this header; of the newest block the arena knows */
	bool apart;  /* made for one piece, which is all that lies in it */
};

static void *malloc_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return malloc(size);
}

static void malloc_free(void *ctx, void *ptr)
{
	(void)ctx;
	free(ptr);
}

static const struct ocienv_allocator standard = {malloc_alloc, malloc_free, NULL};

int32_t buffer_export(struct ocienv_buffer *ret, const struct ocienv_allocator *allocator,
		      struct sv bytes)
{
	const struct ocienv_allocator *from = allocator ? allocator : &standard;
	void *copy = from->alloc(from->ctx, bytes.len ? bytes.len : 1);

	if (!copy)
		return OCIENV_ERR_NOMEM;
	if (bytes.len)
		memcpy(copy, bytes.ptr, bytes.len);
	*ret = (struct ocienv_buffer){copy, bytes.len, *from};
	return OCIENV_OK;
}

void arena_init(struct arena *arena, const struct ocienv_allocator *allocator, size_t limit)
{
	*arena = (struct arena){0};
	arena->allocator = allocator ? *allocator : standard;
	arena->limit = limit;
}

void buffer_release(struct ocienv_buffer *buffer)
{
	if (buffer->data) {
		wipe(buffer->data, buffer->size);
		buffer->allocator.free(buffer->allocator.ctx, buffer->data);
	}
	*buffer = (struct ocienv_buffer){NULL, 0, {NULL, NULL, NULL}};
}

/* Before the blocks are looked at one by one. */
static void note_used(const struct arena *arena)
{
	struct arena_block *newest = arena->blocks;

	if (arena->next)
		newest->used = (size_t)(arena->next - (char *)newest);
}

/* Clears and frees the blocks from `block` up to the one before `end`. */
static void free_blocks(const struct ocienv_allocator *allocator, struct arena_block *block,
			const struct arena_block *end)
{
	while (block != end) {
		struct arena_block *older = block->older;

		wipe(block, block->used);
		allocator->free(allocator->ctx, block);
		block = older;
	}
}

/* What an estimate was too low for costs half as much again. */
static size_t half_of(size_t size)
{
	size_t half = size / 2 / ALIGN * ALIGN;

	return half < FIRST_BLOCK ? FIRST_BLOCK : half > LAST_BLOCK ? LAST_BLOCK : half;
}

void arena_expect(struct arena *arena, size_t size)
{
	size += sizeof(struct arena_block);
	if (size > half_of(arena->shared))
		arena->block = size;
}

void arena_expect_quarters(struct arena *arena, size_t bytes, uint32_t quarters)
{
	enum { MOST = 16 * 1024 * 1024 };

	if (bytes <= MOST)
		arena_expect(arena, bytes / 4 * quarters);
}

void arena_free(struct arena *arena)
{
	struct ocienv_allocator allocator = arena->allocator;

	note_used(arena);
	free_blocks(&allocator, arena->blocks, NULL);
	arena_init(arena, &allocator, arena->limit);
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){*arena, arena->blocks ? arena->blocks->older : NULL};
}

/* What was handed out of a block since `next` was its first free byte, if it had one. */
static void wipe_since(struct arena_block *block, char *next)
{
	if (next)
		wipe(next, (size_t)((char *)block + block->used - next));
}

/* New blocks lie before the newest of then, those of large requests behind it. */
void arena_rewind(struct arena *arena, const struct arena_mark *mark)
{
	struct arena_block *newest = mark->arena.blocks;

	note_used(arena);
	free_blocks(&mark->arena.allocator, arena->blocks, newest);
	if (newest) {
		free_blocks(&mark->arena.allocator, newest->older, mark->older);
		newest->older = mark->older;
		wipe_since(newest, mark->arena.next);
	}
	*arena = mark->arena;
}

static struct arena_block *new_block(struct arena *arena, size_t size)
{
	struct arena_block *block;

	if (size > arena->limit || arena->taken > arena->limit - size) {
		arena->over_limit = true;
		return NULL;
	}
	block = arena->allocator.alloc(arena->allocator.ctx, size);
	if (!block) {
		arena->out_of_memory = true;
		return NULL;
	}
	block->used = size;
	block->apart = false;
	arena->taken += size;
	return block;
}

/* A request that would waste most of a fresh block gets one of its own. */
static void *alloc_apart(struct arena *arena, size_t size)
{
	struct arena_block *block = new_block(arena, sizeof(*block) + size);

	if (!block)
		return NULL;
	block->apart = true;
	if (arena->blocks) {
		block->older = arena->blocks->older;
		arena->blocks->older = block;
	} else {
		block->older = NULL;
		arena->blocks = block;
	}
	return block + 1;
}

/* One that holds at least so much. */
static bool add_block(struct arena *arena, size_t least)
{
	size_t size = arena->block ? arena->block : half_of(arena->shared);
	size_t left = arena->limit - arena->taken;
	struct arena_block *block;

	least += sizeof(*block);
	if (size > left)
		size = left > least ? left : least; /* which is then too much */
	block = new_block(arena, size);
	if (!block)
		return false;
	arena->block = 0;
	arena->shared += size;
	note_used(arena);
	block->older = arena->blocks;
	arena->blocks = block;
	arena->next = (char *)(block + 1);
	arena->left = size - sizeof(*block);
	return true;
}

/* Bytes with whatever was in them. Texts stand one behind the other, without a gap. */
static void *take(struct arena *arena, size_t size, size_t align)
{
	size_t gap = (size_t)-(uintptr_t)arena->next & (align - 1);
	char *piece;

	if (size > SIZE_MAX - ALIGN - sizeof(struct arena_block)) {
		arena->over_limit = true;
		return NULL;
	}
	if (gap + size > arena->left) {
		if (size > FIRST_BLOCK / 4)
			return alloc_apart(arena, size);
		if (!add_block(arena, size))
			return NULL;
		gap = 0; /* a block begins aligned */
	}
	piece = arena->next + gap;
	arena->next += gap + size;
	arena->left -= gap + size;
	return piece;
}

static void *take_aligned(struct arena *arena, size_t size)
{
	return take(arena, size ? size : 1, ALIGN);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *piece = take_aligned(arena, size);

	return piece ? memset(piece, 0, size) : NULL;
}

void *arena_raw(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size) {
		arena->over_limit = true;
		return NULL;
	}
	return take_aligned(arena, count * size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	void *piece = arena_raw(arena, count, size);

	return piece ? memset(piece, 0, count * size) : NULL;
}

char *arena_chars(struct arena *arena, size_t len)
{
	char *text;

	if (len == SIZE_MAX) {
		arena->over_limit = true;
		return NULL;
	}
	text = take(arena, len + 1, 1);
	if (text)
		text[len] = '\0';
	return text;
}

char *arena_strdup(struct arena *arena, struct sv v)
{
	char *copy = arena_chars(arena, v.len);

	if (copy && v.len)
		memcpy(copy, v.ptr, v.len);
	return copy;
}

void *arena_object(struct arena *arena, const struct ocienv_allocator *allocator, size_t limit,
		   size_t size, int32_t *status)
{
	void *object;

	arena_init(arena, allocator, limit);
	object = arena_alloc(arena, size);
	*status = object ? OCIENV_OK : arena_status(arena);
	if (!object)
		arena_free(arena);
	return object;
}

int32_t arena_status(const struct arena *arena)
{
	return arena->out_of_memory ? OCIENV_ERR_NOMEM : OCIENV_ERR_LIMIT;
}

/* A piece that has a block of its own, near the newest, goes back at once; any other stays
 * behind until the arena ends. */
static void give_back(struct arena *arena, const void *piece, size_t size)
{
	enum { NEAR = 8 };
	struct arena_block *block = arena->blocks;

	for (int i = 0; block && block->older && i < NEAR; i++, block = block->older) {
		struct arena_block *own = block->older;

		if (!own->apart || piece != own + 1)
			continue;
		block->older = own->older;
		arena->taken -= own->used;
		wipe(own, sizeof(*own) + size);
		arena->allocator.free(arena->allocator.ctx, own);
		return;
	}
}

bool vec_reserve(struct vec *vec, struct arena *arena, size_t size, uint32_t count)
{
	void *items = arena_raw(arena, count, size);

	if (!items)
		return false;
	*vec = (struct vec){.items = items, .capacity = count, .moves = vec->moves};
	return true;
}

bool vec_grow(struct vec *vec, struct arena *arena, size_t size)
{
	uint32_t capacity = vec->capacity ? vec->capacity * 2 : 8;
	size_t used = vec->count * size;
	char *items;

	if (vec->capacity > UINT32_MAX / 2) {
		arena->over_limit = true;
		return false;
	}
	items = arena_raw(arena, capacity, size);
	if (!items)
		return false;
	if (used)
		memcpy(items, vec->items, used);
	if (used && vec->moves)
		give_back(arena, vec->items, used);
	vec->items = items;
	vec->capacity = capacity;
	return true;
}

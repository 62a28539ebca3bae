/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "memory.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* One thread only. */
static int64_t live, most;

/* What the C library would have answered with. */
static void *next(const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		abort();
	return symbol;
}

static void came(void *ptr)
{
	if (ptr)
		live += (int64_t)malloc_usable_size(ptr);
	if (live > most)
		most = live;
}

static void went(void *ptr)
{
	if (ptr)
		live -= (int64_t)malloc_usable_size(ptr);
}

void *malloc(size_t size)
{
	static void *(*real)(size_t);
	void *ptr;

	if (!real)
		*(void **)&real = next("malloc");
	ptr = real(size);
	came(ptr);
	return ptr;
}

void *calloc(size_t count, size_t size)
{
	void *ptr = NULL;

	if (!size || count <= SIZE_MAX / size)
		ptr = malloc(count * size);
	return ptr ? memset(ptr, 0, count * size) : NULL;
}

/* Old and new are there at one time only if the block has to move. */
void *realloc(void *old, size_t size)
{
	static void *(*real)(void *, size_t);
	void *ptr;

	if (!real)
		*(void **)&real = next("realloc");
	if (!old)
		return malloc(size);
	went(old);
	ptr = real(old, size);
	came(ptr ? ptr : size ? old : NULL);
	return ptr;
}

void free(void *ptr)
{
	static void (*real)(void *);

	if (!real)
		*(void **)&real = next("free");
	went(ptr);
	real(ptr);
}

void memory_begin(void)
{
	live = 0;
	most = 0;
}

size_t memory_peak(void)
{
	return most < 0 ? 0 : (size_t)most;
}

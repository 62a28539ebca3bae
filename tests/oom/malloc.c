/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malloc itself fails: for json-c and libyaml too, which take no allocator. The functions
 * stand in the program, so the dynamic linker binds the libraries' calls to them.
 */
#include "malloc.h"

#include <errno.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);
void __libc_free(void *ptr);

struct ledger *malloc_ledger;

static bool fails(void)
{
	if (!malloc_ledger || !ledger_fails(malloc_ledger))
		return false;
	errno = ENOMEM;
	return true;
}

static void *counted(void *ptr)
{
	if (malloc_ledger && ptr)
		malloc_ledger->blocks++;
	return ptr;
}

void *malloc(size_t size)
{
	return fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *ptr, size_t size)
{
	void *moved;

	if (fails())
		return NULL;
	moved = __libc_realloc(ptr, size);
	if (!ptr)
		return counted(moved);
	if (malloc_ledger && !moved && !size) /* glibc frees then */
		malloc_ledger->blocks--;
	return moved;
}

void free(void *ptr)
{
	if (malloc_ledger && ptr)
		malloc_ledger->blocks--;
	__libc_free(ptr);
}

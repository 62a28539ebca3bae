/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malloc itself fails: for json-c and libyaml too, which take no allocator. The functions
 * stand in the program, so the dynamic linker binds the libraries' calls to them.
 */
#include "oom.h"

#include <errno.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);
void __libc_free(void *ptr);

static struct ledger *armed; /* NULL: outside of a run nothing fails and nothing counts */

static bool fails(void)
{
	if (!armed || !ledger_fails(armed))
		return false;
	errno = ENOMEM;
	return true;
}

static void *counted(void *ptr)
{
	if (armed && ptr)
		armed->blocks++;
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
	if (armed && !moved && !size) /* glibc frees then */
		armed->blocks--;
	return moved;
}

void free(void *ptr)
{
	if (armed && ptr)
		armed->blocks--;
	__libc_free(ptr);
}

void oom_run(const struct subject *subject, struct ledger *ledger, struct outcome *ret)
{
	struct ocienv_options options = {.size = sizeof(options)};

	armed = ledger;
	subject_run(subject, &options, ret);
	armed = NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a child that was forked. */
#ifndef OCIENV_TESTS_LEAVE_H
#define OCIENV_TESTS_LEAVE_H

#include <unistd.h>

/* In programs that scripts/coverage links. */
extern void __gcov_dump(void) __attribute__((weak));

/* Without what exit() does for the parent, but with the counts of a build for coverage. */
static inline _Noreturn void leave(int status)
{
	if (__gcov_dump)
		__gcov_dump();
	_exit(status);
}

#endif

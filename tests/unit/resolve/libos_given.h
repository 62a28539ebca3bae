/* SPDX-License-Identifier: Apache-2.0 */
/* A rootfs with a program in it, and a runtime spec that starts it. */
#ifndef OCIENV_TESTS_LIBOS_GIVEN_H
#define OCIENV_TESTS_LIBOS_GIVEN_H

#include "unit/read/given.h"
#include "unit/rootfs/tree.h"

#include <elf.h>

extern struct tree tree;

#define LOADER "/lib64/ld-linux-x86-64.so.2"

/* A program of that kind at `path`. interp NULL: static. */
void program(const char *path, unsigned int mode, uint16_t type, uint16_t machine,
	     const char *interp);

/* One that both can run. */
void pie(const char *path, unsigned int mode);

/* A runtime spec that starts the program with "one" and "two", as root in the root unless
 * `more` members of process say otherwise. */
struct ocienv_layer *start(const char *program, const char *more);

/* The answer to that. Must succeed. */
struct ocienv_config *started(uint32_t libos, const char *program, const char *more);

/* Must be UNSUPPORTED with such a message, though Linux would have done it. */
void assert_stops(uint32_t libos, const char *program, const char *more, const char *message);

int libos_set_up(void **state);
int libos_tear_down(void **state);

#define ROOTED(function)                                                                 \
	cmocka_unit_test_setup_teardown(function, libos_set_up, libos_tear_down)

#endif

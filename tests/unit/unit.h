/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes: cmocka and the headers that it wants before it. */
#ifndef OCIENV_TESTS_UNIT_H
#define OCIENV_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define assert_sv_equal(v, literal)                                                      \
	do {                                                                             \
		struct sv checked_ = (v);                                                \
		assert_int_equal(checked_.len, sizeof(literal) - 1);                     \
		assert_memory_equal(checked_.ptr, literal, sizeof(literal) - 1);         \
	} while (0)

#endif

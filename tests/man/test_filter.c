/* SPDX-License-Identifier: Apache-2.0 */
/* A status that a function does not list does not get out of it. */
#include "api/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <string.h>

static int32_t end_with(enum function function, int32_t status, struct ocienv_error *reterr)
{
	struct call call;

	assert_int_equal(call_begin(&call, function, NULL), OCIENV_OK);
	return call_end(&call, status, reterr);
}

static void listed_statuses_pass(void **state)
{
	(void)state;
	for (int i = 0; i < FUNCTION_COUNT; i++) {
		enum function function = (enum function)i;

		assert_int_equal(end_with(function, OCIENV_OK, NULL), OCIENV_OK);
		assert_true(function_may(function, OCIENV_ERR_ARGUMENT));
		for (int32_t status = -1; status >= OCIENV_ERR_SYSTEM; status--)
			if (function_may(function, status))
				assert_int_equal(end_with(function, status, NULL), status);
	}
}

static void others_do_not(void **state)
{
	static const int32_t numbers[] = {1, INT32_MAX, OCIENV_ERR_SYSTEM - 1, -32, -64, INT32_MIN};

	(void)state;
	for (int i = 0; i < FUNCTION_COUNT; i++) {
		enum function function = (enum function)i;
		int32_t status = -1;

		for (; status >= OCIENV_ERR_SYSTEM; status--)
			assert_true(function_may(function, end_with(function, status, NULL)));
		for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
			assert_false(function_may(function, numbers[n]));
			status = end_with(function, numbers[n], NULL);
			assert_true(status < 0 && function_may(function, status));
		}
	}
}

static void the_error_names_the_function(void **state)
{
	struct ocienv_error error = {.status = 0};

	(void)state;
	assert_int_equal(end_with(FUNCTION_ocienv_layer_encode, OCIENV_ERR_POLICY, &error),
			 OCIENV_ERR_ARGUMENT);
	assert_int_equal(error.status, OCIENV_ERR_ARGUMENT);
	assert_non_null(strstr(error.message, "ocienv_layer_encode()"));
	assert_int_equal(end_with(FUNCTION_ocienv_resolve, OCIENV_ERR_BLOB, &error),
			 OCIENV_ERR_SYSTEM);
	assert_int_equal(error.status, OCIENV_ERR_SYSTEM);
	assert_non_null(strstr(error.message, "ocienv_resolve()"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_statuses_pass),
		cmocka_unit_test(others_do_not),
		cmocka_unit_test(the_error_names_the_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

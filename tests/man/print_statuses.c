/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the library's own table: a function and its statuses a line. */
#include "api/functions.h"
#include "base/error.h"

#include <stdio.h>

int main(void)
{
	for (int i = 0; i < FUNCTION_COUNT; i++) {
		printf("%s", function_name((enum function)i));
		for (int32_t status = -1; status >= OCIENV_ERR_SYSTEM; status--)
			if (function_may((enum function)i, status))
				printf(" %s", status_name(status));
		puts("");
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/functions.h"

static const struct {
	const char *name;
	uint32_t may; /* a bit for each status */
} functions[FUNCTION_COUNT + 1] = {
#define ROW(name, may) [FUNCTION_##name] = {#name, may},
	API_FUNCTIONS(ROW)
#undef ROW
	[FUNCTION_OF_TOOL] = {"the command", UINT32_MAX},
};

const char *function_name(enum function function)
{
	return functions[function].name;
}

bool function_may(enum function function, int32_t status)
{
	if (status > 0 || status < OCIENV_ERR_SYSTEM)
		return false;
	return !status || functions[function].may >> -status & 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Writes its arguments to descriptor 3, each with its NUL: the interpreter of the tests. */
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (write(3, argv[i], strlen(argv[i]) + 1) < 0)
			return 1;
	return 0;
}

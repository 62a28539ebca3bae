/* SPDX-License-Identifier: Apache-2.0 */
int larger(int a, int b);
int positive(int a);

/* Where both are the same it does not matter which one is taken. */
int larger(int a, int b)
{
	return a > b ? a : b;
}

int positive(int a)
{
	if (a > 0)
		return 1;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A mistake that each tool has to find: one that finds nothing in it finds nothing elsewhere. */
int planted(int n);

int planted(int n)
{
	int *where = 0;

	if (n > 2)
		where = &n;
	return *where;
}

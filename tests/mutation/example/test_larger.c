/* SPDX-License-Identifier: Apache-2.0 */
int larger(int a, int b);
int positive(int a);

int main(void)
{
	return larger(1, 2) != 2 || larger(2, 1) != 2 || larger(3, 3) != 3 || positive(1) != 1 ||
	       positive(0) != 0 || positive(-1) != 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show: the program in the container. Writes what it was started with as records, each a
 * letter, a text and a NUL: no text of a process can hold a NUL, and all other bytes pass.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GROUPS = 256 };

static void record(char letter, const char *text)
{
	printf("%c%s", letter, text);
	putchar('\0');
}

static void number(char letter, unsigned long value)
{
	printf("%c%lu", letter, value);
	putchar('\0');
}

static void show_places(void)
{
	static char text[2 * PATH_MAX];
	ssize_t length;

	if (getcwd(text, sizeof(text)))
		record('c', text);
	length = readlink("/proc/self/exe", text, sizeof(text) - 1);
	if (length > 0) {
		text[length] = '\0';
		record('x', text);
	}
	record('p', (const char *)getauxval(AT_EXECFN));
}

int main(int argc, char **argv, char **envp)
{
	gid_t groups[GROUPS];
	int count = getgroups(GROUPS, groups);

	for (int i = 0; i < argc; i++)
		record('a', argv[i]);
	for (; *envp; envp++)
		record('e', *envp);
	show_places();
	number('u', getuid());
	number('g', getgid());
	for (int i = 0; i < count; i++)
		number('s', groups[i]);
	number('m', umask(0));
	/* Whoever reads this knows that nothing is missing. */
	record('.', "");
	return fflush(stdout) || count < 0;
}

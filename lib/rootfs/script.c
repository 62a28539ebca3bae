/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The "#!" line by the rules of Linux since 5.1 (fs/binfmt_script.c).
 *
 * Must never be kinder than the kernel: CR is part of the name, a name that may be cut off is
 * refused, and only the space and the tab are blanks.
 */
#include "rootfs/execution.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The first byte from `at` up to and with `last` that is no blank; past `last` if none. */
static size_t skip_blanks(const char *head, size_t at, size_t last)
{
	while (at <= last && is_blank(head[at]))
		at++;
	return at;
}

/* The first blank or NUL from `at` up to and with `last`; past `last` if none. */
static size_t find_terminator(const char *head, size_t at, size_t last)
{
	while (at <= last && !is_blank(head[at]) && head[at])
		at++;
	return at;
}

/* Where the line ends, 0 if the interpreter's name may go on behind the bytes we have. */
static size_t find_end(const char *head)
{
	enum { LAST = EXECUTION_HEAD - 1 };
	size_t at = 0;

	while (at <= LAST && head[at] && head[at] != '\n')
		at++;
	if (at <= LAST && head[at] == '\n')
		return at;
	at = skip_blanks(head, 2, LAST);
	if (at > LAST || find_terminator(head, at, LAST) > LAST)
		return 0;
	return LAST;
}

static struct sv text_at(const char *head, size_t at)
{
	return sv_from(head + at, strlen(head + at));
}

bool script_parse(char *head, struct interpreter *ret)
{
	size_t end, line, name, terminator;

	if (head[0] != '#' || head[1] != '!')
		return false;
	end = find_end(head);
	if (!end)
		return false;
	line = head[end] == '\n' && !is_blank(head[end - 1]) ? end + 1 : 0;
	while (is_blank(head[end - 1]))
		end--;
	name = skip_blanks(head, 2, end);
	if (name >= end)
		return false;
	terminator = find_terminator(head, name, end);
	*ret = (struct interpreter){.arg = SV_NONE};
	if (terminator >= end)
		ret->bare = (uint32_t)line;
	if (terminator < end && head[terminator]) {
		size_t arg = skip_blanks(head, terminator, end);

		head[terminator] = '\0';
		head[end] = '\0';
		ret->arg = text_at(head, arg);
	}
	head[end] = '\0';
	ret->path = text_at(head, name);
	return true;
}

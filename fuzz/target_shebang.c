/* SPDX-License-Identifier: Apache-2.0 */
/* An input is a script: its line is read as another reader, made of string functions, reads
 * it. */
#include "fuzz.h"

#include "promise.h"
#include "rootfs/execution.h"

#include <string.h>

/* What stands behind "#!" up to where the kernel ends the line, trailing blanks taken off;
 * a NUL stands behind it. */
struct line {
	char text[EXECUTION_HEAD];
	size_t len;
	bool feed;
};

static bool take_line(const char *head, struct line *ret)
{
	const char *start = head + 2, *end = head + EXECUTION_HEAD - 1;
	const char *feed = memchr(head, '\n', strnlen(head, EXECUTION_HEAD));
	char whole[EXECUTION_HEAD + 1] = {0};
	size_t blanks;

	if (memcmp(head, "#!", 2) != 0)
		return false;
	memcpy(whole, head, EXECUTION_HEAD);
	blanks = strspn(whole + 2, " \t");
	/* A name that is not ended within the head may be cut off. */
	if (!feed && blanks + strcspn(whole + 2 + blanks, " \t") >= EXECUTION_HEAD - 2)
		return false;
	if (feed)
		end = feed;
	ret->feed = feed;
	memset(ret->text, 0, sizeof(ret->text));
	memcpy(ret->text, start, (size_t)(end - start));
	ret->len = (size_t)(end - start);
	while (ret->len && strchr(" \t", ret->text[ret->len - 1]) && ret->text[ret->len - 1])
		ret->text[--ret->len] = '\0';
	return ret->len;
}

static void check_bare(const char *head, const struct line *line, const struct interpreter *got)
{
	size_t feed = line->feed ? strcspn(head, "\n") : 0;
	bool bare = line->feed && line->len == feed - 2 && !got->arg.ptr &&
		    strlen(line->text) == line->len;

	PROMISE(got->bare == (bare ? feed + 1 : 0));
}

static void check(const char *head, const char *written, const struct interpreter *got)
{
	struct line line;
	char *name, *arg;
	size_t len;

	PROMISE(take_line(head, &line));
	name = line.text + strspn(line.text, " \t");
	len = strcspn(name, " \t");
	PROMISE(sv_eq(got->path, sv_from(name, len)));
	PROMISE(got->path.ptr[len] == '\0');
	PROMISE(got->path.ptr >= written + 2 && got->path.ptr + len < written + EXECUTION_HEAD);
	PROMISE(!got->arg.ptr == !name[len]);
	check_bare(head, &line, got);
	if (!name[len])
		return;
	arg = name + len + strspn(name + len, " \t");
	PROMISE(sv_eq(got->arg, sv_of(arg)));
	PROMISE(got->arg.ptr[got->arg.len] == '\0');
	PROMISE(got->arg.ptr + got->arg.len < written + EXECUTION_HEAD);
}

/* True if there is a name, which may be empty where a NUL ends it. */
static bool has_name(const char *head)
{
	struct line line;

	return take_line(head, &line) && strspn(line.text, " \t") < line.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char head[EXECUTION_HEAD] = {0}, written[EXECUTION_HEAD];
	struct interpreter got = {.bare = 0};

	if (size)
		memcpy(head, data, size < sizeof(head) ? size : sizeof(head));
	memcpy(written, head, sizeof(head));
	if (script_parse(written, &got))
		check(head, written, &got);
	else
		PROMISE(!has_name(head));
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of the lines that ocienv_config_gramine() writes, and of no others: KEY = NUMBER,
 * KEY = "TEXT", KEY."NAME" = "TEXT", the list of arguments, one comment.
 */
#include "promise.h"

#include <stdlib.h>
#include <string.h>

struct cursor {
	const char *at, *end;
	char *text; /* of the string that was read last, a NUL behind it */
};

static bool take(struct cursor *cursor, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(cursor->end - cursor->at) < len || memcmp(cursor->at, text, len) != 0)
		return false;
	cursor->at += len;
	return true;
}

/* What stands behind a backslash. */
static char take_escaped(struct cursor *cursor)
{
	static const char letters[] = "\"\\btnfr", meant[] = "\"\\\b\t\n\f\r";
	const char *letter;
	unsigned long code;
	char digits[5] = {0};

	PROMISE(cursor->at < cursor->end);
	letter = *cursor->at ? strchr(letters, *cursor->at) : NULL;
	if (letter) {
		cursor->at++;
		return meant[letter - letters];
	}
	PROMISE(take(cursor, "u00") && cursor->end - cursor->at >= 2);
	memcpy(digits, cursor->at, 2);
	PROMISE(strspn(digits, "0123456789ABCDEF") == 2); /* the loader takes no lower case */
	code = strtoul(digits, NULL, 16);
	PROMISE(code && code < 0x80);
	cursor->at += 2;
	return (char)code;
}

static void take_string(struct cursor *cursor)
{
	size_t len = 0;

	PROMISE(take(cursor, "\""));
	while (!take(cursor, "\"")) {
		PROMISE(cursor->at < cursor->end);
		PROMISE((unsigned char)*cursor->at >= 0x20 && *cursor->at != 0x7f);
		if (take(cursor, "\\"))
			cursor->text[len++] = take_escaped(cursor);
		else
			cursor->text[len++] = *cursor->at++;
	}
	cursor->text[len] = '\0';
}

static void take_number(struct cursor *cursor, const char *key, uint64_t number)
{
	char *end;

	PROMISE(take(cursor, key));
	PROMISE(strtoull(cursor->at, &end, 10) == number); /* a line feed ends it */
	cursor->at = end;
	PROMISE(take(cursor, "\n"));
}

static void take_text(struct cursor *cursor, const char *key, const char *text)
{
	PROMISE(take(cursor, key));
	take_string(cursor);
	PROMISE(!strcmp(cursor->text, text) && take(cursor, "\n"));
}

/* The directory of the loader may have been added to the one variable. */
static void take_variable(struct cursor *cursor, const char *entry)
{
	size_t name = strcspn(entry, "=");
	bool longer = !strncmp(entry, "LD_LIBRARY_PATH=", name + 1);

	PROMISE(take(cursor, "loader.env."));
	take_string(cursor);
	PROMISE(strlen(cursor->text) == name && !memcmp(cursor->text, entry, name));
	PROMISE(take(cursor, " = "));
	take_string(cursor);
	entry += name + 1;
	PROMISE(longer ? !strncmp(cursor->text, entry, strlen(entry))
		       : !strcmp(cursor->text, entry));
	PROMISE(take(cursor, "\n"));
}

static void take_lines(struct cursor *cursor, const struct ocienv_config *config)
{
	const char *const *argv = ocienv_config_argv(config, NULL);
	const char *const *envp = ocienv_config_envp(config, NULL);
	struct ocienv_exec exec;
	struct ocienv_user user;

	PROMISE(!ocienv_config_exec(config, &exec) && !ocienv_config_user(config, &user));
	if (take(cursor, "# sha384:")) {
		cursor->at += strspn(cursor->at, "0123456789abcdef");
		PROMISE(take(cursor, "\n"));
	}
	take_text(cursor, "libos.entrypoint = ", exec.path);
	PROMISE(take(cursor, "loader.argv = [\n"));
	for (; *argv; argv++) {
		PROMISE(take(cursor, "  "));
		take_string(cursor);
		PROMISE(!strcmp(cursor->text, *argv) && take(cursor, ",\n"));
	}
	PROMISE(take(cursor, "]\n"));
	for (; *envp; envp++)
		take_variable(cursor, *envp);
	take_text(cursor, "fs.start_dir = ", ocienv_config_cwd(config));
	take_number(cursor, "loader.uid = ", user.uid);
	take_number(cursor, "loader.gid = ", user.gid);
	if (take(cursor, "sys.stack.size = "))
		take_string(cursor);
	PROMISE(cursor->at == cursor->end || (take(cursor, "\n") && cursor->at == cursor->end));
}

void manifest_check(struct sv manifest, const struct ocienv_config *config)
{
	struct cursor cursor = {manifest.ptr, manifest.ptr + manifest.len, NULL};

	for (size_t i = 0; i + 1 < manifest.len; i++)
		PROMISE(manifest.ptr[i] != '{' || !strchr("{%#", manifest.ptr[i + 1]));
	cursor.text = malloc(manifest.len + 1);
	PROMISE(cursor.text && manifest.len && manifest.ptr[manifest.len - 1] == '\n');
	take_lines(&cursor, config);
	free(cursor.text);
}

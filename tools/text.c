/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others on a terminal, and what the command says on stderr. Documents, blobs, names
 * of files and what lies in a rootfs are hostile: none of their bytes may be more than text. */
#define _POSIX_C_SOURCE 200809L

#include "tool.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool colours_on(int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if ((no_color && no_color[0]) || !term || !term[0] || strcmp(term, "dumb") == 0)
		return false;
	return isatty(fd);
}

/* Code points that steer instead of being shown: C1 controls, and the format characters
 * which turn the reading direction, end a line or cannot be seen. */
static bool steers(uint32_t c)
{
	return c < 0xa0 || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

/* Bytes of the character at `p` if it is well-formed UTF-8 that can be shown, else 0. */
static size_t shown(const unsigned char *p, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = p[0] < 0xc0 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t c;

	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	if (n == 1 || p[0] > 0xf4 || n > left)
		return 0;
	c = p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || steers(c))
		return 0;
	return n;
}

static void print_bytes(FILE *to, const char *text, size_t length, bool in_quotes)
{
	for (size_t i = 0; i < length;) {
		const unsigned char *p = (const unsigned char *)text + i;
		size_t n = shown(p, length - i);

		if (in_quotes && (*p == '"' || *p == '\\'))
			(void)fputc('\\', to);
		if (n)
			(void)fwrite(p, 1, n, to);
		else
			(void)fprintf(to, "\\x%02x", *p);
		i += n ? n : 1;
	}
}

void print_escaped(FILE *to, const char *text, size_t length)
{
	print_bytes(to, text, length, false);
}

void print_quoted(FILE *to, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_./:=,+@%";

	if (text[0] && text[strspn(text, plain)] == '\0') {
		(void)fputs(text, to);
		return;
	}
	(void)fputc('"', to);
	print_bytes(to, text, strlen(text), true);
	(void)fputc('"', to);
}

static void say(const char *text)
{
	print_escaped(stderr, text, strlen(text));
}

static void ink(const char *code)
{
	if (colours_on(STDERR_FILENO))
		(void)fprintf(stderr, "\033[%sm", code);
}

#define BOLD   "1"
#define RED    "31"
#define YELLOW "33"
#define PLAIN  "0"

void say_place(const char *document, uint32_t line, uint32_t column)
{
	ink(BOLD);
	say(document && document[0] ? document : "ocienv");
	if (line)
		(void)fprintf(stderr, ":%u:%u", line, column);
	(void)fputs(":", stderr);
	ink(PLAIN);
	(void)fputs(" ", stderr);
}

void say_status(const char *status)
{
	(void)fputs(" [", stderr);
	ink(RED);
	say(status);
	ink(PLAIN);
	(void)fputs("]\n", stderr);
}

static int exit_status_of(int32_t status)
{
	if (status == OCIENV_ERR_SYSTEM || status == OCIENV_ERR_NOMEM)
		return EXIT_SYSTEM;
	return status == OCIENV_ERR_ARGUMENT ? EXIT_USAGE : EXIT_REFUSED;
}

int say_error(const struct ocienv_error *error)
{
	say_place(error->document, error->line, error->column);
	if (error->pointer[0]) {
		say(error->pointer);
		(void)fputs(": ", stderr);
	}
	say(error->message);
	say_status(ocienv_status_name(error->status));
	return exit_status_of(error->status);
}

int say_refused(const char *name, const char *message, const char *status)
{
	say_place(name, 0, 0);
	say(message);
	say_status(status);
	return EXIT_REFUSED;
}

int say_system(const char *name, const char *what, int error)
{
	say_place(name, 0, 0);
	(void)fprintf(stderr, "%s: %s", what, strerror(error));
	say_status("system");
	return EXIT_SYSTEM;
}

int say_unreadable(void)
{
	return say_refused("ocienv", "expected a blob that the enclave's reader takes, found another",
			   "blob");
}

int say_usage(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say_place(NULL, 0, 0);
	say(text);
	say_status("argument");
	return EXIT_USAGE;
}

void say_warnings(const struct ocienv_config *config)
{
	struct ocienv_warning warning;

	for (size_t i = 0; !ocienv_config_warning(config, i, &warning); i++) {
		const struct ocienv_origin *at = &warning.origin;

		say_place(at->line ? at->document : NULL, at->line, at->column);
		ink(YELLOW);
		(void)fputs("warning:", stderr);
		ink(PLAIN);
		(void)fputs(" ", stderr);
		if (warning.subject && warning.subject[0]) {
			say(warning.subject);
			(void)fputs(": ", stderr);
		}
		say(warning.message);
		(void)fputs(" [", stderr);
		say(warning.code);
		(void)fputs("]\n", stderr);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others on a terminal, and what the command says on stderr. Documents, blobs, names
 * of files and what lies in a rootfs are hostile: none of their bytes may be more than text. */
#include "tool.h"

#include <stdarg.h>
#include <string.h>

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

void say_place(const char *document, uint32_t line, uint32_t column)
{
	say(document && document[0] ? document : "ocienv");
	if (line)
		(void)fprintf(stderr, ":%u:%u", line, column);
	(void)fputs(": ", stderr);
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
	(void)fprintf(stderr, " [%s]\n", ocienv_status_name(error->status));
	return exit_status_of(error->status);
}

int say_system(const char *name, const char *what, int error)
{
	say_place(name, 0, 0);
	(void)fprintf(stderr, "%s: %s [system]\n", what, strerror(error));
	return EXIT_SYSTEM;
}

int say_unreadable(void)
{
	(void)fputs("ocienv: expected a blob that the enclave's reader takes, found another "
		    "[blob]\n", stderr);
	return EXIT_REFUSED;
}

int say_usage(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	(void)fputs("ocienv: ", stderr);
	say(text);
	(void)fputs(" [argument]\n", stderr);
	return EXIT_USAGE;
}

void say_warnings(const struct ocienv_config *config)
{
	struct ocienv_warning warning;

	for (size_t i = 0; !ocienv_config_warning(config, i, &warning); i++) {
		const struct ocienv_origin *at = &warning.origin;

		say_place(at->line ? at->document : NULL, at->line, at->column);
		(void)fputs("warning: ", stderr);
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

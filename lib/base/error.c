/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const names[] = {
	"ok",	    "argument", "nomem",	"limit",    "syntax",	 "encoding",
	"ambiguous", "type",	"value",	"reference", "notfound", "access",
	"unsupported", "unsafe", "policy",	"mismatch", "blob",	 "system",
};

const char *status_name(int32_t status)
{
	if (status > 0 || status < OCIENV_ERR_SYSTEM)
		return "unknown";
	return names[-status];
}

/* Where the columns of the line that starts at `i` begin. */
static size_t line_start(struct sv text, size_t i)
{
	return sv_has_prefix(sv_skip(text, i), SV("\xef\xbb\xbf")) ? i + 3 : i;
}

/* Bytes of the line end at `i` (2 for CR LF), 0 if there is none. */
static size_t line_end(struct sv text, size_t i)
{
	if (text.ptr[i] == '\n')
		return 1;
	if (text.ptr[i] != '\r')
		return 0;
	return i + 1 < text.len && text.ptr[i + 1] == '\n' ? 2 : 1;
}

size_t mark_offset(struct sv text, struct mark mark)
{
	uint32_t line = 1, column = 1;
	size_t i = line_start(text, 0);

	while (i < text.len && (line < mark.line || column < mark.column)) {
		size_t end = line_end(text, i);

		if (end) {
			if (line == mark.line)
				break;
			line++;
			column = 1;
			i = line_start(text, i + end);
			continue;
		}
		i++;
		while (i < text.len && utf8_is_continuation((unsigned char)text.ptr[i]))
			i++;
		column++;
	}
	return i;
}

struct mark mark_at(struct sv text, size_t offset)
{
	struct mark mark = {1, 1};
	size_t i = line_start(text, 0);

	while (i < text.len && i < offset) {
		size_t end = line_end(text, i);

		if (end) {
			mark.line++;
			mark.column = 1;
			i = line_start(text, i + end);
			continue;
		}
		mark.column += !utf8_is_continuation((unsigned char)text.ptr[i]);
		i++;
	}
	return mark;
}

/* Appends to a fixed buffer; what does not fit is dropped. */
struct sink {
	char *buffer;
	size_t size, used;
};

static void sink_char(struct sink *sink, char c)
{
	if (sink->used + 1 < sink->size)
		sink->buffer[sink->used++] = c;
}

static void sink_escaped(struct sink *sink, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";

	sink_char(sink, '\\');
	sink_char(sink, 'x');
	sink_char(sink, hex[byte >> 4]);
	sink_char(sink, hex[byte & 15]);
}

const char *diag_quote(char *buffer, struct sv v)
{
	enum { SHOWN = 32 }; /* with every byte escaped it fits */
	struct sink sink = {buffer, DIAG_QUOTE_SIZE, 0};

	for (size_t i = 0; i < v.len && i < SHOWN; i++) {
		unsigned char byte = (unsigned char)v.ptr[i];

		if (byte < 0x20 || byte >= 0x7f || byte == '\\' || byte == '"')
			sink_escaped(&sink, byte);
		else
			sink_char(&sink, (char)byte);
	}
	for (size_t i = 0; v.len > SHOWN && i < 3; i++)
		sink_char(&sink, '.');
	buffer[sink.used] = '\0';
	return buffer;
}

const char *diag_quote_name(char *buffer, struct sv name)
{
	size_t end = sv_find(name, '=');

	diag_quote(buffer, sv_from(name.ptr, end));
	if (end < name.len)
		memcpy(buffer + strlen(buffer), "=...", sizeof("=..."));
	return buffer;
}

static size_t digits_of(size_t number)
{
	size_t n = 1;

	while (number >= 10) {
		number /= 10;
		n++;
	}
	return n;
}

/* A list of variables that lost its bracket has them as keys: no more is shown of a key than
 * the name and its "=". */
static struct sv step_key(const struct path *step)
{
	size_t end = sv_find(step->key, '=');

	return sv_from(step->key.ptr, end < step->key.len ? end + 1 : end);
}

/* RFC 6901 escapes "~" and "/"; control bytes are dropped to keep the error one line. */
static size_t step_length(const struct path *step)
{
	struct sv key = step_key(step);
	size_t n = 1;

	if (!key.ptr)
		return n + digits_of(step->index);
	for (size_t i = 0; i < key.len; i++)
		n += key.ptr[i] == '~' || key.ptr[i] == '/' ? 2 : 1;
	return n;
}

/* Writes the step's text so that it ends at `end`; returns where it starts. Cut at `low`. */
static char *step_write(const struct path *step, char *low, char *end)
{
	struct sv key = step_key(step);
	size_t number = step->index;

	if (!key.ptr) {
		do {
			if (end > low)
				*--end = (char)('0' + number % 10);
			number /= 10;
		} while (number);
	}
	for (size_t i = key.ptr ? key.len : 0; i > 0; i--) {
		unsigned char c = (unsigned char)key.ptr[i - 1];

		if (c == '~' || c == '/') {
			if (end - low < 2) { /* goes on with the dots in front */
				memset(low, '.', (size_t)(end - low));
				return low;
			}
			*--end = c == '~' ? '0' : '1';
			*--end = '~';
		} else if (end > low) {
			*--end = (char)(c < 0x20 || c == 0x7f ? '?' : c);
		}
	}
	if (end > low)
		*--end = '/';
	return end;
}

void path_pointer(const struct path *path, char *buffer, size_t size)
{
	size_t length = 0;
	char *start, *end;

	for (const struct path *p = path; p && p->up; p = p->up)
		length += step_length(p);
	if (length < size) {
		end = buffer + length;
		*end = '\0';
		for (const struct path *p = path; p && p->up; p = p->up)
			end = step_write(p, buffer, end);
		return;
	}
	/* Too long: the end says most, so keep as much of it as fits. */
	end = buffer + size - 1;
	*end = '\0';
	start = end;
	for (const struct path *p = path; p && p->up && start > buffer + 3; p = p->up)
		start = step_write(p, buffer + 3, start);
	memcpy(start - 3, "...", 3);
	memmove(buffer, start - 3, (size_t)(end - start) + 4);
}

static void copy_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(text);

	if (n >= size)
		n = size - 1;
	memcpy(out, text, n);
	out[n] = '\0';
}

int32_t diag_fail(const struct diag *diag, int32_t status, struct mark mark,
		  const struct path *path, const char *format, ...)
{
	struct ocienv_error *error = diag->error;
	va_list args;

	if (!error)
		return status;
	*error = (struct ocienv_error){.status = status};
	error->line = mark.line;
	error->column = mark.column;
	if (mark.line && diag->text.ptr)
		error->offset = mark_offset(diag->text, mark);
	copy_text(error->document, sizeof(error->document),
		  diag->document ? diag->document : "");
	path_pointer(path, error->pointer, sizeof(error->pointer));
	va_start(args, format);
	(void)vsnprintf(error->message, sizeof(error->message), format, args);
	va_end(args);
	return status;
}

int32_t diag_fail_at(const struct diag *diag, int32_t status, size_t offset,
		     const struct path *path, const char *message)
{
	diag_fail(diag, status, mark_at(diag->text, offset), path, "%s", message);
	if (diag->error)
		diag->error->offset = offset;
	return status;
}

int32_t diag_system(const struct diag *diag, int sys_errno, const char *what)
{
	diag_fail(diag, OCIENV_ERR_SYSTEM, (struct mark){0, 0}, NULL, "%s failed (errno %d)",
		  what, sys_errno);
	if (diag->error)
		diag->error->sys_errno = sys_errno;
	return OCIENV_ERR_SYSTEM;
}

int32_t diag_memory(const struct diag *diag, int32_t status)
{
	return diag_fail(diag, status, (struct mark){0, 0}, NULL,
			 status == OCIENV_ERR_NOMEM
				 ? "expected memory, found none left"
				 : "expected a result within max_result, found a larger one");
}

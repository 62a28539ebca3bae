/* SPDX-License-Identifier: Apache-2.0 */
#include "promise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILLING = 0xa5 };

void promise_broken(const char *what)
{
	(void)fprintf(stderr, "promise broken: %s\n", what);
	abort();
}

void error_prepare(struct ocienv_error *error)
{
	memset(error, FILLING, sizeof(*error));
}

static bool is_untouched(const struct ocienv_error *error)
{
	struct ocienv_error filled;

	error_prepare(&filled);
	return !memcmp(&filled, error, sizeof(filled));
}

/* A byte order mark at the start of a line belongs to no column. */
static bool is_mark(const struct ocienv_document *document, size_t i)
{
	const unsigned char *p = document->data;

	return (!i || p[i - 1] == '\n' || p[i - 1] == '\r') && document->size - i >= 3 &&
	       !memcmp(p + i, "\xef\xbb\xbf", 3);
}

/* Counts one byte by the rule of ocienv.h, without the library. */
static void count_byte(const struct ocienv_document *document, size_t i, uint32_t *line,
		       uint32_t *column)
{
	const unsigned char *p = document->data;
	bool in_crlf = p[i] == '\r' && i + 1 < document->size && p[i + 1] == '\n';

	if ((p[i] == '\n' || p[i] == '\r') && !in_crlf) {
		++*line;
		*column = 1;
	} else if (!in_crlf && (p[i] & 0xc0) != 0x80 && !is_mark(document, i)) {
		++*column;
	}
}

/* Is this the place at `offset`, or one of the text if `offset` is not known (0)? */
static bool place_exists(const struct ocienv_document *document, uint64_t offset,
			 uint32_t wanted_line, uint32_t wanted_column)
{
	uint64_t end = offset ? offset : document->size;
	uint32_t line = 1, column = 1;

	if (end > document->size)
		return false;
	for (size_t i = 0; i < end; i++) {
		if (!offset && line == wanted_line && column == wanted_column)
			return true;
		count_byte(document, i, &line, &column);
	}
	return line == wanted_line && column == wanted_column;
}

static const struct ocienv_document *document_of(const struct run *run,
						 const struct ocienv_error *error)
{
	for (size_t i = 0; i < DOCUMENTS; i++)
		if (run->documents[i] && !strcmp(run->documents[i]->name, error->document))
			return run->documents[i];
	return NULL;
}

static void check_place(const struct run *run, const struct ocienv_error *error)
{
	const struct ocienv_document *document = document_of(run, error);

	if (!error->line) {
		PROMISE(!error->column && !error->offset);
		return;
	}
	PROMISE(document);
	PROMISE(error->offset <= document->size);
	PROMISE(place_exists(document, error->offset, error->line, error->column));
}

/* One line of text that ends inside of its array. */
static bool is_line(const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);

	for (const char *p = text; end && p < end; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return end;
}

bool call_succeeded(struct run *run, int32_t status, uint32_t listed,
		    const struct ocienv_error *error)
{
	if (!status) {
		PROMISE(is_untouched(error));
		return true;
	}
	PROMISE(status < 0 && status >= OCIENV_ERR_SYSTEM);
	if (!(listed >> -status & 1)) {
		(void)fprintf(stderr, "status %d: %s\n", status, error->message);
		promise_broken("the header lists the status");
	}
	PROMISE(error->status == status);
	PROMISE(error->message[0]);
	PROMISE(is_line(error->message, sizeof(error->message)));
	PROMISE(is_line(error->pointer, sizeof(error->pointer)));
	PROMISE(is_line(error->document, sizeof(error->document)));
	PROMISE(!error->pointer[0] || error->pointer[0] == '/' || error->pointer[0] == '.');
	PROMISE(!run->hushed || !strstr(error->message, run->hushed));
	PROMISE(!run->hushed || !strstr(error->pointer, run->hushed));
	check_place(run, error);
	run->outcome->status = status;
	run->outcome->error = *error;
	return false;
}

/* FNV-1a over words: only has to tell two runs of one program apart. */
void outcome_add(struct outcome *outcome, const void *data, size_t size)
{
	const uint64_t prime = UINT64_C(0x100000001b3);
	const unsigned char *p = data;
	uint64_t digest = (outcome->digest ^ size) * prime;

	for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t), p += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, p, sizeof(word));
		digest = (digest ^ word) * prime;
		digest ^= digest >> 29;
	}
	for (; size; size--, p++)
		digest = (digest ^ *p) * prime;
	outcome->digest = digest;
}

bool outcome_equal(const struct outcome *a, const struct outcome *b)
{
	return a->status == b->status && a->digest == b->digest &&
	       (!a->status || !memcmp(&a->error, &b->error, sizeof(a->error)));
}

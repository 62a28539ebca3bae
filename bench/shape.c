/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LETTERS = 512, BITS = 18, DIGITS = 6 };

static bool put(struct text *text, const char *bytes, size_t size)
{
	if (text->room - text->size < size) {
		size_t room = text->room * 2 + size + 4096;
		char *data = realloc(text->data, room);

		if (!data)
			return false;
		text->data = data;
		text->room = room;
	}
	if (size)
		memcpy(text->data + text->size, bytes, size);
	text->size += size;
	return true;
}

static bool put_repeated(struct text *text, char byte, size_t count)
{
	bool ok = true;

	while (ok && count--)
		ok = put(text, &byte, 1);
	return ok;
}

static bool put_number(struct text *text, size_t number)
{
	char digits[DIGITS];

	for (size_t i = DIGITS; i > 0; i--, number /= 10)
		digits[i - 1] = (char)('0' + number % 10);
	return put(text, digits, DIGITS);
}

static bool put_bits(struct text *text, size_t number, const char *zero, const char *one)
{
	bool ok = true;

	for (size_t i = 0; ok && i < BITS; i++)
		ok = put(text, number >> i & 1 ? one : zero, 2);
	return ok;
}

static bool put_unit(struct text *text, const char *unit, size_t number)
{
	bool ok = true;

	for (const char *p = unit; ok && *p; p++) {
		switch (*p) {
		case '\1':
			ok = put_number(text, number);
			break;
		case '\2':
			ok = put_number(text, number ? number - 1 : 0);
			break;
		case '\3':
			ok = put_bits(text, number, "Ez", "FY");
			break;
		case '\4':
			ok = put_bits(text, number, "Aa", "BB");
			break;
		case '\5':
			ok = put_repeated(text, ' ', number);
			break;
		case '\6':
			ok = put_repeated(text, 'k', LETTERS);
			break;
		default:
			ok = put(text, p, 1);
		}
	}
	return ok;
}

static bool put_pattern(struct text *text, const struct pattern *pattern, size_t size)
{
	size_t end = text->size + size, number = 1; /* a head may hold number 0 */
	bool ok = true;

	if (!pattern->head)
		return true;
	ok = put(text, pattern->head, strlen(pattern->head));
	while (ok && text->size < end && pattern->unit)
		ok = put_unit(text, pattern->unit, number++);
	return ok && (!pattern->tail || put(text, pattern->tail, strlen(pattern->tail)));
}

bool shape_write(const struct shape *shape, size_t size, struct text *document,
		 struct text *objects)
{
	const struct pattern *patterns[] = {&shape->document, &shape->second, &shape->objects};
	size_t parts = 0;

	document->size = objects->size = 0;
	for (size_t i = 0; i < 3; i++)
		parts += patterns[i]->unit != NULL;
	return put_pattern(document, &shape->document, size / parts) &&
	       put_pattern(document, &shape->second, size / parts) &&
	       put_pattern(objects, &shape->objects, size / parts);
}

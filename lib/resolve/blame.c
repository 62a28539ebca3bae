/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve/blame.h"

#include <stdarg.h>
#include <stdio.h>

static const char *document_of(const struct blame *b, uint16_t ref)
{
	const struct documents *documents = NULL;

	if (b->documents && ref != DOCUMENT_NONE)
		documents = &b->documents[document_layer(ref)];
	if (!documents || document_index(ref) >= documents->count)
		return NULL;
	return documents->names[document_index(ref)].ptr;
}

int32_t blame(const struct blame *b, int32_t status, struct origin from, const char *format,
	      ...)
{
	char message[sizeof(((struct ocienv_error *)NULL)->message)];
	struct diag diag = *b->diag;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	diag.document = document_of(b, from.document);
	return diag_fail(&diag, status, from.mark, NULL, "%s", message);
}

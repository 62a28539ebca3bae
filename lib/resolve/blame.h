/* SPDX-License-Identifier: Apache-2.0 */
/* Errors about values whose documents are no longer at hand: the origin says which. */
#ifndef OCIENV_RESOLVE_BLAME_H
#define OCIENV_RESOLVE_BLAME_H

#include "read/layer.h"

struct blame {
	const struct diag *diag;
	const struct documents *documents; /* by kind of layer; NULL: names are not known */
};

/* Fails with the document, line and column of `from`. Returns `status`. */
int32_t blame(const struct blame *blame, int32_t status, struct origin from,
	      const char *format, ...) __attribute__((format(printf, 4, 5), cold));

/* For what no document says. */
#define ORIGIN_DEFAULT ((struct origin){.source = OCIENV_SOURCE_DEFAULT, .document = DOCUMENT_NONE})
#define ORIGIN_RUNTIME \
	((struct origin){.source = OCIENV_SOURCE_RUNTIME, .altered = true, .document = DOCUMENT_NONE})

#endif

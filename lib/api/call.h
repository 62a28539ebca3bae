/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every exported function does: it checks its arguments, completes the options, lends a
 * scratch arena, keeps the rule that outputs are touched on one outcome only, and lets no
 * status out that functions.h does not list for it. What is done is done below.
 */
#ifndef OCIENV_API_CALL_H
#define OCIENV_API_CALL_H

#include "api/functions.h"
#include "base/arena.h"
#include "base/error.h"
#include "read/read.h"

#define API __attribute__((visibility("default")))

/* One call: its options with every default filled in, its memory, its error. */
struct call {
	enum function function;
	struct ocienv_options options;
	struct ocienv_limits limits;
	struct ocienv_error error;
	struct diag diag;
	struct arena scratch;
};

/* Begins a call; call_end() must follow whatever this answers. Errors: ARGUMENT. */
int32_t call_begin(struct call *call, enum function function,
		   const struct ocienv_options *options);

/* Ends it. Returns what the exported function returns. */
int32_t call_end(struct call *call, int32_t status, struct ocienv_error *reterr);

/* Fails with ARGUMENT: "expected ..., found ...". */
int32_t call_argument(struct call *call, const char *message);

/* Makes the document the one that the call is about. Errors: ARGUMENT. */
int32_t call_document(struct call *call, const struct ocienv_document *document);

/* What a reader needs, once there is a document. */
struct read_input call_read_input(struct call *call);

/* Puts the bytes of an object together in the call's scratch arena. */
typedef int32_t writer(struct call *call, const void *object, struct sv *ret);

/* What the exported functions that make a buffer have in common. */
int32_t call_buffer(struct ocienv_buffer *ret, enum function function, writer *write,
		    const void *object, const struct ocienv_options *options,
		    struct ocienv_error *reterr);

#endif

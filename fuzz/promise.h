/* SPDX-License-Identifier: Apache-2.0 */
/* The promises that hold for every function of ocienv.h, checked around one call. */
#ifndef OCIENV_FUZZ_PROMISE_H
#define OCIENV_FUZZ_PROMISE_H

#include "subject.h"

/* One run over a subject: the steps hand it on. */
struct run {
	const struct ocienv_options *options;
	const struct ocienv_document *documents[3]; /* an error is about one of them */
	struct outcome *outcome;
	struct ocienv_error error; /* of the call at hand; not on the stack: it is large */
};

#define PROMISE(condition)                                                               \
	do {                                                                             \
		if (!(condition))                                                        \
			promise_broken(#condition);                                      \
	} while (0)

/* Nothing may be written through a `ret` that points here unless the call succeeds. */
#define UNTOUCHED(type) ((type *)(uintptr_t)0x5a5a5a50)

/* Before a call: an error that shows whether somebody wrote to it. */
void error_prepare(struct ocienv_error *error);

/* A set of statuses: what ocienv.h lists behind "Errors:". */
#define MAY(name) (1U << -OCIENV_ERR_##name)

/*
 * Behind a call: it answered one of the listed statuses; the error is filled if and only if
 * it failed, and lies within the document that it names. Notes the failure in the outcome.
 * True: go on.
 */
bool call_succeeded(struct run *run, int32_t status, uint32_t listed,
		    const struct ocienv_error *error);

/* Adds bytes to the digest of what came out. */
void outcome_add(struct outcome *outcome, const void *data, size_t size);

/* The steps behind a layer; `layer` stays the caller's. */
void run_layer(struct run *run, const struct ocienv_layer *layer);

/* A policy, and what it makes of an answer. */
void run_policy(struct run *run);

/* The trees of text/. */
void run_json(struct run *run, const struct ocienv_document *document);
void run_yaml(struct run *run, const struct ocienv_document *document);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The promises that hold for every function of ocienv.h, checked around one call. */
#ifndef OCIENV_FUZZ_PROMISE_H
#define OCIENV_FUZZ_PROMISE_H

#include "base/sv.h"
#include "subject.h"

enum { DOCUMENT_BLOB = 7, DOCUMENTS };

/* One run over a subject: the steps hand it on. */
struct run {
	const struct ocienv_options *options;
	const struct ocienv_document *documents[DOCUMENTS]; /* an error is about one of them */
	const char *hushed; /* a text that no error may tell, or NULL */
	bool has_program;   /* configs were made with a rootfs */
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

/* The steps behind a config; it stays the caller's. */
void run_config(struct run *run, const struct ocienv_config *config);

/* What a blob's two readers see in it is the same. */
struct ocienv_boot;
void boot_check(const struct ocienv_boot *boot, const struct ocienv_config *config);

/* What is asked. */
struct answer {
	struct ocienv_layer *layers[3];
	size_t count;
	int rootfs_fd;
	uint32_t errors; /* that may come out */
	struct ocienv_options options;
};

/* NULL: refused. */
struct ocienv_config *answer_resolve(struct run *run, const struct answer *answer,
				     const struct ocienv_policy *policy);

/* The same to the caller of execve? */
void answer_check_same(const struct ocienv_config *a, const struct ocienv_config *b);

/* A config that was made under a policy: what is pinned gives it again. */
void answer_pin(struct run *run, const struct answer *answer, const struct ocienv_config *config);

/* The lines of a Gramine manifest say what the config says, and no template takes them for
 * code. */
void manifest_check(struct sv manifest, const struct ocienv_config *config);

/* NULL: the document is refused. */
struct ocienv_policy *policy_read(struct run *run, const struct ocienv_document *document,
				  const struct ocienv_options *options);

/* A policy, and what it makes of an answer. */
void run_policy(struct run *run);

/* The trees of text/. */
void run_json(struct run *run, const struct ocienv_document *document);
void run_yaml(struct run *run, const struct ocienv_document *document);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every request for memory fails once: the documents that it is tried with, and the two
 * places where requests can be made to fail.
 */
#ifndef OCIENV_TESTS_OOM_H
#define OCIENV_TESTS_OOM_H

#include "ledger.h"
#include "subject.h"

struct oom_document {
	char name[128];
	char *data;
	struct subject subject;
};

struct oom_documents {
	struct oom_document *items;
	size_t count;
};

/*
 * Adds a file of test vectors (its base name says which), or the files of a directory that
 * is called like a kind of subject. False: there is nothing of the sort; says so.
 */
bool oom_load(struct oom_documents *documents, const char *path);

void oom_free(struct oom_documents *documents);

/* Runs a subject while the requests fail that the ledger says; fills in what it counted.
 * One implementation fails the library's allocator, the other malloc itself. */
void oom_run(const struct subject *subject, struct ledger *ledger, struct outcome *ret);

#endif

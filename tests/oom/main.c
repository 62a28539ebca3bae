/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oom PATH...: for every document and every k, the k-th request for memory fails, once and
 * with all behind it. The answer must be NOMEM or the one that comes without a failure, and
 * all memory must have been given back; subject.c looks at the rest of the contract.
 */
#include "oom.h"

#include <stdio.h>
#include <stdlib.h>

enum { FEWEST = 150 }; /* documents */

struct tally {
	size_t injected, passed, failed;
};

/* A call that is made again must not remember that memory was short before. */
static bool may_be_nomem(const struct ledger *ledger, const struct outcome *got)
{
	return got->status == OCIENV_ERR_NOMEM && (ledger->for_ever || !got->retried);
}

static const char *judge(const struct ledger *ledger, const struct outcome *expected,
			 const struct outcome *got)
{
	if (ledger->blocks)
		return "expected all memory back, found blocks left";
	if (!ledger->failed)
		return "expected as many requests as without a failure, found fewer";
	if (!may_be_nomem(ledger, got) && !outcome_equal(expected, got))
		return "expected NOMEM or the answer without a failure, found another one";
	return NULL;
}

static void inject(struct tally *tally, const struct oom_document *document, size_t k,
		   bool for_ever, const struct outcome *expected)
{
	struct ledger ledger = {.fail_at = k, .for_ever = for_ever};
	struct outcome got;
	const char *fault;

	oom_run(&document->subject, &ledger, &got);
	fault = judge(&ledger, expected, &got);
	tally->injected++;
	tally->passed += !fault;
	tally->failed += !!fault;
	if (fault)
		(void)printf("%s: request %zu fails%s: %s (status %d)\n", document->name, k,
			     for_ever ? " and all behind it" : "", fault, got.status);
}

static void run_document(struct tally *tally, const struct oom_document *document)
{
	struct outcome expected;
	struct ledger ledger = {0};

	oom_run(&document->subject, &ledger, &expected); /* the C library's own first needs */
	ledger = (struct ledger){0};
	oom_run(&document->subject, &ledger, &expected);
	if (ledger.blocks || expected.status == OCIENV_ERR_NOMEM) {
		(void)printf("%s: leaks, or lacks memory, without a failure\n", document->name);
		tally->failed++;
	}
	for (size_t k = 1; k <= ledger.calls; k++) {
		inject(tally, document, k, false, &expected);
		inject(tally, document, k, true, &expected);
	}
}

int main(int argc, char **argv)
{
	struct oom_documents documents = {0};
	struct tally tally = {0};

	for (int i = 1; i < argc; i++)
		if (!oom_load(&documents, argv[i]))
			return 2;
	for (size_t i = 0; i < documents.count; i++)
		run_document(&tally, &documents.items[i]);
	oom_free(&documents);
	(void)printf("%zu documents\n%zu failures injected, %zu passed, %zu failed\n",
		     documents.count, tally.injected, tally.passed, tally.failed);
	return tally.failed || documents.count < FEWEST ? 1 : 0;
}

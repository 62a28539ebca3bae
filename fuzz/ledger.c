/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Stands in front of each block. */
struct head {
	_Alignas(16) struct ledger *ledger;
	size_t size;
};

bool ledger_fails(struct ledger *ledger)
{
	size_t call = ++ledger->calls;
	bool fails = ledger->fail_at && (ledger->for_ever ? call >= ledger->fail_at
							  : call == ledger->fail_at);

	ledger->failed += fails;
	return fails;
}

static void *ledger_alloc(void *ctx, size_t size)
{
	struct ledger *ledger = ctx;
	struct head *head;

	if (ledger_fails(ledger) || size > SIZE_MAX - sizeof(*head))
		return NULL;
	head = malloc(sizeof(*head) + size);
	if (!head)
		return NULL;
	*head = (struct head){ledger, size};
	ledger->blocks++;
	ledger->bytes += size;
	if (ledger->bytes > ledger->peak)
		ledger->peak = ledger->bytes;
	return head + 1;
}

static void ledger_free(void *ctx, void *ptr)
{
	struct ledger *ledger = ctx;
	struct head *head = (struct head *)ptr - 1;

	if (head->ledger != ledger) {
		(void)fprintf(stderr, "ledger: a block came back that is none of ours\n");
		abort();
	}
	head->ledger = NULL; /* so that a second time shows */
	ledger->blocks--;
	ledger->bytes -= head->size;
	free(head);
}

struct ocienv_allocator ledger_allocator(struct ledger *ledger)
{
	return (struct ocienv_allocator){ledger_alloc, ledger_free, ledger};
}

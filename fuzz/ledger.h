/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator that keeps count of its blocks and can be told to fail. Whatever is made
 * with it has been given back when `blocks` is 0.
 */
#ifndef OCIENV_FUZZ_LEDGER_H
#define OCIENV_FUZZ_LEDGER_H

#include "ocienv/ocienv.h"

#include <stdbool.h>

struct ledger {
	size_t blocks;	/* alive */
	size_t bytes;	/* of them */
	size_t peak;	/* the most that `bytes` has been */
	size_t calls;	/* requests so far, those that failed too */
	size_t fail_at; /* the number of the request that fails, from 1; 0: none */
	bool for_ever;	/* and all behind it */
	size_t failed;
};

/* Should the next request of whoever keeps this ledger fail? Counts it. */
bool ledger_fails(struct ledger *ledger);

/* The allocator that writes to the ledger; aborts on a block that is not its own. */
struct ocienv_allocator ledger_allocator(struct ledger *ledger);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* malloc and its like, failing when a ledger says so. */
#ifndef OCIENV_TESTS_OOM_MALLOC_H
#define OCIENV_TESTS_OOM_MALLOC_H

#include "ledger.h"

/* NULL: nothing fails and nothing counts. */
extern struct ledger *malloc_ledger;

#endif

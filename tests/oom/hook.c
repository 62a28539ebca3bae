/* SPDX-License-Identifier: Apache-2.0 */
/* The caller's allocator fails: all memory that is the library's own. */
#include "oom.h"

void oom_run(const struct subject *subject, struct ledger *ledger, struct outcome *ret)
{
	struct ocienv_allocator allocator = ledger_allocator(ledger);
	struct ocienv_options options = {.size = sizeof(options), .allocator = &allocator};

	subject_run(subject, &options, ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* malloc itself fails, for all that a subject uses. */
#include "malloc.h"
#include "oom.h"

void oom_run(const struct subject *subject, struct ledger *ledger, struct outcome *ret)
{
	struct ocienv_options options = {.size = sizeof(options)};

	malloc_ledger = ledger;
	subject_run(subject, &options, ret);
	malloc_ledger = NULL;
}

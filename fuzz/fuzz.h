/* SPDX-License-Identifier: Apache-2.0 */
/* What the engines call, and what the targets of documents have in common. */
#ifndef OCIENV_FUZZ_FUZZ_H
#define OCIENV_FUZZ_FUZZ_H

#include "subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Without an engine: each input is looked at in each way, however long that takes. */
extern bool fuzz_thorough;

/* Runs one input of a kind, twice; aborts on a broken promise. Answers 0. */
int fuzz_one(enum subject_kind kind, const uint8_t *data, size_t size);

#endif

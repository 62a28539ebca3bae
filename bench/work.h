/* SPDX-License-Identifier: Apache-2.0 */
/* A set of documents, and what the benches do with it. What goes wrong ends the program. */
#ifndef OCIENV_BENCH_WORK_H
#define OCIENV_BENCH_WORK_H

#include <ocienv/ocienv.h>

enum { IMAGE = 0, SPEC, POD, DOCUMENTS };

struct work {
	struct ocienv_document documents[DOCUMENTS];
	int rootfs; /* or OCIENV_NO_ROOTFS */
};

/* The options of all benches: limits raised, so that the time is what is measured. */
extern const struct ocienv_options work_options;

_Noreturn void die(const char *what, const char *why);

/* Reads FOLDER/SET as sets.py wrote it. */
void work_read(struct work *work, const char *folder, const char *set);
void work_free(struct work *work);
size_t work_bytes(const struct work *work);

/* A whole answer: all three read, image and Pod resolved, the CONFIG blob written. */
void work_answer(const struct work *work);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* All that can be asked about one set of documents. */
#ifndef OCIENV_FUZZ_ANSWERS_H
#define OCIENV_FUZZ_ANSWERS_H

#include "promise.h"

enum question_document {
	QUESTION_IMAGE,
	QUESTION_SPEC,
	QUESTION_POD,
	QUESTION_OBJECTS,
	QUESTION_POLICY,
	QUESTION_OCCLUM,
	QUESTION_DOCUMENTS
};

struct question {
	struct sv input; /* all of it */
	struct ocienv_document documents[QUESTION_DOCUMENTS]; /* name NULL: absent */
	struct ocienv_options options;
	bool has_root;
	int rootfs_fd;
	uint32_t builtin; /* without a policy: 1: "observe", 2: "image-only" */
	uint32_t fail_at;
};

/* Resolves, writes, looks up and verifies. ret->retried: memory ran out on the way. */
void question_run(const struct question *question, struct outcome *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Layers and a rootfs in, a config out: the order of the steps. */
#ifndef OCIENV_RESOLVE_RESOLVE_H
#define OCIENV_RESOLVE_RESOLVE_H

#include "read/occlum_json.h"
#include "resolve/config.h"
#include "rootfs/library.h"

struct resolve_input {
	const struct ocienv_layer *image, *pod, *spec; /* each may be NULL, not all */
	int rootfs_fd;				       /* OCIENV_NO_ROOTFS: none */
	const struct ocienv_options *options;	       /* complete */
	const struct ocienv_limits *limits;	       /* complete */
	const struct occlum_json *occlum;	       /* NULL: there is none */
	const struct diag *diag;
	struct arena *scratch;
	struct candidates *candidates; /* of the look-up, to be filled; NULL: nobody asks */
	struct library_list *libraries; /* the same, in the candidates' arena */
};

/* What was executed, and what was passed over. */
struct ocienv_lookup {
	struct arena arena;
	struct ocienv_config *config; /* NULL: it failed */
	struct ocienv_error error;    /* then why; its status is what resolve() answered */
	struct candidates candidates; /* in the arena */
	struct library_list libraries;	/* in the arena; of none, if nobody can tell */
	bool secret_library_path;	/* LD_LIBRARY_PATH is or holds part of a Secret */
	bool secret; /* PATH, if it was searched, or the name is or holds part of a Secret */
};

/* Fills a fresh config. Errors: those of ocienv_resolve(), but ARGUMENT. */
int32_t resolve(const struct resolve_input *in, struct ocienv_config *config);

/*
 * The same into a fresh lookup that has its arena and a fresh config. What the rootfs refuses
 * is a lookup that failed. Errors: what the documents refuse, NOMEM, LIMIT.
 */
int32_t resolve_lookup(const struct resolve_input *in, struct ocienv_lookup *lookup);

/* The same without a look-up and without the layers' warnings: what the documents say, to be
 * compared. `process_env` is the list that a runtime gets, in scratch. */
int32_t resolve_documents(const struct resolve_input *in, struct ocienv_config *config,
			  struct env_list *process_env);

#endif

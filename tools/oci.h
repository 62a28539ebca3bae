/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that lead to an image config: bytes in, the next step out. They are read as the
 * library reads its own, through its guard and its tables of fields.
 */
#ifndef OCIENV_TOOLS_OCI_H
#define OCIENV_TOOLS_OCI_H

#include "read/read.h"

/* Where the next document lies. Texts are in the document and in the scratch arena. */
struct oci_descriptor {
	struct text media_type, digest;
	uint64_t size;
	bool is_index; /* what is meant by the media type: else a manifest, or a config */
};

/* Which entry of an index is meant. */
struct oci_choice {
	struct sv media_type; /* by the descriptor that led here; ptr NULL: index.json */
	struct sv tag;	      /* of index.json; ptr NULL: none was given */
	struct sv os, architecture, variant; /* variant ptr NULL: the usual one */
	bool by_caller; /* the platform: it counts where there is but one image, too */
};

/* sha256 or sha512 and as many digits as it has, in lower case: fit to be a path. */
bool oci_digest_is_valid(struct sv digest);

/* "linux/arm64/v8". False: it is none. */
bool oci_platform_parse(struct sv text, struct oci_choice *ret);

/* The file `oci-layout`. Errors: NOMEM, LIMIT, SYNTAX, ENCODING, AMBIGUOUS, TYPE, VALUE. */
int32_t oci_read_version(const struct read_input *in);

/* An index: the manifest or the index that is chosen. Errors: the same, and REFERENCE. */
int32_t oci_read_index(const struct read_input *in, const struct oci_choice *choice,
		       struct oci_descriptor *ret);

/* A manifest: the image's config. Errors: those of oci_read_version(). */
int32_t oci_read_manifest(const struct read_input *in, struct sv media_type,
			  struct oci_descriptor *ret);

/* A runtime spec: root.path, which is not empty. Errors: the same. */
int32_t oci_read_root(const struct read_input *in, struct text *ret);

/* One descriptor. `is_config`: an image config is expected, else an index or a manifest. */
int32_t oci_read_descriptor(const struct reader *reader, const struct node *node,
			    const struct path *path, bool is_config,
			    struct oci_descriptor *ret);

/* What all these documents have in common: they are JSON, read as Go does. */
struct reader oci_reader(const struct read_input *in);
int32_t oci_parse(const struct read_input *in, const struct node **ret);

/* Version and media type of an index or a manifest. */
struct oci_head {
	struct number version;
	struct text media_type;
};

int32_t oci_check_head(const struct reader *reader, const struct node *document,
		       const struct oci_head *head, struct sv media_type, bool is_index);

#endif

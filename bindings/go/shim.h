/* SPDX-License-Identifier: Apache-2.0 */
/* A document holds pointers, and Go's memory that is handed to C must not hold pointers to
 * Go's memory: these put the document together on C's stack, for the call alone. */
#ifndef OCIENV_GO_SHIM_H
#define OCIENV_GO_SHIM_H

#include <ocienv/ocienv.h>
#include <stdlib.h>

#define GO_DOCUMENT(name, data, size) (&(struct ocienv_document){(name), (data), (size)})

/* The options of a call with what they point to: one block of C's memory. */
struct go_options {
	struct ocienv_options options;
	struct ocienv_limits limits;
	struct ocienv_document occlum_json;
};

static inline int32_t go_cluster_add_objects(struct ocienv_cluster *cluster, const char *name,
					     const void *data, size_t size,
					     struct ocienv_error *reterr)
{
	return ocienv_cluster_add_objects(cluster, GO_DOCUMENT(name, data, size), reterr);
}

static inline int32_t go_layer_from_image_config(struct ocienv_layer **ret, const char *name,
						 const void *data, size_t size,
						 const struct ocienv_options *options,
						 struct ocienv_error *reterr)
{
	return ocienv_layer_from_image_config(ret, GO_DOCUMENT(name, data, size), options,
					      reterr);
}

static inline int32_t go_layer_from_runtime_spec(struct ocienv_layer **ret, const char *name,
						 const void *data, size_t size,
						 const struct ocienv_options *options,
						 struct ocienv_error *reterr)
{
	return ocienv_layer_from_runtime_spec(ret, GO_DOCUMENT(name, data, size), options,
					      reterr);
}

static inline int32_t go_layer_from_pod(struct ocienv_layer **ret, const char *name,
					const void *data, size_t size,
					const struct ocienv_cluster *cluster,
					const struct ocienv_options *options,
					struct ocienv_error *reterr)
{
	return ocienv_layer_from_pod(ret, GO_DOCUMENT(name, data, size), cluster, options,
				     reterr);
}

static inline int32_t go_layer_decode(struct ocienv_layer **ret, const char *name,
				      const void *data, size_t size,
				      const struct ocienv_options *options,
				      struct ocienv_error *reterr)
{
	return ocienv_layer_decode(ret, GO_DOCUMENT(name, data, size), options, reterr);
}

static inline int32_t go_policy_from_json(struct ocienv_policy **ret, const char *name,
					  const void *data, size_t size,
					  const struct ocienv_options *options,
					  struct ocienv_error *reterr)
{
	return ocienv_policy_from_json(ret, GO_DOCUMENT(name, data, size), options, reterr);
}

static inline int32_t go_config_decode(struct ocienv_config **ret, const char *name,
				       const void *data, size_t size,
				       const struct ocienv_options *options,
				       struct ocienv_error *reterr)
{
	return ocienv_config_decode(ret, GO_DOCUMENT(name, data, size), options, reterr);
}

#endif

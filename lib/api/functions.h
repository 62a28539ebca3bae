/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which statuses each exported function may give beside OCIENV_OK. call_end() lets no other
 * one out; the header and the manual pages say the same, and a test compares all three.
 * Functions that answer ARGUMENT or nothing else make no call; they stand here for the test.
 */
#ifndef OCIENV_API_FUNCTIONS_H
#define OCIENV_API_FUNCTIONS_H

#include "ocienv/ocienv.h"

#include <stdbool.h>

#define MAY(name) (1U << -OCIENV_ERR_##name)
#define MAY_ARGUMENT MAY(ARGUMENT)
#define MAY_BUILD (MAY(ARGUMENT) | MAY(NOMEM) | MAY(LIMIT))
#define MAY_PARSE (MAY(SYNTAX) | MAY(ENCODING) | MAY(AMBIGUOUS) | MAY(TYPE) | MAY(VALUE))
/* Documents that were read put together; an Occlum.json may be read then. */
#define MAY_MERGE                                                                        \
	(MAY_BUILD | MAY_PARSE | MAY(REFERENCE) | MAY(ACCESS) | MAY(UNSAFE) | MAY(SYSTEM))
#define MAY_LOOK_UP (MAY(NOTFOUND) | MAY(UNSUPPORTED))

#define API_FUNCTIONS(X)                                                                 \
	X(ocienv_cluster_add_fact, MAY_BUILD | MAY(ENCODING))                             \
	X(ocienv_cluster_add_objects, MAY_BUILD | MAY_PARSE)                              \
	X(ocienv_cluster_new, MAY_BUILD)                                                  \
	X(ocienv_config_decode, MAY_BUILD | MAY(BLOB))                                    \
	X(ocienv_config_digest, MAY_BUILD | MAY(UNSUPPORTED))                             \
	X(ocienv_config_encode, MAY_BUILD | MAY(UNSUPPORTED))                             \
	X(ocienv_config_encode_public, MAY_BUILD | MAY(UNSUPPORTED))                      \
	X(ocienv_config_exec, MAY_ARGUMENT)                                               \
	X(ocienv_config_gramine, MAY_BUILD | MAY(UNSUPPORTED))                            \
	X(ocienv_config_origin, MAY_ARGUMENT)                                             \
	X(ocienv_config_report, MAY_BUILD)                                                \
	X(ocienv_config_ruling, MAY_ARGUMENT)                                             \
	X(ocienv_config_user, MAY_ARGUMENT)                                               \
	X(ocienv_config_warning, MAY_ARGUMENT)                                            \
	X(ocienv_layer_decode, MAY_BUILD | MAY(BLOB))                                     \
	X(ocienv_layer_encode, MAY_BUILD | MAY(UNSUPPORTED))                              \
	X(ocienv_layer_from_image_config, MAY_BUILD | MAY_PARSE)                          \
	X(ocienv_layer_from_pod, MAY_BUILD | MAY_PARSE | MAY(REFERENCE))                  \
	X(ocienv_layer_from_runtime_spec, MAY_BUILD | MAY_PARSE)                          \
	X(ocienv_layer_report, MAY_BUILD)                                                 \
	X(ocienv_lookup_candidate, MAY_ARGUMENT)                                          \
	X(ocienv_lookup_library, MAY_ARGUMENT)                                            \
	X(ocienv_lookup_new, MAY_MERGE | MAY(POLICY))                                     \
	X(ocienv_lookup_report, MAY_BUILD)                                                \
	X(ocienv_lookup_status, MAY_ARGUMENT | MAY_LOOK_UP | MAY(ACCESS) | MAY(UNSAFE) |  \
		MAY(POLICY) | MAY(SYSTEM))                                                \
	X(ocienv_policy_builtin, MAY_BUILD)                                               \
	X(ocienv_policy_from_json, MAY_BUILD | MAY_PARSE)                                 \
	X(ocienv_policy_pin, MAY_BUILD | MAY(UNSUPPORTED))                                \
	X(ocienv_resolve, MAY_MERGE | MAY_LOOK_UP | MAY(POLICY))                          \
	X(ocienv_verdict_difference, MAY_ARGUMENT)                                        \
	X(ocienv_verdict_report, MAY_BUILD)                                               \
	X(ocienv_verdict_status, MAY_ARGUMENT | MAY(MISMATCH))                            \
	X(ocienv_verify, MAY_MERGE)

#define FUNCTION(name, may) FUNCTION_##name,
enum function {
	API_FUNCTIONS(FUNCTION) FUNCTION_COUNT,
	/* No exported function: a reader of the command's own, which may give any status. */
	FUNCTION_OF_TOOL = FUNCTION_COUNT
};
#undef FUNCTION

const char *function_name(enum function function);

/* OCIENV_OK always; a number that is no status never. */
bool function_may(enum function function, int32_t status);

#endif

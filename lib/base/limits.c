/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"

#include <string.h>

static const struct ocienv_limits defaults = {
	.size = sizeof(struct ocienv_limits),
	.max_document = 4U << 20,
	.max_depth = 64,
	.max_nodes = 65536,
	.max_string = 131072,
	.max_args = 4096,
	.max_env = 4096,
	.max_symlinks = 40,
	.max_result = 16U << 20,
};

static void fill(uint32_t *member, uint32_t standard)
{
	if (!*member)
		*member = standard;
}

struct ocienv_limits limits_of(const struct ocienv_limits *given)
{
	struct ocienv_limits limits = {0};

	if (given)
		memcpy(&limits, given,
		       given->size < sizeof(limits) ? given->size : sizeof(limits));
	limits.size = sizeof(limits);
	fill(&limits.max_document, defaults.max_document);
	fill(&limits.max_depth, defaults.max_depth);
	fill(&limits.max_nodes, defaults.max_nodes);
	fill(&limits.max_string, defaults.max_string);
	fill(&limits.max_args, defaults.max_args);
	fill(&limits.max_env, defaults.max_env);
	fill(&limits.max_symlinks, defaults.max_symlinks);
	fill(&limits.max_result, defaults.max_result);
	return limits;
}

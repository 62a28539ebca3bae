/* SPDX-License-Identifier: Apache-2.0 */
#include "base/source.h"

#include "ocienv/ocienv.h"

static const char *const source_names[] = {
	[OCIENV_SOURCE_DEFAULT] = "default",	 [OCIENV_SOURCE_IMAGE] = "image",
	[OCIENV_SOURCE_RUNTIME] = "runtime",	 [OCIENV_SOURCE_SERVICE] = "service",
	[OCIENV_SOURCE_CONFIGMAP] = "configmap", [OCIENV_SOURCE_SECRET] = "secret",
	[OCIENV_SOURCE_DOWNWARD] = "downward",	 [OCIENV_SOURCE_POD] = "pod",
	[OCIENV_SOURCE_POLICY] = "policy",	 [OCIENV_SOURCE_LIBOS] = "libos",
	[OCIENV_SOURCE_CALLER] = "caller",
};

const char *source_name(uint32_t source)
{
	if (source >= sizeof(source_names) / sizeof(source_names[0]))
		return "unknown";
	return source_names[source];
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/emit.h"

#include <sha2.h>

void emit_digest(struct sv bytes, uint8_t ret[OCIENV_DIGEST_SIZE])
{
	SHA2_CTX context;

	SHA384Init(&context);
	SHA384Update(&context, (const uint8_t *)bytes.ptr, bytes.len);
	SHA384Final(ret, &context);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A context keeps the last bytes that went into it, which may be those of a secret. */
#include "base/digest.h"

#include "base/wipe.h"

#include <sha2.h>

void digest_sha256(struct sv bytes, uint8_t ret[DIGEST_SHA256])
{
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)bytes.ptr, bytes.len);
	SHA256Final(ret, &context);
	wipe(&context, sizeof(context));
}

void digest_sha384(struct sv bytes, uint8_t ret[DIGEST_SHA384])
{
	SHA2_CTX context;

	SHA384Init(&context);
	SHA384Update(&context, (const uint8_t *)bytes.ptr, bytes.len);
	SHA384Final(ret, &context);
	wipe(&context, sizeof(context));
}

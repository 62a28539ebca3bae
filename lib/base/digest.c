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

char *digest_hex(char *out, const uint8_t *digest, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*out++ = digits[digest[i] >> 4];
		*out++ = digits[digest[i] & 15];
	}
	return out;
}

/* The inner or the outer hash: of the key's block, whose bytes are changed by `pad`, and of
 * what follows. */
static void hash_keyed(struct sv key, uint8_t pad, struct sv prefix, struct sv bytes,
		       uint8_t ret[DIGEST_SHA384])
{
	uint8_t block[DIGEST_SHA384_BLOCK];
	SHA2_CTX context;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (uint8_t)((i < key.len ? (uint8_t)key.ptr[i] : 0) ^ pad);
	SHA384Init(&context);
	SHA384Update(&context, block, sizeof(block));
	SHA384Update(&context, (const uint8_t *)prefix.ptr, prefix.len);
	SHA384Update(&context, (const uint8_t *)bytes.ptr, bytes.len);
	SHA384Final(ret, &context);
	wipe(&context, sizeof(context));
	wipe(block, sizeof(block));
}

void digest_hmac_sha384(struct sv key, struct sv prefix, struct sv bytes,
			uint8_t ret[DIGEST_SHA384])
{
	enum { INNER = 0x36, OUTER = 0x5c };
	uint8_t inner[DIGEST_SHA384];

	hash_keyed(key, INNER, prefix, bytes, inner);
	hash_keyed(key, OUTER, sv_from((const char *)inner, sizeof(inner)), SV(""), ret);
}

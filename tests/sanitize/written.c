/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clang 14's MSan takes for memory that nobody wrote, since it does not see who did: fstat64
 * and fstatat64, which glibc has had as functions since 2.33 only, and digests of libmd, which is
 * not built for MSan. scripts/sanitize puts these in front of them by the linker's --wrap, in
 * all programs: what one without MSan or without libmd lacks is weak.
 */
#include <stddef.h>
#include <sha2.h>
#include <sys/stat.h>

#pragma weak __msan_unpoison
#pragma weak __real_SHA256Final
#pragma weak __real_SHA384Final
void __msan_unpoison(const volatile void *address, size_t size);
int __real_fstat64(int fd, struct stat *st);
int __real_fstatat64(int dir, const char *path, struct stat *st, int flags);
void __real_SHA256Final(uint8_t *digest, SHA2_CTX *context);
void __real_SHA384Final(uint8_t *digest, SHA2_CTX *context);
int __wrap_fstat64(int fd, struct stat *st);
int __wrap_fstatat64(int dir, const char *path, struct stat *st, int flags);
void __wrap_SHA256Final(uint8_t *digest, SHA2_CTX *context);
void __wrap_SHA384Final(uint8_t *digest, SHA2_CTX *context);

static void unpoison(const void *address, size_t size)
{
	if (__msan_unpoison)
		__msan_unpoison(address, size);
}

static int written(int result, struct stat *st)
{
	if (!result)
		unpoison(st, sizeof(*st));
	return result;
}

int __wrap_fstat64(int fd, struct stat *st)
{
	return written(__real_fstat64(fd, st), st);
}

int __wrap_fstatat64(int dir, const char *path, struct stat *st, int flags)
{
	return written(__real_fstatat64(dir, path, st, flags), st);
}

void __wrap_SHA256Final(uint8_t *digest, SHA2_CTX *context)
{
	__real_SHA256Final(digest, context);
	unpoison(digest, SHA256_DIGEST_LENGTH);
}

void __wrap_SHA384Final(uint8_t *digest, SHA2_CTX *context)
{
	__real_SHA384Final(digest, context);
	unpoison(digest, SHA384_DIGEST_LENGTH);
}

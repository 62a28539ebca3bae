/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole world that libocienv-boot needs: freestanding.sh links it with this and with
 * nothing else. The program is never run.
 */
#include "ocienv/boot.h"

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void _start(void);

static int64_t open_nothing(void *ctx, const char *name, const char *value, size_t size,
			    char *ret, size_t most)
{
	(void)ctx;
	(void)name;
	(void)value;
	(void)size;
	(void)ret;
	(void)most;
	return -1;
}

void *memcpy(void *to, const void *from, size_t n)
{
	volatile unsigned char *out = to;
	const unsigned char *in = from;

	while (n--)
		*out++ = *in++;
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	volatile unsigned char *out = to;

	while (n--)
		*out++ = (unsigned char)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void _start(void)
{
	static unsigned char blob[32];
	static struct ocienv_boot boot;
	static struct ocienv_occlum_rootfs_config config;
	static const struct ocienv_boot_unseal unseal = {open_nothing, NULL};
	static char *vec[1], scratch[16];

	if (!ocienv_boot_open(&boot, blob, sizeof(blob))) {
		(void)ocienv_boot_occlum(&boot, &config, vec, 1);
		(void)ocienv_boot_envp_unsealed(&boot, vec, 1, scratch, sizeof(scratch), &unseal);
	}
	for (;;)
		;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * occlum-init BLOB KEY [LAUNCHER]: the init process of an Occlum enclave.
 *
 * Takes a CONFIG blob, whose origin and digest the channel that brought it has proved, and the
 * key of the image's two file systems; fills `struct user_rootfs_config` and mounts the image
 * with system call 363. From then on the host may start one file: the program, or LAUNCHER.
 *
 * The struct holds neither arguments nor a working directory, and the host chooses both for
 * whatever it starts. With LAUNCHER, which is launch.c inside the image, it chooses them in
 * vain: the blob is written beside it, as LAUNCHER.oeb, and it executes what that says.
 *
 * KEY is a file with 16 bytes in hexadecimal, joined by "-" as Occlum's tools write them.
 *
 * Exit status: 1 the blob, the key or Occlum refuses, 2 usage.
 */
#define _GNU_SOURCE
#include "occlum-init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the shim puts the image's file systems: the enclave's constants, not the host's choice. */
#define UPPER "/sefs/upper"
#define LOWER "/sefs/lower"

enum { KEY_SIZE = 16 };

static int fail(const char *what, const char *why)
{
	(void)fprintf(stderr, "occlum-init: %s: %s\n", what, why);
	return 1;
}

/* Into memory of our own, so that what was checked stays as it is. */
static void *read_file(const char *path, size_t most, size_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *bytes = fd < 0 ? NULL : malloc(most + 1);
	ssize_t n = 1;

	*ret_size = 0;
	while (bytes && n > 0 && *ret_size <= most) {
		n = read(fd, bytes + *ret_size, most + 1 - *ret_size);
		if (n > 0)
			*ret_size += (size_t)n;
	}
	if (fd >= 0)
		(void)close(fd);
	if (bytes && !n && *ret_size <= most)
		return bytes;
	free(bytes);
	return NULL;
}

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c | 0x20) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* "c7-32-...", and a line feed perhaps. */
static int parse_key(const char *text, size_t size, unsigned char key[KEY_SIZE])
{
	if (size == 3 * KEY_SIZE && text[size - 1] == '\n')
		size--;
	if (size != 3 * KEY_SIZE - 1)
		return -1;
	for (size_t i = 0; i < KEY_SIZE; i++, text += 3) {
		int high = digit_of(text[0]), low = digit_of(text[1]);

		if (high < 0 || low < 0 || (i + 1 < KEY_SIZE && text[2] != '-'))
			return -1;
		key[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

static int read_key(const char *path, unsigned char key[KEY_SIZE])
{
	size_t size;
	char *text = read_file(path, (size_t)3 * KEY_SIZE, &size);
	int status = text ? parse_key(text, size, key) : -1;

	if (text)
		explicit_bzero(text, size);
	free(text);
	return status;
}

/* Only the owner can read what may hold secrets. */
static int write_beside(const char *launcher, const void *bytes, size_t size)
{
	char path[1024];
	int fd, n = snprintf(path, sizeof(path), "%s.oeb", launcher);
	ssize_t done;

	if (n < 0 || (size_t)n >= sizeof(path))
		return fail("launcher", "its path is too long");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0400);
	if (fd < 0)
		return fail(path, strerror(errno));
	done = write(fd, bytes, size);
	if (close(fd) || done < 0 || (size_t)done != size)
		return fail(path, "cannot be written whole");
	return 0;
}

/* What its errno mean: they are those of Occlum's own checks. */
static const char *why_not(long error)
{
	switch (error) {
	case EPERM:
		return "a root is mounted already";
	case ENOENT:
		return "the enclave was not built for an image of its own";
	case EINVAL:
		return "it does not take the struct; another version of Occlum?";
	case ENOSYS:
		return "this is not Occlum";
	default:
		return strerror((int)error);
	}
}

static int mount_image(const struct ocienv_boot *boot, const unsigned char key[KEY_SIZE],
		       const char *launcher)
{
	size_t capacity = ocienv_boot_envc(boot) + 1;
	char **scratch = calloc(capacity, sizeof(*scratch));
	struct ocienv_occlum_rootfs_config config;
	int status = 0;
	long result;

	if (!scratch)
		return fail("memory", strerror(ENOMEM));
	if (ocienv_boot_occlum(boot, &config, scratch, capacity)) {
		free(scratch);
		return fail("blob", "Occlum would not take its paths or variables");
	}
	config.upper_layer_path = UPPER;
	config.lower_layer_path = LOWER;
	config.hostfs_source = NULL;
	config.hostfs_target = NULL;
	if (launcher)
		config.entry_point = launcher;
	if (config.entry_point)
		result = mount_rootfs(key, &config);
	else
		status = fail("blob", "it names no program: make it with the rootfs");
	if (!status && result)
		status = fail("mount", why_not(-result));
	free(scratch);
	return status;
}

int occlum_init(const char *blob, const char *key_file, const char *launcher)
{
	unsigned char key[KEY_SIZE];
	struct ocienv_boot boot;
	size_t size;
	void *bytes = read_file(blob, OCIENV_BOOT_MAX_SIZE, &size);
	int status = 0;

	if (!bytes)
		return fail(blob, "cannot be read, or is too large");
	if (ocienv_boot_open(&boot, bytes, size))
		status = fail(blob, "not a canonical CONFIG blob");
	else if (read_key(key_file, key))
		status = fail(key_file, "expected 16 bytes in hexadecimal, joined by \"-\"");
	if (!status)
		status = mount_image(&boot, key, launcher);
	explicit_bzero(key, sizeof(key));
	if (!status && launcher)
		status = write_beside(launcher, bytes, ocienv_boot_measured_size(&boot));
	explicit_bzero(bytes, size);
	free(bytes);
	return status;
}

#ifndef OCCLUM_INIT_TEST
long mount_rootfs(const unsigned char *key, const struct ocienv_occlum_rootfs_config *config)
{
	enum { MOUNT_ROOTFS = 363 };

	return syscall(MOUNT_ROOTFS, key, config) ? -errno : 0;
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc > 4) {
		(void)fputs("usage: occlum-init BLOB KEY [LAUNCHER]\n", stderr);
		return 2;
	}
	return occlum_init(argv[1], argv[2], argv[3]);
}
#endif

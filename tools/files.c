/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files in and out. */
#define _XOPEN_SOURCE 700

#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than any limit of the library lets through. */
enum { MAX_FILE = 64 << 20, CHUNK = 65536 };

/* Whose file system is in user space may say EINTR for ever. */
enum { INTERRUPTED_MOST = 100 };

static bool goes_on(unsigned int *interrupted)
{
	return errno == EINTR && ++*interrupted < INTERRUPTED_MOST;
}

static int read_all(int fd, const char *name, char **ret, size_t *ret_size)
{
	size_t size = 0, capacity = 0;
	unsigned int interrupted = 0;
	char *data = NULL;

	for (;;) {
		ssize_t n;

		if (capacity - size < CHUNK) {
			char *more = realloc(data, capacity + capacity / 2 + 2 * CHUNK);

			if (!more) {
				free(data);
				return say_system(name, "cannot read", ENOMEM);
			}
			data = more;
			capacity += capacity / 2 + 2 * CHUNK;
		}
		n = read(fd, data + size, CHUNK);
		if (n < 0 && goes_on(&interrupted))
			continue;
		if (n < 0 || size + (size_t)n > MAX_FILE) {
			int error = n < 0 ? errno : EFBIG;

			free(data);
			return say_system(name, "cannot read", error);
		}
		if (!n)
			break;
		size += (size_t)n;
	}
	*ret = data;
	*ret_size = size;
	return EXIT_ANSWER;
}

int input_read_fd(int fd, const char *name, struct ocienv_document *ret)
{
	char *data = NULL;
	size_t size = 0;
	int status = read_all(fd, name, &data, &size);

	*ret = (struct ocienv_document){name, data, size};
	return status;
}

int input_read_regular(int dir, const char *path, const char *name, struct ocienv_document *ret)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), status;
	struct stat st;

	*ret = (struct ocienv_document){0};
	if (fd < 0)
		return say_system(name, "cannot open", errno);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		status = say_refused(name, "expected a regular file, found another", "value");
	else
		status = input_read_fd(fd, name, ret);
	(void)close(fd);
	return status;
}

int input_read(const char *name, struct ocienv_document *ret)
{
	bool standard = strcmp(name, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), status;

	*ret = (struct ocienv_document){0}; /* the caller frees it in any case */
	if (fd < 0)
		return say_system(name, "cannot open", errno);
	status = input_read_fd(fd, standard ? "<stdin>" : name, ret);
	if (!standard)
		(void)close(fd);
	return status;
}

static bool write_all(int fd, const char *data, size_t size)
{
	unsigned int interrupted = 0;

	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && goes_on(&interrupted))
			continue;
		if (n <= 0)
			return false;
		data += n;
		size -= (size_t)n;
	}
	return true;
}

/* A new file beside the old one takes its place only when it is whole. */
static int replace(const char *name, mode_t mode, const void *data, size_t size)
{
	size_t length = strlen(name);
	char *temporary = malloc(length + 8);
	int fd, error = 0;

	if (!temporary)
		return say_system(name, "cannot write", ENOMEM);
	memcpy(temporary, name, length);
	memcpy(temporary + length, ".XXXXXX", 8);
	fd = mkstemp(temporary);
	if (fd < 0) {
		error = errno;
		free(temporary);
		return say_system(name, "cannot write", error);
	}
	if (!write_all(fd, data, size) || fchmod(fd, mode) || fsync(fd))
		error = errno;
	if (close(fd) && !error)
		error = errno;
	if (!error && rename(temporary, name))
		error = errno;
	if (error)
		(void)unlink(temporary);
	free(temporary);
	return error ? say_system(name, "cannot write", error) : EXIT_ANSWER;
}

/* A device or a pipe is written to: in its place a file would do harm. */
static int write_through(const char *name, const void *data, size_t size)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY), error = 0;

	if (fd < 0)
		return say_system(name, "cannot write", errno);
	if (!write_all(fd, data, size))
		error = errno;
	if (close(fd) && !error)
		error = errno;
	return error ? say_system(name, "cannot write", error) : EXIT_ANSWER;
}

static mode_t mode_of_new_file(void)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return 0666 & ~mask;
}

/* What is there decides: behind a link its target is replaced, and whoever had closed the
 * old file to others finds the new one closed too. */
static int write_named(const char *name, const void *data, size_t size)
{
	struct stat st;
	char *target;
	int status;

	if (lstat(name, &st))
		return replace(name, mode_of_new_file(), data, size);
	if (stat(name, &st))
		return say_system(name, "cannot write", errno);
	if (!S_ISREG(st.st_mode))
		return write_through(name, data, size);
	target = realpath(name, NULL);
	if (!target)
		return say_system(name, "cannot write", errno);
	status = replace(target, st.st_mode & 0777, data, size);
	free(target);
	return status;
}

int buffer_write(const char *name, struct ocienv_buffer *buffer)
{
	int status = file_write(name, buffer->data, buffer->size);

	ocienv_buffer_free(buffer);
	return status;
}

int text_begin(struct printed *text)
{
	*text = (struct printed){0};
	text->to = open_memstream(&text->bytes, &text->size);
	return text->to ? EXIT_ANSWER : say_system("ocienv", "cannot print", errno);
}

/* As wide as a terminal, and in colours if it is one. */
static int write_wrapped(const struct printed *text, const char *name)
{
	bool labels = text->labels && !name && colours_on(STDOUT_FILENO);
	struct printed wrapped;
	int status = text_begin(&wrapped);

	if (status)
		return status;
	print_wrapped(wrapped.to, text->bytes, text->size, labels);
	if (fclose(wrapped.to))
		status = say_system("ocienv", "cannot print", errno);
	if (!status)
		status = file_write(name, wrapped.bytes, wrapped.size);
	free(wrapped.bytes);
	return status;
}

int text_end(struct printed *text, int status, const char *name)
{
	if (text->to && fclose(text->to) && !status)
		status = say_system("ocienv", "cannot print", errno);
	if (!status)
		status = write_wrapped(text, name);
	free(text->bytes);
	return status;
}

int file_write(const char *name, const void *data, size_t size)
{
	if (name)
		return write_named(name, data, size);
	if (!write_all(STDOUT_FILENO, data, size))
		return say_system("<stdout>", "cannot write", errno);
	return EXIT_ANSWER;
}

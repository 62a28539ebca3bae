/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bundle: config.json, and the rootfs where runc looks for it (other runtimes take more). An absolute root.path is
 * taken as it is, another one starts at the bundle and is cleaned as a text, ".." included;
 * a symbolic link on the way is refused.
 */
#define _XOPEN_SOURCE 700

#include "oci.h"
#include "tool.h"

#include "api/call.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Go's path.Clean for an absolute path, in place. */
static void clean(char *path)
{
	char *out = path, *in = path;

	while (*in) {
		size_t length;

		in += strspn(in, "/");
		length = strcspn(in, "/");
		if (length == 2 && in[0] == '.' && in[1] == '.') {
			while (out > path && *--out != '/')
				;
		} else if (length && !(length == 1 && in[0] == '.')) {
			*out++ = '/';
			memmove(out, in, length);
			out += length;
		}
		in += length;
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
}

/* From the root directory on; NULL: errno says why. */
static char *whole_path(const char *directory, struct sv path)
{
	bool absolute = path.ptr[0] == '/';
	char *base = absolute ? NULL : realpath(directory, NULL), *ret = NULL;
	size_t size = (base ? strlen(base) : 0) + path.len + 2;

	if (absolute || base)
		ret = malloc(size);
	if (ret) {
		(void)snprintf(ret, size, "%s/%.*s", base ? base : "", (int)path.len, path.ptr);
		clean(ret);
	}
	free(base);
	return ret;
}

/* Errors: SYSTEM, NOMEM, UNSAFE. */
static int32_t open_root(const struct diag *diag, const char *directory, const struct text *root,
			 int *ret)
{
	struct path top = {NULL, {NULL, 0}, 0}, up = path_key(&top, SV("root"));
	struct path path = path_key(&up, SV("path"));
	char *name = whole_path(directory, root->value);
	char *real = name ? realpath(name, NULL) : NULL;
	int32_t status = OCIENV_OK;
	int fd = -1;

	if (!real)
		status = diag_system(diag, errno, "finding the root filesystem");
	else if (strcmp(name, real) != 0)
		status = diag_fail(diag, OCIENV_ERR_UNSAFE, root->from.mark, &path,
				   "expected no symbolic link on the way to the root filesystem, "
				   "found one");
	else
		fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (!status && fd < 0)
		status = diag_system(diag, errno, "opening the root filesystem");
	*ret = fd;
	free(real);
	free(name);
	return status;
}

int bundle_read(struct bundle *ret, const char *directory)
{
	size_t size = strlen(directory) + sizeof("/config.json");
	char *name = malloc(size);
	struct text root = {.value = SV_NONE};
	struct ocienv_error error;
	struct read_input in;
	struct call call;
	int32_t status;
	int failed;

	*ret = (struct bundle){.rootfs = -1};
	if (!name)
		return say_system(directory, "cannot read", ENOMEM);
	ret->spec.name = name;
	if (!directory[0])
		return say_usage("expected DIR behind --bundle, found an empty text");
	(void)snprintf(name, size, "%s/config.json", directory);
	failed = input_read_regular(AT_FDCWD, name, name, &ret->spec);
	ret->spec.name = name;
	if (failed)
		return failed;
	status = call_begin(&call, FUNCTION_OF_TOOL, NULL);
	if (!status)
		status = call_document(&call, &ret->spec);
	if (!status) {
		in = call_read_input(&call);
		status = oci_read_root(&in, &root);
	}
	if (!status)
		status = open_root(&call.diag, directory, &root, &ret->rootfs);
	return call_end(&call, status, &error) ? say_error(&error) : EXIT_ANSWER;
}

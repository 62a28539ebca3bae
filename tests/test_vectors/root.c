/* SPDX-License-Identifier: Apache-2.0 */
#include "root.h"

#include "base/base64.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool root_make(struct root *root)
{
	*root = (struct root){"/tmp/test_vectors.XXXXXX", -1};
	(void)umask(0);
	if (mkdtemp(root->name))
		root->fd = open(root->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root->fd >= 0 && fchmod(root->fd, 0755) == 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void root_remove(struct root *root)
{
	if (root->fd < 0)
		return;
	(void)close(root->fd);
	(void)nftw(root->name, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A parent that is there already, a link to one for example, will do. */
static void make_parents(const struct root *root, const char *path)
{
	char parent[256];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		(void)snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
		(void)mkdirat(root->fd, parent, 0755);
	}
}

bool root_file(const struct root *root, const char *path, struct sv bytes, unsigned int mode)
{
	bool ok;
	int fd;

	make_parents(root, path);
	fd = openat(root->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	ok = fd >= 0 && (!bytes.len || write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len) &&
	     fchmod(fd, mode) == 0;
	return fd >= 0 && close(fd) == 0 && ok;
}

bool root_node(const struct root *root, struct row *row, struct json_object *node)
{
	const char *path = json_object_get_string(member(node, "path"));
	const char *link = json_object_get_string(member(node, "link"));
	const char *mode = json_object_get_string(member(node, "mode"));
	unsigned int bits = mode ? (unsigned int)strtoul(mode, NULL, 8) : 0644;
	struct sv text = root_text(row, node, "file");

	if (text.ptr)
		return root_file(root, path, text, bits);
	make_parents(root, path);
	if (link)
		return symlinkat(link, root->fd, path) == 0;
	if (member(node, "dir"))
		return mkdirat(root->fd, path, 0755) == 0;
	return member(node, "fifo") && mkfifoat(root->fd, path, 0644) == 0;
}

static struct sv text_of(struct row *row, struct json_object *string)
{
	struct sv text = bytes_of(row, string), prefix = SV("base64!");
	char *out;
	size_t len;

	if (!sv_has_prefix(text, prefix))
		return text;
	text = sv_skip(text, prefix.len);
	out = arena_chars(row->arena, text.len);
	return base64_decode(text, out, &len) ? sv_from(out, len) : SV_NONE;
}

static struct sv parts_of(struct row *row, struct json_object *parts)
{
	size_t len = 0;
	char *out = NULL, *end = NULL;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < json_object_array_length(parts); i++) {
			struct json_object *part = json_object_array_get_idx(parts, i);
			struct sv text = text_of(row, json_object_array_get_idx(part, 0));
			int times = json_object_get_int(json_object_array_get_idx(part, 1));

			for (int k = 0; k < times; k++) {
				if (out)
					end = sv_write(end, text);
				else
					len += text.len;
			}
		}
		if (!out)
			end = out = arena_chars(row->arena, len);
	}
	return sv_from(out, len);
}

struct sv root_text(struct row *row, struct json_object *object, const char *name)
{
	struct json_object *text = member(object, name), *parts;
	char parts_name[64];

	(void)snprintf(parts_name, sizeof(parts_name), "%s_parts", name);
	parts = member(object, parts_name);
	if (parts)
		return parts_of(row, parts);
	return text ? text_of(row, text) : SV_NONE;
}

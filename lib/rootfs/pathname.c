/* SPDX-License-Identifier: Apache-2.0 */
/* Path strings. Must never make a system call: what a name means only a walk can tell. */
#include "rootfs/pathname.h"

bool pathname_next(struct sv *rest, struct sv *ret)
{
	size_t n = 0;

	while (rest->len && *rest->ptr == '/')
		*rest = sv_skip(*rest, 1);
	while (n < rest->len && rest->ptr[n] != '/')
		n++;
	*ret = sv_from(rest->ptr, n);
	*rest = sv_skip(*rest, n);
	return n > 0;
}

struct sv pathname_join(struct arena *arena, struct sv directory, struct sv name)
{
	char *path = arena_chars(arena, directory.len + 1 + name.len);

	if (!path)
		return SV_NONE;
	if (directory.len)
		memcpy(path, directory.ptr, directory.len);
	path[directory.len] = '/';
	if (name.len)
		memcpy(path + directory.len + 1, name.ptr, name.len);
	return sv_from(path, directory.len + 1 + name.len);
}

/* Appends a component behind `len` bytes; the source is never before the target. */
static size_t append(char *path, size_t len, bool absolute, struct sv name)
{
	if (len > (absolute ? 1U : 0U))
		path[len++] = '/';
	memmove(path + len, name.ptr, name.len);
	return len + name.len;
}

size_t pathname_squeeze(char *path, size_t len)
{
	bool absolute = len && path[0] == '/';
	struct sv rest = sv_from(path, len), name;
	size_t out = absolute ? 1 : 0;

	while (pathname_next(&rest, &name))
		if (!sv_eq(name, SV(".")))
			out = append(path, out, absolute, name);
	return out;
}

/* The length without the last component. */
static size_t cut_last(const char *path, size_t len, bool absolute)
{
	while (len && path[len - 1] != '/')
		len--;
	return len > 1 || (len && !absolute) ? len - 1 : len;
}

size_t pathname_clean(char *path, size_t len)
{
	bool absolute = len && path[0] == '/';
	struct sv rest = sv_from(path, len), name;
	size_t out = absolute ? 1 : 0, depth = 0;

	while (pathname_next(&rest, &name)) {
		if (sv_eq(name, SV(".")))
			continue;
		if (!sv_eq(name, SV(".."))) {
			out = append(path, out, absolute, name);
			depth++;
		} else if (depth) {
			out = cut_last(path, out, absolute);
			depth--;
		} else if (!absolute) {
			out = append(path, out, absolute, name);
		}
	}
	if (!out)
		path[out++] = '.';
	return out;
}

bool pathname_enters_proc(struct sv path)
{
	struct sv name;
	size_t depth = 0;

	while (pathname_next(&path, &name)) {
		if (sv_eq(name, SV(".")))
			continue;
		if (sv_eq(name, SV(".."))) {
			depth -= depth ? 1 : 0;
			continue;
		}
		if (!depth && sv_eq(name, SV("proc")))
			return true;
		depth++;
	}
	return false;
}

struct sv pathname_last(struct sv path)
{
	while (sv_contains(path, '/'))
		path = sv_skip(path, sv_find(path, '/') + 1);
	return path;
}

struct sv pathname_canonical(struct arena *arena, struct sv path)
{
	char *text = arena_chars(arena, path.len + 1);
	size_t len;

	if (!text)
		return SV_NONE;
	text[0] = '/';
	memcpy(text + 1, path.ptr, path.len);
	len = pathname_clean(text, path.len + 1);
	text[len] = '\0';
	return sv_from(text, len);
}

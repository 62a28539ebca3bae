/* SPDX-License-Identifier: Apache-2.0 */
/* inroot: paths in a root, as the kernel resolves them; by each walker that works here, or by
 * the one that OCIENV_WALKER names. */
#include "root.h"

#include "unit/rootfs/walkers.h"

#include "rootfs/permission.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *text_member(struct json_object *object, const char *name)
{
	const char *text = json_object_get_string(member(object, name));

	return text ? text : "";
}

static bool make_node(const struct root *root, struct row *row, struct json_object *node,
		      const char *below)
{
	const char *type = text_member(node, "type");
	unsigned int mode = (unsigned int)strtoul(text_member(node, "mode"), NULL, 8);
	uid_t uid = (uid_t)json_object_get_int(member(node, "uid"));
	struct sv content = root_text(row, node, "content");
	char path[600];
	bool ok;

	(void)snprintf(path, sizeof(path), "%s%s", below, text_member(node, "path"));
	mode = mode ? mode : 0755;
	if (strcmp(type, "symlink") == 0)
		ok = symlinkat(text_member(node, "target"), root->fd, path + 1) == 0;
	else if (strcmp(type, "dir") == 0)
		ok = mkdirat(root->fd, path + 1, mode) == 0;
	else
		ok = root_file(root, path + 1, content.ptr ? content : SV(""), mode);
	return ok && (!uid || fchownat(root->fd, path + 1, uid, 0, AT_SYMLINK_NOFOLLOW) == 0);
}

static bool make_nodes(const struct root *root, struct row *row, struct json_object *nodes,
		       const char *below)
{
	bool ok = true;

	for (size_t i = 0; ok && i < json_object_array_length(nodes); i++)
		ok = make_node(root, row, json_object_array_get_idx(nodes, i), below);
	return ok;
}

/* A mount is seen by a walk as a directory like any other, so a plain one stands for it. */
static bool make_tree(const struct root *root, struct row *row)
{
	struct json_object *mounts = member(row->document, "mounts");
	bool ok = make_nodes(root, row, member(row->document, "tree"), "");

	for (size_t i = 0; ok && i < json_object_array_length(mounts); i++) {
		struct json_object *mount = json_object_array_get_idx(mounts, i);

		ok = make_nodes(root, row, member(mount, "source_tree"),
				text_member(mount, "path"));
	}
	return ok;
}

static int errno_of(const char *name)
{
	static const struct {
		const char *name;
		int value;
	} known[] = {
		{"", 0},
		{"ENOENT", ENOENT},
		{"ENOTDIR", ENOTDIR},
		{"EACCES", EACCES},
		{"ELOOP", ELOOP},
		{"ENAMETOOLONG", ENAMETOOLONG},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(name, known[i].name) == 0)
			return known[i].value;
	return -1;
}

static bool leads_into_proc(const char *text)
{
	return strncmp(text + (*text == '/'), "proc/", 5) == 0;
}

/* By the row itself: a magic link, a path that says it, or a link that does. */
static bool enters_proc(struct row *row)
{
	struct json_object *nodes = member(row->document, "tree");
	const char *path = text_member(row->json, "path");

	if (json_object_get_boolean(member(row->json, "magiclink")) || leads_into_proc(path) ||
	    leads_into_proc(text_member(row->json, "cwd")))
		return true;
	for (size_t i = 0; i < json_object_array_length(nodes); i++) {
		struct json_object *node = json_object_array_get_idx(nodes, i);

		if (strcmp(text_member(node, "path") + 1, path) == 0)
			return leads_into_proc(text_member(node, "target"));
	}
	return false;
}

static enum verdict check_error(struct row *row, int error, const char *walker)
{
	struct json_object *expect = member(row->json, "expect");
	struct json_object *followed = member(row->json, "chroot");
	int wanted = errno_of(text_member(expect, "err"));

	if (!enters_proc(row))
		return error == wanted ? ROW_PASSES
				       : row_fails(row, "%s: errno %d, expected %d", walker,
						   error, wanted);
	if (error != EXDEV)
		return row_fails(row, "%s: errno %d, expected the refusal of /proc", walker,
				 error);
	if (member(followed, "err"))
		return ROW_PASSES;
	row->reason = "a path through /proc";
	return ROW_STRICTER;
}

/* RESOLVE_BENEATH refuses what leaves the root: by a link, and by the path itself. */
static bool is_leave_told(struct row *row, bool leaves)
{
	struct json_object *beneath = member(row->json, "openat2_beneath");
	bool refused = strcmp(text_member(beneath, "err"), "EXDEV") == 0;
	const char *path = text_member(row->json, "path");

	if (*text_member(row->json, "cwd") || *path == '/' || strstr(path, ".."))
		return refused || !leaves;
	return refused == leaves;
}

static enum verdict check_found(struct row *row, const struct found *found, const char *walker)
{
	struct json_object *expect = member(row->json, "expect");
	bool dir = strcmp(text_member(expect, "type"), "dir") == 0;
	struct sv path = found->canonical;

	if (!sv_eq(path, bytes_of(row, member(expect, "path"))))
		return row_fails(row, "%s: found %.*s", walker, SV_ARG(path));
	if (dir != !!S_ISDIR(found->st.st_mode))
		return row_fails(row, "%s: found another type, mode %o", walker,
				 found->st.st_mode);
	if (!is_leave_told(row, found->leaves_root))
		return row_fails(row, "%s: leaves the root: %d", walker, found->leaves_root);
	return ROW_PASSES;
}

static enum verdict ask(struct row *row, const struct root *root, enum walker walker)
{
	static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};
	struct rootfs rootfs = {.fd = root->fd, .walker = walker, .max_symlinks = 40};
	bool other = json_object_get_int(member(row->json, "uid")) != 0;
	enum verdict verdict;
	struct found found;
	int error;

	error = rootfs_walk(&rootfs, member_bytes(row, "cwd"), member_bytes(row, "path"),
			    other ? &user : &identity_root, row->arena, &found);
	verdict = check_error(row, error, walker_name(walker));
	if (error)
		return verdict;
	if (verdict == ROW_PASSES)
		verdict = check_found(row, &found, walker_name(walker));
	(void)close(found.fd);
	return verdict;
}

/* One for all rows, which only look at it. */
static struct root shared = {.fd = -1};

static void remove_shared(void)
{
	root_remove(&shared);
}

enum verdict check_inroot(struct row *row)
{
	enum verdict verdict = ROW_PASSES;
	enum walker walkers[WALKERS_MAX];
	unsigned int count = walkers_here(walkers);

	if (shared.fd < 0 && (atexit(remove_shared) || !root_make(&shared) ||
			      !make_tree(&shared, row)))
		return row_fails(row, "the tree cannot be made: errno %d", errno);
	for (unsigned int i = 0; i < count && verdict != ROW_FAILS; i++)
		verdict = ask(row, &shared, walkers[i]);
	return verdict;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Replays inroot.json: paths resolved in a root by the kernel, with either walker. */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"
#include "unit/rootfs/vectors.h"
#include "unit/unit.h"

#include "rootfs/links.h"
#include "rootfs/permission.h"

#include <errno.h>
#include <unistd.h>

static void build_entry(const struct tree *tree, json_object *entry, const char *below)
{
	struct sv type = vector_text(entry, "type"),
		  content = vector_text(entry, "content");
	char path[600];

	snprintf(path, sizeof(path), "%s%s", below, vector_text(entry, "path").ptr);
	if (sv_eq(type, SV("dir")))
		tree_dir(tree, path, vector_mode(entry));
	else if (sv_eq(type, SV("symlink")))
		tree_link(tree, path, vector_text(entry, "target").ptr);
	else
		tree_file(tree, path, vector_mode(entry), content.ptr ? content.ptr : "",
			  content.len);
	if (vector_int(entry, "uid"))
		tree_own(tree, path, (unsigned int)vector_int(entry, "uid"), 0);
}

/* A mount is seen by a walk as a directory like any other, so a plain one stands for it. */
static void build(const struct tree *tree, json_object *document)
{
	json_object *entries = vector_get(document, "tree");
	json_object *mount = json_object_array_get_idx(vector_get(document, "mounts"), 0);
	json_object *inside = vector_get(mount, "source_tree");

	for (size_t i = 0; i < json_object_array_length(entries); i++)
		build_entry(tree, json_object_array_get_idx(entries, i), "");
	for (size_t i = 0; i < json_object_array_length(inside); i++)
		build_entry(tree, json_object_array_get_idx(inside, i),
			    vector_text(mount, "path").ptr);
}

static int errno_of(struct sv name)
{
	static const struct {
		const char *name;
		int value;
	} known[] = {
		{"ENOENT", ENOENT}, {"ENOTDIR", ENOTDIR},	    {"EACCES", EACCES},
		{"ELOOP", ELOOP},   {"ENAMETOOLONG", ENAMETOOLONG},
	};

	for (size_t i = 0; name.ptr && i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq(name, sv_of(known[i].name)))
			return known[i].value;
	return name.ptr ? -1 : 0;
}

/* Whatever enters /proc is refused, where the kernel says more than one thing. */
static bool enters_proc(json_object *row)
{
	struct sv path = vector_text(row, "path");

	return json_object_get_boolean(vector_get(row, "magiclink")) ||
	       sv_has_prefix(path, SV("proc/")) || sv_eq(path, SV("l_self")) ||
	       sv_eq(path, SV("l_1root"));
}

static bool replay(const struct rootfs *rootfs, json_object *row, struct arena *arena)
{
	static const struct identity user = {.known = true, .uid = 1000, .gid = 1000};
	json_object *expect = vector_get(row, "expect");
	struct sv cwd = vector_text(row, "cwd"), path = vector_text(row, "path");
	int error = enters_proc(row) ? EXDEV : errno_of(vector_text(expect, "err"));
	int before = open_descriptors(), got;
	struct found found;
	bool good;

	got = rootfs_walk(rootfs, cwd, path,
			  vector_int(row, "uid") ? &user : &identity_root, arena, &found);
	good = got == error;
	if (!got) {
		bool dir = sv_eq(vector_text(expect, "type"), SV("dir"));

		good = good && sv_eq(found.canonical, vector_text(expect, "path")) &&
		       dir == !!S_ISDIR(found.st.st_mode);
		close(found.fd);
	}
	if (open_descriptors() != before)
		good = false;
	if (!good)
		printf("%s walker %d: got %d, expected %d\n", vector_text(row, "id").ptr,
		       (int)rootfs->walker, got, error);
	return good;
}

int main(int argc, char **argv)
{
	/* The last time with what a look-up keeps in mind. */
	static const enum walker walkers[] = {WALKER_OPENAT2, WALKER_STACK, WALKER_OPENAT2};
	enum { WALKS = sizeof(walkers) / sizeof(walkers[0]) };
	json_object *document = vectors_load(argc, argv);
	json_object *rows = vector_get(document, "cases");
	struct tally tally = {0};
	struct tree tree;

	tree_make(&tree);
	build(&tree, document);
	for (size_t i = 0; i < WALKS * json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i / WALKS);
		struct links links = {.count = 0};
		struct rootfs rootfs = {.fd = tree.fd,
					.walker = walkers[i % WALKS],
					.max_symlinks = 40,
					.links = i % WALKS == 2 ? &links : NULL};
		struct arena arena;

		if (sv_eq(vector_text(row, "path"), SV("st/l"))) {
			tally_skip(&tally, "fs.protected_symlinks");
			continue;
		}
		arena_init(&arena, NULL, 16 << 20);
		if (replay(&rootfs, row, &arena))
			tally.passed++;
		else
			tally.failed++;
		arena_free(&arena);
	}
	tree_remove(&tree);
	json_object_put(document);
	return tally_report(&tally, "inroot (rows times walkers)");
}

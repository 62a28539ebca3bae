/* SPDX-License-Identifier: Apache-2.0 */
/* The scripts of lookpath.json, executed by the kernel of this machine: it, the recorded one
 * and what is foretold must agree. */
#define _GNU_SOURCE
#include "unit/rootfs/really.h"
#include "unit/rootfs/tree.h"
#include "unit/rootfs/vectors.h"
#include "unit/unit.h"

#include <elf.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT = 16384 };

/* What stands in the trees for a program that shows its arguments. */
static struct show_argv helper;

/* --- the trees ------------------------------------------------------------------------- */

static size_t elf_of(struct sv kind, unsigned char *out)
{
	bool with_interp = sv_has_prefix(kind, SV("elf-interp:"));
	bool musl = sv_eq(kind, SV("elf-musl-dyn"));
	size_t len = tree_elf(out, with_interp ? kind.ptr + strlen("elf-interp:")
				   : musl      ? "/lib/ld-musl-x86_64.so.1"
					       : NULL);
	Elf64_Ehdr header;

	memcpy(&header, out, sizeof(header));
	if (sv_eq(kind, SV("elf-arm64")))
		header.e_machine = EM_AARCH64;
	if (sv_eq(kind, SV("elf-em386")))
		header.e_machine = EM_386;
	if (sv_eq(kind, SV("elf-rel")))
		header.e_type = ET_REL;
	memcpy(out, &header, sizeof(header));
	return sv_eq(kind, SV("elf-trunc")) ? 40 : len;
}

static size_t content_of(struct sv kind, unsigned char *out)
{
	if (sv_has_prefix(kind, SV("b64:")))
		return vector_base64(sv_skip(kind, 4), (char *)out);
	if (!sv_has_prefix(kind, SV("text:")))
		return elf_of(kind, out);
	memcpy(out, kind.ptr + 5, kind.len - 5);
	return kind.len - 5;
}

static unsigned int node_type(struct sv type)
{
	return sv_eq(type, SV("fifo"))	 ? S_IFIFO
	       : sv_eq(type, SV("sock")) ? S_IFSOCK
	       : sv_eq(type, SV("chr"))	 ? S_IFCHR
					 : 0;
}

static void build_entry(const struct tree *tree, json_object *entry)
{
	static unsigned char bytes[TEXT];
	struct sv type = vector_text(entry, "type");
	const char *path = vector_text(entry, "path").ptr;

	if (sv_eq(type, SV("dir"))) {
		tree_dir(tree, path, vector_mode(entry));
	} else if (sv_eq(type, SV("symlink"))) {
		tree_link(tree, path, vector_text(entry, "target").ptr);
	} else if (node_type(type)) {
		tree_node(tree, path, node_type(type), vector_mode(entry), 1, 3);
	} else if (sv_eq(vector_text(entry, "content"), SV("elf")) && helper.len) {
		tree_file(tree, path, vector_mode(entry), helper.bytes, helper.len);
	} else {
		tree_file(tree, path, vector_mode(entry), bytes,
			  content_of(vector_text(entry, "content"), bytes));
	}
	if (vector_int(entry, "uid") || vector_int(entry, "gid"))
		tree_own(tree, path, (unsigned int)vector_int(entry, "uid"),
			 (unsigned int)vector_int(entry, "gid"));
}

/* --- the scripts, executed ------------------------------------------------------------ */

/* The file that runc has chosen, which is what it executes. */
static const char *chosen_path(const struct tree *tree, json_object *row, char *out)
{
	struct sv name = vector_text(row, "argv0"), list = vector_text(row, "path"), entry;
	struct stat st;

	if (sv_contains(name, '/'))
		return name.ptr;
	while (sv_cut(&list, ':', &entry)) {
		snprintf(out, 256, "%.*s/%s", SV_ARG(entry), name.ptr);
		if (fstatat(tree->fd, out + 1, &st, 0) == 0)
			return out;
	}
	return NULL;
}

static const char *errno_name(int error)
{
	return error == ENOENT	  ? "ENOENT"
	       : error == EACCES  ? "EACCES"
	       : error == ENOEXEC ? "ENOEXEC"
	       : error == ELOOP	  ? "ELOOP"
				  : "another";
}

/* The kernel of this machine, the recorded one and the foretelling agree. */
static bool execute(const struct tree *tree, json_object *row, struct arena *arena)
{
	json_object *outcome = vector_get(vector_get(row, "outcome"), "runc");
	static char expected[sizeof(((struct really *)NULL)->argv)], found[256];
	static struct really really;
	struct rootfs rootfs = {.fd = tree->fd};
	struct identity who = {.known = true, .capabilities = UINT64_MAX};
	struct lookup_request request = {.name = vector_text(row, "argv0"),
					 .path = vector_text(row, "path"),
					 .cwd = vector_text(row, "cwd"),
					 .who = &who,
					 .architecture = SV("amd64")};
	const char *path = chosen_path(tree, row, found);
	struct diag diag = {.error = NULL};
	struct lookup_result got = {0};
	size_t len;
	int32_t status;

	if (!path || vector_int(row, "uid"))
		return false;
	status = rootfs_lookup(&rootfs, &request, arena, &diag, (struct mark){1, 1}, &got);
	if (!status)
		close(got.file.fd);
	really_execute(tree, vector_text(row, "cwd").ptr, path, 0, &really);
	len = status ? 0 : really_expect(&got, path, expected, sizeof(expected));
	if (really.error || status)
		return really.error && status &&
		       sv_eq(vector_text(outcome, "errno"), sv_of(errno_name(really.error)));
	return sv_eq(vector_text(outcome, "status"), SV("exec")) && len == really.len &&
	       memcmp(expected, really.argv, len) == 0;
}

static bool is_of(json_object *row, const char *tree)
{
	return sv_has_prefix(vector_text(row, "id"), SV("sh-")) &&
	       sv_eq(vector_text(row, "tree"), sv_of(tree));
}

static bool has_scripts(json_object *rows, const char *tree)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		if (is_of(json_object_array_get_idx(rows, i), tree))
			return true;
	return false;
}

static void execute_all(const struct tree *tree, const char *name, json_object *rows,
			struct tally *tally)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);
		struct arena arena;

		if (!is_of(row, name))
			continue;
		arena_init(&arena, NULL, 1 << 20);
		if (execute(tree, row, &arena)) {
			tally->passed++;
		} else {
			tally->failed++;
			printf("executed %s: not as recorded\n", vector_text(row, "id").ptr);
		}
		arena_free(&arena);
	}
}

/* Arguments: the vectors, and show_argv. */
int main(int argc, char **argv)
{
	json_object *document = vectors_load(argc - 1, argv);
	json_object *trees = vector_get(document, "trees");
	json_object *rows = vector_get(document, "cases");
	struct tally executed = {0};
	int status;

	show_argv_load(&helper, argv[argc - 1]);
	json_object_object_foreach(trees, name, entries)
	{
		struct tree tree;

		if (!has_scripts(rows, name))
			continue;
		tree_make(&tree);
		for (size_t i = 0; i < json_object_array_length(entries); i++)
			build_entry(&tree, json_object_array_get_idx(entries, i));
		execute_all(&tree, name, rows, &executed);
		tree_remove(&tree);
	}
	status = tally_report(&executed, "executed");
	free(helper.bytes);
	json_object_put(document);
	return status;
}

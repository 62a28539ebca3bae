/* SPDX-License-Identifier: Apache-2.0 */
/* Replays lookpath.json: what runc, crun and glibc's execvp found and executed. */
#define _GNU_SOURCE
#include "unit/rootfs/really.h"
#include "unit/rootfs/tree.h"
#include "unit/rootfs/vectors.h"
#include "unit/rootfs/walkers.h"
#include "unit/unit.h"

#include <elf.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TREES = 8, TEXT = 16384, COLUMNS = 5 };

struct column {
	const char *name;
	enum lookup_profile profile;
};

static const struct column columns[COLUMNS] = {
	{"runc", LOOKUP_RUNC},
	{"crun", LOOKUP_CRUN},
	{"execvp_glibc", LOOKUP_EXECVP},
	{"runc_1_1_5", LOOKUP_RUNC_1_1},
	{"crun_1_8_1", LOOKUP_CRUN_1_8},
};

/* Rows that ask for what is not there yet, or is no question of this floor. */
static const struct {
	const char *id;	    /* "x*" is a prefix */
	const char *column; /* NULL: all */
	const char *reason;
} left_out[] = {
	{"nosymfollow-*", NULL, "nosymfollow mount"},
	{"mount-hides-dir", NULL, "mounts of the configuration"},
	{"env-*", NULL, "check of the environment"},
	{"withsh-rel-plain", "execvp_glibc", "recorded \"resolved\" is not canonical"},
};

/* Mounts are made in a namespace of our own, which takes root. */
static bool may_mount;

static const char *reason_to_skip(struct sv id, const struct column *column)
{
	if (!may_mount && sv_has_prefix(id, SV("noexec-")))
		return "noexec mount, which takes root";
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
		struct sv want = sv_of(left_out[i].id);
		bool prefix = want.ptr[want.len - 1] == '*';

		if (left_out[i].column && strcmp(left_out[i].column, column->name) != 0)
			continue;
		if (prefix ? sv_has_prefix(id, sv_from(want.ptr, want.len - 1))
			   : sv_eq(id, want))
			return left_out[i].reason;
	}
	return NULL;
}

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

/* "u:1000:rw", "g:2000:x" or "m::r" behind the mode's own entries, as setfacl adds it; without
 * a mask it is what the named entry has. */
static void set_acl(const struct tree *tree, const char *path, unsigned int mode, struct sv text)
{
	unsigned char list[64] = {2}, *p = list + 4;
	unsigned int perm[6] = {mode >> 6 & 7, 0, mode >> 3 & 7, 0, 0, mode & 7}, id = 0;
	char full[1200];
	struct sv part;
	bool masked = false;

	while (sv_cut(&text, ',', &part)) {
		char kind = part.ptr[0];
		unsigned int named = kind == 'u' ? 1 : kind == 'g' ? 3 : 4, bits = 0;
		struct sv bytes = sv_skip(part, 2);

		if (named != 4)
			id = (unsigned int)strtoul(bytes.ptr, NULL, 10);
		bytes = sv_skip(bytes, sv_find(bytes, ':') + 1);
		for (size_t i = 0; i < bytes.len; i++)
			bits |= (bytes.ptr[i] == 'r') * 4U + (bytes.ptr[i] == 'w') * 2U +
				(bytes.ptr[i] == 'x');
		perm[named] = bits + 8; /* it is there */
		masked |= named == 4;
	}
	if (!masked)
		perm[4] = ((perm[1] | perm[3] | perm[2]) & 7) + 8;
	for (unsigned int i = 0; i < 6; i++) {
		if (i % 2 && i != 5 && !perm[i])
			continue;
		*p++ = (unsigned char)(1U << i);
		*p++ = 0;
		*p++ = (unsigned char)(perm[i] & 7);
		*p++ = 0;
		for (unsigned int k = 0; k < 4; k++)
			*p++ = i == 1 || i == 3 ? (unsigned char)(id >> 8 * k) : 0xff;
	}
	snprintf(full, sizeof(full), "%s/root%s", tree->path, path);
	assert_int_equal(setxattr(full, "system.posix_acl_access", list, (size_t)(p - list), 0), 0);
}

static void make_mount(const struct tree *tree, json_object *entry, const char *path)
{
	json_object *options = vector_get(entry, "options");
	bool noexec = false;
	char full[1200];

	tree_dir(tree, path, 0755);
	for (size_t i = 0; i < json_object_array_length(options); i++)
		noexec |= strcmp(json_object_get_string(json_object_array_get_idx(options, i)),
				 "noexec") == 0;
	snprintf(full, sizeof(full), "%s/root%s", tree->path, path);
	if (noexec && may_mount)
		assert_int_equal(mount("none", full, "tmpfs", MS_NOEXEC, "mode=755"), 0);
}

/* What make_mount() has mounted must go before the tree can. */
static void take_mounts_away(const struct tree *tree, json_object *entries)
{
	for (size_t i = 0; i < json_object_array_length(entries); i++) {
		json_object *entry = json_object_array_get_idx(entries, i);
		char full[1200];

		if (!sv_eq(vector_text(entry, "type"), SV("mount")))
			continue;
		snprintf(full, sizeof(full), "%s/root%s", tree->path,
			 vector_text(entry, "path").ptr);
		(void)umount2(full, MNT_DETACH);
	}
}

static void build(const struct tree *tree, json_object *trees, const char *name,
		  const char *below);

static void build_entry(const struct tree *tree, json_object *trees, json_object *entry,
			const char *below)
{
	static unsigned char bytes[TEXT];
	struct sv type = vector_text(entry, "type");
	char path[1024];

	snprintf(path, sizeof(path), "%s%s", below, vector_text(entry, "path").ptr);
	if (sv_eq(type, SV("mount"))) {
		make_mount(tree, entry, path);
		build(tree, trees, vector_text(entry, "source_tree").ptr, path);
	} else if (sv_eq(type, SV("dir"))) {
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
	if (vector_text(entry, "acl").ptr)
		set_acl(tree, path, vector_mode(entry), vector_text(entry, "acl"));
}

static void build(const struct tree *tree, json_object *trees, const char *name,
		  const char *below)
{
	json_object *entries = vector_get(trees, name);

	for (size_t i = 0; i < json_object_array_length(entries); i++)
		build_entry(tree, trees, json_object_array_get_idx(entries, i), below);
}

/* --- what is expected ------------------------------------------------------------------ */

/* A walk into /proc is refused whatever the runtime made of it. */
static bool enters_proc(json_object *row)
{
	struct sv path = vector_text(row, "path");

	return sv_has_prefix(vector_text(row, "id"), SV("magic-")) ||
	       sv_has_prefix(path, SV("/proc/")) ||
	       sv_has_prefix(vector_text(row, "cwd"), SV("/proc/"));
}

static int32_t status_of(json_object *row, json_object *outcome, bool searches_on)
{
	static const struct {
		const char *name, *stage;
		int32_t status;
	} known[] = {
		{"ENOENT", "exec", OCIENV_ERR_UNSUPPORTED}, /* the interpreter */
		{"ENOENT", NULL, OCIENV_ERR_NOTFOUND},
		{"ENOTDIR", NULL, OCIENV_ERR_NOTFOUND},
		{"ENAMETOOLONG", NULL, OCIENV_ERR_NOTFOUND},
		{"ELOOP", "lookup", OCIENV_ERR_NOTFOUND},
		{"ELOOP", "exec", OCIENV_ERR_UNSUPPORTED},
		{"EACCES", NULL, OCIENV_ERR_ACCESS},
		{"EPERM", NULL, OCIENV_ERR_ACCESS},
		{"EISDIR", NULL, OCIENV_ERR_ACCESS},
		{"ENOEXEC", NULL, OCIENV_ERR_UNSUPPORTED},
		{"ERRDOT", NULL, OCIENV_ERR_UNSAFE},
	};
	struct sv name = vector_text(outcome, "errno"),
		  stage = vector_text(outcome, "stage");

	/* Too many links or too many scripts: both are ELOOP, execvp's stage is always exec. */
	if (!sv_has_prefix(vector_text(row, "id"), SV("sh-")))
		stage = SV("lookup");
	/* Where the search goes on behind a file that cannot run, it is not found in the end. */
	if (searches_on && sv_eq(name, SV("ENOENT")))
		stage = SV("lookup");
	if (sv_eq(vector_text(outcome, "status"), SV("exec")))
		return OCIENV_OK;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq(name, sv_of(known[i].name)) &&
		    (!known[i].stage || sv_eq(stage, sv_of(known[i].stage))))
			return known[i].status;
	return 1;
}

/* The recorded path made absolute, squeezed by another way than the library's. */
static struct sv expected_path(json_object *row, json_object *outcome, char *out)
{
	struct sv path = vector_text(outcome, "execve_path"), part;
	struct sv parts[2] = {path.ptr[0] == '/' ? SV("") : vector_text(row, "cwd"),
			      path};
	size_t len = 0;

	for (int i = 0; i < 2; i++) {
		while (sv_cut(&parts[i], '/', &part)) {
			if (!part.len || sv_eq(part, SV(".")))
				continue;
			out[len++] = '/';
			memcpy(out + len, part.ptr, part.len);
			len += part.len;
		}
	}
	return sv_from(out, len);
}

/* argv as the last program sees it: the innermost interpreter comes first. */
static bool same_argv(const struct lookup_result *got, json_object *outcome)
{
	json_object *argv = vector_get(outcome, "argv");
	size_t at = 0;

	for (uint32_t i = got->interpreter_count; i > 0; i--) {
		const struct interpreter *one = &got->interpreters[i - 1];
		const char *path =
			json_object_get_string(json_object_array_get_idx(argv, at++));

		if (!path || !sv_eq(one->path, sv_of(path)))
			return false;
		if (!one->arg.ptr)
			continue;
		path = json_object_get_string(json_object_array_get_idx(argv, at++));
		if (!path || !sv_eq(one->arg, sv_of(path)))
			return false;
	}
	if (at) { /* then the path given to execve, instead of argv[0] */
		const char *path =
			json_object_get_string(json_object_array_get_idx(argv, at));

		return path && sv_eq(sv_of(path), vector_text(outcome, "execve_path"));
	}
	return true;
}

static bool same_result(const struct lookup_result *got, json_object *row,
			json_object *outcome)
{
	static char path[TEXT];

	if (!sv_eq(got->path, expected_path(row, outcome, path))) {
		printf("  path %.60s, expected %.60s\n", got->path.ptr, path);
		return false;
	}
	if (!sv_eq(got->file.canonical, vector_text(outcome, "resolved"))) {
		printf("  canonical %.60s\n", got->file.canonical.ptr);
		return false;
	}
	return same_argv(got, outcome);
}

/* --- one row --------------------------------------------------------------------------- */

static bool replay(const struct rootfs *rootfs, json_object *row,
		   const struct column *column)
{
	json_object *groups = vector_get(row, "additional_gids");
	json_object *outcome = vector_get(vector_get(row, "outcome"), column->name);
	uint32_t gids[8];
	struct identity who = {.known = true,
			       .uid = (uint32_t)vector_int(row, "uid"),
			       .gid = (uint32_t)vector_int(row, "gid"),
			       .groups = gids};
	struct lookup_request request = {
		.profile = column->profile,
		.name = vector_text(row, "argv0"),
		.path = vector_text(row, "path"),
		.cwd = vector_text(row, "cwd"),
		.who = &who,
		.architecture = SV("amd64"), /* of the machine they were recorded on */
	};
	struct ocienv_error error = {0};
	struct diag diag = {.error = &error};
	struct lookup_result got = {0};
	int before = open_descriptors();
	struct arena arena;
	int32_t status, expect;
	bool good;

	for (size_t i = 0; i < json_object_array_length(groups); i++)
		gids[who.group_count++] = (uint32_t)json_object_get_int(
			json_object_array_get_idx(groups, i));
	if (!who.uid && !vector_get(row, "without_cap_dac_override"))
		who.capabilities = 1U << CAPABILITY_DAC_OVERRIDE;
	expect = enters_proc(row) ? OCIENV_ERR_UNSAFE : status_of(row, outcome, column->profile == LOOKUP_EXECVP);
	arena_init(&arena, NULL, 16 << 20);
	status =
		rootfs_lookup(rootfs, &request, &arena, &diag, (struct mark){1, 1}, &got);
	good = status == expect;
	if (!status && good)
		good = same_result(&got, row, outcome);
	if (!status)
		close(got.file.fd);
	arena_free(&arena);
	if (open_descriptors() != before)
		good = false;
	if (!good)
		printf("%s %s walker %d: got %d (%s), expected %d\n", column->name,
		       vector_text(row, "id").ptr, (int)rootfs->walker, (int)status,
		       error.message, (int)expect);
	return good;
}

static bool replay_by_all(const struct tree *tree, json_object *row,
			  const struct column *column)
{
	enum walker walkers[WALKERS_MAX];
	unsigned int count = walkers_here(walkers);
	bool good = true;

	for (unsigned int i = 0; i < count; i++) {
		struct rootfs rootfs = {.fd = tree->fd, .walker = walkers[i]};

		good = replay(&rootfs, row, column) && good;
	}
	return good;
}

static void replay_all(const struct tree *tree, const char *name, json_object *document,
		       const struct column *column, struct tally *tally)
{
	json_object *rows = vector_get(document, "cases");

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);
		const char *reason = reason_to_skip(vector_text(row, "id"), column);

		if (!sv_eq(vector_text(row, "tree"), sv_of(name)))
			continue;
		if (!reason && !vector_get(vector_get(row, "outcome"), column->name))
			reason = "not recorded";
		if (reason) {
			tally_skip(tally, reason);
			continue;
		}
		if (replay_by_all(tree, row, column))
			tally->passed++;
		else
			tally->failed++;
	}
}

/* --- the scripts, executed once more ---------------------------------------------------- */

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

static void execute_all(const struct tree *tree, const char *name, json_object *document,
			struct tally *tally)
{
	json_object *rows = vector_get(document, "cases");

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);
		struct arena arena;

		if (!sv_has_prefix(vector_text(row, "id"), SV("sh-")) ||
		    !sv_eq(vector_text(row, "tree"), sv_of(name)))
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
	struct tally tallies[COLUMNS] = {0}, executed = {0};
	int status = 0;

	may_mount = unshare(CLONE_NEWNS) == 0 &&
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	show_argv_load(&helper, argv[argc - 1]);

	json_object_object_foreach(trees, name, entries)
	{
		struct tree tree;

		tree_make(&tree);
		build(&tree, trees, name, "");
		for (size_t i = 0; i < COLUMNS; i++)
			replay_all(&tree, name, document, &columns[i], &tallies[i]);
		execute_all(&tree, name, document, &executed);
		take_mounts_away(&tree, entries);
		tree_remove(&tree);
	}
	for (size_t i = 0; i < COLUMNS; i++)
		status |= tally_report(&tallies[i], columns[i].name);
	status |= tally_report(&executed, "executed");
	free(helper.bytes);
	json_object_put(document);
	return status;
}

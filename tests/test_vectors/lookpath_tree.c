/* SPDX-License-Identifier: Apache-2.0 */
#include "lookpath_tree.h"

#include "base/base64.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

enum { ELF_SIZE = 1024 };

static const char *text_of(struct json_object *object, const char *name)
{
	return json_object_get_string(member(object, name));
}

static unsigned int number_of(struct json_object *object, const char *name)
{
	return (unsigned int)json_object_get_int(member(object, name));
}

/* Fails about an entry of the tree, with the errno. */
static bool fails(struct row *row, const char *what)
{
	(void)row_fails(row, "cannot build %s: %s", what, strerror(errno));
	return false;
}

/* --- content --------------------------------------------------------------------------- */

static struct sv make_elf(struct row *row, const char *interp, uint16_t type, uint16_t machine)
{
	Elf64_Ehdr header = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = type,
		.e_machine = machine,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(header),
		.e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = interp ? 2 : 1,
	};
	Elf64_Phdr segments[2] = {
		{.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000},
		{.p_type = PT_INTERP, .p_offset = sizeof(header) + sizeof(segments)},
	};
	size_t name = interp ? strlen(interp) + 1 : 0;
	char *out = arena_chars(row->arena, sizeof(header) + sizeof(segments) + name);

	segments[1].p_filesz = name;
	memcpy(out, &header, sizeof(header));
	memcpy(out + sizeof(header), segments, sizeof(segments));
	if (interp)
		memcpy(out + sizeof(header) + sizeof(segments), interp, name);
	return sv_from(out, sizeof(header) + sizeof(segments) + name);
}

/* The content_kinds of the file's "meta". */
static struct sv content_of(struct row *row, const char *kind)
{
	struct sv text = sv_of(kind);
	char *out;
	size_t len;

	if (sv_has_prefix(text, SV("text:")))
		return sv_skip(text, 5);
	if (sv_has_prefix(text, SV("b64:"))) {
		out = arena_chars(row->arena, text.len);
		return base64_decode(sv_skip(text, 4), out, &len) ? sv_from(out, len) : SV_NONE;
	}
	if (sv_has_prefix(text, SV("elf-interp:")))
		return make_elf(row, kind + 11, ET_DYN, EM_X86_64);
	if (sv_eq(text, SV("elf-musl-dyn")))
		return make_elf(row, "/lib/ld-musl-x86_64.so.1", ET_DYN, EM_X86_64);
	if (sv_eq(text, SV("elf-trunc")))
		return sv_from(make_elf(row, NULL, ET_EXEC, EM_X86_64).ptr, 40);
	return make_elf(row, NULL, sv_eq(text, SV("elf-rel")) ? ET_REL : ET_EXEC,
			sv_eq(text, SV("elf-arm64"))   ? EM_AARCH64
			: sv_eq(text, SV("elf-em386")) ? EM_386
						       : EM_X86_64);
}

/* --- ACLs ------------------------------------------------------------------------------ */

/* The kernel's form of system.posix_acl_access: a version, then these, little-endian. */
enum { ACL_VERSION = 2 };
enum { USER_OBJ = 1, USER = 2, GROUP_OBJ = 4, GROUP = 8, MASK = 16, OTHER = 32 };

struct acl_entry {
	uint16_t tag, bits;
	uint32_t id;
};

struct acl {
	struct acl_entry entries[8];
	size_t count;
};

static void add(struct acl *acl, unsigned int tag, unsigned int bits, uint32_t id)
{
	acl->entries[acl->count++] =
		(struct acl_entry){htole16((uint16_t)tag), htole16((uint16_t)bits), htole32(id)};
}

static unsigned int bits_of(const char *text)
{
	return (strchr(text, 'r') ? 4U : 0) | (strchr(text, 'w') ? 2U : 0) |
	       (strchr(text, 'x') ? 1U : 0);
}

/* "u:1000:rwx,m::r" as setfacl -m takes it; without "m" the mask is what the others add up
 * to. One named entry is enough here. */
static bool set_acl(const char *path, const char *spec, unsigned int mode)
{
	uint32_t header = htole32(ACL_VERSION);
	unsigned int group = mode >> 3 & 7, bits = bits_of(strrchr(spec, ':'));
	unsigned int mask = bits | group;
	const char *named = strchr(spec, ':') + 1, *comma = strchr(spec, ',');
	uint32_t id = (uint32_t)strtoul(named, NULL, 10);
	char value[sizeof(header) + sizeof(((struct acl *)0)->entries)];
	struct acl acl = {.count = 0};

	if (comma) {
		char first[32];

		(void)snprintf(first, sizeof(first), "%.*s", (int)(comma - named), named);
		mask = bits;
		bits = bits_of(first);
	}
	add(&acl, USER_OBJ, mode >> 6 & 7, UINT32_MAX);
	if (spec[0] == 'u')
		add(&acl, USER, bits, id);
	add(&acl, GROUP_OBJ, group, UINT32_MAX);
	if (spec[0] == 'g')
		add(&acl, GROUP, bits, id);
	add(&acl, MASK, mask, UINT32_MAX);
	add(&acl, OTHER, mode & 7, UINT32_MAX);
	memcpy(value, &header, sizeof(header));
	memcpy(value + sizeof(header), acl.entries, acl.count * sizeof(acl.entries[0]));
	return setxattr(path, "system.posix_acl_access", value,
			sizeof(header) + acl.count * sizeof(acl.entries[0]), 0) == 0;
}

/* --- mounts ---------------------------------------------------------------------------- */

static unsigned long flags_of(struct json_object *options, bool crun)
{
	unsigned long flags = 0;

	for (size_t i = 0; options && i < json_object_array_length(options); i++) {
		const char *name =
			json_object_get_string(json_object_array_get_idx(options, i));

		if (strcmp(name, "noexec") == 0)
			flags |= MS_NOEXEC;
		if (strcmp(name, "nosymfollow") == 0 && !crun)
			flags |= MS_NOSYMFOLLOW;
	}
	return flags;
}

/* Mounts are made where no other process sees them, and end with this one. */
static bool be_alone(void)
{
	static bool alone;

	if (!alone && unshare(CLONE_NEWNS) == 0)
		alone = mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	return alone;
}

static const char *path_in(const struct lookpath_tree *tree, const char *path, char out[512])
{
	(void)snprintf(out, 512, "%s/%s", tree->root.name, path);
	return out;
}

static bool keep_mount(struct lookpath_tree *tree, const char *path)
{
	if (tree->mount_count == TREE_MOUNTS || !be_alone())
		return false;
	(void)snprintf(tree->mounts[tree->mount_count++], sizeof(tree->mounts[0]), "%s", path);
	return true;
}

static bool build(struct lookpath_tree *tree, struct row *row, const char *name,
		  const char *below);

/* Bound to itself: what is below it is the source's tree. */
static bool bind_tree(struct lookpath_tree *tree, struct row *row, struct json_object *entry,
		      const char *path)
{
	unsigned long flags = flags_of(member(entry, "options"), false);
	char full[512];

	(void)path_in(tree, path, full);
	return mkdir(full, 0755) == 0 && build(tree, row, text_of(entry, "source_tree"), path) &&
	       keep_mount(tree, path) && mount(full, full, NULL, MS_BIND, NULL) == 0 &&
	       mount(NULL, full, NULL, MS_REMOUNT | MS_BIND | flags, NULL) == 0;
}

bool lookpath_tree_for_crun(const struct lookpath_tree *tree, struct row *row)
{
	struct json_object *entries =
		member(member(row->document, "trees"), text_of(row->json, "tree"));

	for (size_t i = 0; i < json_object_array_length(entries); i++) {
		struct json_object *entry = json_object_array_get_idx(entries, i);
		struct json_object *options = member(entry, "options");
		char full[512];

		if (flags_of(options, false) != flags_of(options, true) &&
		    mount(NULL, path_in(tree, text_of(entry, "path") + 1, full), NULL,
			  MS_REMOUNT | MS_BIND | flags_of(options, true), NULL))
			return fails(row, "crun's mount");
	}
	return true;
}

/* Those of the row's configuration lie over the tree. */
static bool mount_row(struct lookpath_tree *tree, struct row *row)
{
	struct json_object *mounts = member(row->json, "mounts");

	for (size_t i = 0; mounts && i < json_object_array_length(mounts); i++) {
		struct json_object *one = json_object_array_get_idx(mounts, i);
		const char *path = text_of(one, "destination") + 1;
		char full[512];

		if (!keep_mount(tree, path) ||
		    mount("tmpfs", path_in(tree, path, full), "tmpfs", 0, "mode=755"))
			return fails(row, path);
	}
	return true;
}

/* --- entries --------------------------------------------------------------------------- */

static mode_t node_type(const char *type)
{
	return strcmp(type, "fifo") == 0   ? S_IFIFO
	       : strcmp(type, "sock") == 0 ? S_IFSOCK
	       : strcmp(type, "chr") == 0  ? S_IFCHR
					   : 0;
}

static bool make_entry(struct lookpath_tree *tree, struct row *row, struct json_object *entry,
		       const char *path, unsigned int mode)
{
	const char *type = text_of(entry, "type");

	if (strcmp(type, "mount") == 0)
		return bind_tree(tree, row, entry, path);
	if (strcmp(type, "symlink") == 0)
		return symlinkat(text_of(entry, "target"), tree->root.fd, path) == 0;
	if (strcmp(type, "dir") == 0)
		return mkdirat(tree->root.fd, path, mode) == 0;
	if (node_type(type))
		return mknodat(tree->root.fd, path, node_type(type) | mode, makedev(1, 3)) == 0;
	return root_file(&tree->root, path, content_of(row, text_of(entry, "content")), mode);
}

static bool build_entry(struct lookpath_tree *tree, struct row *row, struct json_object *entry,
			const char *below)
{
	const char *octal = text_of(entry, "mode"), *acl = text_of(entry, "acl");
	unsigned int mode = octal ? (unsigned int)strtoul(octal, NULL, 8) : 0755;
	char path[512], full[600];

	(void)snprintf(path, sizeof(path), "%s%s", below, text_of(entry, "path"));
	if (path[0] == '/')
		(void)memmove(path, path + 1, strlen(path));
	if (!make_entry(tree, row, entry, path, mode) ||
	    fchownat(tree->root.fd, path, number_of(entry, "uid"), number_of(entry, "gid"),
		     AT_SYMLINK_NOFOLLOW))
		return fails(row, path);
	/* chown took the set-uid bits off. */
	if (octal && strcmp(text_of(entry, "type"), "symlink") != 0 &&
	    fchmodat(tree->root.fd, path, mode, 0))
		return fails(row, path);
	(void)snprintf(full, sizeof(full), "%s/%s", tree->root.name, path);
	return !acl || set_acl(full, acl, mode) || fails(row, "an ACL");
}

static bool build(struct lookpath_tree *tree, struct row *row, const char *name,
		  const char *below)
{
	struct json_object *entries = member(member(row->document, "trees"), name);
	bool ok = entries || fails(row, "an unknown tree");

	for (size_t i = 0; ok && i < json_object_array_length(entries); i++)
		ok = build_entry(tree, row, json_object_array_get_idx(entries, i), below);
	return ok;
}

bool lookpath_tree_make(struct lookpath_tree *tree, struct row *row)
{
	tree->mount_count = 0;
	if (!root_make(&tree->root))
		return fails(row, "a root");
	return build(tree, row, text_of(row->json, "tree"), "") && mount_row(tree, row);
}

void lookpath_tree_remove(struct lookpath_tree *tree)
{
	while (tree->mount_count) {
		char full[512];

		(void)umount2(path_in(tree, tree->mounts[--tree->mount_count], full),
			      MNT_DETACH);
	}
	root_remove(&tree->root);
}

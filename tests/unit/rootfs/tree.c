/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "unit/rootfs/tree.h"

#include "unit/unit.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

void tree_make(struct tree *tree)
{
	char root[80];

	strcpy(tree->path, "/tmp/ocienv-rootfs-XXXXXX");
	umask(0);
	assert_non_null(mkdtemp(tree->path));
	assert_int_equal(chmod(tree->path, 0755), 0);
	snprintf(root, sizeof(root), "%s/root", tree->path);
	assert_int_equal(mkdir(root, 0755), 0);
	tree->fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(tree->fd >= 0);
}

/* By names in directories: the whole path may be longer than a path may be. */
static void empty(int dir)
{
	DIR *stream = fdopendir(dir);
	const struct dirent *entry;

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    unlinkat(dir, name, 0) == 0)
			continue;
		empty(openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
		assert_int_equal(unlinkat(dir, name, AT_REMOVEDIR), 0);
	}
	closedir(stream);
}

void tree_remove(struct tree *tree)
{
	close(tree->fd);
	empty(open(tree->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	assert_int_equal(rmdir(tree->path), 0);
}

void tree_dir(const struct tree *tree, const char *path, unsigned int mode)
{
	assert_int_equal(mkdirat(tree->fd, path + 1, mode), 0);
	assert_int_equal(fchmodat(tree->fd, path + 1, mode, 0), 0);
}

void tree_file(const struct tree *tree, const char *path, unsigned int mode,
	       const void *bytes, size_t len)
{
	int fd =
		openat(tree->fd, path + 1, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

void tree_text(const struct tree *tree, const char *path, unsigned int mode,
	       const char *text)
{
	tree_file(tree, path, mode, text, strlen(text));
}

void tree_link(const struct tree *tree, const char *path, const char *target)
{
	assert_int_equal(symlinkat(target, tree->fd, path + 1), 0);
}

void tree_fifo(const struct tree *tree, const char *path, unsigned int mode)
{
	tree_node(tree, path, S_IFIFO, mode, 0, 0);
}

void tree_node(const struct tree *tree, const char *path, unsigned int type,
	       unsigned int mode, unsigned int major, unsigned int minor)
{
	assert_int_equal(mknodat(tree->fd, path + 1, type | mode, makedev(major, minor)),
			 0);
}

void tree_own(const struct tree *tree, const char *path, unsigned int uid,
	      unsigned int gid)
{
	struct stat st;

	assert_int_equal(fstatat(tree->fd, path + 1, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(fchownat(tree->fd, path + 1, uid, gid, AT_SYMLINK_NOFOLLOW), 0);
	if (!S_ISLNK(st.st_mode)) /* chown took the set-uid bits off */
		assert_int_equal(fchmodat(tree->fd, path + 1, st.st_mode & 07777, 0), 0);
}

size_t tree_elf(unsigned char *buffer, const char *interp)
{
	Elf64_Ehdr header = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
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
	size_t len = sizeof(header) + sizeof(segments),
	       name = interp ? strlen(interp) + 1 : 0;

	segments[1].p_filesz = name;
	memset(buffer, 0, TREE_ELF);
	memcpy(buffer, &header, sizeof(header));
	memcpy(buffer + sizeof(header), segments, sizeof(segments));
	for (size_t i = 0; i < name; i++)
		buffer[len + i] = (unsigned char)interp[i];
	return len + name;
}

int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "small_root.h"

#include "promise.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOADER "/lib64/ld-linux-x86-64.so.2"

enum kind { DIRECTORY, LINK, TEXT, DYNAMIC, STATIC };

/* Parents first. */
static const struct {
	const char *path;
	enum kind kind;
	mode_t mode;
	const char *content;
} files[] = {
	{"bin", DIRECTORY, 0755, NULL},
	{"etc", DIRECTORY, 0755, NULL},
	{"usr", DIRECTORY, 0755, NULL},
	{"usr/bin", DIRECTORY, 0755, NULL},
	{"lib64", DIRECTORY, 0755, NULL},
	{"data", DIRECTORY, 0777, NULL},
	{"opt", DIRECTORY, 0755, NULL},
	{"opt/hush-hush", DIRECTORY, 0755, NULL},
	{"private", DIRECTORY, 0700, NULL},
	{"lib64/ld-linux-x86-64.so.2", STATIC, 0755, NULL},
	{"bin/sh", DYNAMIC, 0755, NULL},
	{"bin/static", STATIC, 0755, NULL},
	{"bin/private", DYNAMIC, 0700, NULL},
	{"bin/no-x", DYNAMIC, 0644, NULL},
	{"bin/group", DYNAMIC, 0750, NULL},
	{"bin/not-the-owner", DYNAMIC, 0677, NULL},
	{"bin/text", TEXT, 0755, "echo text\n"},
	{"bin/empty", TEXT, 0755, ""},
	{"usr/bin/app", DYNAMIC, 0755, NULL},
	{"opt/hush-hush/app", STATIC, 0755, NULL},
	{"opt/hush-hush/broken", TEXT, 0755, "\x7f" "ELF"},
	{"private/app", DYNAMIC, 0755, NULL},
	{"usr/bin/env", DYNAMIC, 0755, NULL},
	{"usr/bin/script", TEXT, 0755, "#!/bin/sh -e x\necho\n"},
	{"usr/bin/nested", TEXT, 0755, "#!/usr/bin/script\n"},
	{"usr/bin/bare", TEXT, 0755, "#!/bin/sh\n"},
	{"usr/bin/missing", TEXT, 0755, "#!/bin/none\n"},
	{"usr/bin/relative", TEXT, 0755, "#!sh\n"},
	{"usr/bin/itself", TEXT, 0755, "#!/usr/bin/itself\n"},
	{"usr/bin/link", LINK, 0, "../../bin/sh"},
	{"usr/bin/absolute", LINK, 0, "/bin/sh"},
	{"usr/bin/loop", LINK, 0, "loop"},
	{"usr/bin/dangling", LINK, 0, "/none"},
	{"usr/bin/out", LINK, 0, "../../../../bin/sh"},
	{"etc/passwd", TEXT, 0644,
	 "root:x:0:0:root:/root:/bin/sh\nredis:x:999:999::/data:/bin/false\n"
	 "bad:x:-1:+5::/bad:\nhuge:x:4294967295:4294967296::/huge:\n#off:x:5:5::/off:\n"},
	{"etc/group", TEXT, 0644, "root:x:0:\nredis:x:999:\nwheel:x:10:redis,root\nbad:x:y:redis\n"},
};

enum { FILES = sizeof(files) / sizeof(files[0]) };

static char directory[] = "/tmp/ocienv-fuzz-XXXXXX";

static size_t make_elf(enum kind kind, unsigned char *out)
{
	Elf64_Ehdr head = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
			   .e_type = ET_DYN,
			   .e_machine = EM_X86_64,
			   .e_version = EV_CURRENT,
			   .e_phoff = sizeof(head),
			   .e_ehsize = sizeof(head),
			   .e_phentsize = sizeof(Elf64_Phdr),
			   .e_phnum = kind == DYNAMIC ? 2 : 1};
	const size_t end = sizeof(head) + 2 * sizeof(Elf64_Phdr);
	Elf64_Phdr segments[2] = {
		{.p_type = PT_LOAD, .p_filesz = end + sizeof(LOADER), .p_memsz = 4096},
		{.p_type = PT_INTERP, .p_offset = end, .p_filesz = sizeof(LOADER)}};

	memcpy(out, &head, sizeof(head));
	memcpy(out + sizeof(head), segments, sizeof(segments));
	memcpy(out + end, LOADER, sizeof(LOADER));
	return end + sizeof(LOADER);
}

static void make_file(int root, size_t i)
{
	unsigned char elf[512];
	const void *bytes = files[i].content;
	size_t size = bytes ? strlen(bytes) : make_elf(files[i].kind, elf);
	int fd = openat(root, files[i].path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	PROMISE(fd >= 0 && write(fd, bytes ? bytes : elf, size) == (ssize_t)size);
	PROMISE(!fchmod(fd, files[i].mode) && !close(fd));
}

static void remove_all(void)
{
	int root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = FILES; root >= 0 && i-- > 0;)
		(void)unlinkat(root, files[i].path, files[i].kind == DIRECTORY ? AT_REMOVEDIR : 0);
	if (root >= 0)
		(void)close(root);
	(void)rmdir(directory);
}

int small_root(void)
{
	static int root = -1;

	if (root >= 0)
		return root;
	PROMISE(mkdtemp(directory) && !chmod(directory, 0755));
	PROMISE(!atexit(remove_all));
	root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	PROMISE(root >= 0);
	for (size_t i = 0; i < FILES; i++) {
		if (files[i].kind == DIRECTORY)
			PROMISE(!mkdirat(root, files[i].path, 0700) &&
				!fchmodat(root, files[i].path, files[i].mode, 0));
		else if (files[i].kind == LINK)
			PROMISE(!symlinkat(files[i].content, root, files[i].path));
		else
			make_file(root, i);
	}
	return root;
}

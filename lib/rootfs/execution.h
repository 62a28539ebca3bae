/* SPDX-License-Identifier: Apache-2.0 */
/* What execve would make of a file: the chain of scripts, and the ELF file at its end. */
#ifndef OCIENV_ROOTFS_EXECUTION_H
#define OCIENV_ROOTFS_EXECUTION_H

#include "rootfs/cwd.h"
#include "rootfs/rootfs.h"

/* Whose execve is foretold, and where. */
struct execution {
	const struct rootfs *rootfs;
	struct cwd cwd;
	const struct identity *who;
	struct sv architecture; /* as in struct lookup_request */
	struct arena *arena;
	const struct diag *diag;
	struct mark mark;
	int error; /* what execve would say, set on failure */
};

/* BINPRM_BUF_SIZE: what the kernel looks at to tell what a file is. */
enum { EXECUTION_HEAD = 256 };

/*
 * Fills interpreters and elf of *ret. `name` is the file's, for messages. first ptr NULL: by
 * the file's own first bytes; else it is taken for a script of that interpreter, as a shell
 * or execvp does with a file the kernel does not know.
 */
int32_t execution_foretell(struct execution *execution, const struct found *file,
			   struct sv name, struct sv first, struct lookup_result *ret);

/* Finds an interpreter and asks whether `who` may execute it. `of` and `kind` ("script",
 * "program") are for the message. */
int32_t execution_find(struct execution *execution, struct sv path, struct sv of,
		       const char *kind, struct found *ret);

/* Notes execve's errno and fails. */
int32_t execution_fail(struct execution *execution, int error, int32_t status,
		       struct sv name, const char *text);

/* The same of a file that this process failed to read. */
int32_t execution_fail_read(struct execution *execution, int error, struct sv name);

/* The interpreter line at the start of a script. `head` has EXECUTION_HEAD bytes, zeros
 * behind the end of the file, and is written to. False: ENOEXEC. */
bool script_parse(char *head, struct interpreter *ret);

/* The facts of an ELF file that is open for reading. `start` is what was read of it, in ELF_HEAD
 * bytes of room at least, with zeros behind the end of the file. */
int32_t elf_read(struct execution *execution, int fd, struct sv start, struct sv name,
		 struct elf_facts *ret);

#endif

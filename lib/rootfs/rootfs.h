/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions about a directory tree that may be hostile and may change while it is looked at.
 * The only floor that makes system calls. Nothing here ever leaves the root, follows a magic
 * link, opens "..", creates or writes anything, or blocks on a FIFO.
 */
#ifndef OCIENV_ROOTFS_ROOTFS_H
#define OCIENV_ROOTFS_ROOTFS_H

#include "base/arena.h"
#include "base/capability.h"
#include "base/error.h"

#include <sys/stat.h>

/* Files that see struct stat in two layouts read each other's results wrong: see meson.build. */
_Static_assert(sizeof(((struct stat *)NULL)->st_mtim) == sizeof(struct timespec),
	       "POSIX of 2008 has to be asked for");

/* For whom permission is computed; never the caller's own. */
struct identity {
	bool known; /* false: any x bit will do */
	uint32_t uid, gid;
	const uint32_t *groups; /* supplementary */
	uint32_t group_count;
	uint64_t capabilities; /* effective set, bit n is capability n */
};

struct shortcut;

/* How the tree is walked. */
enum walker {
	WALKER_AUTO = 0, /* openat2 where it works, else the stack */
	WALKER_OPENAT2,
	WALKER_STACK, /* a stack of O_PATH descriptors */
	WALKER_STRING, /* by names from the root: in a LibOS descriptors are no more than that */
};

/* What one look-up may cost, however long PATH is and wherever its links lead: some seconds. */
enum { ROOTFS_STEPS = 1 << 20 };

struct rootfs {
	int fd; /* the root; borrowed */
	enum walker walker;
	uint32_t max_symlinks;
	/* What one look-up has learned. NULL: nothing is kept behind its end. */
	struct shortcut *shortcut;
};

/* May `fd` be the root? Errors: ARGUMENT (no directory), SYSTEM. */
int32_t rootfs_check(int fd, const struct diag *diag);

/* A place in the tree. */
struct found {
	int fd;		     /* O_PATH|O_CLOEXEC; the caller closes it */
	struct stat st;	     /* of fd */
	struct sv canonical; /* absolute inside the root, without links, "." and ".." */
	/* A link on the way was absolute, or had more ".." than there was to leave: outside of
	 * a container it names another file. Gramine lets the host follow links. */
	bool leaves_root;
};

/*
 * Resolves `path` as a process chrooted into the root would, relative ones from `cwd` (which
 * is itself resolved in the root), following all links. Search permission is checked for
 * `who` on each directory: mode, owner, capabilities, and access control list where procfs
 * is there to reach one.
 *
 * Returns 0 or a positive errno: ENOENT, ENOTDIR, EACCES (who may not search, or not follow
 * a link: fs.protected_symlinks is taken to be on), ELOOP (also: a nosymfollow mount),
 * ENAMETOOLONG, EIO...; EPERM: this process may not look, or cannot make out a list (cannot
 * tell); EXDEV: the walk met a magic link or entered /proc; EINVAL: a NUL in the path;
 * EAGAIN: the tree keeps changing; E2BIG, ENOMEM, ETIME: too much memory or too many steps.
 * `cwd` is entered with root's permissions, as a runtime does. Nothing is open after a
 * failure. Must never leave the root.
 */
int rootfs_walk(const struct rootfs *rootfs, struct sv cwd, struct sv path,
		const struct identity *who, struct arena *arena, struct found *ret);

/* Whose search of PATH is reproduced. */
enum lookup_profile {
	LOOKUP_RUNC,
	LOOKUP_CRUN,
	LOOKUP_EXECVP, /* glibc's */
	LOOKUP_RUNC_1_1,
	LOOKUP_CRUN_1_8,
	LOOKUP_MUSL, /* its execvp */
	LOOKUP_KATA,
};

/* One file that the search looked at. */
struct candidate {
	struct sv path;	    /* absolute, as it was tried; ends in NUL */
	int32_t path_index; /* entry of PATH, -1: the name has a slash */
	int32_t status;	    /* OCIENV_OK: it is executed */
	const char *reason; /* why it is not; NULL: it is */
	bool named;	    /* the reason names the file */
};

/* All of them, up to where the search ended. What an entry of PATH came to is kept once, as
 * the last look at it saw it. A failure of the arena stays set there. */
struct candidates {
	struct arena *arena;
	bool made; /* a look-up was begun */
	struct vec items; /* of struct candidate */
};

struct lookup_request {
	enum lookup_profile profile;
	struct sv name;	 /* argv[0] */
	struct sv path;	 /* value of PATH; ptr NULL: there is none */
	struct sv cwd;	 /* absolute */
	const struct identity *who;
	struct sv architecture; /* what the image is for, "amd64"; empty: any machine will do */
	struct candidates *candidates; /* to be filled; NULL: nobody asks */
};

struct interpreter {
	struct sv path; /* as written behind "#!" */
	struct sv arg;	/* ptr NULL: none */
	/* Bytes of a line that is "#!", blanks, this name and a line feed; 0: it is another
	 * line, or none. Readers poorer than the kernel understand no other. */
	uint32_t bare;
	uint32_t mode; /* of the interpreter's own file */
	bool leaves_root; /* as in struct found, on the way to it */
};

/* The ELF file that runs in the end; `machine` NULL: this process may not read it. */
struct elf_facts {
	const char *machine; /* "x86_64"; "unknown": one without a name here */
	uint32_t bits;	     /* 32 or 64 */
	const char *type;    /* "exec", "dyn", ... */
	struct sv interp;    /* PT_INTERP; ptr NULL: static */
};

struct lookup_result {
	struct found file;  /* what the runtime hands to execve */
	struct sv path;	    /* as found, absolute, "//" and "/./" squeezed */
	int32_t path_index; /* entry of PATH, -1: not searched */
	uint32_t interpreter_count;
	struct interpreter *interpreters; /* outermost first */
	struct found program; /* the file that runs in the end; its fd is -1 */
	struct elf_facts elf;
	bool cwd_missing; /* the working directory is not there; a runtime may make it */
};

/*
 * The file that the runtime would execute, and what execve would make of it. Strings are in
 * `arena`. `mark` is argv[0]'s, for the error.
 * Errors: NOMEM, LIMIT, NOTFOUND, ACCESS, UNSUPPORTED (execve would say ENOEXEC), UNSAFE,
 * SYSTEM. Nothing is open after a failure.
 */
int32_t rootfs_lookup(const struct rootfs *rootfs, const struct lookup_request *request,
		      struct arena *arena, const struct diag *diag, struct mark mark,
		      struct lookup_result *ret);

#endif

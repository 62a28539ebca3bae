/* SPDX-License-Identifier: Apache-2.0 */
/* Where the loader of a program would find its libraries. */
#ifndef OCIENV_ROOTFS_LIBRARY_H
#define OCIENV_ROOTFS_LIBRARY_H

#include "rootfs/dynamic.h"
#include "rootfs/rootfs.h"

/* Why a library is taken from where it is. */
enum library_rule {
	LIBRARY_MISSING = 0, /* no rule finds it */
	LIBRARY_PATH,	     /* the name is a path */
	LIBRARY_RPATH,	     /* DT_RPATH of whoever needs it, or of one that needs that one; for
			      * musl DT_RUNPATH is the same */
	LIBRARY_ENVIRONMENT, /* LD_LIBRARY_PATH */
	LIBRARY_RUNPATH,     /* DT_RUNPATH of whoever needs it */
	LIBRARY_FILE,	     /* /etc/ld-musl-ARCH.path */
	LIBRARY_DEFAULT,     /* the loader's own directories */
	LIBRARY_LOADER,	     /* it is the loader itself */
	LIBRARY_LOADED,	     /* one that was found before has this DT_SONAME */
};

/* "LD_LIBRARY_PATH", "default directories", ... */
const char *library_rule_name(enum library_rule rule);

struct library {
	struct sv name; /* DT_NEEDED */
	enum library_rule rule;
	/* As the loader opens it, relative ones from the working directory; ptr NULL: missing. */
	struct sv path;
	struct sv canonical; /* ptr NULL: missing, or the loader */
	int32_t needed_by;   /* the entry that needs it, -1: the program */
	int32_t same_as;     /* an entry before with the same file, -1: none */
	bool broken; /* the loader takes it and then fails: no ELF library for the machine */
	bool unread; /* this process may not read it: what it needs is not known */
};

enum {
	LIBRARY_OBJECTS = 256, /* the most files that are loaded, */
	LIBRARY_NAMES = 2048,  /* and the most names that are looked for */
};

struct library_list {
	enum libc_flavour libc;
	bool readable; /* false: this process may not read the program, and nothing is known */
	bool pie;
	bool linked; /* false: a static program (or static-pie) needs nothing */
	struct dynamic program;
	bool secure; /* AT_SECURE: set-user-ID or set-group-ID; LD_LIBRARY_PATH is not used */
	/* The answer may depend on what cannot be known here: a directory with $PLATFORM in its
	 * name (the processor's), one that this process may not look into. */
	bool unsure;
	bool cut; /* there are more than the limits above */
	struct library *items; /* those of the program first, then those of each in its turn */
	uint32_t count;
};

struct library_request {
	const struct rootfs *rootfs;
	const struct identity *who;
	struct sv cwd;		     /* absolute */
	const struct found *program; /* lookup_result.program */
	struct sv library_path;	     /* value of LD_LIBRARY_PATH; ptr NULL: there is none */
	bool no_new_privileges;	     /* or nosuid: set-user-ID has no effect */
};

/*
 * Lists what a program needs, what that needs, and so on, each file once, by the rules of its
 * loader: glibc's (dl-load.c) or musl's (dynlink.c). For another loader the names are listed,
 * and nothing is looked for.
 *
 * Not looked at: /etc/ld.so.cache (an image may be without, or with a stale one), the
 * subdirectories glibc-hwcaps (they depend on the processor), LD_PRELOAD, LD_AUDIT, DT_FILTER
 * and DT_AUXILIARY, capabilities of the file (which make AT_SECURE, too), symbol versions, and
 * musl's refusal of a second C library.
 *
 * Strings are in `arena`; `mark` is argv[0]'s, for the error. Nothing of *ret is set on error.
 * Errors: NOMEM, LIMIT (memory, or more than 2^20 steps), UNSUPPORTED (the program is no ELF
 * file, or its dynamic section is broken), NOTFOUND, ACCESS (the working directory), UNSAFE (a
 * directory in /proc, or the tree changes), SYSTEM. Nothing stays open.
 */
int32_t library_find(const struct library_request *request, struct arena *arena,
		     const struct diag *diag, struct mark mark, struct library_list *ret);

#endif

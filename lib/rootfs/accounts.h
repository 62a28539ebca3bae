/* SPDX-License-Identifier: Apache-2.0 */
/*
 * etc/passwd and etc/group: the files, and their lines as three readers take them. The
 * readers disagree about lines that are no entries, so none of them may stand in for another.
 */
#ifndef OCIENV_ROOTFS_ACCOUNTS_H
#define OCIENV_ROOTFS_ACCOUNTS_H

#include "rootfs/rootfs.h"

enum account { ACCOUNT_PASSWD, ACCOUNT_GROUP, ACCOUNT_COUNT };

struct account_file {
	bool read;	    /* the members below are filled */
	struct sv text;	    /* ptr NULL: there is no such file */
	uint32_t long_line; /* the first line that moby/sys/user fails at, 0: none */
	uint32_t mode, owner;
};

/* Both files, each read when it is first asked for. */
struct accounts {
	const struct rootfs *rootfs; /* NULL: both are read */
	struct arena *arena;
	const struct diag *diag;
	bool directory_is_absent; /* docker: as good as no file; else it is an error */
	bool lexical;		  /* links are followed by lexical_join() */
	struct account_file files[ACCOUNT_COUNT];
};

/* "/etc/passwd" */
const char *account_name(enum account which);

/*
 * Reads a file in the root, following links inside it. Absent or a dangling link: no bytes.
 * Anything that is no regular file, or over 10 MiB, or a loop, is an error at once.
 * Errors: NOMEM, LIMIT, VALUE, ACCESS, UNSAFE, SYSTEM.
 */
int32_t accounts_read(struct accounts *accounts, enum account which);

/* One line of etc/passwd. */
struct passwd_entry {
	struct sv name, home; /* home: ptr NULL where glibc has none */
	int64_t uid, gid;
	uint32_t line; /* 1-based */
	bool clean;    /* all of name, uid and gid are there and plain (no sign, no junk) */
};

/* One line of etc/group. */
struct group_entry {
	struct sv name, members; /* members: as written, separated by "," */
	int64_t gid;
	uint32_t line;
	bool clean;
};

/* The next line of *rest that holds an entry; false at the end. *line counts lines and
 * starts at 0. Pure. */
typedef bool passwd_reader(struct sv *rest, uint32_t *line, struct passwd_entry *ret);

passwd_reader passwd_next;	 /* moby/sys/user: containerd, CRI-O, docker, runc */
passwd_reader passwd_next_glibc; /* fgetpwent: crun */
passwd_reader passwd_next_musl;	 /* getpwuid: the kata agent */

/* moby/sys/user. */
bool group_next(struct sv *rest, uint32_t *line, struct group_entry *ret);

/* True if `name` is one of the members. */
bool group_has_member(const struct group_entry *group, struct sv name);

/* A name that other readers take for a comment or for NIS is not clean. */
static inline bool account_name_is_clean(struct sv name)
{
	return name.len && !memchr("#+-", name.ptr[0], 3);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the walks share that look at one component after the other: what is still to be
 * walked, with the targets of links in between, the way from the root to the place reached,
 * and the limits, permissions and refusals, so that they give one answer.
 */
#ifndef OCIENV_ROOTFS_COMPONENTS_H
#define OCIENV_ROOTFS_COMPONENTS_H

#include "rootfs/acl.h"
#include "rootfs/walk.h"

#include <fcntl.h>

enum {
	LINKS = 40, /* the kernel's limit for one lookup */
	/* In a LibOS O_PATH opens for reading; a FIFO must not block even there. */
	STEP = O_PATH | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
};

/* A directory on the way from the root; the last one may be any file. */
struct level {
	int fd;	      /* the stack's; -1: closed to save descriptors */
	uint32_t end; /* of its name in the walk's text */
	struct stat st;
};

/* What a name stands for that is not on the way yet. */
struct entry {
	int fd;	     /* -1: none; the loop closes it unless enter() took it over */
	int refused; /* of a link: as link_mount_refuses() says */
	struct stat st;
};

struct walk;

/* How names are looked at. The name is the last one of the text, in the directory that is
 * the last level. Errors are errno values. */
struct means {
	int (*look)(struct walk *walk, struct entry *ret); /* never follows */
	/* Where the name can be looked at again: a directory and a string. */
	const char *(*place)(const struct walk *walk, int *dir);
	/* The last level is new, and may take the entry's descriptor over. */
	void (*enter)(struct walk *walk, struct entry *entry);
	int (*leave)(struct walk *walk);		  /* the last level goes */
	void (*restart)(struct walk *walk);		  /* all do but the root */
	int (*pin)(struct walk *walk, struct found *ret); /* fd and st of the last level */
};

struct walk {
	const struct rootfs *rootfs;
	const struct means *means;
	const struct identity *who;
	struct arena *scratch;
	struct vec levels; /* struct level; the first is the root, whose fd is borrowed */
	struct vec pieces; /* string.c's */
	char *text;	   /* "/usr/bin": the names of the levels, and of the entry */
	uint32_t text_len, text_room;
	/* What is still to be walked: the rest of the path lies lowest, those of the links
	 * met on top of it. They are never joined, since PATH_MAX is per string. */
	struct sv pending[LINKS + 1];
	uint32_t pending_count;
	uint32_t links;
	uint32_t *steps;  /* left */
	struct acl_source acls;
	bool slash;	  /* behind the last component */
	bool leaves_root; /* see struct found */
};

static inline struct level *level_at(const struct walk *walk, uint32_t i)
{
	return (struct level *)walk->levels.items + i;
}

static inline struct level *top_of(const struct walk *walk)
{
	return level_at(walk, walk->levels.count - 1);
}

/* EACCES from the kernel is about us, not about `who`: it leaves the question open. ELOOP is
 * not about links, of which the kernel follows none here: another thing has that name by now. */
int own_errno(void);

/* What was there is not any more: somebody moves things about, and the walk begins again. */
int moved_errno(int error);

bool same_file(const struct stat *a, const struct stat *b);

#endif

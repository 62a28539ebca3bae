/* SPDX-License-Identifier: Apache-2.0 */
/* A quick way past the links that every usual image has: /bin -> usr/bin, sh -> dash. */
#ifndef OCIENV_ROOTFS_SHORTCUT_H
#define OCIENV_ROOTFS_SHORTCUT_H

#include "rootfs/rootfs.h"

enum { SHORTCUT_KNOWN = 8, SHORTCUT_TEXT = 40, SHORTCUT_PLAIN = 8, SHORTCUT_PATH = 64 };

/* What is known of names in the root itself; all zeros at first. It ends with the look-up, or
 * with what its caller asks about the same paths: a name that becomes something else in the
 * meantime is noticed, or was not seen before. */
struct shortcut {
	struct {
		char name[SHORTCUT_TEXT], target[SHORTCUT_TEXT];
		uint8_t name_length, target_length; /* no target: it is no link */
		bool missing;
	} known[SHORTCUT_KNOWN];
	uint32_t count, next; /* the place of the next name: the oldest one's */
	/* Paths without links, and what is there: PATH often names a directory twice, as /sbin and
	 * as /usr/sbin. */
	struct {
		char path[SHORTCUT_PATH];
		uint8_t length;
		int error; /* ENOENT, ENOTDIR; 0: something is there */
	} plain[SHORTCUT_PLAIN];
	uint32_t next_plain;
	bool asked, follows; /* are links of the root itself followed by anybody? */
	bool wary; /* a name that was taken for none was a link: the next one is asked */
};

/*
 * As openat2_walk(), but goes on where the first name of the path, or the last one, is a link.
 * No permission is asked, so only what is true for everybody is an answer: WALK_UNDECIDED
 * where protected_symlinks or a mount could forbid `who` to follow. `misses`: whatever is there
 * is WALK_UNDECIDED, too. rootfs->shortcut must be there.
 */
int shortcut_walk(const struct rootfs *rootfs, struct sv path, const struct identity *who,
	       bool misses, struct arena *arena, struct found *ret);

/* Was the path, from the root, looked at before, without a link on its way? Then *error is what
 * came of it: 0, ENOENT or ENOTDIR. */
bool shortcut_plain(const struct shortcut *shortcut, struct sv path, int *error);

/* Is it a directory in the root itself ("/app"), as most images work in? One call tells, as a name
 * that is no link leads nowhere else; it is remembered for shortcut_plain(). False: that is for the
 * walk to find out, also where there is no rootfs->shortcut, and with WALKER_OPENAT2, which has to
 * say that there is no openat2. */
bool shortcut_directory(const struct rootfs *rootfs, struct sv path);

#endif

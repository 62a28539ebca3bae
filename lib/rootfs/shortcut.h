/* SPDX-License-Identifier: Apache-2.0 */
/* A quick way past the links that every usual image has: /bin -> usr/bin, sh -> dash. */
#ifndef OCIENV_ROOTFS_SHORTCUT_H
#define OCIENV_ROOTFS_SHORTCUT_H

#include "rootfs/rootfs.h"

enum { SHORTCUT_KNOWN = 8, SHORTCUT_TEXT = 40, SHORTCUT_MISSES = 8, SHORTCUT_MISS = 64 };

/* What is known of names in the root itself; all zeros at first. It ends with the look-up: a
 * name that becomes something else in the meantime is noticed, or was not seen before. */
struct shortcut {
	struct {
		char name[SHORTCUT_TEXT], target[SHORTCUT_TEXT];
		uint8_t name_length, target_length; /* no target: it is no link */
		bool missing;
	} known[SHORTCUT_KNOWN];
	uint32_t count, next; /* the place of the next name: the oldest one's */
	/* Paths without links where nothing is: PATH often names a directory twice, as /sbin and
	 * as /usr/sbin. */
	struct {
		char path[SHORTCUT_MISS];
		uint8_t length;
		int error;
	} misses[SHORTCUT_MISSES];
	uint32_t next_miss;
	bool asked, follows; /* are links of the root itself followed by anybody? */
	bool usr_is_link;    /* it hardly ever is, so that is found out by trying */
};

/*
 * As openat2_walk(), but goes on where the first name of the path, or the last one, is a link.
 * No permission is asked, so only what is true for everybody is an answer: WALK_UNDECIDED
 * where protected_symlinks or a mount could forbid `who` to follow. `misses`: whatever is there
 * is WALK_UNDECIDED, too. rootfs->shortcut must be there.
 */
int shortcut_walk(const struct rootfs *rootfs, struct sv path, const struct identity *who,
	       bool misses, struct arena *arena, struct found *ret);

#endif

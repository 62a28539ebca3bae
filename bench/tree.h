/* SPDX-License-Identifier: Apache-2.0 */
/* A rootfs with the directories and links of a Debian image. */
#ifndef OCIENV_BENCH_TREE_H
#define OCIENV_BENCH_TREE_H

/* Makes it in a new directory, with the program /usr/bin/dash and the link /usr/bin/sh to it.
 * Returns its descriptor, or -1; tree_remove() must follow. */
int tree_make(void);
void tree_remove(int dir);

#endif

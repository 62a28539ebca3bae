/* SPDX-License-Identifier: Apache-2.0 */
/* A rootfs with the directories and links of a Debian image. */
#ifndef OCIENV_BENCH_TREE_H
#define OCIENV_BENCH_TREE_H

#include <stdbool.h>

/* Makes it in a new directory, with the program /usr/bin/dash and the link /usr/bin/sh to it.
 * Returns its descriptor, or -1; tree_remove() must follow. */
int tree_make(void);
void tree_remove(int dir);

/* What a whole answer asks the kernel, and nothing else: accounts, working directory, PATH up to
 * its fourth entry, the program. False: the kernel has no openat2(), or not these answers. */
bool tree_calls(int dir);

#endif

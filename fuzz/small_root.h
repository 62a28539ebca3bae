/* SPDX-License-Identifier: Apache-2.0 */
/* One small tree for all inputs: programs, scripts, links, accounts. */
#ifndef OCIENV_FUZZ_SMALL_ROOT_H
#define OCIENV_FUZZ_SMALL_ROOT_H

/* A descriptor of its root, which is made by the first call and removed when the program
 * exits. */
int small_root(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* System calls of lib/rootfs that fail when they are told to. */
#ifndef OCIENV_TESTS_FAULTS_H
#define OCIENV_TESTS_FAULTS_H

#include <stdbool.h>

struct faults {
	bool armed;	    /* else nothing counts and nothing fails */
	unsigned int count; /* calls since it was armed */
	unsigned int at;    /* the call that fails, from 1; 0: none */
	bool for_ever;	    /* and all behind it */
	bool closes;	    /* close() is such a call, too */
	int error;
	const char *hit; /* the call that failed first, NULL: none did */
	unsigned int failed;
	long link;  /* what readlinkat() returns in place of a length; 0: its own, -1: 0 */
	bool moves; /* each look at a file tells another one, as where files are moved about */
	bool grows; /* fstat() tells a size of 1, as of a file that grows behind it */
};

extern struct faults faults;

#endif

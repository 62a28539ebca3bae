/* SPDX-License-Identifier: Apache-2.0 */
/* The places of the library that take memory from an arena, and that fail when told to. */
#ifndef OCIENV_TESTS_PLACES_H
#define OCIENV_TESTS_PLACES_H

#include <stdbool.h>
#include <stdint.h>

struct places {
	bool armed;	    /* else nothing counts and nothing fails */
	bool limit;	    /* the arena is full; else the system has no memory */
	int32_t odd;	    /* the status of what fails, where not one of the library's; else 0 */
	bool hit;	    /* the request that was to fail came */
	unsigned int count; /* requests since it was armed */
	unsigned int at;    /* the request that fails, from 1; 0: none */
};

extern struct places places;

#endif

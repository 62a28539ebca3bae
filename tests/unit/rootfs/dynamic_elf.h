/* SPDX-License-Identifier: Apache-2.0 */
/* ELF files with a dynamic section, made without a linker. */
#ifndef OCIENV_TESTS_DYNAMIC_ELF_H
#define OCIENV_TESTS_DYNAMIC_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DYNAMIC_ELF = 16384 };

struct dynamic_elf {
	const char *interp, *needed[4], *soname, *rpath, *runpath; /* NULL: none */
	uint32_t repeats;  /* of the first DT_NEEDED, in front of it */
	uint64_t flags_1;
	uint16_t type;	   /* 0: ET_DYN */
	bool plain;	   /* without a dynamic section */
	bool big;	   /* for a 32-bit big-endian machine */
};

/* A file for x86_64 in `buffer` (DYNAMIC_ELF bytes); returns its length. */
size_t dynamic_elf(unsigned char *buffer, const struct dynamic_elf *elf);

#endif

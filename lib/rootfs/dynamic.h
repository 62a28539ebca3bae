/* SPDX-License-Identifier: Apache-2.0 */
/* What the dynamic section of an ELF file asks of its loader. */
#ifndef OCIENV_ROOTFS_DYNAMIC_H
#define OCIENV_ROOTFS_DYNAMIC_H

#include "base/arena.h"
#include "rootfs/elf_file.h"

/* Whose program loads the libraries; the two do not look in the same places. */
enum libc_flavour {
	LIBC_UNKNOWN = 0,
	LIBC_GLIBC,
	LIBC_MUSL,
};

/* By the base name of PT_INTERP: "ld-linux*", "ld-musl-*". 32-bit and other glibc loaders are
 * called "ld.so.1" and "ld64.so.*". */
enum libc_flavour dynamic_libc(struct sv interp);

/* Strings are in the arena, each followed by a NUL; ptr NULL: there is none. */
struct dynamic {
	bool present; /* false: the file has no dynamic section, and the rest is empty */
	bool interp;  /* it has a PT_INTERP */
	struct sv *needed; /* DT_NEEDED in their order */
	uint32_t needed_count;
	struct sv soname, rpath, runpath;
	uint64_t flags_1; /* DT_FLAGS_1 */
};

/* A program with an address of its own choice: ET_DYN that says so or has a loader. Without a
 * loader it is a "static-pie". */
bool dynamic_is_pie(const struct elf_file *elf, const struct dynamic *dynamic);

enum { DYNAMIC_NEEDED = 512 }; /* the most of DT_NEEDED that are read */

/*
 * Reads the dynamic section as a loader does, by addresses that PT_LOAD maps. 0 or an errno:
 * ENOEXEC (headers that no loader takes, strings outside of the file or without an end, more
 * than DYNAMIC_NEEDED names), ENOMEM, E2BIG (the arena).
 */
int dynamic_read(const struct elf_file *elf, struct arena *arena, struct dynamic *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of an ELF file of either class and byte order.
 *
 * Every number in the file is an attacker's: nothing is added before it is bounded, nothing
 * is read but through file_read(). A machine other than ours is a fact like any other.
 */
#ifndef OCIENV_ROOTFS_ELF_FILE_H
#define OCIENV_ROOTFS_ELF_FILE_H

#include "base/sv.h"

#include <elf.h>

/* Where things are in a file of one class. */
struct elf_layout {
	size_t header, program_header;	      /* sizes */
	size_t phoff, phentsize, phnum;	      /* in the header */
	size_t offset, vaddr, filesz, memsz;  /* in a program header */
	size_t word;			      /* of an offset, size, tag or address */
	uint32_t bits;
};

struct elf_file {
	int fd; /* borrowed */
	struct sv start; /* bytes that were read already; they outlive this, or there are none */
	const struct elf_layout *layout;
	bool big;
	unsigned char class, order;
	uint16_t type, machine, phnum, phentsize;
	uint64_t phoff;
};

struct elf_segment {
	uint32_t type;
	uint64_t offset, vaddr, filesz, memsz;
};

/* What elf_begin() looks at; and what nearly always holds the program headers as well. */
enum { ELF_HEAD = sizeof(Elf64_Ehdr), ELF_START = 1024 };

/* A number of the file, `size` bytes at p. */
uint64_t elf_number(const struct elf_file *elf, const unsigned char *p, size_t size);

/* `head` has ELF_HEAD bytes, zeros behind the end of the file. False: no ELF file, or of a
 * class or byte order that is none. */
bool elf_begin(struct elf_file *ret, int fd, const void *head);

/* The same with all that was read of the file's start, at least ELF_HEAD bytes of room. */
bool elf_begin_with(struct elf_file *ret, int fd, struct sv start);

/* "x86_64"; "unknown": one without a name here. */
const char *elf_machine(const struct elf_file *elf);

/* False: the architecture, named as Go and image configs do, is one that is known here, and
 * its kernels do not execute this. */
bool elf_runs_on(const struct elf_file *elf, struct sv architecture);

/* Program headers, one by one. */
struct elf_segments {
	const struct elf_file *elf;
	unsigned char piece[16 * sizeof(Elf64_Phdr)];
	uint64_t at;		   /* of what is behind the piece */
	uint32_t left, have, next; /* headers: behind the piece, in it, to be given */
	bool cut;		   /* the file ends before its table */
	int error;		   /* it could not be read: an errno; else 0 */
};

/* False: the table is of no size that the kernel takes. */
bool elf_segments(struct elf_segments *ret, const struct elf_file *elf);

/* False at the end, or when the table is cut or cannot be read. */
bool elf_next_segment(struct elf_segments *segments, struct elf_segment *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "rootfs/elf_file.h"

#include "rootfs/file.h"

#include <errno.h>

/* As the kernel: more bytes of program headers make no program. */
enum { MOST_HEADERS = 65536 };

#define LAYOUT(n)                                                                              \
	{                                                                                      \
		sizeof(Elf##n##_Ehdr), sizeof(Elf##n##_Phdr), offsetof(Elf##n##_Ehdr, e_phoff), \
			offsetof(Elf##n##_Ehdr, e_phentsize),                                  \
			offsetof(Elf##n##_Ehdr, e_phnum), offsetof(Elf##n##_Phdr, p_offset),   \
			offsetof(Elf##n##_Phdr, p_vaddr), offsetof(Elf##n##_Phdr, p_filesz),   \
			offsetof(Elf##n##_Phdr, p_memsz), (n) / 8, (n)                         \
	}

static const struct elf_layout layouts[] = {
	[ELFCLASS32] = LAYOUT(32),
	[ELFCLASS64] = LAYOUT(64),
};

enum { ANY = 0, LITTLE = ELFDATA2LSB, BIG = ELFDATA2MSB };

struct machine {
	uint16_t number;
	unsigned char class, order; /* ANY: does not matter */
	const char *name;
};

static const struct machine machines[] = {
	{EM_386, ANY, ANY, "i386"},
	{EM_X86_64, ANY, ANY, "x86_64"},
	{EM_ARM, ANY, ANY, "arm"},
	{EM_AARCH64, ANY, LITTLE, "aarch64"},
	{EM_AARCH64, ANY, BIG, "aarch64_be"},
	{EM_RISCV, ELFCLASS32, ANY, "riscv32"},
	{EM_RISCV, ELFCLASS64, ANY, "riscv64"},
	{EM_PPC, ANY, ANY, "ppc"},
	{EM_PPC64, ANY, LITTLE, "ppc64le"},
	{EM_PPC64, ANY, BIG, "ppc64"},
	{EM_S390, ELFCLASS32, ANY, "s390"},
	{EM_S390, ELFCLASS64, ANY, "s390x"},
	{EM_MIPS, ELFCLASS32, ANY, "mips"},
	{EM_MIPS, ELFCLASS64, ANY, "mips64"},
	{258, ANY, ANY, "loongarch64"}, /* EM_LOONGARCH, newer than some elf.h */
};

/* What kernels of an architecture, named as Go and image configs do, execute. Those of 64 bits
 * have programs of 32 bits of their family, too; not x32, which hardly any is built with. */
static const struct {
	struct sv architecture;
	uint16_t number;
	unsigned char class, order;
} targets[] = {
	{{"386", 3}, EM_386, ELFCLASS32, ANY},
	{{"amd64", 5}, EM_X86_64, ELFCLASS64, ANY},
	{{"amd64", 5}, EM_386, ELFCLASS32, ANY},
	{{"arm", 3}, EM_ARM, ELFCLASS32, ANY},
	{{"arm64", 5}, EM_AARCH64, ANY, LITTLE},
	{{"arm64", 5}, EM_ARM, ELFCLASS32, LITTLE},
	{{"loong64", 7}, 258, ANY, ANY},
	{{"mips", 4}, EM_MIPS, ELFCLASS32, BIG},
	{{"mipsle", 6}, EM_MIPS, ELFCLASS32, LITTLE},
	{{"mips64", 6}, EM_MIPS, ANY, BIG},
	{{"mips64le", 8}, EM_MIPS, ANY, LITTLE},
	{{"ppc64", 5}, EM_PPC64, ANY, BIG},
	{{"ppc64", 5}, EM_PPC, ELFCLASS32, BIG},
	{{"ppc64le", 7}, EM_PPC64, ANY, LITTLE},
	{{"riscv64", 7}, EM_RISCV, ANY, ANY},
	{{"s390x", 5}, EM_S390, ANY, BIG},
};

uint64_t elf_number(const struct elf_file *elf, const unsigned char *p, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | p[elf->big ? i : size - 1 - i];
	return value;
}

const char *elf_machine(const struct elf_file *elf)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		const struct machine *machine = &machines[i];

		if (machine->number == elf->machine &&
		    (!machine->class || machine->class == elf->class) &&
		    (!machine->order || machine->order == elf->order))
			return machine->name;
	}
	return "unknown";
}

bool elf_runs_on(const struct elf_file *elf, struct sv architecture)
{
	bool known = false;

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		if (!sv_eq(architecture, targets[i].architecture))
			continue;
		known = true;
		if (targets[i].number == elf->machine &&
		    (!targets[i].class || targets[i].class == elf->class) &&
		    (!targets[i].order || targets[i].order == elf->order))
			return true;
	}
	return !known;
}

bool elf_begin(struct elf_file *ret, int fd, const void *head)
{
	const unsigned char *p = head;
	const struct elf_layout *layout;

	*ret = (struct elf_file){.fd = fd, .class = p[EI_CLASS], .order = p[EI_DATA]};
	if (memcmp(p, ELFMAG, SELFMAG) != 0 ||
	    (ret->class != ELFCLASS32 && ret->class != ELFCLASS64) ||
	    (ret->order != ELFDATA2LSB && ret->order != ELFDATA2MSB))
		return false;
	layout = ret->layout = &layouts[ret->class];
	ret->big = ret->order == ELFDATA2MSB;
	ret->type = (uint16_t)elf_number(ret, p + offsetof(Elf32_Ehdr, e_type), 2);
	ret->machine = (uint16_t)elf_number(ret, p + offsetof(Elf32_Ehdr, e_machine), 2);
	ret->phnum = (uint16_t)elf_number(ret, p + layout->phnum, 2);
	ret->phentsize = (uint16_t)elf_number(ret, p + layout->phentsize, 2);
	ret->phoff = elf_number(ret, p + layout->phoff, layout->word);
	return true;
}

bool elf_begin_with(struct elf_file *ret, int fd, struct sv start)
{
	bool begun = elf_begin(ret, fd, start.ptr);

	ret->start = start;
	return begun;
}

bool elf_segments(struct elf_segments *ret, const struct elf_file *elf)
{
	ret->elf = elf;
	ret->at = elf->phoff;
	ret->left = elf->phnum;
	ret->have = ret->next = 0;
	ret->cut = false;
	ret->error = 0;
	return elf->phentsize == elf->layout->program_header && elf->phnum &&
	       (size_t)elf->phnum * elf->phentsize <= MOST_HEADERS;
}

/* Bytes of the table, out of what is at hand if it holds them all. */
static ssize_t read_table(const struct elf_file *elf, void *buffer, size_t size, uint64_t at)
{
	if (size > elf->start.len || at > elf->start.len - size)
		return file_read(elf->fd, buffer, size, at);
	memcpy(buffer, elf->start.ptr + at, size);
	return (ssize_t)size;
}

static bool read_piece(struct elf_segments *segments)
{
	const struct elf_file *elf = segments->elf;
	size_t each = elf->layout->program_header;
	uint32_t most = sizeof(segments->piece) / sizeof(Elf64_Phdr);
	uint32_t count = segments->left < most ? segments->left : most;
	size_t size = count * each;
	ssize_t got;

	if (!count)
		return false;
	got = read_table(elf, segments->piece, size, segments->at);
	segments->error = got < 0 ? errno : 0;
	segments->cut = got != (ssize_t)size;
	segments->at += size; /* file_read() bounded it */
	segments->left -= count;
	segments->have = count;
	segments->next = 0;
	return !segments->cut;
}

bool elf_next_segment(struct elf_segments *segments, struct elf_segment *ret)
{
	const struct elf_layout *layout = segments->elf->layout;
	const struct elf_file *elf = segments->elf;
	const unsigned char *p;

	if (segments->cut || (segments->next == segments->have && !read_piece(segments)))
		return false;
	p = segments->piece + segments->next++ * layout->program_header;
	ret->type = (uint32_t)elf_number(elf, p, 4);
	ret->offset = elf_number(elf, p + layout->offset, layout->word);
	ret->vaddr = elf_number(elf, p + layout->vaddr, layout->word);
	ret->filesz = elf_number(elf, p + layout->filesz, layout->word);
	ret->memsz = elf_number(elf, p + layout->memsz, layout->word);
	return true;
}

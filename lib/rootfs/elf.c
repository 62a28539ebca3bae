/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the header of an ELF file says, and whether its interpreter is there.
 *
 * Every number in the file is an attacker's: nothing is added before it is bounded, nothing
 * is read but through file_read(). A machine other than ours is a fact; one other than the
 * image's is what the kernel there does not know.
 */
#define _GNU_SOURCE
#include "rootfs/execution.h"

#include "rootfs/file.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Where things are in a file of one class. */
struct layout {
	size_t header, program_header;	/* sizes */
	size_t phoff, phentsize, phnum; /* in the header */
	size_t offset, filesz;		/* in a program header */
	size_t word;			/* of an offset or size */
	uint32_t bits;
};

static const struct layout layouts[] = {
	[ELFCLASS32] = {sizeof(Elf32_Ehdr), sizeof(Elf32_Phdr),
			offsetof(Elf32_Ehdr, e_phoff), offsetof(Elf32_Ehdr, e_phentsize),
			offsetof(Elf32_Ehdr, e_phnum), offsetof(Elf32_Phdr, p_offset),
			offsetof(Elf32_Phdr, p_filesz), 4, 32},
	[ELFCLASS64] = {sizeof(Elf64_Ehdr), sizeof(Elf64_Phdr),
			offsetof(Elf64_Ehdr, e_phoff), offsetof(Elf64_Ehdr, e_phentsize),
			offsetof(Elf64_Ehdr, e_phnum), offsetof(Elf64_Phdr, p_offset),
			offsetof(Elf64_Phdr, p_filesz), 8, 64},
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
 * have programs of 32 bits of their family, too. */
static const struct {
	struct sv architecture;
	uint16_t number;
	unsigned char class, order;
} targets[] = {
	{{"386", 3}, EM_386, ELFCLASS32, ANY},
	{{"amd64", 5}, EM_X86_64, ANY, ANY},
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

static const char *const types[] = {"none", "rel", "exec", "dyn", "core"};

struct elf {
	const struct layout *layout;
	const unsigned char *head;
	bool big;
};

static uint64_t number_at(const struct elf *elf, const unsigned char *p, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | p[elf->big ? i : size - 1 - i];
	return value;
}

static const char *machine_name(const struct elf *elf)
{
	uint64_t number = number_at(elf, elf->head + offsetof(Elf32_Ehdr, e_machine), 2);

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		const struct machine *machine = &machines[i];

		if (machine->number == number &&
		    (!machine->class || machine->class == elf->head[EI_CLASS]) &&
		    (!machine->order || machine->order == elf->head[EI_DATA]))
			return machine->name;
	}
	return "unknown";
}

/* False: the architecture is one that is known here, and this is no program for it. */
static bool fits(struct sv architecture, const struct elf *elf)
{
	uint64_t number = number_at(elf, elf->head + offsetof(Elf32_Ehdr, e_machine), 2);
	bool known = false;

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		if (!sv_eq(architecture, targets[i].architecture))
			continue;
		known = true;
		if (targets[i].number == number &&
		    (!targets[i].class || targets[i].class == elf->head[EI_CLASS]) &&
		    (!targets[i].order || targets[i].order == elf->head[EI_DATA]))
			return true;
	}
	return !known;
}

static int32_t not_executable(struct execution *execution, struct sv name,
			      const char *text)
{
	return execution_fail(execution, ENOEXEC, OCIENV_ERR_UNSUPPORTED, name, text);
}

/* `size` bytes from `offset`; `text` is for a file that ends before. */
static int32_t read_part(struct execution *execution, int fd, void *buffer, size_t size,
			 uint64_t offset, struct sv name, const char *text)
{
	ssize_t n = file_read(fd, buffer, size, offset);

	if (n < 0)
		return execution_fail_read(execution, errno, name);
	return n == (ssize_t)size ? OCIENV_OK : not_executable(execution, name, text);
}

/* The name of the loader: NUL-terminated within 2 to PATH_MAX bytes, as the kernel wants. */
static int32_t read_interp(struct execution *execution, const struct elf *elf, int fd,
			   const unsigned char *program_header, struct sv name,
			   struct elf_facts *ret)
{
	static const char cut_short[] = "has a PT_INTERP cut short (exec format)";
	const struct layout *layout = elf->layout;
	uint64_t offset = number_at(elf, program_header + layout->offset, layout->word);
	uint64_t size = number_at(elf, program_header + layout->filesz, layout->word);
	struct found loader;
	int32_t status;
	char *text;

	if (size < 2 || size > PATH_MAX)
		return not_executable(execution, name,
				      "has a PT_INTERP of a bad length (exec format)");
	text = arena_chars(execution->arena, (size_t)size);
	if (!text)
		return diag_memory(execution->diag, arena_status(execution->arena));
	status = read_part(execution, fd, text, (size_t)size, offset, name, cut_short);
	if (!status && text[size - 1])
		status = not_executable(execution, name, cut_short);
	if (status)
		return status;
	ret->interp = sv_of(text);
	status = execution_find(execution, ret->interp, name, "program", &loader);
	if (!status)
		close(loader.fd);
	return status;
}

/* Reads the program headers in pieces and stops at the first PT_INTERP. */
static int32_t read_program_headers(struct execution *execution, const struct elf *elf,
				    int fd, struct sv name, struct elf_facts *ret)
{
	enum { PIECE = 16, MOST = 65536 };
	const struct layout *layout = elf->layout;
	uint64_t at = number_at(elf, elf->head + layout->phoff, layout->word);
	uint64_t left = number_at(elf, elf->head + layout->phnum, 2);
	unsigned char piece[PIECE * sizeof(Elf64_Phdr)];
	size_t each = layout->program_header;

	if (number_at(elf, elf->head + layout->phentsize, 2) != each || !left ||
	    left * each > MOST)
		return not_executable(execution, name,
				      "has no usable program headers (exec format)");
	while (left) {
		size_t count = left < PIECE ? (size_t)left : PIECE;

		int32_t status =
			read_part(execution, fd, piece, count * each, at, name,
				  "ends before its program headers (exec format)");

		if (status)
			return status;
		for (size_t i = 0; i < count; i++)
			if (number_at(elf, piece + i * each, 4) == PT_INTERP)
				return read_interp(execution, elf, fd, piece + i * each,
						   name, ret);
		at += count * each; /* file_read() bounded it */
		left -= count;
	}
	return OCIENV_OK;
}

int32_t elf_read(struct execution *execution, int fd, const char *head, struct sv name,
		 struct elf_facts *ret)
{
	struct elf elf = {.head = (const unsigned char *)head};
	unsigned int class = elf.head[EI_CLASS], order = elf.head[EI_DATA];
	uint64_t type;

	if ((class != ELFCLASS32 && class != ELFCLASS64) ||
	    (order != ELFDATA2LSB && order != ELFDATA2MSB))
		return not_executable(execution, name,
				      "has a broken ELF header (exec format)");
	elf.layout = &layouts[class];
	elf.big = order == ELFDATA2MSB;
	ret->machine = machine_name(&elf);
	ret->bits = elf.layout->bits;
	type = number_at(&elf, elf.head + offsetof(Elf32_Ehdr, e_type), 2);
	ret->type = type < sizeof(types) / sizeof(types[0]) ? types[type] : "other";
	if (type != ET_EXEC && type != ET_DYN)
		return not_executable(execution, name,
				      "is an ELF file but no program (exec format)");
	if (!fits(execution->architecture, &elf))
		return not_executable(execution, name,
				      "is a program for another machine than the image says "
				      "(exec format)");
	return read_program_headers(execution, &elf, fd, name, ret);
}

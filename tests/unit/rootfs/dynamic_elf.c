/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/rootfs/dynamic_elf.h"

#include <string.h>

enum {
	SECTION = 512,	/* where the dynamic section is, */
	STRINGS = 12288, /* and its strings: offsets */
	ADDRESS = 0x10000, /* of the whole file */
};

struct writer {
	unsigned char *buffer;
	size_t at, strings; /* the next entry, the next string */
	bool big;
};

static void number(struct writer *w, size_t at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		w->buffer[at + (w->big ? size - 1 - i : i)] = (unsigned char)(value >> 8 * i);
}

static void entry(struct writer *w, uint64_t tag, uint64_t value)
{
	size_t word = w->big ? 4 : 8;

	number(w, w->at, word, tag);
	number(w, w->at + word, word, value);
	w->at += 2 * word;
}

static size_t string(struct writer *w, const char *text)
{
	size_t at = w->strings;

	memcpy(w->buffer + at, text, strlen(text) + 1);
	w->strings += strlen(text) + 1;
	return at;
}

static void text_entry(struct writer *w, uint64_t tag, const char *text)
{
	if (text)
		entry(w, tag, string(w, text) - STRINGS);
}

static void segment(struct writer *w, unsigned int index, uint32_t type, uint64_t offset,
		    uint64_t size)
{
	if (w->big) {
		size_t at = sizeof(Elf32_Ehdr) + index * sizeof(Elf32_Phdr);

		number(w, at + offsetof(Elf32_Phdr, p_type), 4, type);
		number(w, at + offsetof(Elf32_Phdr, p_offset), 4, offset);
		number(w, at + offsetof(Elf32_Phdr, p_vaddr), 4, ADDRESS + offset);
		number(w, at + offsetof(Elf32_Phdr, p_filesz), 4, size);
		number(w, at + offsetof(Elf32_Phdr, p_memsz), 4, size);
	} else {
		size_t at = sizeof(Elf64_Ehdr) + index * sizeof(Elf64_Phdr);

		number(w, at + offsetof(Elf64_Phdr, p_type), 4, type);
		number(w, at + offsetof(Elf64_Phdr, p_offset), 8, offset);
		number(w, at + offsetof(Elf64_Phdr, p_vaddr), 8, ADDRESS + offset);
		number(w, at + offsetof(Elf64_Phdr, p_filesz), 8, size);
		number(w, at + offsetof(Elf64_Phdr, p_memsz), 8, size);
	}
}

static void header(struct writer *w, const struct dynamic_elf *elf, unsigned int segments)
{
	memcpy(w->buffer, ELFMAG, SELFMAG);
	w->buffer[EI_CLASS] = w->big ? ELFCLASS32 : ELFCLASS64;
	w->buffer[EI_DATA] = w->big ? ELFDATA2MSB : ELFDATA2LSB;
	w->buffer[EI_VERSION] = EV_CURRENT;
	number(w, offsetof(Elf64_Ehdr, e_type), 2, elf->type ? elf->type : ET_DYN);
	number(w, offsetof(Elf64_Ehdr, e_machine), 2, w->big ? EM_PPC : EM_X86_64);
	number(w, offsetof(Elf64_Ehdr, e_version), 4, EV_CURRENT);
	if (w->big) {
		number(w, offsetof(Elf32_Ehdr, e_phoff), 4, sizeof(Elf32_Ehdr));
		number(w, offsetof(Elf32_Ehdr, e_phentsize), 2, sizeof(Elf32_Phdr));
		number(w, offsetof(Elf32_Ehdr, e_phnum), 2, segments);
	} else {
		number(w, offsetof(Elf64_Ehdr, e_phoff), 8, sizeof(Elf64_Ehdr));
		number(w, offsetof(Elf64_Ehdr, e_phentsize), 2, sizeof(Elf64_Phdr));
		number(w, offsetof(Elf64_Ehdr, e_phnum), 2, segments);
	}
}

size_t dynamic_elf(unsigned char *buffer, const struct dynamic_elf *elf)
{
	struct writer w = {buffer, SECTION, STRINGS + 1, elf->big};
	unsigned int segments = 1;
	size_t interp;

	memset(buffer, 0, DYNAMIC_ELF);
	for (uint32_t i = 0; i < elf->repeats; i++)
		entry(&w, DT_NEEDED, 1);
	for (size_t i = 0; i < 4; i++)
		text_entry(&w, DT_NEEDED, elf->needed[i]);
	text_entry(&w, DT_SONAME, elf->soname);
	text_entry(&w, DT_RPATH, elf->rpath);
	text_entry(&w, DT_RUNPATH, elf->runpath);
	if (elf->flags_1)
		entry(&w, DT_FLAGS_1, elf->flags_1);
	entry(&w, DT_STRTAB, ADDRESS + STRINGS);
	entry(&w, DT_NULL, 0);
	if (!elf->plain)
		segment(&w, segments++, PT_DYNAMIC, SECTION, w.at - SECTION);
	if (elf->interp) {
		interp = string(&w, elf->interp);
		segment(&w, segments++, PT_INTERP, interp, w.strings - interp);
	}
	segment(&w, 0, PT_LOAD, 0, w.strings);
	header(&w, elf, segments);
	return w.strings;
}

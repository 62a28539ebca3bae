/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dynamic section, found as a loader finds it: addresses, not offsets.
 *
 * Must never go by DT_STRSZ or a count of the file: each string ends within its segment and
 * within a length that has a name here, or the file is refused.
 */
#define _GNU_SOURCE
#include "rootfs/dynamic.h"

#include "rootfs/file.h"
#include "rootfs/walk.h"

#include <errno.h>
#include <limits.h>

enum {
	MOST_SECTION = 65536, /* bytes of entries */
	MOST_LIST = 65536,    /* of DT_RPATH and DT_RUNPATH */
	PIECE = 512,
};

struct reading {
	const struct elf_file *elf;
	struct arena *arena;
	struct elf_segment *loads;
	uint32_t load_count;
	struct elf_segment section; /* PT_DYNAMIC */
	uint64_t strings, soname, rpath, runpath; /* an address, offsets in what is there */
	bool has_strings, has_soname, has_rpath, has_runpath;
	struct vec needed; /* uint64_t */
};

enum libc_flavour dynamic_libc(struct sv interp)
{
	struct sv base = interp, part;

	while (sv_cut(&interp, '/', &part))
		base = part;
	if (sv_has_prefix(base, SV("ld-musl-")))
		return LIBC_MUSL;
	if (sv_has_prefix(base, SV("ld-linux")) || sv_has_prefix(base, SV("ld64.so.")) ||
	    sv_eq(base, SV("ld.so.1")))
		return LIBC_GLIBC;
	return LIBC_UNKNOWN;
}

bool dynamic_is_pie(const struct elf_file *elf, const struct dynamic *dynamic)
{
	return elf->type == ET_DYN && (dynamic->interp || (dynamic->flags_1 & DF_1_PIE));
}

/* The segments; the last PT_DYNAMIC counts, as it does for glibc and musl. */
static int read_segments(struct reading *r, struct dynamic *ret)
{
	struct elf_segments segments;
	struct elf_segment segment;

	if (!elf_segments(&segments, r->elf))
		return ENOEXEC;
	r->loads = ARENA_ARRAY(r->arena, r->elf->phnum, struct elf_segment);
	if (!r->loads)
		return walk_memory(r->arena);
	while (elf_next_segment(&segments, &segment)) {
		if (segment.type == PT_LOAD)
			r->loads[r->load_count++] = segment;
		else if (segment.type == PT_DYNAMIC)
			r->section = segment;
		else if (segment.type == PT_INTERP)
			ret->interp = true;
	}
	ret->present = r->section.type == PT_DYNAMIC;
	return segments.error ? segments.error : segments.cut ? ENOEXEC : 0;
}

/* Where an address is in the file, and how many bytes of its segment follow; 0: nowhere. */
static uint64_t offset_of(const struct reading *r, uint64_t address, uint64_t *left)
{
	for (uint32_t i = 0; i < r->load_count; i++) {
		const struct elf_segment *load = &r->loads[i];
		uint64_t at = address - load->vaddr;

		if (address < load->vaddr || at >= load->filesz ||
		    load->offset > UINT64_MAX - at)
			continue;
		*left = load->filesz - at;
		return load->offset + at;
	}
	*left = 0;
	return 0;
}

static bool add_needed(struct reading *r, uint64_t offset)
{
	uint64_t *one = r->needed.count < DYNAMIC_NEEDED
				? VEC_PUSH(&r->needed, r->arena, uint64_t)
				: NULL;

	if (one)
		*one = offset;
	return one;
}

/* False: too many names, or no memory. Of other tags the last one counts. */
static bool take_entry(struct reading *r, uint64_t tag, uint64_t value, struct dynamic *ret)
{
	if (tag == DT_NEEDED)
		return add_needed(r, value);
	if (tag == DT_STRTAB) {
		r->strings = value;
		r->has_strings = true;
	} else if (tag == DT_SONAME) {
		r->soname = value;
		r->has_soname = true;
	} else if (tag == DT_RPATH) {
		r->rpath = value;
		r->has_rpath = true;
	} else if (tag == DT_RUNPATH) {
		r->runpath = value;
		r->has_runpath = true;
	} else if (tag == DT_FLAGS_1) {
		ret->flags_1 = value;
	}
	return true;
}

static int read_entries(struct reading *r, struct dynamic *ret)
{
	size_t word = r->elf->layout->word, each = 2 * word, have = 0, at = 0;
	unsigned char piece[PIECE];
	uint64_t left, offset = offset_of(r, r->section.vaddr, &left);
	int error;

	if (left > MOST_SECTION)
		left = MOST_SECTION;
	for (;;) {
		uint64_t tag;

		if (at == have) {
			size_t size = left < sizeof(piece) ? (size_t)left : sizeof(piece);

			size -= size % each;
			error = size ? file_read_all(r->elf->fd, piece, size, offset) : ENOEXEC;
			if (error)
				return error; /* no DT_NULL */
			have = size;
			at = 0;
			left -= size;
			offset += size; /* file_read() bounded it */
		}
		tag = elf_number(r->elf, piece + at, word);
		if (tag == DT_NULL)
			return 0;
		if (!take_entry(r, tag, elf_number(r->elf, piece + at + word, word), ret))
			return arena_failed(r->arena) ? walk_memory(r->arena) : ENOEXEC;
		at += each;
	}
}

/* Bytes before the NUL at `offset` of the file. ENOEXEC: there is none among `most`. */
static int length_at(const struct reading *r, uint64_t offset, uint64_t most, uint64_t *ret)
{
	char piece[PIECE];

	for (uint64_t len = 0; len < most;) {
		size_t size = most - len < sizeof(piece) ? (size_t)(most - len) : sizeof(piece);
		ssize_t got = file_read(r->elf->fd, piece, size, offset + len);
		const char *end = got > 0 ? memchr(piece, '\0', (size_t)got) : NULL;

		*ret = len + (uint64_t)(end ? end - piece : 0);
		if (end)
			return 0;
		if (got != (ssize_t)size)
			return got < 0 ? errno : ENOEXEC;
		len += size;
	}
	return ENOEXEC;
}

static int read_string(const struct reading *r, uint64_t at, uint64_t most, struct sv *ret)
{
	uint64_t left, offset, len = 0;
	char *text;
	int error;

	if (!r->has_strings || at > UINT64_MAX - r->strings)
		return ENOEXEC;
	offset = offset_of(r, r->strings + at, &left);
	if (left < most)
		most = left;
	error = length_at(r, offset, most, &len);
	if (error)
		return error;
	text = arena_chars(r->arena, (size_t)len);
	if (!text)
		return walk_memory(r->arena);
	error = file_read_all(r->elf->fd, text, (size_t)len, offset);
	if (!error)
		*ret = sv_of(text); /* another process may have written a NUL by now */
	return error;
}

static int read_strings(const struct reading *r, struct dynamic *ret)
{
	const uint64_t *needed = r->needed.items;
	int error = 0;

	ret->needed = ARENA_ARRAY(r->arena, r->needed.count + 1, struct sv);
	if (!ret->needed)
		return walk_memory(r->arena);
	for (uint32_t i = 0; !error && i < r->needed.count; i++)
		error = read_string(r, needed[i], PATH_MAX, &ret->needed[i]);
	ret->needed_count = r->needed.count;
	if (!error && r->has_soname)
		error = read_string(r, r->soname, PATH_MAX, &ret->soname);
	if (!error && r->has_rpath)
		error = read_string(r, r->rpath, MOST_LIST, &ret->rpath);
	if (!error && r->has_runpath)
		error = read_string(r, r->runpath, MOST_LIST, &ret->runpath);
	return error;
}

int dynamic_read(const struct elf_file *elf, struct arena *arena, struct dynamic *ret)
{
	struct reading r = {.elf = elf, .arena = arena};
	struct dynamic got = {.present = false};
	int error = read_segments(&r, &got);

	if (!error && got.present)
		error = read_entries(&r, &got);
	if (!error && got.present)
		error = read_strings(&r, &got);
	if (!error)
		*ret = got;
	return error;
}

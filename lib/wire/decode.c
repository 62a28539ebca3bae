/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of CONFIG blobs: docs/wire.md as code. Alone, this file is libocienv-boot,
 * the part that goes into an enclave, so it must never allocate, never call anything but
 * memcpy, memset and memcmp, never include more of the project than the two headers
 * below, and never read a byte outside the blob, even while somebody else writes to it:
 * every offset is read once and compared with sizes that are kept outside the blob.
 */
#pragma GCC visibility push(default) /* of boot.h, and of nothing else */
#include "ocienv/boot.h"
#pragma GCC visibility pop
#include "wire/layout.h"

#include <stdbool.h>
#include <string.h>

#if defined(__LP64__) && defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define AT(member, at)                                                                   \
	_Static_assert(offsetof(struct ocienv_occlum_rootfs_config, member) == (at),     \
		       #member)
AT(len, 0);
AT(upper_layer_path, 8);
AT(lower_layer_path, 16);
AT(entry_point, 24);
AT(hostfs_source, 32);
AT(hostfs_target, 40);
AT(envp, 48);
_Static_assert(sizeof(struct ocienv_occlum_rootfs_config) == 56, "Occlum wants 56 bytes");
_Static_assert(_Alignof(struct ocienv_occlum_rootfs_config) == 8, "and their alignment");
#undef AT
#endif

enum {
	BOOT_SLOTS = 16, /* of struct ocienv_boot */
	NEEDED = WIRE_SLOT_KNOWN | WIRE_SLOT_CRITICAL | WIRE_SLOT_MANDATORY,
	NOTE = WIRE_SLOT_KNOWN | WIRE_SLOT_MANDATORY, /* may be skipped, must be there */
	ADVICE = WIRE_SLOT_KNOWN,
	CHOICE = WIRE_SLOT_KNOWN | WIRE_SLOT_CRITICAL,
};

/* --- bytes, a word at a time -------------------------------------------------------- */

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)
#define EVENS UINT64_C(0x00ff00ff00ff00ff)
#define LANES UINT64_C(0x0001000100010001)

/* 0x80 in each byte of `word` that is zero, 0 in the others. */
static inline uint64_t zero_bytes(uint64_t word)
{
	return ~(((word & ~HIGHS) + ~HIGHS) | word | ~HIGHS);
}

/* The index of the lowest byte that is marked with 0x80; `marks` is not 0. */
static inline uint32_t lowest(uint64_t marks)
{
	return (uint32_t)((((marks & -marks) - 1) & ONES) * ONES >> 56) - 1;
}

/* 16 bytes at any address, compared at once; without such instructions the compiler makes
 * two words of them. */
typedef uint8_t bytes16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t words2 __attribute__((vector_size(16)));

/* How many bytes are NUL. This is the one pass over every byte of a pool. */
static size_t count_nuls(const uint8_t *p, size_t n)
{
	size_t nuls = 0;

	while (n >= 16) {
		size_t steps =
			n / 16 < 255 ? n / 16 : 255; /* a byte of `sums` holds 255 */
		bytes16 sums = {0};
		words2 words;

		n -= steps * 16;
		for (; steps; steps--, p += 16)
			sums -= (bytes16)(*(const bytes16 *)p ==
					  0); /* 0xff where it is */
		words = (words2)sums;
		words = (words & EVENS) + (words >> 8 & EVENS);
		nuls += (size_t)((words[0] + words[1]) * LANES >> 48);
	}
	for (; n; n--, p++)
		nuls += !*p;
	return nuls;
}

/* Bytes before the first `byte`, or all of them. */
static inline uint32_t find(const uint8_t *p, uint32_t n, uint8_t byte)
{
	uint32_t i = 0;

	for (; n - i >= 8; i += 8) {
		uint64_t marks = zero_bytes(wire_u64(p + i) ^ ONES * byte);

		if (marks)
			return i + lowest(marks);
	}
	while (i < n && p[i] != byte)
		i++;
	return i;
}

/* Bytes of the well-formed sequence at p, which is not ASCII; 0 if there is none. */
static size_t sequence(const uint8_t *p, size_t left)
{
	uint8_t lead = p[0], second, low = 0x80, high = 0xbf;
	size_t n = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	if (lead < 0xc2 || lead > 0xf4 || left < n)
		return 0;
	if (lead == 0xe0)
		low = 0xa0; /* below: overlong */
	else if (lead == 0xed)
		high = 0x9f; /* above: surrogates */
	else if (lead == 0xf0)
		low = 0x90; /* below: overlong */
	else if (lead == 0xf4)
		high = 0x8f; /* above: beyond U+10FFFF */
	second = p[1];
	if (second < low || second > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static bool is_utf8(const uint8_t *p, size_t n)
{
	size_t i = 0, step;

	while (i < n) {
		if (n - i >= 8 && !(wire_u64(p + i) & HIGHS)) {
			i += 8;
			continue;
		}
		step = p[i] < 0x80 ? 1 : sequence(p + i, n - i);
		if (!step)
			return false;
		i += step;
	}
	return true;
}

/* --- the container ------------------------------------------------------------------ */

/* Each field is read once: the bytes may be somebody else's to write. */
static uint32_t check_header(struct wire_view *view, size_t size,
			     const struct wire_form *form, uint32_t *ret_sections)
{
	const uint8_t *bytes = view->bytes;
	uint32_t total, sections;

	if (size < WIRE_HEADER_SIZE)
		return WIRE_FAULT_SIZE;
	if (memcmp(bytes, WIRE_MAGIC, WIRE_MAGIC_SIZE) != 0)
		return WIRE_FAULT_MAGIC;
	if (wire_u16(bytes + WIRE_AT_MAJOR) != WIRE_MAJOR)
		return WIRE_FAULT_VERSION;
	if (wire_u32(bytes + WIRE_AT_HEADER_SIZE) != WIRE_HEADER_SIZE ||
	    wire_u32(bytes + WIRE_AT_RESERVED) != 0)
		return WIRE_FAULT_HEADER;
	if (wire_u32(bytes + WIRE_AT_FLAGS) != form->kind)
		return WIRE_FAULT_KIND;
	total = wire_u32(bytes + WIRE_AT_TOTAL_SIZE);
	if (total < WIRE_HEADER_SIZE || total > size || total > OCIENV_BOOT_MAX_SIZE ||
	    total % WIRE_ALIGN)
		return WIRE_FAULT_SIZE;
	sections = wire_u32(bytes + WIRE_AT_SECTIONS);
	if (sections > (total - WIRE_HEADER_SIZE) / WIRE_ENTRY_SIZE)
		return WIRE_FAULT_SECTIONS;
	view->size = total;
	*ret_sections = sections;
	return 0;
}

/* What the reader has to do with a section. */
enum meaning { READ, SKIP_NEWER, SKIP_VENDOR, REFUSE };

static enum meaning meaning_of(const struct wire_form *form, uint32_t type,
			       uint32_t flags, uint32_t minor, uint32_t *ret_fault)
{
	uint32_t slot = type - form->first; /* wraps below the first type */
	bool critical = flags & WIRE_ENTRY_CRITICAL;

	*ret_fault = WIRE_FAULT_CRITICAL;
	if (slot < WIRE_SLOTS && form->slots[slot]) {
		bool wanted = form->slots[slot] & WIRE_SLOT_CRITICAL;

		return critical == wanted ? READ : REFUSE;
	}
	if (critical)
		return REFUSE;
	if (type >= WIRE_VENDOR)
		return SKIP_VENDOR;
	*ret_fault = WIRE_FAULT_UNKNOWN;
	return minor > WIRE_MINOR ? SKIP_NEWER : REFUSE;
}

/* Checks that content and padding of an entry begin at *at, and moves *at behind them. */
static uint32_t check_place(const struct wire_view *view, uint32_t offset,
			    uint32_t length, uint32_t *at)
{
	uint32_t end;

	if (offset != *at || length > view->size - offset)
		return WIRE_FAULT_OFFSET;
	end = (uint32_t)wire_align(offset + length); /* the size is a multiple of 8 too */
	for (uint32_t i = offset + length; i < end; i++)
		if (view->bytes[i])
			return WIRE_FAULT_PADDING;
	*at = end;
	return 0;
}

static uint32_t check_table(struct wire_view *view, const struct wire_form *form,
			    uint32_t sections)
{
	uint32_t at = WIRE_HEADER_SIZE + WIRE_ENTRY_SIZE * sections;
	uint32_t minor = wire_u16(view->bytes + WIRE_AT_MINOR), last = 0, fault;
	bool newer = false;

	for (uint32_t i = 0; i < sections; i++) {
		const uint8_t *entry =
			view->bytes + WIRE_HEADER_SIZE + (size_t)WIRE_ENTRY_SIZE * i;
		uint32_t type = wire_u16(entry + WIRE_ENTRY_TYPE);
		uint32_t flags = wire_u16(entry + WIRE_ENTRY_FLAGS);
		uint32_t offset = wire_u32(entry + WIRE_ENTRY_OFFSET);
		uint32_t length = wire_u32(entry + WIRE_ENTRY_LENGTH);
		enum meaning meaning;

		if (type <= last)
			return wire_fault(type, WIRE_FAULT_ORDER);
		if (flags & ~(uint32_t)WIRE_ENTRY_CRITICAL ||
		    wire_u32(entry + WIRE_ENTRY_RESERVED))
			return wire_fault(type, WIRE_FAULT_ENTRY);
		meaning = meaning_of(form, type, flags, minor, &fault);
		if (meaning == REFUSE)
			return wire_fault(type, fault);
		fault = check_place(view, offset, length, &at);
		if (fault)
			return wire_fault(type, fault);
		if (meaning == READ) {
			view->section[type - form->first] = offset;
			view->length[type - form->first] = length;
		}
		newer |= meaning == SKIP_NEWER;
		last = type;
	}
	if (at != view->size)
		return WIRE_FAULT_SIZE;
	/* The minor number is the lowest that knows all sections. */
	return minor > WIRE_MINOR && !newer ? WIRE_FAULT_VERSION : 0;
}

uint32_t wire_check_container(const uint8_t *bytes, size_t size,
			      const struct wire_form *form, struct wire_view *ret)
{
	uint32_t fault, sections = 0;

	memset(ret, 0, sizeof(*ret));
	ret->bytes = bytes;
	fault = check_header(ret, size, form, &sections);
	if (!fault)
		fault = check_table(ret, form, sections);
	for (uint32_t i = 0; i < WIRE_SLOTS && !fault; i++)
		if (form->slots[i] & WIRE_SLOT_MANDATORY && !ret->section[i])
			fault = wire_fault(form->first + i, WIRE_FAULT_MISSING);
	return fault;
}

/* --- what is in the sections -------------------------------------------------------- */

/* One NUL before each string but the first, one at the very end, and no more NULs in the
 * pool than strings: so each string ends in the only NUL it has. */
uint32_t wire_check_strings(const uint8_t *bytes, uint32_t length)
{
	struct wire_list list = wire_list(bytes, length);
	uint32_t last = 0;

	if (length < WIRE_LIST_SIZE || wire_u32(bytes) != list.count ||
	    wire_u32(bytes + 4) != list.pool_size)
		return WIRE_FAULT_LENGTH;
	if (!list.count)
		return list.pool_size ? WIRE_FAULT_LENGTH : 0;
	if (wire_u32(list.offsets) != 0 || list.pool[list.pool_size - 1])
		return WIRE_FAULT_STRINGS;
	for (uint32_t i = 1; i < list.count; i++) {
		uint32_t offset = wire_u32(list.offsets + 4 * (size_t)i);

		if (offset <= last || offset >= list.pool_size || list.pool[offset - 1])
			return WIRE_FAULT_STRINGS;
		last = offset;
	}
	return count_nuls(list.pool, list.pool_size) == list.count ? 0
								   : WIRE_FAULT_STRINGS;
}

/* Absolute, UTF-8, one NUL and that at the end. `length` counts the NUL. */
static bool is_path(const uint8_t *p, uint32_t length)
{
	return length >= 2 && p[0] == '/' && find(p, length, 0) == length - 1 &&
	       is_utf8(p, length);
}

/* True if a component is empty or made of `dots` dots. */
static bool has_component(const uint8_t *p, uint32_t length, uint32_t dots)
{
	for (uint32_t i = 0, n; i + 1 < length; i += n + 1) {
		n = find(p + i + 1, length - 1 - i, '/');
		if (n == length - 1 - i)
			n--; /* the NUL is part of no component */
		if (n == dots && (!n || (p[i + 1] == '.' && p[i + n] == '.')))
			return true;
	}
	return false;
}

/* No "//", no "/./", and no "/" or "/." at the end. */
static bool is_plain_path(const uint8_t *p, uint32_t length)
{
	return is_path(p, length) && !has_component(p, length, 0) &&
	       !has_component(p, length, 1);
}

static bool is_source(uint32_t byte)
{
	return (byte & WIRE_SOURCE_MASK) <= WIRE_SOURCE_MAX;
}

/* Looks at 8 bytes; a value that is shorter has its NUL among them. */
static bool is_sealed(const uint8_t *value)
{
	return wire_u64(value) << 8 == wire_u64((const uint8_t *)WIRE_SEALED) << 8;
}

/* True if the name before the "=" at `a` sorts before that at `b`, which has `length`
 * bytes: it ends where they differ, or has the lesser byte there. */
static bool name_before(const uint8_t *a, const uint8_t *b, uint32_t length)
{
	uint64_t differ = 0;
	uint32_t i = 0;

	for (; i < length && !differ; i += 8)
		differ = zero_bytes(wire_u64(a + i) ^ wire_u64(b + i)) ^ HIGHS;
	if (!differ)
		return false;
	i += lowest(differ) - 8;
	return i < length && (a[i] == '=' || a[i] < b[i]);
}

/* NAME=VALUE, sorted by name, and what ENVSRC says about each. Looks up to 8 bytes beyond
 * the pool: those are still bytes of the blob, for CWD comes later. */
static uint32_t check_variables(const struct wire_view *view)
{
	uint32_t length = view->length[WIRE_ENVP], at = view->section[WIRE_ENVP];
	struct wire_list list = wire_list(view->bytes + at, length);
	const uint8_t *sources = view->bytes + view->section[WIRE_ENVSRC];
	const uint8_t *last = NULL;
	uint32_t start = 0;

	if (list.count != view->length[WIRE_ENVSRC])
		return wire_fault(WIRE_ENVSRC, WIRE_FAULT_LENGTH);
	if (view->size - at - length < 8)
		return wire_fault(WIRE_CWD, WIRE_FAULT_MISSING);
	for (uint32_t i = 0; i < list.count; i++) {
		const uint8_t *entry = list.pool + start;
		uint32_t end = wire_list_offset(&list, i + 1);
		uint32_t size = end > start ? end - start : 0; /* 0: changed meanwhile */
		uint32_t name = find(entry, size + 7, '=');
		uint32_t source = sources[i];

		if (!name || name >= size)
			return wire_fault(WIRE_ENVP, WIRE_FAULT_VARIABLE);
		if (last && !name_before(last, entry, name))
			return wire_fault(WIRE_ENVP, WIRE_FAULT_UNSORTED);
		if (!is_source(source) ||
		    !(source & WIRE_SOURCE_SEALED) != !is_sealed(entry + name + 1))
			return wire_fault(WIRE_ENVSRC, WIRE_FAULT_SOURCE);
		last = entry;
		start = end;
	}
	return 0;
}

/* 2^32 - 1 means "leave it" to the kernel, so it is nobody's number. */
static uint32_t check_user(const uint8_t *p, uint32_t length)
{
	uint32_t count = (length - WIRE_USER_SIZE) / 4;

	if (length < WIRE_USER_SIZE || length % 4 ||
	    wire_u32(p + WIRE_USER_GROUP_COUNT) != count)
		return WIRE_FAULT_LENGTH;
	if (wire_u32(p) == UINT32_MAX || wire_u32(p + WIRE_USER_GID) == UINT32_MAX ||
	    wire_u32(p + WIRE_USER_UMASK) > WIRE_UMASK_MAX)
		return WIRE_FAULT_ID;
	p += WIRE_USER_SIZE;
	for (uint32_t i = 0, last = 0; i < count; i++) {
		uint32_t group = wire_u32(p + 4 * (size_t)i);

		if (group == UINT32_MAX)
			return WIRE_FAULT_ID;
		if (i && group <= last)
			return WIRE_FAULT_UNSORTED;
		last = group;
	}
	return 0;
}

/* A byte per argument, then one for CWD and one for USER. */
static uint32_t check_argument_sources(const uint8_t *p, uint32_t length,
				       uint32_t arguments)
{
	if (length < 2 || length - 2 != arguments)
		return WIRE_FAULT_LENGTH;
	for (uint32_t i = 0; i < length; i++)
		if (!is_source(p[i]) || p[i] & WIRE_SOURCE_SEALED)
			return WIRE_FAULT_SOURCE;
	return 0;
}

/* Five paths, not all of them empty: no section at all says that with fewer bytes. */
static uint32_t check_rootfs(const uint8_t *bytes, uint32_t length)
{
	struct wire_list list = wire_list(bytes, length);
	uint32_t sizes[WIRE_ROOTFS_COUNT];

	if (list.count != WIRE_ROOTFS_COUNT || list.pool_size == WIRE_ROOTFS_COUNT)
		return WIRE_FAULT_COUNT;
	if (!is_utf8(list.pool, list.pool_size))
		return WIRE_FAULT_PATH;
	for (uint32_t i = 0; i < WIRE_ROOTFS_COUNT; i++) {
		uint32_t start = wire_list_offset(&list, i);
		uint32_t end = wire_list_offset(&list, i + 1);
		const uint8_t *path = list.pool + start;

		sizes[i] = end > start ? end - start : 1;
		if (sizes[i] == 1)
			continue;
		/* The other three are the host's: any form. */
		if (i == WIRE_ROOTFS_ENTRY && !is_plain_path(path, sizes[i]))
			return WIRE_FAULT_PATH;
		if (i == WIRE_ROOTFS_TARGET && !is_path(path, sizes[i]))
			return WIRE_FAULT_PATH;
	}
	if (sizes[WIRE_ROOTFS_TARGET] > 1 && sizes[WIRE_ROOTFS_SOURCE] == 1)
		return WIRE_FAULT_PATH; /* a mount point for nothing */
	return 0;
}

/* A digest for each document that is known, in the order of their numbers. */
static uint32_t check_inputs(const uint8_t *p, uint32_t length)
{
	if (!length || length % WIRE_INPUT_SIZE)
		return WIRE_FAULT_LENGTH;
	for (uint32_t last = 0, at = 0; at < length; at += WIRE_INPUT_SIZE) {
		uint32_t document = wire_u32(p + at);

		if (document <= last || document > WIRE_INPUT_MAX ||
		    wire_u32(p + at + WIRE_INPUT_DIGEST) != WIRE_DIGEST_SHA256)
			return WIRE_FAULT_DIGEST;
		last = document;
	}
	return 0;
}

/* The lists first: what looks into a list expects it to be one. */
static uint32_t check_lists(const struct wire_view *view)
{
	static const uint8_t lists[] = {WIRE_ARGV, WIRE_ENVP, WIRE_ROOTFS};

	for (size_t i = 0; i < sizeof(lists); i++) {
		uint32_t type = lists[i], fault = 0;

		if (view->section[type])
			fault = wire_check_strings(view->bytes + view->section[type],
						   view->length[type]);
		if (fault)
			return wire_fault(type, fault);
	}
	return 0;
}

static uint32_t check_sections(const struct wire_view *view)
{
	const uint8_t *bytes = view->bytes;
	const uint32_t *at = view->section, *length = view->length;
	uint32_t arguments = wire_list(bytes + at[WIRE_ARGV], length[WIRE_ARGV]).count;
	uint32_t fault;

	if (at[WIRE_EXEC] && !is_plain_path(bytes + at[WIRE_EXEC], length[WIRE_EXEC]))
		return wire_fault(WIRE_EXEC, WIRE_FAULT_PATH);
	if (!arguments)
		return wire_fault(WIRE_ARGV, WIRE_FAULT_COUNT);
	if (!is_path(bytes + at[WIRE_CWD], length[WIRE_CWD]))
		return wire_fault(WIRE_CWD, WIRE_FAULT_PATH);
	fault = check_user(bytes + at[WIRE_USER], length[WIRE_USER]);
	if (fault)
		return wire_fault(WIRE_USER, fault);
	fault = check_argument_sources(bytes + at[WIRE_ARGSRC], length[WIRE_ARGSRC],
				       arguments);
	if (fault)
		return wire_fault(WIRE_ARGSRC, fault);
	if (at[WIRE_ROOTFS])
		fault = check_rootfs(bytes + at[WIRE_ROOTFS], length[WIRE_ROOTFS]);
	if (fault)
		return wire_fault(WIRE_ROOTFS, fault);
	if (at[WIRE_INPUTS])
		fault = check_inputs(bytes + at[WIRE_INPUTS], length[WIRE_INPUTS]);
	if (fault)
		return wire_fault(WIRE_INPUTS, fault);
	return check_variables(view);
}

uint32_t wire_check_config(struct ocienv_boot *ret, const uint8_t *bytes, size_t size)
{
	static const struct wire_form config = {
		WIRE_CONFIG,
		0,
		{[WIRE_EXEC] = CHOICE,
		 [WIRE_ARGV] = NEEDED,
		 [WIRE_ENVP] = NEEDED,
		 [WIRE_CWD] = NEEDED,
		 [WIRE_USER] = NEEDED,
		 [WIRE_ENVSRC] = NOTE,
		 [WIRE_ROOTFS] = CHOICE,
		 [WIRE_INPUTS] = ADVICE,
		 [WIRE_ARGSRC] = NOTE},
	};
	struct wire_view view;
	uint32_t fault = wire_check_container(bytes, size, &config, &view);

	if (!fault)
		fault = check_lists(&view);
	if (!fault)
		fault = check_sections(&view);
	if (fault)
		return fault;
	ret->bytes = bytes;
	ret->size = view.size;
	memcpy(ret->section, view.section, sizeof(ret->section));
	memcpy(ret->length, view.length, sizeof(ret->length));
	return 0;
}

/* --- boot.h ------------------------------------------------------------------------- */

int32_t ocienv_boot_open(struct ocienv_boot *ret, const void *blob, size_t size)
{
	if (!ret || !blob)
		return OCIENV_BOOT_ERR_ARGUMENT;
	return wire_check_config(ret, blob, size) ? OCIENV_BOOT_ERR_BLOB : OCIENV_BOOT_OK;
}

size_t ocienv_boot_measured_size(const struct ocienv_boot *boot)
{
	return boot ? boot->size : 0;
}

static const char *string_at(const struct ocienv_boot *boot, uint32_t type)
{
	if (!boot || !boot->section[type])
		return NULL;
	return (const char *)boot->bytes + boot->section[type];
}

static struct wire_list list_at(const struct ocienv_boot *boot, uint32_t type)
{
	return wire_list(boot->bytes + boot->section[type], boot->length[type]);
}

const char *ocienv_boot_exec(const struct ocienv_boot *boot)
{
	return string_at(boot, WIRE_EXEC);
}

const char *ocienv_boot_cwd(const struct ocienv_boot *boot)
{
	return string_at(boot, WIRE_CWD);
}

size_t ocienv_boot_argc(const struct ocienv_boot *boot)
{
	return boot ? list_at(boot, WIRE_ARGV).count : 0;
}

size_t ocienv_boot_envc(const struct ocienv_boot *boot)
{
	return boot ? list_at(boot, WIRE_ENVP).count : 0;
}

static int32_t fill(const struct ocienv_boot *boot, uint32_t type, char **vec,
		    size_t capacity)
{
	struct wire_list list;

	if (!boot || !vec)
		return OCIENV_BOOT_ERR_ARGUMENT;
	list = list_at(boot, type);
	if (capacity <= list.count)
		return OCIENV_BOOT_ERR_ARGUMENT;
	for (uint32_t i = 0; i < list.count; i++) /* execve wants them without const */
		vec[i] = (char *)(uintptr_t)(list.pool + wire_list_offset(&list, i));
	vec[list.count] = NULL;
	return OCIENV_BOOT_OK;
}

int32_t ocienv_boot_argv(const struct ocienv_boot *boot, char **vec, size_t capacity)
{
	return fill(boot, WIRE_ARGV, vec, capacity);
}

int32_t ocienv_boot_envp(const struct ocienv_boot *boot, char **vec, size_t capacity)
{
	return fill(boot, WIRE_ENVP, vec, capacity);
}

int32_t ocienv_boot_user(const struct ocienv_boot *boot, struct ocienv_boot_user *ret)
{
	const uint8_t *p;

	if (!boot || !ret)
		return OCIENV_BOOT_ERR_ARGUMENT;
	p = boot->bytes + boot->section[WIRE_USER];
	ret->uid = wire_u32(p);
	ret->gid = wire_u32(p + WIRE_USER_GID);
	ret->umask = wire_u32(p + WIRE_USER_UMASK);
	ret->group_count = (boot->length[WIRE_USER] - WIRE_USER_SIZE) / 4;
	ret->groups = p + WIRE_USER_SIZE;
	return OCIENV_BOOT_OK;
}

uint32_t ocienv_boot_group(const struct ocienv_boot_user *user, size_t i)
{
	if (!user || i >= user->group_count)
		return UINT32_MAX;
	return wire_u32(user->groups + 4 * i);
}

/* A path of ROOTFS; NULL where it is empty, or there is no such section. */
static const char *rootfs_path(const struct wire_list *list, uint32_t i)
{
	const uint8_t *path = list->pool + wire_list_offset(list, i);

	return list->count == WIRE_ROOTFS_COUNT && *path ? (const char *)path : NULL;
}

int32_t ocienv_boot_occlum(const struct ocienv_boot *boot,
			   struct ocienv_occlum_rootfs_config *ret, char **vec,
			   size_t capacity)
{
	const char *exec = ocienv_boot_exec(boot), *entry;
	struct wire_list paths, env;
	int32_t result = ocienv_boot_envp(boot, vec, capacity);

	if (!ret)
		return OCIENV_BOOT_ERR_ARGUMENT;
	if (result)
		return result;
	env = list_at(boot, WIRE_ENVP);
	if (!is_utf8(env.pool, env.pool_size))
		return OCIENV_BOOT_ERR_ENCODING; /* it would bring the LibOS down */
	if (exec && has_component((const uint8_t *)exec, boot->length[WIRE_EXEC], 2))
		return OCIENV_BOOT_ERR_UNSUPPORTED;
	paths = list_at(boot, WIRE_ROOTFS);
	entry = rootfs_path(&paths, WIRE_ROOTFS_ENTRY);
	ret->len = sizeof(*ret);
	ret->upper_layer_path = rootfs_path(&paths, WIRE_ROOTFS_UPPER);
	ret->lower_layer_path = rootfs_path(&paths, WIRE_ROOTFS_LOWER);
	ret->entry_point = entry ? entry : exec;
	ret->hostfs_source = rootfs_path(&paths, WIRE_ROOTFS_SOURCE);
	ret->hostfs_target = rootfs_path(&paths, WIRE_ROOTFS_TARGET);
	ret->envp = (const char *const *)vec;
	return OCIENV_BOOT_OK;
}

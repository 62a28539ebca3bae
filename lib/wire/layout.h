/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the bytes of an OEB1 blob lie: docs/wire.md in numbers, and the few inline
 * functions that every reader and writer needs to follow them. C99, and nothing but
 * <stdint.h>: the enclave's reader includes it. Nothing here may depend on the host's
 * byte order, on an alignment, or on what the bytes claim about themselves.
 */
#ifndef OCIENV_WIRE_LAYOUT_H
#define OCIENV_WIRE_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_MAGIC         "OCIENVB" /* with its NUL: 8 bytes */
#define WIRE_TRAILER_MAGIC "OCIENVT"
#define WIRE_SEALED        "sealed." /* a value that begins so is opaque until unsealed */

enum {
	WIRE_MAGIC_SIZE = 8,
	WIRE_MAJOR = 1,
	WIRE_MINOR = 0,

	/* The header: offsets of its fields. */
	WIRE_AT_MAJOR = 8,
	WIRE_AT_MINOR = 10,
	WIRE_AT_HEADER_SIZE = 12,
	WIRE_AT_TOTAL_SIZE = 16,
	WIRE_AT_SECTIONS = 20,
	WIRE_AT_FLAGS = 24,
	WIRE_AT_RESERVED = 28,
	WIRE_HEADER_SIZE = 32,

	/* Values of the flags: the kind. */
	WIRE_CONFIG = 0,
	WIRE_LAYER = 1,
	WIRE_PUBLIC = 2, /* beside CONFIG: to be hashed, and read by nobody */

	/* An entry of the section table: offsets of its fields. */
	WIRE_ENTRY_TYPE = 0,
	WIRE_ENTRY_FLAGS = 2,
	WIRE_ENTRY_OFFSET = 4,
	WIRE_ENTRY_LENGTH = 8,
	WIRE_ENTRY_RESERVED = 12,
	WIRE_ENTRY_SIZE = 16,
	WIRE_ENTRY_CRITICAL = 1, /* the one flag */

	WIRE_ALIGN = 8,
	WIRE_VENDOR = 0x8000, /* first of the vendors' types */

	WIRE_TRAILER_AT_SIZE = 8,
	WIRE_TRAILER_AT_RESERVED = 12,
	WIRE_TRAILER_SIZE = 16, /* of its header */
};

/* Sections of a CONFIG. */
enum {
	WIRE_EXEC = 1,
	WIRE_ARGV = 2,
	WIRE_ENVP = 3,
	WIRE_CWD = 4,
	WIRE_USER = 5,
	WIRE_ENVSRC = 6,
	WIRE_ROOTFS = 7,
	WIRE_INPUTS = 8,
	WIRE_ARGSRC = 11,
};

/* Sections of a LAYER. An even type from ENTRYPOINT on holds values; the odd one behind
 * it says where they were written. */
enum {
	WIRE_FACTS = 32,
	WIRE_DOCUMENTS = 33,
	WIRE_ENTRYPOINT = 34,
	WIRE_ARGS = 36,
	WIRE_ENV = 38,
	WIRE_OVERRODE = 40,
	WIRE_LAYER_CWD = 42,
	WIRE_HOSTNAME = 44,
	WIRE_IMAGE_USER = 46,
	WIRE_UID = 48,
	WIRE_GID = 50,
	WIRE_UMASK = 52,
	WIRE_NON_ROOT = 54,
	WIRE_GROUPS = 56,
	WIRE_WARNINGS = 58,
	WIRE_ARCHITECTURE = 60,
	WIRE_MOUNTS = 62,
	WIRE_DIGEST = 64, /* has no origin */
	WIRE_ORIGINS = 1, /* + type: its origins */
};

/* Fields inside sections. */
enum {
	WIRE_LIST_SIZE = 8, /* count and pool size, before the offsets */

	WIRE_USER_GID = 4,
	WIRE_USER_UMASK = 8,
	WIRE_USER_GROUP_COUNT = 12,
	WIRE_USER_SIZE = 16, /* before the groups */
	WIRE_UMASK_MAX = 0777,

	WIRE_SOURCE_MASK = 0x3f,
	WIRE_SOURCE_MAX = 10, /* OCIENV_SOURCE_CALLER */
	WIRE_SOURCE_SECRET = 0x40,
	WIRE_SOURCE_SEALED = 0x80,

	WIRE_ROOTFS_UPPER = 0,
	WIRE_ROOTFS_LOWER = 1,
	WIRE_ROOTFS_ENTRY = 2,
	WIRE_ROOTFS_SOURCE = 3,
	WIRE_ROOTFS_TARGET = 4,
	WIRE_ROOTFS_COUNT = 5,

	WIRE_FACTS_FLAGS = 4,
	WIRE_FACTS_CAPABILITIES = 8,
	WIRE_FACTS_ADD = 16,
	WIRE_FACTS_DROP = 24,
	WIRE_FACTS_SIZE = 32,
	WIRE_FACT_TTY = 1,
	WIRE_FACT_GROUPS_STRICT = 2,
	WIRE_FACT_CAPABILITIES = 4,
	WIRE_FACT_PRIVILEGED = 8,
	WIRE_FACT_LINKS_OFF = 16,
	WIRE_FACT_MASK = 31,

	WIRE_ORIGIN_COLUMN = 4,
	WIRE_ORIGIN_DOCUMENT = 8,
	WIRE_ORIGIN_SOURCE = 10,
	WIRE_ORIGIN_FLAGS = 11,
	WIRE_ORIGIN_SIZE = 12,
	WIRE_ORIGIN_SECRET = 1,
	WIRE_ORIGIN_EXPANDED = 2,
	WIRE_ORIGIN_MASK = 3,
	WIRE_DOCUMENT_NONE = 0xffff,
	WIRE_DOCUMENTS_MAX = 0x3fff,

	WIRE_DIGEST_SHA256 = 1, /* the one algorithm */
	WIRE_DIGEST_BYTES = 4,  /* where the digest begins */
	WIRE_DIGEST_SIZE = 36,
	WIRE_INPUT_DIGEST = 4, /* behind the number of the document */
	WIRE_INPUT_SIZE = 40,
	WIRE_INPUT_MAX = 4,

	WIRE_NUMBER_SIZE = 8,
	WIRE_WARNING_STRINGS = 3, /* code, subject, message */
};

/* Why bytes are no blob. The enclave's reader says BLOB for each; the host puts it into
 * words (read_blob.c). In bits 16 and up: the type of the section that it is about. */
enum {
	WIRE_FAULT_NONE,
	WIRE_FAULT_MAGIC,
	WIRE_FAULT_VERSION,
	WIRE_FAULT_HEADER,
	WIRE_FAULT_KIND,
	WIRE_FAULT_SIZE,
	WIRE_FAULT_SECTIONS,
	WIRE_FAULT_ORDER,
	WIRE_FAULT_ENTRY,
	WIRE_FAULT_CRITICAL,
	WIRE_FAULT_UNKNOWN,
	WIRE_FAULT_OFFSET,
	WIRE_FAULT_PADDING,
	WIRE_FAULT_MISSING,
	WIRE_FAULT_LENGTH,
	WIRE_FAULT_STRINGS,
	WIRE_FAULT_COUNT,
	WIRE_FAULT_PATH,
	WIRE_FAULT_VARIABLE,
	WIRE_FAULT_UNSORTED,
	WIRE_FAULT_SOURCE,
	WIRE_FAULT_ID,
	WIRE_FAULT_ORIGIN,
	WIRE_FAULT_NUMBER,
	WIRE_FAULT_FACTS,
	WIRE_FAULT_CODE,
	WIRE_FAULT_PAIR,
	WIRE_FAULT_DIGEST,
	WIRE_FAULT_TRAILER,
	WIRE_FAULT_UNHELD,
	WIRE_FAULT_COUNT_OF, /* how many there are */
};

static inline uint32_t wire_fault(uint32_t type, uint32_t rule)
{
	return type << 16 | rule;
}

/* --- numbers: little-endian, unsigned, at any alignment ----------------------------- */

static inline uint16_t wire_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t wire_u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t wire_u64(const uint8_t *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
	       (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static inline uint64_t wire_align(uint64_t n)
{
	return (n + WIRE_ALIGN - 1) & ~(uint64_t)(WIRE_ALIGN - 1);
}

/* --- the container, and lists of strings -------------------------------------------- */

enum { WIRE_SLOTS = 40 };

/* Which sections a kind of blob has; slot i is type first + i. */
struct wire_form {
	uint16_t kind;
	uint16_t first;
	uint8_t slots[WIRE_SLOTS]; /* bits below; 0: no such section */
};

enum {
	WIRE_SLOT_KNOWN = 1,
	WIRE_SLOT_CRITICAL = 2,
	WIRE_SLOT_MANDATORY = 4,
};

/* A container whose header, table and padding are right. */
struct wire_view {
	const uint8_t *bytes;
	uint32_t size;                /* of the measured prefix */
	uint32_t section[WIRE_SLOTS]; /* offset of the content; 0: absent */
	uint32_t length[WIRE_SLOTS];
};

/* Checks header, section table and padding; what is in the sections is the caller's job.
 * Returns a fault or 0; `ret` is filled on success only. */
uint32_t wire_check_container(const uint8_t *bytes, size_t size,
			      const struct wire_form *form, struct wire_view *ret);

/* Checks a list of strings that fills `length` bytes. Returns a fault or 0. */
uint32_t wire_check_strings(const uint8_t *bytes, uint32_t length);

/* Checks a blob as ocienv_boot_open() does, and says what is wrong. */
struct ocienv_boot;
uint32_t wire_check_config(struct ocienv_boot *ret, const uint8_t *bytes, size_t size);

/* A list of strings. Whatever its bytes say by now, all of it lies inside the section:
 * the sizes come from `length`, which the check above keeps outside the blob. */
struct wire_list {
	const uint8_t *offsets;
	const uint8_t *pool;
	uint32_t count;
	uint32_t pool_size;
};

static inline struct wire_list wire_list(const uint8_t *bytes, uint32_t length)
{
	struct wire_list list = {bytes, bytes, 0, 0};
	uint32_t count;

	if (length < WIRE_LIST_SIZE)
		return list;
	count = wire_u32(bytes);
	if ((uint64_t)5 * count > length - WIRE_LIST_SIZE)
		return list; /* as an empty one: a string takes an offset and its NUL */
	list.count = count;
	list.offsets = bytes + WIRE_LIST_SIZE;
	list.pool = list.offsets + 4 * (size_t)count;
	list.pool_size = length - WIRE_LIST_SIZE - 4 * count;
	return list;
}

/* Where string i begins; the end of the pool for i == count. */
static inline uint32_t wire_list_offset(const struct wire_list *list, uint32_t i)
{
	uint32_t offset;

	if (i >= list->count)
		return list->pool_size;
	offset = wire_u32(list->offsets + 4 * (size_t)i);
	return offset < list->pool_size ? offset : list->pool_size - 1;
}

#endif

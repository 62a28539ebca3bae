/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of CONFIG blobs: docs/wire.md as code. Alone, this file is libocienv-boot,
 * the part that goes into an enclave, so it must never allocate, never call anything but
 * memcpy, memset and memcmp, never include more of the project than the headers below, and
 * never read a byte outside the blob, even while somebody else writes to it: every offset
 * is read once and compared with sizes that are kept outside the blob.
 */
#pragma GCC visibility push(default) /* of boot.h, and of nothing else */
#include "ocienv/boot.h"
#pragma GCC visibility pop
#include "wire/container.h"
#include "wire/entries.h"
#include "wire/layout.h"
#include "wire/scan.h"
#include "wire/unseal.h"

#include <stdbool.h>
#include <string.h>

/* In C99 and C++ too. */
#define ASSERT(name, condition) extern char assert_##name[(condition) ? 1 : -1]
#define AT(member, at) ASSERT(member, offsetof(struct ocienv_occlum_rootfs_config, member) == (at))

struct alignment {
	char first;
	struct ocienv_occlum_rootfs_config config;
};

#ifdef __LP64__
AT(len, 0);
AT(upper_layer_path, 8);
AT(lower_layer_path, 16);
AT(entry_point, 24);
AT(hostfs_source, 32);
AT(hostfs_target, 40);
AT(envp, 48);
ASSERT(occlum_wants_56_bytes, sizeof(struct ocienv_occlum_rootfs_config) == 56);
ASSERT(occlum_wants_words, offsetof(struct alignment, config) == 8);
#endif

enum {
	NEEDED = WIRE_SLOT_KNOWN | WIRE_SLOT_CRITICAL | WIRE_SLOT_MANDATORY,
	NOTE = WIRE_SLOT_KNOWN | WIRE_SLOT_MANDATORY, /* may be skipped, must be there */
	ADVICE = WIRE_SLOT_KNOWN,
	CHOICE = WIRE_SLOT_KNOWN | WIRE_SLOT_CRITICAL,
};

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

/* Does a list fill its section, and begin as it must? `ret` is good then, and empty lists
 * need no further look. */
static uint32_t open_strings(const uint8_t *bytes, uint32_t length, struct scan_pool *ret)
{
	struct wire_list list = wire_list(bytes, length);

	*ret = scan_open(list);
	if (length < WIRE_LIST_SIZE || wire_u32(bytes) != list.count ||
	    wire_u32(bytes + 4) != list.pool_size || (!list.count && list.pool_size))
		return WIRE_FAULT_LENGTH;
	return list.count && wire_u32(list.offsets) != 0 ? WIRE_FAULT_STRINGS : 0;
}

/* A NUL at the end of each string, and no more NULs in the pool than strings: so each ends
 * in the only NUL it has. One pass: the pool is counted block by block, before its offsets
 * are looked at. */
uint32_t wire_check_strings(const uint8_t *bytes, uint32_t length)
{
	struct scan_pool pool;
	uint32_t fault = open_strings(bytes, length, &pool), start = 0;

	for (uint32_t i = 0; i < pool.count && !fault; i++) {
		scan_to(&pool, start);
		start = scan_end(&pool, i, start);
		if (!start)
			fault = WIRE_FAULT_STRINGS;
	}
	if (!fault)
		scan_to(&pool, pool.size);
	return !fault && pool.nuls != pool.count ? (uint32_t)WIRE_FAULT_STRINGS : fault;
}

/* Absolute, UTF-8, one NUL and that at the end. `length` counts the NUL. */
static bool is_path(const uint8_t *p, uint32_t length)
{
	return length >= 2 && p[0] == '/' && scan_find(p, length, 0) == length - 1 &&
	       scan_is_utf8(p, length);
}

/* True if a component is empty or made of `dots` dots. */
static bool has_component(const uint8_t *p, uint32_t length, uint32_t dots)
{
	for (uint32_t i = 0, n; i + 1 < length; i += n + 1) {
		n = scan_find(p + i + 1, length - 1 - i, '/');
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

/* The list, NAME=VALUE, sorted by name, and what ENVSRC says about each, in one pass. Looks
 * up to 16 bytes beyond the pool: those are still bytes of the blob, for CWD and USER come
 * later. */
static uint32_t check_entries(struct scan_pool *pool, const uint8_t *sources)
{
	struct neighbour last = {nothing, scan_load(nothing)};
	uint32_t wrong = 0;

	for (uint32_t i = 0, start = 0, end; i < pool->count; i++, start = end) {
		const uint8_t *entry = pool->bytes + start;
		uint32_t name;

		scan_to(pool, start);
		end = scan_end(pool, i, start);
		if (!end)
			return wire_fault(WIRE_ENVP, WIRE_FAULT_STRINGS);
		name = next_name(&last, entry, end - start);
		if (!name && *entry != '=')
			return wire_fault(WIRE_ENVP, WIRE_FAULT_UNSORTED);
		if (!name || name >= end - start)
			return wire_fault(WIRE_ENVP, WIRE_FAULT_VARIABLE);
		wrong |= source_is_wrong(sources[i], entry + name + 1);
	}
	scan_to(pool, pool->size);
	if (pool->nuls != pool->count)
		return wire_fault(WIRE_ENVP, WIRE_FAULT_STRINGS);
	return wrong ? wire_fault(WIRE_ENVSRC, WIRE_FAULT_SOURCE) : 0;
}

static uint32_t check_variables(const struct wire_view *view)
{
	uint32_t length = view->length[WIRE_ENVP], at = view->section[WIRE_ENVP];
	struct scan_pool pool;
	uint32_t fault = open_strings(view->bytes + at, length, &pool);

	if (fault)
		return wire_fault(WIRE_ENVP, fault);
	if (pool.count != view->length[WIRE_ENVSRC])
		return wire_fault(WIRE_ENVSRC, WIRE_FAULT_LENGTH);
	if (view->size - at - length < SCAN_STEP)
		return wire_fault(WIRE_USER, WIRE_FAULT_MISSING); /* LCOV_EXCL_LINE */
	return check_entries(&pool, view->bytes + view->section[WIRE_ENVSRC]);
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
	if (!scan_is_utf8(list.pool, list.pool_size))
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

/* The lists first: what looks into a list expects it to be one. ENVP is another pass's. */
static uint32_t check_lists(const struct wire_view *view)
{
	static const uint8_t lists[] = {WIRE_ARGV, WIRE_ROOTFS};

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
		{0, CHOICE, /* 1: EXEC */
		 NEEDED,    /* ARGV */
		 NEEDED,    /* ENVP */
		 NEEDED,    /* CWD */
		 NEEDED,    /* USER */
		 NOTE,	    /* ENVSRC */
		 CHOICE,    /* ROOTFS */
		 ADVICE,    /* INPUTS */
		 0, 0,
		 NOTE}, /* 11: ARGSRC */
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
	return wire_check_config(ret, (const uint8_t *)blob, size) ? OCIENV_BOOT_ERR_BLOB : OCIENV_BOOT_OK;
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

int32_t ocienv_boot_envp_unsealed(const struct ocienv_boot *boot, char **vec, size_t capacity,
				  char *scratch, size_t scratch_size,
				  const struct ocienv_boot_unseal *unseal)
{
	size_t size = scratch ? scratch_size : 0;
	int32_t result = OCIENV_BOOT_ERR_ARGUMENT;

	/* What one step looks at: no more is ever written, however large the scratch. */
	if (size > OCIENV_BOOT_MAX_SIZE)
		size = OCIENV_BOOT_MAX_SIZE;
	if (unseal && unseal->open && (scratch || !scratch_size))
		result = ocienv_boot_envp(boot, vec, capacity);
	if (!result) {
		const uint8_t *list = boot->bytes + boot->section[WIRE_ENVP];
		struct room room = {scratch, size};

		result = open_values(unseal, vec, list + boot->length[WIRE_ENVP], room);
	}
	if (result) { /* nothing that a process could be started with */
		clear_room(scratch, size);
		if (vec && capacity)
			vec[0] = NULL;
	}
	return result;
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
	if (!scan_is_utf8(env.pool, env.pool_size))
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

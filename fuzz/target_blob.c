/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blobs. The enclave's reader and a host must take the same CONFIGs and see the same in them;
 * what a host reads it must write again byte for byte; a LAYER that nobody's reader made must
 * resolve to an answer or an error.
 *
 * An input is a blob as it is, or, as engines hardly find offsets that fit: a byte other than
 * "O" (bit 0: kind), one for the minor version, and sections of which each has its type (a
 * byte; from 200 on a vendor's), flags, a length (u16) and the content.
 */
#include "fuzz.h"

#include "promise.h"

#include "ocienv/boot.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 65536, HEADER = 32, ENTRY = 16, VENDORS = 200, SECTIONS = 64 };

struct bytes {
	uint8_t *data;
	size_t size;
};

/* --- inputs --------------------------------------------------------------------------- */

static void put(uint8_t *at, uint32_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const uint8_t *at, size_t n)
{
	uint32_t value = 0;

	for (size_t i = 0; i < n; i++)
		value |= (uint32_t)at[i] << 8 * i;
	return value;
}

/* How many sections the rest of an input holds, and bytes with their padding. */
static uint32_t count_sections(const uint8_t *data, size_t size, size_t *ret_bytes)
{
	uint32_t count = 0;

	for (*ret_bytes = 0; size >= 4 && count < SECTIONS; count++) {
		size_t length = get(data + 2, 2);

		length = length < size - 4 ? length : size - 4;
		*ret_bytes += (length + 7) / 8 * 8;
		data += 4 + length;
		size -= 4 + length;
	}
	return count;
}

static struct bytes build(const uint8_t *data, size_t size)
{
	size_t contents, at, left = size < 2 ? 0 : size - 2;
	const uint8_t *from = data + (size < 2 ? size : 2);
	uint32_t count = count_sections(from, left, &contents);
	struct bytes blob = {NULL, HEADER + ENTRY * (size_t)count + contents};

	blob.data = calloc(1, blob.size);
	if (!blob.data)
		abort();
	memcpy(blob.data, "OCIENVB", 8);
	blob.data[8] = 1;
	blob.data[10] = size < 2 ? 0 : data[1];
	put(blob.data + 12, HEADER, 4);
	put(blob.data + 16, (uint32_t)blob.size, 4);
	put(blob.data + 20, count, 4);
	blob.data[24] = size ? data[0] & 1 : 0;
	at = HEADER + ENTRY * (size_t)count;
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *entry = blob.data + HEADER + ENTRY * (size_t)i;
		size_t length = get(from + 2, 2);

		length = length < left - 4 ? length : left - 4;
		put(entry, from[0] < VENDORS ? from[0] : 0x8000U + from[0], 2);
		put(entry + 2, from[1], 2);
		put(entry + 4, (uint32_t)at, 4);
		put(entry + 8, (uint32_t)length, 4);
		memcpy(blob.data + at, from + 4, length);
		at += (length + 7) / 8 * 8;
		from += 4 + length;
		left -= 4 + length;
	}
	return blob;
}

/* In memory of exactly its size. */
static struct bytes blob_of(const uint8_t *data, size_t size)
{
	struct bytes blob = {NULL, size};

	if (!size || data[0] != 'O')
		return build(data, size);
	blob.data = malloc(size);
	if (!blob.data)
		abort();
	memcpy(blob.data, data, size);
	return blob;
}

/* --- promises ------------------------------------------------------------------------- */

static const struct ocienv_limits limits = {
	.size = sizeof(limits), .max_args = UINT32_MAX, .max_env = UINT32_MAX};
static const struct ocienv_options options = {.size = sizeof(options), .limits = &limits};

/* Is each section one of this version? Else a host does not write all that it read. */
static bool is_known(const struct bytes *blob)
{
	uint32_t count = get(blob->data + 20, 4);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t type = get(blob->data + HEADER + ENTRY * (size_t)i, 2);

		if (blob->data[24] ? type < 32 || type > 64 : type > 11)
			return false;
	}
	return true;
}

static void check_again(const struct bytes *blob, const struct ocienv_buffer *again)
{
	size_t total = get(blob->data + 16, 4);

	if (is_known(blob))
		PROMISE(again->size == total && !memcmp(again->data, blob->data, total));
	else
		PROMISE(again->size < total);
}

static void check_occlum(const struct ocienv_boot *boot)
{
	size_t room = ocienv_boot_envc(boot) + 1;
	struct ocienv_occlum_rootfs_config config;
	char **vec = malloc(room * sizeof(*vec));
	int32_t status = ocienv_boot_occlum(boot, &config, vec, room);

	PROMISE(!status || status == OCIENV_BOOT_ERR_ENCODING ||
		status == OCIENV_BOOT_ERR_UNSUPPORTED);
	free(vec);
}

static void run_config_blob(const struct bytes *blob)
{
	struct ocienv_document document = {"blob", blob->data, blob->size};
	struct ocienv_config *config = NULL;
	struct ocienv_buffer again;
	struct ocienv_error error;
	struct ocienv_boot boot;
	int32_t status = ocienv_config_decode(&config, &document, &options, &error);
	int32_t opened = ocienv_boot_open(&boot, blob->data, blob->size);

	PROMISE(!status || status == OCIENV_ERR_BLOB);
	PROMISE(!opened || opened == OCIENV_BOOT_ERR_BLOB);
	if (!opened)
		check_occlum(&boot);
	if (status) {
		/* What the enclave takes and a host does not: ROOTFS, bytes behind the end. */
		PROMISE(opened || boot.section[7] ||
			ocienv_boot_measured_size(&boot) < blob->size);
		return;
	}
	PROMISE(!opened);
	boot_check(&boot, config);
	PROMISE(!ocienv_config_encode(&again, config, &options, &error));
	check_again(blob, &again);
	ocienv_buffer_free(&again);
	PROMISE(!ocienv_config_report(&again, config, &options, &error));
	ocienv_buffer_free(&again);
	ocienv_config_free(config);
}

/* An answer or not, but no more than that is promised of a layer from a stranger. */
static void resolve_layer(const struct ocienv_layer *layer)
{
	struct ocienv_config *config = NULL;
	struct ocienv_buffer blob;
	struct ocienv_error error;

	if (ocienv_resolve(&config, &layer, 1, OCIENV_NO_ROOTFS, &options, &error))
		return;
	if (!ocienv_config_report(&blob, config, &options, &error))
		ocienv_buffer_free(&blob);
	if (!ocienv_config_encode(&blob, config, &options, &error)) {
		struct ocienv_boot boot;

		PROMISE(!ocienv_boot_open(&boot, blob.data, blob.size));
		boot_check(&boot, config);
		ocienv_buffer_free(&blob);
	}
	ocienv_config_free(config);
}

static void run_layer_blob(const struct bytes *blob)
{
	struct ocienv_document document = {"blob", blob->data, blob->size};
	struct ocienv_layer *layer = NULL;
	struct ocienv_buffer again;
	struct ocienv_error error;
	int32_t status = ocienv_layer_decode(&layer, &document, &options, &error);

	PROMISE(!status || status == OCIENV_ERR_BLOB);
	if (status)
		return;
	PROMISE(!ocienv_layer_encode(&again, layer, &options, &error));
	check_again(blob, &again);
	ocienv_buffer_free(&again);
	PROMISE(!ocienv_layer_report(&again, layer, &options, &error));
	ocienv_buffer_free(&again);
	resolve_layer(layer);
	ocienv_layer_free(layer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes blob;

	if (size > MOST)
		return 0;
	blob = blob_of(data, size);
	run_config_blob(&blob);
	run_layer_blob(&blob);
	free(blob.data);
	return 0;
}

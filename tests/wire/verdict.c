/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict [--json]: reads blobs from standard input, each with its size in front (u32,
 * little-endian), and says of each what the library makes of it. A byte: bit 0 the enclave
 * takes it, bit 1 a host takes it as a CONFIG, bit 2 as a LAYER. If a host does, the SHA-384
 * of what it writes again follows. With --json: a line for each blob instead.
 */
#include "dump.h"

#include "base/digest.h"
#include "wire/layout.h"

#include <stdlib.h>

enum { BOOT = 1, CONFIG = 2, LAYER = 4, ROOM = 1 << 28 };

static const struct diag silent = {NULL, NULL, {NULL, 0}};

/* As wide as they go: a limit is nobody's verdict about a blob. */
static const struct ocienv_limits limits = {
	.size = sizeof(limits), .max_args = UINT32_MAX, .max_env = UINT32_MAX,
	.max_result = ROOM};

static uint8_t judge_config(struct sv blob, bool json, uint8_t again[DIGEST_SHA384])
{
	struct ocienv_config config = {0};
	struct ocienv_boot boot;
	uint8_t verdict = 0;
	struct sv back;

	arena_init(&config.arena, NULL, ROOM);
	if (!ocienv_boot_open(&boot, blob.ptr, blob.len))
		verdict |= BOOT;
	if (!wire_decode_config(blob, &config, &limits, &silent)) {
		verdict |= CONFIG;
		if (wire_encode_config(&config, &config.arena, &silent, &back))
			exit(3);
		digest_sha384(back, again);
	}
	if (json && verdict)
		dump_config(stdout, verdict & CONFIG ? &config : NULL, &boot);
	arena_free(&config.arena);
	return verdict;
}

static uint8_t judge_layer(struct sv blob, bool json, uint8_t again[DIGEST_SHA384])
{
	struct ocienv_layer layer = {0};
	uint8_t verdict = 0;
	struct sv back;

	arena_init(&layer.arena, NULL, ROOM);
	if (!wire_decode_layer(blob, &layer, &limits, &silent)) {
		verdict = LAYER;
		if (wire_encode_layer(&layer, &layer.arena, &silent, &back))
			exit(3);
		digest_sha384(back, again);
		if (json)
			dump_layer(stdout, &layer);
	}
	arena_free(&layer.arena);
	return verdict;
}

static void judge(struct sv blob, bool json)
{
	uint8_t again[DIGEST_SHA384];
	uint8_t verdict = judge_config(blob, json, again);

	verdict |= judge_layer(blob, json, again);
	if (json) {
		if (!verdict)
			(void)puts("null");
		return;
	}
	(void)fputc(verdict, stdout);
	if (verdict & (CONFIG | LAYER))
		(void)fwrite(again, 1, sizeof(again), stdout);
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	uint8_t head[4];

	while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
		size_t size = wire_u32(head);
		char *bytes = malloc(size + !size); /* exact, so that a byte too far shows */

		if (!bytes || fread(bytes, 1, size, stdin) != size)
			return 2;
		judge(sv_from(bytes, size), json);
		free(bytes);
	}
	return ferror(stdin) || fflush(stdout) ? 2 : 0;
}

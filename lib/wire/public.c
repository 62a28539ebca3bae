/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public form of a CONFIG blob (docs/wire.md, "Public form"): what may be hashed into a
 * quote that others see. It must never hold a byte of a plain secret, nor an unkeyed hash of
 * one, nor the digest of a document, which may have had secrets in it. It is made of what the
 * blob carries alone, so that whoever has the blob and the key gets the same bytes.
 */
#include "wire/content.h"
#include "wire/writer.h"

/* What is hidden, with the bytes in front of it: none of them begins another's message. The
 * name in front of a variable's value has no NUL. */
#define OF_ARGUMENT SV("\0argv")
#define OF_EXEC	    SV("\0exec")
#define OF_CWD	    SV("\0cwd\0")

#define HIDDEN "hmac-sha384."

struct hiding {
	struct sv key;
	struct arena *arena;
	bool failed; /* no memory */
};

/* `prefix`, then the HMAC of what is hidden in hexadecimal digits. */
static struct sv hide(struct hiding *hiding, struct sv prefix, struct sv kind, struct sv secret)
{
	uint8_t digest[DIGEST_SHA384];
	size_t size = prefix.len + sizeof(HIDDEN) - 1 + 2 * sizeof(digest);
	char *text = arena_chars(hiding->arena, size);

	if (!text) {
		hiding->failed = true;
		return SV("");
	}
	digest_hmac_sha384(hiding->key, kind, secret, digest);
	(void)digest_hex(sv_write(sv_write(text, prefix), SV(HIDDEN)), digest, sizeof(digest));
	return sv_from(text, size);
}

/* "NAME=VALUE" becomes "NAME=hmac-sha384.HEX". A sealed value tells nothing as it is. */
static bool hide_variables(struct hiding *hiding, const struct content *content)
{
	bool path = false;

	for (uint32_t i = 0; i < content->config->env.count; i++) {
		struct sv *entry = &content->variables[i];
		size_t name = sv_find(*entry, '=') + 1;

		if (!(content->sources[i] & WIRE_SOURCE_SECRET))
			continue;
		path = path || sv_has_prefix(*entry, SV("PATH="));
		if (!(content->sources[i] & WIRE_SOURCE_SEALED))
			*entry = hide(hiding, sv_from(entry->ptr, name), SV(""), *entry);
	}
	return path;
}

/* The path of the program may tell what led to it: PATH, the argument, the directory. */
static void hide_all(struct hiding *hiding, struct content *content)
{
	const struct ocienv_config *config = content->config;
	bool exec = hide_variables(hiding, content);

	for (uint32_t i = 0; i < config->argc; i++) {
		if (!config->argv_from[i].secret)
			continue;
		exec = exec || i == 0;
		content->arguments[i] = hide(hiding, SV(""), OF_ARGUMENT, content->arguments[i]);
	}
	if (config->cwd.from.secret) {
		exec = true;
		content->cwd = hide(hiding, SV("/"), OF_CWD, content->cwd);
	}
	if (exec && content->exec.ptr)
		content->exec = hide(hiding, SV("/"), OF_EXEC, content->exec);
	content->inputs = NULL;
}

int32_t wire_encode_public(const struct ocienv_config *config, struct sv key, struct arena *arena,
			   const struct diag *diag, struct sv *ret)
{
	struct hiding hiding = {.key = key, .arena = arena};
	struct content content;
	uint8_t *flags;
	struct sv blob;
	int32_t result = content_collect(&content, config, arena, diag);

	if (result)
		return result;
	hide_all(&hiding, &content);
	if (hiding.failed)
		return diag_memory(diag, arena_status(arena));
	result = content_write(&content, arena, diag, &blob);
	if (result)
		return result;
	/* So that it starts no process: each reader refuses flags that it does not know. */
	flags = (uint8_t *)(uintptr_t)blob.ptr + WIRE_AT_FLAGS;
	*flags |= WIRE_PUBLIC;
	*ret = blob;
	return OCIENV_OK;
}
